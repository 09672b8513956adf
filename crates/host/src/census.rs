//! The census of a running machine: one walk over `/proc`, without an allocation a descriptor.

use crate::fault::{AboutPath, failed};
use model::{Census, Found, Held, HostResult, INOTIFY};
use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, CWD, Mode, OFlags, RawDir, StatxFlags, openat, readlinkat_raw, statx};
use rustix::io::{Errno, Result, read};
use std::collections::{BTreeMap, HashSet};
use std::ffi::CStr;
use std::hash::{DefaultHasher, Hasher};
use std::io::Write;
use std::mem::MaybeUninit;
use std::str::FromStr;
use std::thread;

const PROCESSES: &str = "/proc";
const FILE: OFlags = OFlags::RDONLY.union(OFlags::CLOEXEC);
const DIRECTORY: OFlags = FILE.union(OFlags::DIRECTORY);
/// Where containerd and Docker make the named pipes for what containers print (containerd
/// pkg/cio, moby libcontainerd); nothing else is kept open there for long.
const NAMED_PIPES: [&[u8]; 2] = [b"/run/containerd/", b"/run/docker/containerd/"];
/// Fewer processes than this are walked sooner than a thread is started.
const FEW: usize = 256;
/// More walkers than this wait for each other.
const WALKERS: usize = 4;

/// Counts what all processes hold.
pub(crate) fn census() -> HostResult<Census> {
    let proc = openat(CWD, PROCESSES, DIRECTORY, Mode::empty()).reading(PROCESSES)?;
    let processes = list(&proc).reading(PROCESSES)?;
    let walkers = match processes.len() {
        len if len < FEW => 1,
        _ => thread::available_parallelism().map_or(1, |count| count.get().min(WALKERS)),
    };
    let mut walk = Walk::default();
    // Mounted so that it shows a user's own processes alone (`hidepid=2`, proc(5)).
    walk.census.hidden = u64::from(!processes.contains(&1));
    let ended = thread::scope(|scope| {
        let others: Vec<_> = (1..walkers)
            .map(|first| {
                let (proc, processes) = (&proc, &processes);
                scope.spawn(move || Walk::over(proc, processes.iter().skip(first).step_by(walkers)))
            })
            .collect();
        let first = Walk::over(&proc, processes.iter().step_by(walkers));
        let others = others.into_iter().map(|walker| walker.join());
        [Ok(first)].into_iter().chain(others).collect::<Vec<_>>()
    });
    for part in ended {
        let part = part.map_err(|_| failed(PROCESSES, "a walker broke down"))?;
        walk.join(part.reading(PROCESSES)?);
    }
    Ok(walk.end())
}

/// The processes that there are.
fn list(proc: &OwnedFd) -> Result<Vec<i32>> {
    let mut room = [MaybeUninit::uninit(); 32 << 10];
    let mut entries = RawDir::new(proc, &mut room);
    let mut processes = Vec::new();
    while let Some(entry) = entries.next() {
        processes.extend(number::<i32>(entry?.file_name().to_bytes()));
    }
    Ok(processes)
}

/// What was found so far.
#[derive(Default)]
struct Walk {
    census: Census,
    /// By user: inode numbers of pipes without a name, which share one file system, and marks of
    /// the names of others.
    pipes: BTreeMap<u32, HashSet<u64>>,
    /// Those of the process that is looked at.
    its_pipes: Vec<u64>,
}

impl Walk {
    fn over<'a>(proc: &OwnedFd, processes: impl Iterator<Item = &'a i32>) -> Result<Self> {
        let mut walk = Self::default();
        for pid in processes {
            match walk.process(proc, *pid) {
                Ok(()) => {}
                Err(Errno::NOENT | Errno::SRCH) => {}
                Err(Errno::ACCESS | Errno::PERM) => walk.census.hidden += 1,
                Err(error) => return Err(error),
            }
        }
        Ok(walk)
    }

    fn process(&mut self, proc: &OwnedFd, pid: i32) -> Result<()> {
        let mut path = Path::default();
        // A directory that all may read belongs to the effective user even of a process that may
        // not be dumped, and has a link more for each thread (fs/proc/base.c, task_dump_owner,
        // proc_task_getattr).
        let wanted = StatxFlags::UID | StatxFlags::NLINK;
        let facts = |path: &mut Path| statx(proc, path.of(pid, "task"), AtFlags::empty(), wanted);
        let before = facts(&mut path)?;
        let mut found = Found {
            pid,
            name: String::new(),
            uid: before.stx_uid,
            threads: u64::from(before.stx_nlink.saturating_sub(2)),
            held: Some(Held::default()),
        };
        self.its_pipes.clear();
        match name(proc, &mut path, pid)? {
            None => {}
            Some(name) => {
                found.name = name;
                let opened = openat(proc, path.of(pid, "fd"), DIRECTORY, Mode::empty());
                match opened.and_then(|descriptors| self.descriptors(&descriptors)) {
                    Ok(held) => found.held = Some(held),
                    // A link of a process that ended is refused like one that is closed.
                    Err(Errno::ACCESS | Errno::PERM) => {
                        facts(&mut path)?;
                        found.held = None;
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        self.census.add(&found);
        if !self.its_pipes.is_empty() {
            let pipes = self.pipes.entry(found.uid).or_default();
            pipes.extend(self.its_pipes.drain(..));
        }
        Ok(())
    }

    fn descriptors(&mut self, descriptors: &OwnedFd) -> Result<Held> {
        let mut held = Held::default();
        let mut room = [MaybeUninit::uninit(); 4096];
        let mut entries = RawDir::new(descriptors, &mut room);
        while let Some(entry) = entries.next() {
            let entry = entry?;
            let name = entry.file_name();
            if name.to_bytes().starts_with(b".") {
                continue;
            }
            let mut room = [MaybeUninit::uninit(); 256];
            let target = match readlinkat_raw(descriptors, name, &mut room) {
                Ok((target, _)) => &*target,
                // Closed meanwhile.
                Err(Errno::NOENT) => continue,
                Err(error) => return Err(error),
            };
            held.descriptors += 1;
            if target == INOTIFY.as_bytes() {
                held.inotify_instances += 1;
            } else if let Some(rest) = target.strip_prefix(b"pipe:[") {
                let digits = rest.strip_suffix(b"]").unwrap_or_default();
                self.its_pipes.extend(number::<u64>(digits));
            } else if NAMED_PIPES.iter().any(|place| target.starts_with(place)) {
                self.its_pipes.push(mark(target));
            }
        }
        Ok(held)
    }

    fn join(&mut self, other: Self) {
        self.census.join(other.census);
        for (uid, pipes) in other.pipes {
            self.pipes.entry(uid).or_default().extend(pipes);
        }
    }

    fn end(mut self) -> Census {
        for (uid, pipes) in self.pipes {
            let user = self.census.users.entry(uid).or_default();
            user.pipes = pipes.len() as u64;
        }
        self.census
    }
}

/// A path below `/proc`, written where the last one stood.
#[derive(Default)]
struct Path {
    bytes: Vec<u8>,
}

impl Path {
    fn of(&mut self, pid: i32, name: &str) -> &CStr {
        self.bytes.clear();
        // Writing into memory does not fail.
        let _ = write!(self.bytes, "{pid}/{name}\0");
        CStr::from_bytes_until_nul(&self.bytes).unwrap_or(c"")
    }
}

/// The program of a process; none where it has none, as a kernel thread or a process that has ended
/// and waits to be reaped. Neither has descriptors.
fn name(proc: &OwnedFd, path: &mut Path, pid: i32) -> Result<Option<String>> {
    let mut room = [MaybeUninit::uninit(); 4096];
    match readlinkat_raw(proc, path.of(pid, "exe"), &mut room) {
        Ok((program, _)) => {
            let program = program.strip_suffix(b" (deleted)").unwrap_or(program);
            let name = program.rsplit(|byte| *byte == b'/').next();
            Ok(name.map(|name| String::from_utf8_lossy(name).into_owned()))
        }
        Err(Errno::NOENT) => Ok(None),
        // Everybody may read the first 15 bytes of the name.
        Err(Errno::ACCESS | Errno::PERM) => {
            let file = openat(proc, path.of(pid, "comm"), FILE, Mode::empty())?;
            let mut room = [0; 64];
            let length = read(file, &mut room[..])?;
            let name = String::from_utf8_lossy(&room[..length]);
            Ok(Some(name.trim_end().to_owned()))
        }
        Err(error) => Err(error),
    }
}

fn number<T: FromStr>(digits: &[u8]) -> Option<T> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// A number for a name, beyond the inode numbers, which the kernel counts up from 1.
fn mark(name: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(name);
    hasher.finish() | 1 << 63
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Holdings;
    use std::process::{Child, Command, Stdio};
    use std::time::Duration;

    fn of(child: &Child) -> Holdings {
        let proc = openat(CWD, PROCESSES, DIRECTORY, Mode::empty()).unwrap();
        let pid = i32::try_from(child.id()).unwrap();
        let census = Walk::over(&proc, [pid].iter()).unwrap().end();
        census.users.into_values().next().unwrap_or_default()
    }

    /// What is left of `child` once it is as wanted, or after five seconds.
    fn until(child: &Child, wanted: impl Fn(&Holdings) -> bool) -> Holdings {
        for _ in 0..500 {
            if wanted(&of(child)) {
                break;
            }
            thread::sleep(Duration::from_millis(10));
        }
        of(child)
    }

    /// tail(1) follows a file with one inotify instance. What else it holds it has inherited.
    #[test]
    fn a_process_is_counted_with_what_it_holds() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let follow = |input: Stdio| {
            let mut command = Command::new("tail");
            command.arg("-f").arg(file.path());
            command.stdin(input).stdout(Stdio::null()).spawn().unwrap()
        };
        let mut children = [follow(Stdio::null()), follow(Stdio::piped())];
        let held = children
            .each_ref()
            .map(|child| until(child, |held| held.inotify_instances == 1));
        children.iter_mut().for_each(|child| child.kill().unwrap());
        // It has ended and waits to be reaped: it still is a process, and holds nothing.
        let ended = until(&children[1], |held| held.pipes == 0);
        children.iter_mut().for_each(|child| drop(child.wait()));
        for held in &held {
            let counted = (
                held.processes,
                held.threads,
                held.inotify_instances,
                held.closed,
            );
            assert_eq!(counted, (1, 1, 1, 0));
        }
        assert_eq!(held[1].pipes, held[0].pipes + 1);
        assert_eq!((ended.processes, ended.pipes, ended.closed), (1, 0, 0));
        assert_eq!(of(&children[1]), Holdings::default());
    }

    #[test]
    fn this_process_is_in_the_census() {
        let census = census().unwrap();
        let processes: u64 = census.users.values().map(|held| held.processes).sum();
        assert!(processes >= 1);
        assert!(mark(b"/run/containerd/fifo/1/a") != mark(b"/run/containerd/fifo/1/b"));
    }
}

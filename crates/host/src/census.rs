//! The census of a running machine: one walk over `/proc`, without an allocation a descriptor.

mod descriptors;
mod layout;
mod name;
mod named_pipe;
mod once;
mod process;
mod reading;

pub(crate) use once::Once;

use crate::fault::{AboutPath, failed};
use layout::Layouts;
use model::{Census, HostResult};
use rustix::fd::OwnedFd;
use rustix::fs::{CWD, Mode, OFlags, RawDir, openat, readlinkat_raw};
use rustix::io::{Errno, Result};
use std::collections::{BTreeMap, HashSet};
use std::mem::MaybeUninit;
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

const PROCESSES: &str = "/proc";
const FILE: OFlags = OFlags::RDONLY.union(OFlags::CLOEXEC);
const DIRECTORY: OFlags = FILE.union(OFlags::DIRECTORY);
/// Fewer processes than this are walked sooner than a thread is started.
const FEW: usize = 256;
/// More walkers than this wait for each other.
const WALKERS: usize = 4;

/// Counts what all processes hold, of those that `names` of the directory are.
fn census(names: &[String]) -> HostResult<Census> {
    let proc = openat(CWD, PROCESSES, DIRECTORY, Mode::empty()).reading(PROCESSES)?;
    let processes: Vec<i32> = names.iter().filter_map(|name| name.parse().ok()).collect();
    let walkers = match processes.len() {
        len if len < FEW => 1,
        _ => thread::available_parallelism().map_or(1, |count| count.get().min(WALKERS)),
    };
    let mut walk = Walk::default();
    // Mounted so that it shows a user's own processes alone (`hidepid=2`, proc(5)).
    walk.census.hidden = u64::from(!processes.contains(&1));
    let next = Shares::of(&processes);
    let ended = thread::scope(|scope| {
        let others: Vec<_> = (1..walkers)
            .map_while(|_| {
                // Where no more threads may be started, fewer walk.
                let thread = thread::Builder::new();
                thread
                    .spawn_scoped(scope, || Walk::over(&proc, next.taken()))
                    .ok()
            })
            .collect();
        let first = Walk::over(&proc, next.taken());
        let others = others.into_iter().map(|walker| walker.join());
        [Ok(first)].into_iter().chain(others).collect::<Vec<_>>()
    });
    for part in ended {
        let part = part.map_err(|_| failed(PROCESSES, "a walker broke down"))?;
        walk.join(part.reading(PROCESSES)?);
    }
    Ok(walk.end())
}

/// How many namespaces of one type processes are in.
pub(crate) fn namespaces(kind: &str) -> HostResult<u64> {
    let proc = openat(CWD, PROCESSES, DIRECTORY, Mode::empty()).reading(PROCESSES)?;
    let mut found = HashSet::new();
    for pid in list(&proc).reading(PROCESSES)? {
        let path = format!("{pid}/ns/{kind}");
        match readlinkat_raw(&proc, &path, &mut [MaybeUninit::uninit(); 64]) {
            Ok((target, _)) => found.insert(target.to_vec()),
            // It ended meanwhile, or waits to be reaped.
            Err(Errno::NOENT | Errno::SRCH) => false,
            Err(error) => return Err(error).reading(&format!("{PROCESSES}/{path}")),
        };
    }
    match found.len() {
        0 => Err(failed(kind, "is no type of namespaces here")),
        len => Ok(len as u64),
    }
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

/// Processes that walkers take as they come to them: a daemon has thousands of descriptors.
struct Shares<'a> {
    processes: &'a [i32],
    taken: AtomicUsize,
}

impl<'a> Shares<'a> {
    fn of(processes: &'a [i32]) -> Self {
        Self {
            processes,
            taken: AtomicUsize::new(0),
        }
    }

    fn taken(&self) -> impl Iterator<Item = &'a i32> {
        std::iter::from_fn(|| {
            self.processes
                .get(self.taken.fetch_add(1, Ordering::Relaxed))
        })
    }
}

/// What was found so far.
#[derive(Default)]
struct Walk {
    census: Census,
    /// By user: inode numbers of pipes without a name, which share one file system, and marks of
    /// the names of others. What several processes hold is there as often.
    pipes: BTreeMap<u32, Vec<u64>>,
}

impl Walk {
    fn over<'a>(proc: &OwnedFd, processes: impl Iterator<Item = &'a i32>) -> Result<Self> {
        let mut walk = Self::default();
        let mut its_pipes = Vec::new();
        let mut layouts = Layouts::default();
        for pid in processes {
            its_pipes.clear();
            match process::look(proc, *pid, &mut layouts, &mut its_pipes) {
                Ok(found) => {
                    walk.census.add(&found);
                    if !its_pipes.is_empty() {
                        let pipes = walk.pipes.entry(found.uid).or_default();
                        pipes.append(&mut its_pipes);
                    }
                }
                Err(Errno::NOENT | Errno::SRCH) => {}
                Err(Errno::ACCESS | Errno::PERM) => walk.census.hidden += 1,
                Err(error) => return Err(error),
            }
        }
        Ok(walk)
    }

    fn join(&mut self, other: Self) {
        self.census.join(other.census);
        for (uid, pipes) in other.pipes {
            self.pipes.entry(uid).or_default().extend(pipes);
        }
    }

    fn end(mut self) -> Census {
        for (uid, mut pipes) in self.pipes {
            pipes.sort_unstable();
            pipes.dedup();
            let user = self.census.users.entry(uid).or_default();
            user.pipes = pipes.len() as u64;
        }
        self.census
    }
}

fn number<T: FromStr>(digits: &[u8]) -> Option<T> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files;
    use crate::root::Root;
    use descriptors::Descriptors;
    use model::{Holdings, HostError};
    use rustix::fs::{AtFlags, StatxFlags, statx};
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
            .map(|child| until(child, |held| held.inotify_watches > 0));
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

    /// With the layout of one process, another of as many descriptors is read like it, and one that holds
    /// other things behind these numbers is read whole.
    #[test]
    fn a_layout_tells_what_a_whole_reading_tells() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let follow = |input: Stdio| {
            let mut command = Command::new("tail");
            command.arg("-f").arg(file.path());
            command.stdin(input).stdout(Stdio::null()).spawn().unwrap()
        };
        let inputs = [Stdio::piped(), Stdio::piped(), Stdio::null()];
        let mut children = inputs.map(follow);
        for child in &children {
            until(child, |held| held.inotify_watches > 0);
        }
        let proc = openat(CWD, PROCESSES, DIRECTORY, Mode::empty()).unwrap();
        let mut layouts = Layouts::default();
        let look = |child: &Child, layouts: Option<&mut Layouts>| {
            let pid = i32::try_from(child.id()).unwrap();
            let mut pipes = Vec::new();
            let all = Descriptors::open(&proc, pid).unwrap();
            let held = all.held(layouts, &mut pipes).unwrap();
            pipes.sort_unstable();
            (held, pipes)
        };
        for child in &children {
            assert_eq!(look(child, Some(&mut layouts)), look(child, None));
        }
        // The third has no pipe where the first two have one: it is a shape of its own.
        let count = look(&children[0], None).0.descriptors;
        let told = statx(&proc, c"self/fd", AtFlags::empty(), StatxFlags::SIZE).unwrap();
        assert_eq!(
            layouts.of(count).len(),
            if told.stx_size > 0 { 2 } else { 0 }
        );
        children.iter_mut().for_each(|child| child.kill().unwrap());
        children.iter_mut().for_each(|child| drop(child.wait()));
    }

    #[test]
    fn this_process_is_in_the_census() {
        let names = files::list(&Root::open(None).unwrap(), PROCESSES).unwrap();
        let census = census(&names).unwrap();
        let processes: u64 = census.users.values().map(|held| held.processes).sum();
        assert!(processes >= 1);
        // Root of a container may not look into processes beside it.
        let told = namespaces("net");
        assert!(matches!(told, Ok(1..) | Err(HostError::Denied { .. })));
        assert!(namespaces("no").is_err());
    }
}

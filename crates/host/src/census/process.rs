//! One process of the census: whose it is, what it is called and what it holds.

use super::{DIRECTORY, FILE, number};
use model::{FANOTIFY, Found, Held, INOTIFY, WATCH};
use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, Mode, RawDir, StatxFlags, openat, readlinkat_raw, statx};
use rustix::io::{Errno, Result, read};
use std::ffi::{CStr, CString};
use std::hash::{DefaultHasher, Hasher};
use std::io::Write;
use std::mem::MaybeUninit;

/// Where containerd and Docker make the named pipes for what containers print (containerd
/// pkg/cio, moby libcontainerd); nothing else is kept open there for long.
const NAMED_PIPES: [&[u8]; 2] = [b"/run/containerd/", b"/run/docker/containerd/"];

/// Looks at one process; its pipes are added to `pipes`.
pub(super) fn look(proc: &OwnedFd, pid: i32, pipes: &mut Vec<u64>) -> Result<Found> {
    let mut path = Path::default();
    // A directory that all may read belongs to the effective user even of a process that may not be
    // dumped, and has a link more for each thread (fs/proc/base.c, task_dump_owner and
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
    if let Some(name) = name(proc, &mut path, pid)? {
        found.name = name;
        match held(proc, &mut path, pid, pipes) {
            Ok(held) => found.held = Some(held),
            // A link of a process that ended is refused like one that is closed.
            Err(Errno::ACCESS | Errno::PERM) => {
                facts(&mut path)?;
                found.held = None;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn held(proc: &OwnedFd, path: &mut Path, pid: i32, pipes: &mut Vec<u64>) -> Result<Held> {
    let descriptors = openat(proc, path.of(pid, "fd"), DIRECTORY, Mode::empty())?;
    let mut held = Held::default();
    let mut instances: Vec<CString> = Vec::new();
    let mut room = [MaybeUninit::uninit(); 4096];
    let mut entries = RawDir::new(&descriptors, &mut room);
    while let Some(entry) = entries.next() {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_bytes().starts_with(b".") {
            continue;
        }
        let mut room = [MaybeUninit::uninit(); 256];
        let target = match readlinkat_raw(&descriptors, name, &mut room) {
            Ok((target, _)) => &*target,
            // Closed meanwhile.
            Err(Errno::NOENT) => continue,
            Err(error) => return Err(error),
        };
        held.descriptors += 1;
        if target == INOTIFY.as_bytes() {
            held.inotify_instances += 1;
            instances.push(name.to_owned());
        } else if target == FANOTIFY.as_bytes() {
            held.fanotify_groups += 1;
        } else if let Some(rest) = target.strip_prefix(b"pipe:[") {
            pipes.extend(number::<u64>(rest.strip_suffix(b"]").unwrap_or_default()));
        } else if NAMED_PIPES.iter().any(|place| target.starts_with(place)) {
            pipes.push(mark(target));
        }
    }
    if !instances.is_empty() {
        let infos = openat(proc, path.of(pid, "fdinfo"), DIRECTORY, Mode::empty())?;
        for name in &instances {
            held.inotify_watches += watches(&infos, name)?;
        }
    }
    Ok(held)
}

/// The kernel shows a watch a line.
fn watches(infos: &OwnedFd, name: &CStr) -> Result<u64> {
    let file = match openat(infos, name, FILE, Mode::empty()) {
        Ok(file) => file,
        Err(Errno::NOENT) => return Ok(0),
        Err(error) => return Err(error),
    };
    let mut text = Vec::new();
    let mut room = [0; 8192];
    loop {
        match read(&file, &mut room[..])? {
            0 => break,
            length => text.extend_from_slice(&room[..length]),
        }
    }
    let lines = text.split(|byte| *byte == b'\n');
    let watches = lines.filter(|line| line.starts_with(WATCH.as_bytes()));
    Ok(watches.count() as u64)
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

/// A number for a name, beyond the inode numbers, which the kernel counts up from 1.
fn mark(name: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(name);
    hasher.finish() | 1 << 63
}

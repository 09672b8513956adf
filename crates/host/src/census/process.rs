//! One process of the census: whose it is, what it is called and what it holds.

use super::FILE;
use super::descriptors::Descriptors;
use super::layout::Layouts;
use super::name::Name;
use model::{Found, Held, SHIM};
use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, Mode, StatxFlags, openat, readlinkat_raw, statx};
use rustix::io::{Errno, Result, read};
use std::mem::MaybeUninit;

/// Looks at one process; its pipes are added to `pipes`.
pub(super) fn look(
    proc: &OwnedFd,
    pid: i32,
    layouts: &mut Layouts,
    pipes: &mut Vec<u64>,
) -> Result<Found> {
    let mut path = Name::default();
    // A directory that all may read belongs to the effective user even of a process that may not be
    // dumped, and has a link more for each thread (fs/proc/base.c, task_dump_owner and
    // proc_task_getattr).
    let wanted = StatxFlags::UID | StatxFlags::NLINK;
    let facts = |path: &mut Name| {
        statx(
            proc,
            path.below(pid, "task", None),
            AtFlags::empty(),
            wanted,
        )
    };
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
        let layouts = found.name.starts_with(SHIM).then_some(layouts);
        match Descriptors::open(proc, pid).and_then(|all| all.held(layouts, pipes)) {
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

/// The program of a process; none where it has none, as a kernel thread or a process that has ended
/// and waits to be reaped. Neither has descriptors.
fn name(proc: &OwnedFd, path: &mut Name, pid: i32) -> Result<Option<String>> {
    let mut room = [MaybeUninit::uninit(); 4096];
    match readlinkat_raw(proc, path.below(pid, "exe", None), &mut room) {
        Ok((program, _)) => {
            let program = program.strip_suffix(b" (deleted)").unwrap_or(program);
            let name = program.rsplit(|byte| *byte == b'/').next();
            Ok(name.map(|name| String::from_utf8_lossy(name).into_owned()))
        }
        Err(Errno::NOENT) => Ok(None),
        // Everybody may read the first 15 bytes of the name.
        Err(Errno::ACCESS | Errno::PERM) => {
            let file = openat(proc, path.below(pid, "comm", None), FILE, Mode::empty())?;
            let mut room = [0; 64];
            let length = read(file, &mut room[..])?;
            let name = String::from_utf8_lossy(&room[..length]);
            Ok(Some(name.trim_end().to_owned()))
        }
        Err(error) => Err(error),
    }
}

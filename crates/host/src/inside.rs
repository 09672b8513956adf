//! The look from inside a container: what the program of a probe reads and tries there.
//!
//! Plain paths, no root to stay below: nothing but this program and the kernel is in there, and an
//! older seccomp profile of Docker knows no openat2(2).

use crate::fault::words;
use model::{Attempts, Inside};
use nix::fcntl::{FcntlArg, fcntl};
use nix::sys::inotify::{InitFlags, Inotify};
use std::fs;
use std::io;

/// How many inotify instances are tried: enough to tell a host that has just come to its end, and too
/// few to push another over it.
const INSTANCES: u32 = 4;
/// `pids.max` of the container's own cgroup under version 2, where it is the root of what is seen, and
/// under version 1, where Docker mounts it at the controller's place.
const PIDS: &[&str] = &["/sys/fs/cgroup/pids.max", "/sys/fs/cgroup/pids/pids.max"];
const MEMORY: &[&str] = &[
    "/sys/fs/cgroup/memory.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
];

/// Stays until the process is ended.
pub fn stay() -> ! {
    loop {
        std::thread::park();
    }
}

/// Looks around; `sysctls` are files below `/proc/sys`.
pub fn look(sysctls: &[String]) -> Inside {
    Inside {
        limits: text("/proc/self/limits").unwrap_or_default(),
        pids_max: first(PIDS),
        memory_max: first(MEMORY),
        sysctls: sysctls
            .iter()
            .filter(|path| path.starts_with("/proc/sys/") && !path.contains("/../"))
            .map(|path| (path.clone(), text(path).map(|text| text.trim().to_owned())))
            .collect(),
        pipe_bytes: fresh_pipe(),
        inotify: instances(),
        uid_map: text("/proc/self/uid_map").unwrap_or_default(),
    }
}

fn text(path: &str) -> Option<String> {
    fs::read_to_string(path).ok()
}

fn first(paths: &[&str]) -> Option<String> {
    let text = paths.iter().find_map(|path| text(path))?;
    Some(text.trim().to_owned())
}

fn fresh_pipe() -> Option<u64> {
    let (reader, _writer) = io::pipe().ok()?;
    let bytes = fcntl(&reader, FcntlArg::F_GETPIPE_SZ).ok()?;
    u64::try_from(bytes).ok()
}

/// All are kept until the last was tried, then all are gone.
fn instances() -> Attempts {
    let made: Vec<Result<Inotify, _>> = (0..INSTANCES)
        .map(|_| Inotify::init(InitFlags::IN_CLOEXEC))
        .collect();
    let refused = made.iter().find_map(|one| one.as_ref().err());
    let done = made.iter().filter(|one| one.is_ok()).count();
    Attempts {
        tried: INSTANCES,
        done: u32::try_from(done).unwrap_or_default(),
        refused: refused.map(|errno| words(&io::Error::from(*errno))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn here_it_sees_what_this_process_has() {
        let seen = look(&[
            "/proc/sys/kernel/ostype".to_owned(),
            "/proc/sys/kernel/no-such-key".to_owned(),
            "/etc/passwd".to_owned(),
        ]);
        assert!(seen.limits.contains("Max open files"));
        assert_eq!(seen.sysctls.len(), 2);
        assert_eq!(
            seen.sysctls["/proc/sys/kernel/ostype"].as_deref(),
            Some("Linux")
        );
        assert_eq!(seen.sysctls["/proc/sys/kernel/no-such-key"], None);
        assert!(seen.pipe_bytes.is_some_and(|bytes| bytes >= 4096));
        assert_eq!(seen.inotify.tried, INSTANCES);
        assert_eq!(
            seen.inotify.refused.is_none(),
            seen.inotify.done == INSTANCES
        );
        assert!(!seen.uid_map.is_empty());
    }
}

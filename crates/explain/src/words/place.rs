//! Where something is tried, by the path that a message names.

use model::Place;

/// What a path is; none where it tells nothing.
pub(crate) fn place(path: &str) -> Option<Place> {
    let has = |part: &str| path.contains(part);
    let begins = |part: &str| path.starts_with(part);
    if begins("/proc/self/") || begins("/proc/thread-self") || path.len() < 2 || begins("//") {
        return None;
    }
    let control = [
        "cgroup.subtree_control",
        "cgroup.type",
        "cgroup.controllers",
    ];
    let terminals = ["/dev/ptmx", "/dev/pts", "/dev/tty", "/dev/console"];
    Some(if control.iter().any(|file| has(file)) {
        Place::CgroupControl
    } else if has("cgroup.procs") || has("cgroup") && path.ends_with("/tasks") {
        Place::CgroupProcesses
    } else if begins("/sys/fs/cgroup") || begins("/cgroup/") || begins("/dev/cgroup") {
        Place::Cgroup
    } else if begins("/run/systemd/private") {
        Place::PrivateBus
    } else if path.ends_with(".sock") || path.ends_with("_socket") {
        Place::UnixSocket
    } else if begins("/run/") || begins("/var/run/") || path == "/run" {
        Place::Run
    } else if begins("/dev/shm") {
        Place::SharedMemory
    } else if terminals.iter().any(|file| begins(file)) {
        Place::Terminals
    } else if begins("/proc/") || begins("/sys/") {
        Place::KernelFile
    } else if has("/overlay") || has("/merged") || has("snapshotter") {
        Place::Overlay
    } else {
        Place::Disk
    })
}

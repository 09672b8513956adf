//! The state below `/run`: what containers of Docker's have there, and whether anybody else writes to it.

use model::{Host, HostResult};

/// Containers that run have a directory here, whether dockerd or systemd started containerd.
pub(crate) const TASKS: &[&str] = &[
    "/run/containerd/io.containerd.runtime.v2.task/moby",
    "/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby",
];
const MOUNTS: &str = "/proc/self/mountinfo";

/// How many containers of Docker's have their state below `/run`.
pub fn tasks_below_run(host: &dyn Host) -> HostResult<u64> {
    let mut running = 0;
    for directory in TASKS {
        match host.list(directory) {
            Ok(names) => running += names.len() as u64,
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(running)
}

/// Whether `/run` is a file system of its own (the fifth word of a line of proc_pid_mountinfo(5)).
pub fn run_is_a_mount(host: &dyn Host) -> bool {
    let text = host.read_text(MOUNTS).unwrap_or_default();
    let mut lines = text.lines();
    lines.any(|line| line.split_whitespace().nth(4) == Some("/run"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    #[test]
    fn tasks_of_both_are_counted() {
        let host = FakeHost::new()
            .directory(&format!("{}/a", TASKS[0]))
            .directory(&format!("{}/b", TASKS[1]))
            .directory(&format!("{}/c", TASKS[1]));
        assert_eq!(tasks_below_run(&host).ok(), Some(3));
        assert_eq!(tasks_below_run(&FakeHost::new()).ok(), Some(0));
    }

    #[test]
    fn a_folder_of_the_root_is_no_mount() {
        let mounts = "22 1 254:0 / / rw - ext4 /dev/vda rw\n";
        let root = FakeHost::new().file(MOUNTS, mounts);
        assert!(!run_is_a_mount(&root));
        let own = format!("{mounts}24 22 0:21 / /run rw,nosuid - tmpfs tmpfs rw\n");
        assert!(run_is_a_mount(&FakeHost::new().file(MOUNTS, &own)));
    }
}

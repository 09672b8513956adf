//! The shims of containers: one process a container, forked by containerd and left in its unit's group.

use model::{Host, HostError, HostResult};

/// The units that shims can live in: containerd's own, or Docker's where dockerd starts containerd.
pub(super) const HOMES: [&str; 2] = ["containerd.service", "docker.service"];
/// A shim by its name: the kernel keeps 15 letters of `containerd-shim-runc-v2` (proc_pid_comm(5)).
const NAME: &str = "containerd-shim";
/// The unified hierarchy, and the one of systemd's own beside the controllers of version 1.
const TREES: [&str; 2] = ["/sys/fs/cgroup", "/sys/fs/cgroup/systemd"];

/// The shims in a unit's group.
pub(super) fn in_group(host: &dyn Host, group: &str) -> HostResult<Vec<i32>> {
    let list = |tree: &&str| match host.read_text(&format!("{tree}{group}/cgroup.procs")) {
        Err(HostError::NotFound(_)) => None,
        answer => Some(answer),
    };
    let Some(list) = TREES.iter().find_map(list) else {
        return Ok(Vec::new());
    };
    let list = list?;
    let pids = list.lines().filter_map(|line| line.parse().ok());
    Ok(pids.filter(|pid| is_shim(host, *pid)).collect())
}

/// The shims in Docker's and containerd's units, where a distribution puts them.
pub(super) fn all(host: &dyn Host) -> HostResult<Vec<i32>> {
    let mut all = Vec::new();
    for unit in HOMES {
        all.extend(in_group(host, &format!("/system.slice/{unit}"))?);
    }
    Ok(all)
}

fn is_shim(host: &dyn Host, pid: i32) -> bool {
    let name = host.read(&format!("/proc/{pid}/comm"));
    name.is_ok_and(|name| name.starts_with(NAME.as_bytes()))
}

/// The first process of a shim's container: the oldest child of the thread that orphans are given to
/// (kernel/exit.c, find_new_reaper), whichever driver made the container's group.
pub(super) fn container(host: &dyn Host, shim: i32) -> Option<i32> {
    let children = host.read_text(&format!("/proc/{shim}/task/{shim}/children"));
    children.ok()?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use testkit::FakeHost;

    /// A host with a containerd of this many shims, numbered from 100, each with a container at +1000.
    pub(in super::super) fn host(shims: i32) -> FakeHost {
        let group = "/sys/fs/cgroup/system.slice/containerd.service/cgroup.procs";
        let pids: String = (0..shims).map(|n| format!("{}\n", 100 + n)).collect();
        let mut host = FakeHost::new()
            .file("/sys/fs/cgroup/cgroup.controllers", "pids\n")
            .file(group, &format!("50\n{pids}"))
            .file("/proc/50/comm", "containerd\n");
        for pid in 100..100 + shims {
            host = host
                .file(&format!("/proc/{pid}/comm"), "containerd-shim\n")
                .file(
                    &format!("/proc/{pid}/task/{pid}/children"),
                    &format!("{} 7 ", pid + 1000),
                );
        }
        host
    }

    #[test]
    fn the_daemon_is_no_shim() {
        let host = host(2);
        assert_eq!(all(&host), Ok(vec![100, 101]));
        assert_eq!(container(&host, 101), Some(1101));
        assert_eq!(container(&host, 50), None);
    }

    #[test]
    fn version_1_lists_them_in_the_hierarchy_of_systemd() {
        let host = FakeHost::new()
            .file(
                "/sys/fs/cgroup/systemd/system.slice/docker.service/cgroup.procs",
                "9\n",
            )
            .file("/proc/9/comm", "containerd-shim\n");
        assert_eq!(all(&host), Ok(vec![9]));
        assert_eq!(all(&FakeHost::new()), Ok(Vec::new()));
    }

    #[test]
    fn a_closed_list_is_no_empty_list() {
        let host = host(1).denied("/sys/fs/cgroup/system.slice/containerd.service/cgroup.procs");
        assert!(all(&host).is_err());
    }
}

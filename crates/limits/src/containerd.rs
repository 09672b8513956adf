//! containerd's place: the cgroup that container shims are forked into.

use crate::cgroup::Hierarchy;
use crate::engine;
use model::{Host, Unread};

/// The unit that runs containerd on every packaged host.
pub(crate) const UNIT: &str = "containerd.service";
/// Where a containerd that dockerd started, or one started by hand, notes its pid.
const PID_FILES: &[&str] = &[
    "/run/docker/containerd/containerd.pid",
    "/var/run/docker/containerd/containerd.pid",
    "/run/containerd/containerd.pid",
];

/// Where shims will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Home {
    /// In this group of the pids hierarchy.
    Group(String),
    /// In the unit, once it is started: the group does not exist yet. With its `TasksMax`.
    Stopped(Option<u64>),
}

/// Finds it: the unit's main process, else a containerd by its pid file, else dockerd, whose child
/// shares its group. A process's own group is asked for before the unit's `ControlGroup`, because
/// in v1 each hierarchy could tell another story.
pub(crate) fn home(host: &dyn Host, pids: &Hierarchy) -> Result<Home, Unread> {
    let unit = host.unit(UNIT).ok();
    if let Some(unit) = &unit {
        if let Some(group) = unit
            .main_pid()
            .and_then(|pid| pids.group_of(host, pid).ok())
        {
            return Ok(Home::Group(group));
        }
        if let Some(group) = unit.text("ControlGroup").filter(|group| !group.is_empty()) {
            return Ok(Home::Group(group.to_owned()));
        }
    }
    let by_file = PID_FILES.iter().find_map(|path| containerd(host, path));
    let daemon = || engine::pid(host).map(|(pid, _)| pid);
    if let Some(pid) = by_file.or_else(daemon) {
        return pids.group_of(host, pid).map(Home::Group);
    }
    match unit {
        Some(unit) if !unit.is_missing() => Ok(Home::Stopped(unit.number("TasksMax"))),
        _ => Err(Unread::because(
            "containerd neither runs here nor has a unit",
        )),
    }
}

/// Its process: the unit's, else the one that a pid file names.
pub(crate) fn pid(host: &dyn Host) -> Result<i32, Unread> {
    let of_unit = host.unit(UNIT).ok().and_then(|unit| unit.main_pid());
    let by_file = || PID_FILES.iter().find_map(|path| containerd(host, path));
    of_unit
        .or_else(by_file)
        .ok_or_else(|| Unread::because("containerd does not run here"))
}

/// The process that a pid file names, if it is a containerd: the file outlives a killed one.
fn containerd(host: &dyn Host, path: &str) -> Option<i32> {
    let pid: i32 = host.read_text(path).ok()?.trim().parse().ok()?;
    let name = host.read_text(&format!("/proc/{pid}/comm")).ok()?;
    name.trim().ends_with("containerd").then_some(pid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Property;
    use testkit::FakeHost;

    fn find(host: &FakeHost) -> Result<Home, Unread> {
        home(host, &Hierarchy::unified())
    }

    #[test]
    fn the_unit_comes_first_and_its_process_is_asked() {
        let host = FakeHost::new()
            .unit_with(UNIT, &[("MainPID", Property::Number(5))])
            .file("/proc/5/cgroup", "0::/system.slice/containerd.service\n");
        let group = "/system.slice/containerd.service".to_owned();
        assert_eq!(find(&host), Ok(Home::Group(group)));
    }

    #[test]
    fn a_containerd_of_dockers_own_is_found_by_its_pid_file() {
        let host = FakeHost::new()
            .file("/run/docker/containerd/containerd.pid", "6")
            .file("/proc/6/comm", "docker-containerd\n")
            .file("/proc/6/cgroup", "0::/system.slice/docker.service\n");
        let group = "/system.slice/docker.service".to_owned();
        assert_eq!(find(&host), Ok(Home::Group(group)));
        let stale = host.file("/proc/6/comm", "bash\n");
        assert!(find(&stale).is_err());
    }

    #[test]
    fn a_stopped_unit_tells_what_its_next_start_gets() {
        let host = FakeHost::new().unit_with(UNIT, &[("TasksMax", Property::Number(u64::MAX))]);
        assert_eq!(find(&host), Ok(Home::Stopped(Some(u64::MAX))));
        assert!(find(&FakeHost::new()).is_err());
    }
}

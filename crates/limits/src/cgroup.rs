//! The cgroup hierarchy: its version, where a controller is mounted, and the ancestors of a group.

use model::{Amount, Bound, Host, HostError, Unread};
use procfs::FromBufRead;
use procfs::ProcessCGroups;
use procfs::process::MountInfo;

const ROOT: &str = "/sys/fs/cgroup";
const MOUNTS: &str = "/proc/self/mountinfo";

/// Which hierarchy containers live in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// One hierarchy a controller; a hybrid host counts as this, its v2 tree carries no controller.
    V1,
    /// One unified hierarchy.
    V2,
}

/// runc takes v2 if and only if the file system at /sys/fs/cgroup itself is cgroup2; that root has
/// a `cgroup.controllers`, and a v1 or hybrid host has a tmpfs there.
pub(crate) fn version(host: &dyn Host) -> Result<Version, Unread> {
    match host.read(&format!("{ROOT}/cgroup.controllers")) {
        Ok(_) => Ok(Version::V2),
        Err(HostError::NotFound(_)) => match v1_mount(host, |_| true)? {
            Some(_) => Ok(Version::V1),
            None => Err(Unread::because("no cgroup hierarchy is mounted")),
        },
        Err(error) => Err(error.into()),
    }
}

/// Where the groups of one controller are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hierarchy {
    mount_point: String,
    /// The group that the mount shows as its root; `/` but inside a container.
    root: String,
    /// The controller, in a hierarchy of v1.
    controller: Option<String>,
}

impl Hierarchy {
    /// The unified hierarchy.
    pub(crate) fn unified() -> Self {
        Self {
            mount_point: ROOT.to_owned(),
            root: "/".to_owned(),
            controller: None,
        }
    }

    /// The hierarchy that `controller` is in.
    pub(crate) fn of(host: &dyn Host, version: Version, controller: &str) -> Result<Self, Unread> {
        if version == Version::V2 {
            return Ok(Self::unified());
        }
        let mount = v1_mount(host, |mount| mount.super_options.contains_key(controller))?;
        let mount = mount.ok_or_else(|| {
            Unread::because(format!("the cgroup controller {controller} is not mounted"))
        })?;
        Ok(Self {
            mount_point: mount.mount_point.to_string_lossy().into_owned(),
            root: mount.root,
            controller: Some(controller.to_owned()),
        })
    }

    /// The group of a process.
    pub(crate) fn group_of(&self, host: &dyn Host, pid: i32) -> Result<String, Unread> {
        let path = format!("/proc/{pid}/cgroup");
        let groups = ProcessCGroups::from_buf_read(host.read(&path)?.as_slice())
            .map_err(|error| Unread::because(format!("{path}: {error}")))?;
        let ours = groups.0.into_iter().find(|group| match &self.controller {
            Some(controller) => group.controllers.contains(controller),
            None => group.hierarchy == 0,
        });
        ours.map(|group| group.pathname)
            .ok_or_else(|| Unread::because(format!("{path}: no line of this hierarchy")))
    }

    /// The path of a group's file.
    pub(crate) fn file(&self, group: &str, name: &str) -> String {
        let below = group.strip_prefix(self.root.trim_end_matches('/'));
        let below = below.unwrap_or(group).trim_matches('/');
        match below {
            "" => format!("{}/{name}", self.mount_point),
            _ => format!("{}/{below}/{name}", self.mount_point),
        }
    }

    /// The bound in a group's file; none where the group or the file is not there, as the root has
    /// neither `pids.max` nor a parent.
    pub(crate) fn bound(&self, host: &dyn Host, group: &str, name: &str) -> Option<Bound> {
        let path = self.file(group, name);
        let text = match host.read_text(&path) {
            Ok(text) => text,
            Err(error) if error.is_not_found() => return None,
            Err(error) => return Some(Bound::Unread(error.into())),
        };
        Some(match (text.trim(), text.trim().parse()) {
            ("max", _) => Bound::Unlimited,
            (_, Ok(number)) => Bound::Finite(Amount::whole(number)),
            (word, Err(_)) => Bound::Unread(Unread::because(format!("{path}: `{word}`"))),
        })
    }
}

/// A group and every group above it, the root last.
pub(crate) fn ancestors(group: &str) -> Vec<String> {
    let mut group = format!("/{}", group.trim_matches('/'));
    let mut found = Vec::new();
    while group != "/" {
        let parent = match group.rfind('/') {
            Some(0) | None => "/".to_owned(),
            Some(end) => group[..end].to_owned(),
        };
        found.push(std::mem::replace(&mut group, parent));
    }
    found.push(group);
    found
}

fn v1_mount(
    host: &dyn Host,
    wanted: impl Fn(&MountInfo) -> bool,
) -> Result<Option<MountInfo>, Unread> {
    let text = host.read_text(MOUNTS)?;
    // The others are two a container, and longer.
    for line in text.lines().filter(|line| line.contains(" - cgroup ")) {
        let mount = MountInfo::from_line(line)
            .map_err(|error| Unread::because(format!("{MOUNTS}: {error}")))?;
        if wanted(&mount) {
            return Ok(Some(mount));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    const HYBRID: &str = "\
        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n\
        32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct\n\
        39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids\n\
        41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";

    #[test]
    fn a_hybrid_host_is_v1_and_each_controller_has_its_place() {
        let host = FakeHost::new().file(MOUNTS, HYBRID).file(
            "/proc/7/cgroup",
            "8:pids:/docker/x\n1:name=systemd:/y\n0::/z\n",
        );
        assert_eq!(version(&host), Ok(Version::V1));
        let pids = Hierarchy::of(&host, Version::V1, "pids").unwrap();
        assert_eq!(pids.group_of(&host, 7), Ok("/docker/x".to_owned()));
        assert_eq!(
            pids.file("/docker/x", "pids.max"),
            "/sys/fs/cgroup/pids/docker/x/pids.max"
        );
        assert!(Hierarchy::of(&host, Version::V1, "memory").is_err());
    }

    #[test]
    fn a_unified_host_needs_no_mount_table() {
        let host = FakeHost::new()
            .file("/sys/fs/cgroup/cgroup.controllers", "cpu pids\n")
            .file("/proc/7/cgroup", "0::/system.slice/containerd.service\n")
            .file("/sys/fs/cgroup/system.slice/pids.max", "max\n");
        assert_eq!(version(&host), Ok(Version::V2));
        let tree = Hierarchy::of(&host, Version::V2, "pids").unwrap();
        let group = tree.group_of(&host, 7).unwrap();
        assert_eq!(ancestors(&group), [group.as_str(), "/system.slice", "/"]);
        assert_eq!(
            tree.bound(&host, "/system.slice", "pids.max"),
            Some(Bound::Unlimited)
        );
        assert_eq!(tree.bound(&host, "/", "pids.max"), None);
    }

    #[test]
    fn no_hierarchy_is_unknown_rather_than_v1() {
        let host = FakeHost::new().file(MOUNTS, "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
        assert!(version(&host).is_err());
        assert!(version(&FakeHost::new()).is_err());
    }

    #[test]
    fn a_mount_that_shows_a_subtree_is_taken_from_there() {
        let tree = Hierarchy {
            mount_point: "/sys/fs/cgroup/pids".to_owned(),
            root: "/docker/x".to_owned(),
            controller: Some("pids".to_owned()),
        };
        assert_eq!(tree.file("/docker/x/y", "f"), "/sys/fs/cgroup/pids/y/f");
        assert_eq!(tree.file("/docker/x", "f"), "/sys/fs/cgroup/pids/f");
    }
}

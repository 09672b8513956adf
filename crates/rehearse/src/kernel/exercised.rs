//! Which limits a stand-in of the kernel engine meets.

use super::footprint::of_shims;
use crate::{Exercise, Place};
use model::Standing;

/// What the stand-ins may do here.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rights {
    /// Whether they are root's own, outside a user namespace.
    pub(super) root: bool,
    /// Whether groups can be made.
    pub(super) groups: bool,
}

/// Whether a place is met.
///
/// Mounts are made in a copy of the host's mount namespace, ports on a bridge of the rehearsal's own
/// that begins with as many as the host's has, and shims run in a group of its own that has as much
/// room as the group of containerd: each has the bound of the host and nobody else in it.
pub(super) fn exercise(place: &Place, rights: Rights) -> Exercise {
    if matches!(place.ceiling.standing, Standing::NotApplicable(_)) {
        return Exercise::Not;
    }
    match place.limit.id {
        "kernel.threads-max" | "kernel.pid_max" | "fs.file-max" => Exercise::OfHost,
        // What is mounted in the rehearsal's namespace comes into no service's.
        "fs.mount-max" if place.ceiling.place != "host" => Exercise::Not,
        "fs.mount-max" | "bridge.ports" => Exercise::Apart,
        "cgroup.pids.max" | "memcg.ids" | "cgroup.max.descendants" if !rights.groups => {
            Exercise::Not
        }
        "cgroup.pids.max" if of_shims(place) => Exercise::Apart,
        "cgroup.pids.max" | "memcg.ids" | "cgroup.max.descendants" => Exercise::OfHost,
        // Those of another user count for that user.
        "kernel.keys.maxkeys" | "kernel.keys.maxbytes" => match place.ceiling.place.as_str() {
            "uid 0" if rights.root => Exercise::OfHost,
            _ => Exercise::Not,
        },
        "user.max_namespaces"
        | "fs.inotify.max_user_instances"
        | "fs.inotify.max_user_watches"
        | "fs.pipe-user-pages-soft"
        | "fs.epoll.max_user_watches"
        | "kernel.pty.max"
            if rights.root =>
        {
            Exercise::OfHost
        }
        _ => Exercise::Not,
    }
}

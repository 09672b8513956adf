//! Which limits containers of Docker's meet when they stand in for a workload's.

use crate::{Exercise, Place};
use model::Standing;

/// What a network of the rehearsal's own has to itself.
const FRESH: &[&str] = &["bridge.ports", "docker.subnet"];

/// What an idle container without published ports takes nothing of, or what only shows at a boot, with
/// traffic, or in programs.
const NOT: &[&str] = &[
    "cgroup.dying",
    "cgroup.max.depth",
    "cpu.contention",
    "docker.ports",
    "docker.start-rate",
    "fs.aio-max-nr",
    "fs.fanotify.max_user_groups",
    "fs.nr_open",
    "go.max-threads",
    "kernel.sem",
    "kernel.shmmni",
    "net.core.netdev_max_backlog",
    "net.core.somaxconn",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.tcp_max_orphans",
    "net.ipv4.tcp_mem",
    "net.ipv4.udp_mem",
    "net.neigh.gc_thresh3",
    "net.nf_conntrack_max",
    "ports.published",
    "rlimit.memlock",
    "rlimit.msgqueue",
    "rlimit.nproc",
    "subuid.range",
    "systemd.default-tasks-max",
    "systemd.mountinfo",
    "user.sigpending",
    "vm.max_map_count",
];

/// Places of a limit that a stand-in meets alone, so that the count of them does not matter.
const ALONE: &str = "each shim and container";

/// Whether they meet the limit of this place.
pub(super) fn exercises(place: &Place) -> Exercise {
    let id = place.limit.id;
    let concerns = !matches!(place.ceiling.standing, Standing::NotApplicable(_));
    if !concerns || NOT.contains(&id) || place.ceiling.place == ALONE {
        Exercise::Not
    } else if FRESH.contains(&id) {
        Exercise::Fresh
    } else {
        Exercise::OfHost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_limits() {
        let known = |id: &&str| limits::LIMITS.iter().any(|row| row.limit.id == *id);
        let unknown = |ids: &[&'static str]| -> Vec<&str> {
            ids.iter().copied().filter(|id| !known(id)).collect()
        };
        assert_eq!(unknown(NOT), Vec::<&str>::new());
        assert_eq!(unknown(FRESH), Vec::<&str>::new());
    }
}

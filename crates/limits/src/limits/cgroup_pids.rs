//! `cgroup.pids.max`: the tasks of one cgroup (systemd's TasksMax).

mod signs;

use crate::cgroup::{Hierarchy, ancestors};
use crate::containerd::{self, Home};
use crate::reading::{number, used};
use crate::{Row, Scene};
use model::{Amount, Bound, Ceiling, Charge, Cost, Effect, Key, Limit, Network, Unread};

const MAX: &str = "pids.max";
const CURRENT: &str = "pids.current";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "cgroup.pids.max",
        bounds: "tasks in one cgroup",
        defaults: &[
            "no bound: `max` (kernel/cgroup/pids.c PIDS_MAX); the root group has no such file",
            "systemd writes DefaultTasksMax there for services and scopes, nothing for slices, and 33 % \
             for user-UID.slice (systemd src/core/cgroup.c, units/user-.slice.d/10-defaults.conf)",
            "docker.service and containerd.service have TasksMax=infinity in Debian 12 and 13, docker-ce \
             since 23 and containerd since 1.2 (their units)",
            "`--pids-limit` sets it for one container; none is set without it",
        ],
        effect: Effect::Stops,
        why: "the shim of each container lives in containerd's cgroup with about eleven threads, \
              and runc adds its own there for as long as it starts one",
        raise: &["unit:containerd.service/TasksMax"],
        source: "kernel/cgroup/pids.c pids_can_fork; the next thread gets EAGAIN",
        signs: signs::SIGNS,
    },
    read,
};

/// Tasks of a shim in thousandths: the average, the least and the most of an average. Single shims
/// have 11 to 13.
const RUNNING: [u64; 3] = [11_250, 11_000, 12_000];
/// What a start adds on top: at the tightest point it is runc's init and the hook that hands over
/// the network namespace, dockerd's own binary with ten threads. With room for 27 tasks a start
/// succeeds, with 25 it is refused, with 26 it may; 31 was the highest count seen on the way.
/// Threads follow the number of processors, so a larger host may need more.
const IN_FLIGHT: [u64; 3] = [15_500, 14_500, 20_000];
/// The same without that hook, which the host's own network does not need.
const IN_FLIGHT_HOST: [u64; 3] = [8_500, 7_500, 12_000];
/// A slice that the container's scope is below too counts its process, and udev's workers for the
/// new interface while it starts.
const OWN: u64 = 1_000;
const IN_FLIGHT_SLICE: [u64; 3] = [25_000, 21_000, 32_000];
/// The slice counts a DinD node's own dockerd and containerd: two Go programs whose threads follow the
/// number of processors. Estimated, not measured.
const DIND_SLICE: [u64; 3] = [60_000, 40_000, 80_000];
/// And a docker-proxy for each published port, a Go program of seven to nine threads.
const PROXY_SLICE: [u64; 3] = [8_000, 7_000, 9_000];
const SOURCE: &str = "Debian 13 on 2 processors, Docker 26.1, containerd 1.7, runc 1.1";

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let version = scene.cgroup_version();
    let tree = version.and_then(|version| Hierarchy::of(scene.host, version, "pids"));
    let found = tree.and_then(|tree| Ok((containerd::home(scene.host, &tree)?, tree)));
    match found {
        Ok((Home::Group(group), tree)) => around(scene, &tree, &group),
        Ok((Home::Stopped(tasks_max), _)) => vec![stopped(scene, tasks_max)],
        Err(why) => vec![Ceiling::unread(containerd::UNIT, cost(scene, false), why)],
    }
}

/// Every bounded group from the shims' own up to the root: a fork counts in all of them.
fn around(scene: &Scene<'_>, tree: &Hierarchy, home: &str) -> Vec<Ceiling> {
    let groups = ancestors(home);
    let bounds = groups.iter().filter_map(|group| {
        let bound = tree.bound(scene.host, group, MAX)?;
        (bound != Bound::Unlimited).then(|| ceiling(scene, tree, group, bound))
    });
    let binding: Vec<Ceiling> = bounds.collect();
    if !binding.is_empty() {
        return binding;
    }
    let free = Ceiling::new(home, cost(scene, false))
        .max(Bound::Unlimited, tree.file(home, MAX))
        .note("no group from here to the root has a bound");
    vec![free]
}

fn ceiling(scene: &Scene<'_>, tree: &Hierarchy, group: &str, bound: Bound) -> Ceiling {
    // Where the containers' own groups are is only a guess away from being known, and the guess
    // costs one task a container at most.
    let parent = scene.container_parent().unwrap_or_default();
    let shared = ancestors(&parent).iter().any(|above| above == group);
    let current = tree.file(group, CURRENT);
    let ceiling = Ceiling::new(group, cost(scene, shared))
        .max(bound, tree.file(group, MAX))
        .used(used(number(scene.host, &current)), current);
    match group.rsplit('/').next() {
        Some(unit) if unit.ends_with(".service") || unit.ends_with(".slice") => {
            ceiling.lever(Key::new("unit", format!("{unit}/TasksMax")), Amount::ZERO)
        }
        _ => ceiling.reshape(format!(
            "no unit keeps this group: write a larger number to {}",
            tree.file(group, MAX)
        )),
    }
}

/// A unit that is not started has no group; what its next start gets is its property.
fn stopped(scene: &Scene<'_>, tasks_max: Option<u64>) -> Ceiling {
    let max = match tasks_max {
        Some(u64::MAX) => Bound::Unlimited,
        Some(tasks) => Bound::Finite(Amount::whole(tasks)),
        None => Bound::Unread(Unread::because("systemd shows no TasksMax")),
    };
    Ceiling::new(containerd::UNIT, cost(scene, false))
        .max(max, "TasksMax of containerd.service")
        .lever(
            Key::new("unit", "containerd.service/TasksMax"),
            Amount::ZERO,
        )
        .note("containerd does not run; this is what its next start gets")
}

fn cost(scene: &Scene<'_>, shared: bool) -> Cost {
    let on_host_alone = scene.workload.networks() == [Network::Host];
    let in_flight = match (shared, on_host_alone) {
        (true, _) => IN_FLIGHT_SLICE,
        (false, true) => IN_FLIGHT_HOST,
        (false, false) => IN_FLIGHT,
    };
    let charge = |at: usize| {
        let running = match shared {
            true => below_slice(at),
            // What runs inside a DinD node is in the node's own group, its shims too.
            false => Charge::outer(Amount::thousandths(RUNNING[at])),
        };
        Charge {
            in_flight: Amount::thousandths(in_flight[at]),
            ..running
        }
    };
    Cost::measured(charge(0), charge(1), charge(2), SOURCE)
}

/// What a slice counts that shims and containers are both below.
fn below_slice(at: usize) -> Charge {
    Charge {
        dind: Amount::thousandths(DIND_SLICE[at]),
        published: Amount::thousandths(PROXY_SLICE[at]),
        process: Amount::whole(1),
        ..Charge::each(Amount::thousandths(RUNNING[at] + OWN))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge;
    use model::{Fate, LimitAnswer, Property, Workload};
    use testkit::FakeHost;

    const GROUP: &str = "/sys/fs/cgroup/system.slice/containerd.service";

    fn host(pids_max: &str) -> FakeHost {
        FakeHost::new()
            .file("/sys/fs/cgroup/cgroup.controllers", "pids\n")
            .directory("/run/systemd/system")
            .unit_with(containerd::UNIT, &[("MainPID", Property::Number(5))])
            .file("/proc/5/cgroup", "0::/system.slice/containerd.service\n")
            .file(&format!("{GROUP}/pids.max"), pids_max)
            .file(&format!("{GROUP}/pids.current"), "10\n")
            .file("/sys/fs/cgroup/system.slice/pids.max", "max\n")
    }

    fn ask(host: &FakeHost, starts: Option<u64>) -> Vec<LimitAnswer> {
        let workload = Workload {
            nodes: 600,
            starts_at_once: starts,
            ..Workload::default()
        };
        let ceilings = read(&Scene::new(host, &workload, Ok(1))).into_iter();
        ceilings.map(|c| judge(&ROW.limit, c, &workload)).collect()
    }

    fn fit(room: u64, starts: u64) -> u64 {
        (room * 1000 - starts * IN_FLIGHT[0]) / (2 * RUNNING[0])
    }

    #[test]
    fn the_last_start_needs_room_for_its_peak() {
        let rows = ask(&host("500\n"), Some(1));
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].nodes_fit, Some(fit(490, 1)));
        assert_eq!(rows[0].verdict, Fate::Stops);
        let (fewest, most) = rows[0].nodes_fit_between.unwrap();
        assert!(fewest <= fit(490, 1) && fit(490, 1) <= most);
        assert_eq!(
            rows[0].raise[0].setting.to_string(),
            "unit:containerd.service/TasksMax"
        );
        let at_once = ask(&host("500\n"), Some(4));
        assert_eq!(at_once[0].nodes_fit, Some(fit(490, 4)));
    }

    #[test]
    fn a_slice_above_counts_the_containers_too() {
        let host = host("max\n")
            .file("/sys/fs/cgroup/system.slice/pids.max", "1000\n")
            .file("/sys/fs/cgroup/system.slice/pids.current", "100\n");
        let rows = ask(&host, None);
        assert_eq!((rows.len(), rows[0].place.as_str()), (1, "/system.slice"));
        assert_eq!(
            rows[0].cost.charge.job,
            Amount::thousandths(RUNNING[0] + OWN)
        );
        assert_eq!(
            rows[0].raise[0].setting.to_string(),
            "unit:system.slice/TasksMax"
        );
    }

    #[test]
    fn no_bound_anywhere_is_one_row_that_fits() {
        let rows = ask(&host("max\n"), None);
        assert_eq!(
            (rows.len(), rows[0].unlimited, rows[0].verdict),
            (1, true, Fate::Fits)
        );
        assert!(rows[0].raise.is_empty());
    }

    #[test]
    fn a_stopped_unit_counts_by_its_property_and_none_is_unknown() {
        let stopped = FakeHost::new()
            .file("/sys/fs/cgroup/cgroup.controllers", "pids\n")
            .unit_with(containerd::UNIT, &[("TasksMax", Property::Number(4684))]);
        let rows = ask(&stopped, None);
        assert_eq!(
            (rows[0].ceiling, rows[0].verdict),
            (Some(Amount::whole(4684)), Fate::Stops)
        );
        let none = FakeHost::new().file("/sys/fs/cgroup/cgroup.controllers", "pids\n");
        assert_eq!(ask(&none, None)[0].verdict, Fate::Unknown);
    }

    #[test]
    fn on_v1_the_pids_hierarchy_is_asked() {
        let mounts = "39 31 0:36 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n";
        let host = FakeHost::new()
            .file("/proc/self/mountinfo", mounts)
            .file("/run/docker.pid", "9")
            .file("/proc/9/cmdline", "dockerd\0")
            .file("/proc/9/cgroup", "8:pids:/box\n0::/else\n")
            .file("/sys/fs/cgroup/pids/box/pids.max", "300\n")
            .file("/sys/fs/cgroup/pids/box/pids.current", "50\n");
        let rows = ask(&host, Some(1));
        assert_eq!(
            (rows[0].place.as_str(), rows[0].nodes_fit),
            ("/box", Some(fit(250, 1)))
        );
        assert!(rows[0].raise.is_empty() && rows[0].reshape.is_some());
    }
}

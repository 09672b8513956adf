//! The footprint: what one stand-in takes, which is the step that a container adds to each need.

use super::groups::Groups;
use crate::{Needs, Place, Plan};
use model::{Bound, Used};
use serde::{Deserialize, Serialize};

/// Namespaces of a container, as the kernel's files name them, with their flags of clone(2).
pub(super) const NAMESPACES: [(&str, u64); 6] = [
    ("net", 0x4000_0000),
    ("mnt", 0x0002_0000),
    ("pid", 0x2000_0000),
    ("uts", 0x0400_0000),
    ("ipc", 0x0800_0000),
    ("cgroup", 0x0200_0000),
];
/// Pages of a pipe of the default size (fs/pipe.c PIPE_DEF_BUFFERS).
const PAGES: u64 = 16;

/// What one stand-in takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Footprint {
    /// Threads of its shim.
    pub(super) shim: u64,
    /// Threads of its container.
    pub(super) container: u64,
    /// Cgroups.
    pub(super) groups: u64,
    /// Session keyrings.
    pub(super) keys: u64,
    /// Bytes that these count.
    pub(super) key_bytes: u64,
    /// Flags of the namespaces that its container gets.
    pub(super) namespaces: u64,
    /// Mounts in the host's namespace.
    pub(super) mounts: u64,
    /// Ports of each bridge.
    pub(super) ports: Vec<u64>,
    /// Open files in all.
    pub(super) files: u64,
    /// Pipes among them.
    pub(super) pipes: u64,
    /// Inotify instances among them.
    pub(super) inotify: u64,
    /// What they watch together.
    pub(super) watches: u64,
    /// Files that an epoll instance watches.
    pub(super) epoll: u64,
    /// Terminals.
    pub(super) terminals: u64,
}

/// A bridge of the rehearsal's own that stands for one of the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bridge {
    /// Ports that the host's has in use.
    pub(super) taken: u64,
}

/// Everything that a guard has to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Script {
    /// What everything of this rehearsal is named by.
    pub(super) name: String,
    /// Where its groups are; none where it may make none.
    pub(super) groups: Option<Groups>,
    /// What may run in the group of the shims.
    pub(super) shims_max: Option<u64>,
    /// The bridges.
    pub(super) bridges: Vec<Bridge>,
    /// Whether to go on as root of a user namespace.
    pub(super) in_user_namespace: bool,
    /// Whether anybody has a terminal.
    pub(super) terminals: bool,
    /// The stand-ins in their order.
    pub(super) steps: Vec<Footprint>,
}

/// What the guard itself and what all stand-ins share take: it is taken off the first stand-ins, so
/// that the sum is the workload's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shared {
    /// Threads: the guard's.
    pub(super) threads: u64,
    /// Cgroups.
    pub(super) groups: u64,
    /// Mounts: the place for the stand-ins' files, and another for terminals.
    pub(super) mounts: u64,
    /// Mount namespaces.
    pub(super) mount_namespaces: u64,
    /// Network namespaces.
    pub(super) networks: u64,
}

/// The needs of one limit, at the place that `which` picks among several.
pub(super) fn needs<'a>(
    plan: &'a Plan,
    id: &str,
    which: impl Fn(&Place) -> bool,
) -> Option<&'a Place> {
    let mut places = plan.places.iter().filter(|place| place.limit.id == id);
    places.find(|place| which(place))
}

/// What each stand-in of a plan takes.
pub(super) fn steps(plan: &Plan, shared: Shared) -> Vec<Footprint> {
    let mut steps = vec![Footprint::default(); plan.target as usize];
    let any = |_: &Place| true;
    let each = |id: &str, which: &dyn Fn(&Place) -> bool| -> Vec<u64> {
        let place = needs(plan, id, which);
        place.map_or_else(
            || vec![0; plan.target as usize],
            |place| added(&place.needs, plan.target, 0),
        )
    };
    let less = |id: &str, which: &dyn Fn(&Place) -> bool, shared: u64| -> Vec<u64> {
        let mut all = each(id, which);
        take_off(&mut all, shared);
        all
    };
    let threads = less("kernel.threads-max", &any, shared.threads);
    let shims = each("cgroup.pids.max", &|place| of_shims(place));
    split_threads(&mut steps, &threads, &shims);
    let groups = less("memcg.ids", &any, shared.groups);
    let mounts = less("fs.mount-max", &any, shared.mounts);
    let keys = each("kernel.keys.maxkeys", &any);
    let key_bytes = each("kernel.keys.maxbytes", &any);
    let files = each("fs.file-max", &any);
    let pages = each("fs.pipe-user-pages-soft", &any);
    let inotify = each("fs.inotify.max_user_instances", &any);
    let watches = each("fs.inotify.max_user_watches", &any);
    let epoll = each("fs.epoll.max_user_watches", &any);
    let terminals = each("kernel.pty.max", &any);
    let ports: Vec<_> = bridges(plan).map(|place| spread(plan, place)).collect();
    let namespaces = NAMESPACES.map(|(kind, flag)| {
        let shared = match kind {
            "net" => shared.networks,
            "mnt" => shared.mount_namespaces,
            _ => 0,
        };
        let here = |place: &Place| place.ceiling.place.split(' ').next() == Some(kind);
        (less("user.max_namespaces", &here, shared), flag)
    });
    for (index, step) in steps.iter_mut().enumerate() {
        step.groups = groups[index];
        step.mounts = mounts[index];
        step.keys = keys[index];
        step.key_bytes = key_bytes[index];
        step.files = files[index];
        step.pipes = pages[index] / PAGES;
        step.inotify = inotify[index];
        step.watches = watches[index];
        step.epoll = epoll[index];
        step.terminals = terminals[index];
        step.ports = ports.iter().flat_map(|each| each[index].clone()).collect();
        let flags = namespaces.iter().filter(|(added, _)| added[index] > 0);
        step.namespaces = flags.fold(0, |all, (_, flag)| all | flag);
    }
    steps
}

/// Whether a place of `cgroup.pids.max` is where the shims themselves are.
pub(super) fn of_shims(place: &Place) -> bool {
    !place.ceiling.place.ends_with(".slice")
}

/// The places of `bridge.ports` that have a bridge.
pub(super) fn bridges(plan: &Plan) -> impl Iterator<Item = &Place> {
    let all = plan.places.iter();
    all.filter(|place| place.limit.id == "bridge.ports" && place.ceiling.max != Bound::Unlimited)
}

/// The bridges that stand for those of the host.
pub(super) fn bridges_of(plan: &Plan) -> Vec<Bridge> {
    let bridge = |place: &Place| {
        let taken = match &place.ceiling.used {
            Used::Known(used) => used.ceil(),
            Used::Unknown(_) => 0,
        };
        vec![Bridge { taken }; place.ceiling.places as usize]
    };
    bridges(plan).flat_map(bridge).collect()
}

/// Which of the bridges of a place each stand-in gets a port of: nodes go round, as preflight spreads
/// them.
fn spread(plan: &Plan, place: &Place) -> Vec<Vec<u64>> {
    let ports = added(&place.needs, plan.target, 0);
    let bridges = place.ceiling.places.max(1);
    let of = |(index, ports): (usize, u64)| {
        let node = place.needs.node_of(index as u64 + 1).saturating_sub(1);
        let mut each = vec![0; bridges as usize];
        each[(node % bridges) as usize] = ports;
        each
    };
    ports.into_iter().enumerate().map(of).collect()
}

/// What each of the first `count` containers adds to a need, in whole things.
fn added(needs: &Needs, count: u64, before: u64) -> Vec<u64> {
    let mut taken = before;
    let step = |number| {
        let all = needs.at(number).ceil();
        let added = all.saturating_sub(taken);
        taken = taken.max(all);
        added
    };
    (1..=count).map(step).collect()
}

/// Takes so much off the first of them.
fn take_off(all: &mut [u64], mut shared: u64) {
    for each in all {
        let less = shared.min(*each);
        *each -= less;
        shared -= less;
    }
}

/// Shims have their share of the threads, and the rest is the containers': each has one at least, so
/// what one has too many the next have less.
fn split_threads(steps: &mut [Footprint], threads: &[u64], shims: &[u64]) {
    let (mut all, mut given, mut of_shims) = (0, 0, 0);
    let mut shims_given = 0;
    for (step, (threads, shims)) in steps.iter_mut().zip(threads.iter().zip(shims)) {
        all += threads;
        of_shims += shims;
        // A shim's first thread is the process that holds the stand-in together.
        step.shim = of_shims.saturating_sub(shims_given).max(1);
        shims_given += step.shim;
        let rest = all.saturating_sub(given + step.shim);
        step.container = rest.max(1);
        given += step.shim + step.container;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_add_up_though_no_container_is_without_one() {
        let mut steps = vec![Footprint::default(); 100];
        let threads: Vec<u64> = (0..100).map(|i| if i % 3 == 0 { 13 } else { 12 }).collect();
        let shims: Vec<u64> = (0..100).map(|i| if i % 4 == 0 { 12 } else { 11 }).collect();
        split_threads(&mut steps, &threads, &shims);
        let of_shims: u64 = steps.iter().map(|step| step.shim).sum();
        let all: u64 = steps.iter().map(|step| step.shim + step.container).sum();
        assert_eq!(of_shims, shims.iter().sum::<u64>());
        assert!(all.abs_diff(threads.iter().sum()) <= 1, "{all}");
        assert!(steps.iter().all(|step| step.container >= 1));
    }

    #[test]
    fn what_is_shared_comes_off_the_first() {
        let mut all = [1, 1, 1, 1];
        take_off(&mut all, 2);
        assert_eq!(all, [0, 0, 1, 1]);
        let mut peak = [21, 2];
        take_off(&mut peak, 1);
        assert_eq!(peak, [20, 2]);
    }
}

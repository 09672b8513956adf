//! `memory`: the memory of the host, and that of a cgroup which containers are below.

use super::memory_shrinker::pairs;
use crate::cgroup::{Hierarchy, Version, ancestors};
use crate::reading::{bound, labelled, number, used};
use crate::{Row, Scene};
use model::{
    Amount, Bound, Ceiling, Charge, Cost, Effect, Errno, Key, Limit, Operation, Place, Sign, Unread,
};

pub(super) const MEMORY: &str = "/proc/meminfo";
const KIB: u64 = 1024;
/// Bytes of an idle container with its shim: usual, least, most. The most is that of a young
/// machine, whose daemons still grow.
const EACH: [u64; 3] = [6_000_000, 5_000_000, 10_000_000];

/// Of the dockerd and containerd of a DinD node, idle. Estimated, not measured.
const DIND: [u64; 3] = [190_000_000, 130_000_000, 250_000_000];
const MEBIBYTE: u64 = 1 << 20;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "memory",
        bounds: "memory, in bytes",
        defaults: &["what the machine has; a container has no bound without `--memory`"],
        effect: Effect::Stops,
        why: "an idle container takes five to six megabytes with its shim and its part of the kernel, \
              the program's own not counted",
        raise: &["cgroup:system.slice/memory.max"],
        source: "mm/oom_kill.c out_of_memory; mm/memcontrol.c try_charge_memcg",
        signs: &[
            Sign::suggests("ENOMEM is memory, or what may be committed of it")
                .errno(&[Errno::NoMemory]),
            Sign::suggests("a fork gets ENOMEM for want of memory")
                .errno(&[Errno::NoMemory])
                .during(&[Operation::Fork, Operation::Thread]),
            Sign::suggests("making a cgroup gets ENOMEM for want of kernel memory")
                .errno(&[Errno::NoMemory])
                .during(&[Operation::MakeDirectory])
                .at(&[Place::Cgroup]),
            Sign::decides("the kernel killed for want of memory on the whole host").says(&[
                "global_oom",
                "constraint_none",
                "system oom encountered",
                "out of memory and no killable",
            ]),
            Sign::decides("the kernel killed for want of memory")
                .says(&["out of memory: kill"])
                .never(&["memory cgroup out of memory"]),
            Sign::decides("the node has too little memory")
                .says(&[
                    "memorypressure",
                    "memory pressure",
                    "resource: memory",
                    "insufficient memory",
                    "not enough memory",
                    "ran out of memory",
                ])
                .never(&["for the allocation", "insufficient memory for the java"]),
            Sign::decides("the kernel found no memory, or none in one piece").says(&[
                "page allocation failure",
                "page allocation stalls",
                "unable to allocate memory on node",
                "vmalloc*allocation failure",
                "percpu: allocation failed",
                "slab: unable to allocate",
                "slub: unable to allocate",
            ]),
            Sign::suggests("systemd-oomd killed for want of memory")
                .says(&["systemd-oomd killed", "systemd-oomd*killed"]),
            Sign::allows("memory ran out somewhere")
                .says(&["out of memory", "invoked oom-killer", "oom-kill"])
                .never(&[
                    "memory cgroup out of memory",
                    "constraint_memcg",
                    "outofmemoryerror",
                    "oomkilled",
                ]),
            Sign::suggests(
                "runc's first process was gone before it was put into its cgroup, as \
after a kill for want of memory",
            )
            .errno(&[Errno::NoProcess])
            .at(&[Place::CgroupProcesses]),
            Sign::suggests(
                "runc's first process was gone before systemd took it, as after a kill \
for want of memory",
            )
            .says(&["process with id*does not exist"]),
            Sign::suggests("Go's runtime got no memory")
                .says(&["runtime: out of memory", "runtime: cannot allocate memory"]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let mut ceilings = vec![of_host(scene)];
    if let (Ok(Version::V2), Ok(parent)) = (scene.cgroup_version(), scene.container_parent()) {
        let groups = ancestors(&parent).into_iter();
        ceilings.extend(groups.filter_map(|group| of_group(scene, &group)));
    }
    ceilings
}

fn of_host(scene: &Scene<'_>) -> Ceiling {
    let kib = |label: &str| labelled(scene.host, MEMORY, label);
    let total = kib("MemTotal");
    let taken = total.clone().and_then(|total| {
        let available = kib("MemAvailable")?;
        Ok(total.saturating_sub(available).saturating_mul(KIB))
    });
    // What cannot be told of the pairs is told of `memory.shrinker`.
    let (mixed, squared) = pairs(scene).unwrap_or_default();
    let cost = cost(mixed).squared(squared);
    Ceiling::new("host", cost)
        .max(
            bound(total.map(|total| total.saturating_mul(KIB))),
            format!("MemTotal in {MEMORY}"),
        )
        .used(
            used(taken),
            format!("MemTotal less MemAvailable in {MEMORY}"),
        )
        .note("of what programs take only what the workload says is counted, and of starts nothing")
}

fn cost(mixed: Amount) -> Cost {
    let charge = |at: usize| Charge {
        dind: Amount::whole(DIND[at]),
        memory: Amount::whole(MEBIBYTE),
        ..Charge::each(Amount::whole(EACH[at]).plus(mixed))
    };
    Cost::measured(
        charge(0),
        charge(1),
        charge(2),
        "1,945 idle containers, and the first 40 of Debian 13",
    )
}

/// None where the group has no bound: the host's own is said anyway.
fn of_group(scene: &Scene<'_>, group: &str) -> Option<Ceiling> {
    let tree = Hierarchy::unified();
    let max = tree.bound(scene.host, group, "memory.max")?;
    if max == Bound::Unlimited {
        return None;
    }
    let current = tree.file(group, "memory.current");
    let ceiling = Ceiling::new(group, cost(Amount::ZERO))
        .max(max, tree.file(group, "memory.max"))
        .used(used(number(scene.host, &current)), current);
    Some(match group.rsplit('/').next() {
        Some(unit) if unit.ends_with(".slice") => {
            let key = Key::new("cgroup", format!("{unit}/memory.max"));
            ceiling.lever(key, Amount::ZERO)
        }
        _ => ceiling.reshape("another parent for the containers, or a higher memory.max"),
    })
}

/// Bytes that are available now.
pub(super) fn available(scene: &Scene<'_>) -> Result<u64, Unread> {
    Ok(labelled(scene.host, MEMORY, "MemAvailable")?.saturating_mul(KIB))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, ask_one, nodes, stock, whole};
    use model::Fate;

    #[test]
    fn what_is_available_is_what_is_left() {
        let answer = ask_one(&ROW, &stock(), 10);
        assert_eq!(whole(answer.used), Some(330_000 * 1024));
        let (fewest, most) = answer.nodes_fit_between.unwrap();
        assert!(
            (170..=175).contains(&fewest) && (340..=348).contains(&most),
            "{fewest} {most}"
        );
        assert_eq!(answer.verdict, Fate::Fits);
        let odd = stock().file(MEMORY, "MemTotal: 9000000 kB\n");
        assert_eq!(ask_one(&ROW, &odd, 10).verdict, Fate::Unknown);
    }

    #[test]
    fn a_bounded_slice_is_a_place_of_its_own() {
        let slice = "/sys/fs/cgroup/system.slice";
        let host = stock()
            .file(&format!("{slice}/memory.max"), "100000000\n")
            .file(&format!("{slice}/memory.current"), "40000000\n");
        let rows = ask(&ROW, &host, &nodes(100));
        assert_eq!(
            (rows[1].place.as_str(), rows[1].nodes_fit),
            ("/system.slice", Some(10))
        );
        assert_eq!(
            rows[1].raise[0].setting.to_string(),
            "cgroup:system.slice/memory.max"
        );
    }
}

//! `memcg.ids`: the numbers of memory cgroups.

use super::cgroup_descendants::OF_DIND;
use crate::cgroup::{Hierarchy, Version};
use crate::reading::{labelled_in, used};
use crate::{Row, Scene};
use model::{
    Amount, Bound, Ceiling, Charge, Cost, Effect, Errno, Limit, Operation, Place, RUN_OUT, Sign,
    Unread,
};

/// 16 bits, and 0 is none (mm/memcontrol.c MEM_CGROUP_ID_MAX).
const IDS: u64 = 65_535;

/// Where cgroup v1 counts the groups of a controller.
const CGROUPS: &str = "/proc/cgroups";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "memcg.ids",
        bounds: "numbers of memory cgroups",
        defaults: &[
            "65,535, compiled in (mm/memcontrol.c MEM_CGROUP_ID_MAX) in 5.10, 6.1 and 6.12",
        ],
        effect: Effect::Stops,
        why: "the cgroup of each container has one, and a removed one keeps it while pages in swap \
              belong to it",
        raise: &[],
        source: "mm/memcontrol.c mem_cgroup_alloc, constant; mkdir gets ENOSPC, since 6.12 EBUSY",
        signs: &[
            Sign::decides("making a cgroup gets ENOSPC where no memory cgroup id is left")
                .errno(&[Errno::NoSpace])
                .during(&[Operation::MakeDirectory])
                .at(&[Place::Cgroup]),
            Sign::decides("making a cgroup gets ENOSPC where no memory cgroup id is left")
                .errno(&[Errno::NoSpace])
                .during(&[Operation::MakeCgroup])
                .never(&["cgroup.procs"]),
            Sign::suggests("a cgroup without space is one without a memory cgroup id")
                .errno(&[Errno::NoSpace])
                .at(&[Place::Cgroup])
                .never(&["cgroup.procs", "/tasks", "cpuset", "write", "watch"]),
            Sign::decides(
                "making a cgroup gets EBUSY since 6.12 where no memory cgroup id is \
left",
            )
            .errno(&[Errno::Busy])
            .during(&[Operation::MakeDirectory])
            .at(&[Place::Cgroup]),
            Sign::suggests(
                "making a cgroup gets EBUSY since 6.12 where no memory cgroup id is \
left",
            )
            .errno(&[Errno::Busy])
            .during(&[Operation::MakeCgroup]),
            Sign::allows(
                "systemd could not make the scope, as where no memory cgroup id is \
left",
            )
            .says(&[
                "error creating systemd unit*got 'failed'",
                "error creating systemd unit*got failed",
            ]),
            Sign::suggests("ids of memory cgroups are 16 bits wide").says(&[
                "memory cgroup id",
                "memcg id",
                "mem_cgroup_id",
                "65535 cgroups",
                "65536 cgroups",
            ]),
            Sign::suggests("the words say that memory cgroups run out")
                .says(&["memory cgroups", "memory cgroup", "cgroups", "memcgs"])
                .never(&[
                    "out of memory",
                    "cgroupsv",
                    "cgroups v",
                    "oom",
                    "not found",
                    "mount",
                    "limit",
                    "missing",
                ])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let charge = Charge {
        dind: Amount::whole(OF_DIND),
        ..Charge::each(Amount::whole(1))
    };
    let cost = Cost::exact(
        charge,
        "one cgroup a container, and two of its own in a DinD node",
    );
    let count = match scene.cgroup_version() {
        Ok(Version::V2) => taken(scene),
        Ok(Version::V1) => of_hierarchy(scene),
        Err(why) => Err(why),
    };
    let (count, source) = match count {
        Ok((count, source)) => (Ok(count), source),
        Err(why) => (Err(why), ""),
    };
    vec![
        Ceiling::new("host", cost)
            .max(Bound::Finite(Amount::whole(IDS)), "constant of the kernel")
            .used(used(count), source)
            .reshape("fewer cgroups a container; memory of removed ones is freed by swapoff"),
    ]
}

/// Since 6.12 the root's `cgroup.stat` counts those with memory; before, all cgroups bound them.
fn taken(scene: &Scene<'_>) -> Result<(u64, &'static str), Unread> {
    let path = Hierarchy::unified().file("/", "cgroup.stat");
    let text = scene.host.read_text(&path)?;
    let both = |live: &str, dying: &str| {
        Some(labelled_in(&text, live)?.saturating_add(labelled_in(&text, dying)?))
    };
    let exact = both("nr_subsys_memory", "nr_dying_subsys_memory");
    let exact = exact.map(|count| (count, "cgroup.stat of the root: memory cgroups"));
    let all = || {
        let count = both("nr_descendants", "nr_dying_descendants")?;
        Some((
            count,
            "cgroup.stat of the root: at most one for each cgroup",
        ))
    };
    exact
        .or_else(all)
        .ok_or_else(|| Unread::because(format!("{path}: no counts")))
}

/// A line is `memory`, its hierarchy, the number of its cgroups and whether it is enabled.
fn of_hierarchy(scene: &Scene<'_>) -> Result<(u64, &'static str), Unread> {
    let text = scene.host.read_text(CGROUPS)?;
    let mut lines = text.lines().map(|line| line.split_whitespace());
    let line = lines.find(|line| line.clone().next() == Some("memory"));
    let count = line.and_then(|mut line| line.nth(2)?.parse().ok());
    let count = count.ok_or_else(|| Unread::because(format!("{CGROUPS}: no memory")))?;
    Ok((count, CGROUPS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn the_exact_count_is_preferred() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (whole(answer.used), answer.nodes_fit),
            (Some(53), Some(65_482))
        );
        let older = stock().file(
            "/sys/fs/cgroup/cgroup.stat",
            "nr_descendants 60\nnr_dying_descendants 4\n",
        );
        assert_eq!(whole(ask_one(&ROW, &older, 600).used), Some(64));
        let many = ask_one(&ROW, &older, 70_000);
        assert_eq!((many.verdict, many.raise.len()), (Fate::Stops, 0));
        let odd = stock().file("/sys/fs/cgroup/cgroup.stat", "x\n");
        assert_eq!(ask_one(&ROW, &odd, 600).verdict, Fate::Unknown);
    }

    #[test]
    fn cgroup_v1_counts_them_elsewhere() {
        let mounts = "39 31 0:36 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";
        let host = testkit::FakeHost::new()
            .file("/proc/self/mountinfo", mounts)
            .file(
                CGROUPS,
                "#subsys_name\thierarchy\tnum_cgroups\tenabled\nmemory\t9\t120\t1\n",
            );
        let answer = ask_one(&ROW, &host, 600);
        assert_eq!(
            (whole(answer.used), answer.verdict),
            (Some(120), Fate::Fits)
        );
    }
}

//! `memory.shrinker`: kernel memory that every cgroup has for every file system of every container.

use super::memory::available;
use crate::reading::bound;
use crate::run_state::tasks_below_run;
use crate::{Row, Scene};
use model::{
    Amount, Ceiling, Charge, Cost, Effect, Errno, Limit, Operation, Place, Sign, Unread, Used,
};

const RELEASE: &str = "/proc/sys/kernel/osrelease";
const NUMA: &str = "/sys/devices/system/node/online";
/// Bytes for each pair of container and container and each NUMA node, by the first release that has
/// it. Before 5.18 a list for each pair came on top, of 0.9 to 1.8 KB as it grows by doubling.
const BYTES: &[((u64, u64), u64)] = &[((6, 7), 177), ((5, 18), 90), ((0, 0), 1900)];

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "memory.shrinker",
        bounds: "kernel memory that grows with containers squared, in bytes",
        defaults: &[
            "no bound but memory",
            "0.173 KiB a pair of containers and NUMA node since 6.7, 90 bytes from 5.18, 0.9 to 1.9 KiB up \
             to 5.17 (mm/shrinker.c expand_one_shrinker_info, mm/vmscan.c, mm/list_lru.c); the releases in \
             which this changed are not tested",
        ],
        effect: Effect::Stops,
        why: "each memory cgroup keeps a place for each file system that can shrink, and a container \
              brings one of the former and eleven of the latter",
        raise: &[],
        source: "mm/shrinker.c expand_one_shrinker_info since 6.7, mm/vmscan.c before; mm/list_lru.c \
                 until 5.17",
        signs: &[
            Sign::allows(
                "making a cgroup gets ENOMEM where the kernel's lists for each pair of \
cgroup and mount do not fit",
            )
            .errno(&[Errno::NoMemory])
            .during(&[Operation::MakeDirectory])
            .at(&[Place::Cgroup]),
            Sign::decides("the words name the kernel's lists for each pair of cgroup and mount")
                .says(&[
                    "shrinker_info",
                    "list_lru",
                    "memcg_shrinker",
                    "expand_shrinker",
                    "shrinker",
                ])
                .never(&["shrinker debug"]),
            Sign::suggests("kernel memory that grows with cgroups").says(&[
                "sunreclaim",
                "unreclaimable slab",
                "kmalloc-1k",
                "slab memory",
                "slab grows",
                "unreclaimable memory",
            ]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let ceiling = match pairs(scene) {
        Ok((mixed, squared)) => {
            let source = "the kernel's formula for this release and these NUMA nodes, 11.1 file \
                          systems a container";
            let cost = Cost::exact(Charge::each(mixed), source).squared(squared);
            Ceiling::new("host", cost)
                .max(bound(available(scene)), "MemAvailable in /proc/meminfo")
                .used(Used::Known(Amount::ZERO), "what is used is not available")
        }
        Err(why) => Ceiling::unread("host", Cost::NOTHING, why),
    };
    vec![ceiling.reshape(
        "fewer tmpfs mounts and volumes a container, a kernel from 5.18 on, or fewer containers",
    )]
}

/// What a new container adds with each one that runs, and what each pair of new ones adds:
/// `(running + new)^2 - running^2`.
pub(super) fn pairs(scene: &Scene<'_>) -> Result<(Amount, Amount), Unread> {
    let squared = squared(scene)?;
    Ok((
        squared.times(2).times(tasks_below_run(scene.host)?),
        squared,
    ))
}

/// Bytes for each pair.
fn squared(scene: &Scene<'_>) -> Result<Amount, Unread> {
    let text = scene.host.read_text(RELEASE)?;
    let mut parts = text.split(|letter: char| !letter.is_ascii_digit());
    let mut part = || parts.next().and_then(|part| part.parse::<u64>().ok());
    let unread = || Unread::because(format!("{RELEASE}: `{}`", text.trim()));
    let release = (part().ok_or_else(unread)?, part().ok_or_else(unread)?);
    let row = BYTES.iter().find(|(since, _)| release >= *since);
    let bytes = row.map_or(0, |(_, bytes)| *bytes);
    Ok(Amount::whole(bytes).times(numa_nodes(scene)?))
}

/// A list of ranges such as `0-1`; a kernel without NUMA has no such file and one node.
fn numa_nodes(scene: &Scene<'_>) -> Result<u64, Unread> {
    match scene.host.read_text(NUMA) {
        Ok(text) => crate::reading::ranges(&text)
            .ok_or_else(|| Unread::because(format!("{NUMA}: `{}`", text.trim()))),
        Err(error) if error.is_not_found() => Ok(1),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run_state::TASKS;
    use crate::stock::{ask_one, stock};
    use model::Fate;

    #[test]
    fn the_need_grows_with_the_square() {
        // 1,700,000 KiB over 177 bytes is 3,136 squared.
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!((answer.nodes_fit, answer.verdict), (Some(3136), Fate::Fits));
        let two = stock().file(NUMA, "0-1\n");
        assert_eq!(ask_one(&ROW, &two, 600).nodes_fit, Some(2217));
        let old = stock().file(RELEASE, "5.10.0-30-amd64\n");
        assert_eq!(ask_one(&ROW, &old, 600).nodes_fit, Some(957));
        let middle = stock().file(RELEASE, "6.1.0-40-amd64\n");
        assert_eq!(ask_one(&ROW, &middle, 600).nodes_fit, Some(4397));
    }

    #[test]
    fn those_that_run_pair_with_those_to_come() {
        let mut host = stock();
        for id in 0..1000 {
            host = host.directory(&format!("{}/{id}", TASKS[0]));
        }
        // The square of 3,292 less that of 1,000 is 3,136 squared.
        assert_eq!(ask_one(&ROW, &host, 600).nodes_fit, Some(2291));
        let closed = ask_one(&ROW, &stock().denied(TASKS[0]), 600);
        assert_eq!(closed.verdict, Fate::Unknown);
    }
}

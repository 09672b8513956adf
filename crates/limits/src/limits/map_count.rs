//! `vm.max_map_count`: the memory mappings of one process.

use crate::reading::{bound, number, used};
use crate::{Row, Scene, engine};
use model::{Amount, Ceiling, Cost, Effect, Errno, Host, Key, Limit, Operation, Sign, Unread};

const MAX: &str = "/proc/sys/vm/max_map_count";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "vm.max_map_count",
        bounds: "memory mappings of one process",
        defaults: &["65,530 (include/linux/mm.h DEFAULT_MAX_MAP_COUNT)"],
        effect: Effect::Degrades,
        why: "each process has as many, so the number of containers does not matter; search engines \
              and databases want more than the default",
        raise: &["sysctl:vm.max_map_count"],
        source: "mm/mmap.c do_mmap, ENOMEM",
        signs: &[
            Sign::decides("the words name it").says(&["max_map_count", "max virtual memory areas"]),
            Sign::allows("a mapping gets ENOMEM where its process has too many")
                .errno(&[Errno::NoMemory])
                .during(&[Operation::Map]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let cost = Cost {
        source: "each process has its own",
        ..Cost::NOTHING
    };
    vec![
        Ceiling::new("each process", cost)
            .effect(Effect::Degrades)
            .max(bound(number(scene.host, MAX)), MAX)
            .used(used(mappings(scene.host)), "/proc/PID/maps of dockerd")
            .lever(Key::new("sysctl", "vm.max_map_count"), Amount::ZERO),
    ]
}

/// Those of dockerd, the program here that grows with the number of containers.
fn mappings(host: &dyn Host) -> Result<u64, Unread> {
    let dockerd = engine::pid(host).map(|(pid, _)| pid);
    let pid = dockerd.ok_or_else(|| Unread::because("dockerd does not run here"))?;
    let maps = host.read(&format!("/proc/{pid}/maps"))?;
    Ok(maps.iter().filter(|byte| **byte == b'\n').count() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn those_of_dockerd_are_counted() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (whole(answer.ceiling), whole(answer.used)),
            (Some(65_530), Some(3))
        );
        assert_eq!(answer.verdict, Fate::Fits);
        assert_eq!(
            ask_one(&ROW, &stock().denied("/proc/9/maps"), 1).verdict,
            Fate::Unknown
        );
    }
}

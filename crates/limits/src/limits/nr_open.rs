//! `fs.nr_open`: the highest limit of open files that a process may be given.

use crate::processes::soft_limit;
use crate::reading::{bound, number, used};
use crate::{Row, Scene, containerd, engine};
use model::{Amount, Ceiling, Cost, Effect, Errno, Key, Limit, Operation, Sign, Unread};

const MAX: &str = "/proc/sys/fs/nr_open";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "fs.nr_open",
        bounds: "the highest limit of open files of a process",
        defaults: &[
            "1,048,576 (fs/file.c sysctl_nr_open)",
            "systemd on Debian 13 raises it to 1,073,741,816, Debian 12 builds systemd without that \
             (src/core/main.c bump_file_max_and_nr_open)",
        ],
        effect: Effect::Stops,
        why: "a daemon or container that asks for a higher limit does not start; it is no pool that \
              containers use up",
        raise: &["sysctl:fs.nr_open"],
        source: "kernel/sys.c do_prlimit, EPERM above it; fs/file.c alloc_fdtable",
        signs: &[
            Sign::allows("what is asked for is above what the kernel lets anybody set")
                .errno(&[Errno::NotPermitted])
                .says(&["rlimit type 7:", "rlimit type 7 "]),
            Sign::decides("systemd may set no more open files than this, whatever the unit says")
                .errno(&[Errno::NotPermitted])
                .says(&["limitnofile"]),
            Sign::suggests(
                "systemd could not set a unit's limits, and open files are the one \
with a bound for root",
            )
            .errno(&[Errno::NotPermitted])
            .says(&["step limits"]),
            Sign::allows("not even root may set more open files than this")
                .errno(&[Errno::NotPermitted])
                .during(&[Operation::SetLimit])
                .says(&["open files", "nofile"]),
            Sign::decides("the words name it").says(&["fs.nr_open", "fs/nr_open", "nr_open"]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let cost = Cost {
        source: "the number of containers does not matter",
        ..Cost::NOTHING
    };
    let ceiling = Ceiling::new("each process", cost)
        .max(bound(number(scene.host, MAX)), MAX)
        .lever(Key::new("sysctl", "fs.nr_open"), Amount::ZERO);
    vec![match highest(scene) {
        Ok(highest) => ceiling.used(
            used(Ok(highest)),
            "the higher limit of dockerd and containerd",
        ),
        Err(why) => ceiling.used(used(Err(why)), ""),
    }]
}

/// The higher of both daemons' limits; unlimited cannot stand here, as the kernel checks it.
fn highest(scene: &Scene<'_>) -> Result<u64, Unread> {
    let containerd = containerd::pid(scene.host)?;
    let daemons = [
        engine::pid(scene.host).map(|(pid, _)| pid),
        Some(containerd),
    ];
    let limits = daemons.into_iter().flatten().map(|pid| {
        let limit = soft_limit(scene.host, pid, "Max open files")?;
        Ok(limit.unwrap_or(u64::MAX))
    });
    let limits: Result<Vec<u64>, Unread> = limits.collect();
    Ok(limits?.into_iter().max().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn the_limits_of_the_daemons_are_below_it() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(whole(answer.used), Some(524_288));
        assert_eq!((answer.verdict, answer.stops_at), (Fate::Fits, None));
        let unread = ask_one(&ROW, &stock().denied("/proc/5/limits"), 600);
        assert_eq!(unread.verdict, Fate::Unknown);
    }
}

//! `kernel.pid_max`: the PID numbers of the host, one for each thread.

use super::threads_max::{LOADAVG, cost, threads};
use crate::processes::pids;
use crate::reading::{bound, number, used};
use crate::refused_thread::{NO_INIT, NO_STEP, NO_THREAD};
use crate::{Row, Scene};
use model::{Amount, Ceiling, Effect, Errno, Host, Key, Limit, Operation, RUN_OUT, Sign, Unread};

const MAX: &str = "/proc/sys/kernel/pid_max";
/// Not given out again once the numbers have gone round (kernel/pid.c RESERVED_PIDS).
const RESERVED: u64 = 300;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "kernel.pid_max",
        bounds: "PID numbers of the host",
        defaults: &[
            "the larger of 32,768 and 1,024 a possible processor: 40,960 on 40 (kernel/pid.c pid_idr_init)",
            "systemd's sysctl.d/50-pid-max.conf sets 4194304, the highest value, in Debian 12 and 13",
            "since 6.14 each PID namespace has one of its own below the host's",
        ],
        effect: Effect::Stops,
        why: "each thread of each container takes a number in the first PID namespace too",
        raise: &["sysctl:kernel.pid_max"],
        source: "kernel/pid.c alloc_pid, ENOSPC that fork turns into EAGAIN",
        signs: &[
            NO_INIT,
            Sign::suggests(
                "a fork or a new thread gets EAGAIN where the host has no PID number \
left",
            )
            .errno(&[Errno::Again])
            .during(&[Operation::Fork, Operation::Thread]),
            Sign::decides("the words name it").says(&[
                "kernel.pid_max",
                "kernel/pid_max",
                "pid_max",
            ]),
            NO_STEP,
            NO_THREAD,
            Sign::allows("threads ran out").says(&[
                "out of threads",
                "out of processes",
                "no more processes",
            ]),
            Sign::allows("EAGAIN with nothing else may be a fork").errno(&[Errno::Again]),
            Sign::suggests("no PID number was free").says(&[
                "no more pids",
                "out of pids",
                "cannot allocate pid",
                "failed to allocate pid",
                "pid exhaustion",
                "pidpressure",
                "pid pressure",
                "insufficient pids",
                "low on resource: pids",
            ]),
            Sign::suggests("the words say that PID numbers run out")
                .says(&["pid numbers", "process ids", " pids "])
                .never(&[])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let max = number(scene.host, MAX).map(|max| max.saturating_sub(RESERVED));
    vec![
        Ceiling::new("host", cost(scene))
            .max(
                bound(max),
                format!("{MAX} less {RESERVED} that are reserved"),
            )
            .used(used(taken(scene.host)), format!("{LOADAVG} and /proc"))
            .lever_less(
                Key::new("sysctl", "kernel.pid_max"),
                Amount::ZERO,
                Amount::whole(RESERVED),
            ),
    ]
}

/// Threads whose numbers are above the reserved ones. Kernel threads of the boot have numbers below,
/// and lead processes of their own, so `/proc` lists them.
fn taken(host: &dyn Host) -> Result<u64, Unread> {
    let reserved = pids(host)?;
    let reserved = reserved.iter().filter(|pid| {
        let pid = pid.parse::<u64>();
        pid.is_ok_and(|pid| pid < RESERVED)
    });
    Ok(threads(host)?.saturating_sub(reserved.count() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn numbers_below_300_neither_count_nor_are_there() {
        // The stock host has the processes 1, 5 and 9.
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(whole(answer.ceiling), Some(4_194_304 - 300));
        assert_eq!(
            (whole(answer.used), answer.verdict),
            (Some(143), Fate::Fits)
        );
    }

    #[test]
    fn the_kernels_default_stops_thousands_and_the_raise_keeps_the_reserve() {
        let answer = ask_one(&ROW, &stock().file(MAX, "40960\n"), 4000);
        assert_eq!(answer.verdict, Fate::Stops);
        assert!(
            answer
                .nodes_fit
                .is_some_and(|nodes| (3_000..3_400).contains(&nodes))
        );
        let least: u64 = answer.raise[0].value.parse().unwrap();
        assert!(least > 4000 * 12 + RESERVED);
        let closed = ask_one(&ROW, &stock().denied(LOADAVG), 4000);
        assert_eq!(closed.used, None);
    }
}

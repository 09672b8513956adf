//! `kernel.pid_max`: the PID numbers of the host, one for each thread.

use super::threads_max::{LOADAVG, cost, threads};
use crate::processes::pids;
use crate::reading::{bound, number, used};
use crate::refused_thread::{ABORTED, NO_INIT, NO_STEP, NO_THREAD};
use crate::{Row, Scene};
use model::{
    Amount, Ceiling, Cost, Effect, Errno, Key, Limit, Operation, RUN_OUT, Sign, Unread, Whom,
};

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
            ABORTED,
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
    let cost = cost(scene);
    let taken = taken(scene, &cost, &max);
    vec![
        Ceiling::new("host", cost)
            .max(
                bound(max),
                format!("{MAX} less {RESERVED} that are reserved"),
            )
            .used(used(taken), format!("{LOADAVG} and /proc"))
            .lever_less(
                Key::new("sysctl", "kernel.pid_max"),
                Amount::ZERO,
                Amount::whole(RESERVED),
            ),
    ]
}

/// Threads whose numbers are above the reserved ones. Kernel threads of the boot have numbers below,
/// and lead processes of their own, so `/proc` lists them. A daemon that started early may have more of
/// them; it is asked for its threads only where these few decide.
fn taken(scene: &Scene<'_>, cost: &Cost, max: &Result<u64, Unread>) -> Result<u64, Unread> {
    let host = scene.host;
    let is_reserved = |number: &&String| number.parse::<u64>().is_ok_and(|it| it < RESERVED);
    let processes = pids(host)?;
    let early: Vec<&String> = processes.iter().filter(is_reserved).collect();
    let taken = threads(host)?.saturating_sub(early.len() as u64);
    let load = scene.workload.load(scene.workload.nodes, &Whom::All);
    let need = cost.need(&cost.charge, &load).ceil();
    if max
        .as_ref()
        .is_ok_and(|max| taken.saturating_add(need) <= *max)
    {
        return Ok(taken);
    }
    let others = early.iter().map(|process| {
        let tasks = host.list(&format!("/proc/{process}/task"));
        let below = tasks.map_or(0, |tasks| tasks.iter().filter(is_reserved).count());
        below.saturating_sub(1) as u64
    });
    Ok(taken.saturating_sub(others.sum()))
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
    fn threads_of_a_daemon_that_started_early_are_below_300_too() {
        let mut host = stock().file(MAX, "600\n");
        let without = whole(ask_one(&ROW, &host, 600).used);
        for thread in [5, 6, 299, 300, 301] {
            host = host.directory(&format!("/proc/5/task/{thread}"));
        }
        let with = whole(ask_one(&ROW, &host, 600).used);
        assert_eq!((without, with), (Some(143), Some(141)));
        let far = host.file(MAX, "4194304\n");
        assert_eq!(whole(ask_one(&ROW, &far, 600).used), Some(143));
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

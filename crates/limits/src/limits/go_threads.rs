//! `go.max-threads`: the threads of one Go program, above which its runtime ends it.

use crate::processes::threads;
use crate::reading::{bound, number, used};
use crate::{Row, Scene, containerd, engine};
use model::{Amount, Bound, Ceiling, Cost, Effect, Limit, Sign, Unread};

/// Of every Go program that does not ask for more (runtime/proc.go, sched.maxmcount).
const DEFAULT: u64 = 10_000;
const HOST: &str = "/proc/sys/kernel/threads-max";
/// What dockerd asks for, in per cent of the host's (moby cmd/dockerd/daemon_unix.go).
const SHARE: u64 = 90;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "go.max-threads",
        bounds: "threads of dockerd and of containerd",
        defaults: &[
            "10,000 in each Go program (runtime/proc.go schedinit, maxmcount)",
            "dockerd gives itself 90 % of threads-max (moby daemon/daemon_unix.go configureMaxThreads); \
             containerd and its shims do not",
        ],
        effect: Effect::Stops,
        why: "a thread that waits for a disk holds its place, so a stalled disk fills it; the number \
              of containers alone does not: ten threads at 1,023 of them",
        raise: &[],
        source: "runtime/proc.go checkmcount, the program ends; moby#18362",
        signs: &[
            Sign::decides("Go's runtime ends a program so that has this many threads").says(&[
                "program exceeds*thread limit",
                "thread exhaustion",
                "maxthreads",
                "setmaxthreads",
                "10000 threads",
                "10000-thread",
            ]),
            Sign::suggests("a Go program ends at this many threads")
                .says(&["threads"])
                .and(&["10000", "10,000"]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let dockerd = engine::pid(scene.host).map(|(pid, _)| pid);
    let dockerd = dockerd.ok_or_else(|| Unread::because("dockerd does not run here"));
    let of_host = number(scene.host, HOST).map(|max| max.saturating_mul(SHARE) / 100);
    vec![
        ceiling(scene, "dockerd", dockerd).max(bound(of_host), format!("{SHARE} % of {HOST}")),
        ceiling(scene, "containerd", containerd::pid(scene.host)).max(
            Bound::Finite(Amount::whole(DEFAULT)),
            "default of the Go runtime",
        ),
    ]
}

fn ceiling(scene: &Scene<'_>, name: &str, pid: Result<i32, Unread>) -> Ceiling {
    let cost = Cost {
        source: "does not grow with the number of containers: 10 and 11 at 1,023",
        ..Cost::NOTHING
    };
    let count = pid.and_then(|pid| threads(scene.host, pid));
    Ceiling::new(name, cost).used(used(count), "Threads in /proc/PID/status")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, nodes, stock, whole};
    use model::Fate;

    #[test]
    fn both_daemons_are_far_from_it() {
        let rows = ask(&ROW, &stock(), &nodes(600));
        let seen = |at: usize| {
            (
                whole(rows[at].ceiling),
                whole(rows[at].used),
                rows[at].verdict,
            )
        };
        assert_eq!(seen(0), (Some(14_081), Some(11), Fate::Fits));
        assert_eq!(seen(1), (Some(10_000), Some(10), Fate::Fits));
        let stopped = ask(&ROW, &stock().file("/proc/9/cmdline", "sleep\0"), &nodes(1));
        assert_eq!(stopped[0].verdict, Fate::Unknown);
    }
}

//! `kernel.threads-max`: the threads of the whole host.

use crate::reading::{bound, number, used};
use crate::refused_thread::{ABORTED, NO_INIT, NO_STEP, NO_THREAD};
use crate::{Row, Scene};
use model::{
    Amount, Ceiling, Charge, Cost, Effect, Errno, Host, Key, Limit, Network, Operation, Sign,
    Unread,
};

const MAX: &str = "/proc/sys/kernel/threads-max";
pub(crate) const LOADAVG: &str = "/proc/loadavg";

/// Threads of a container in thousandths, its shim's included: average, least and most of an
/// average. The program counts as one.
const RUNNING: [u64; 3] = [12_300, 12_000, 12_750];
/// What the last start adds on top, the client that asks for it included: average, least, most.
const IN_FLIGHT: [u64; 3] = [29_000, 28_200, 34_000];
const IN_FLIGHT_HOST: [u64; 3] = [22_000, 16_000, 34_000];
/// The dockerd and containerd of a DinD node: Go programs, whose threads follow the number of
/// processors. Estimated, not measured.
const DIND: [u64; 3] = [60_000, 40_000, 80_000];
/// A docker-proxy for each published port.
const PROXY: [u64; 3] = [8_000, 7_000, 9_000];
const SOURCE: &str = "Debian 13 on 2 processors; the least room in which a container starts";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "kernel.threads-max",
        bounds: "threads on the host",
        defaults: &[
            "memory by 128 KiB: about 2 million on 251 GiB (kernel/fork.c set_max_threads, 8 stacks of 16 KiB)",
        ],
        effect: Effect::Stops,
        why: "the shim of each container has eleven or twelve threads, and a start in flight is three \
              Go programs more",
        raise: &["sysctl:kernel.threads-max"],
        source: "kernel/fork.c copy_process, no capability exempts; the next thread gets EAGAIN",
        signs: &[
            NO_INIT,
            Sign::allows("a fork or a new thread gets EAGAIN where the host has no thread left")
                .errno(&[Errno::Again])
                .during(&[Operation::Fork, Operation::Thread]),
            Sign::decides("the words name it").says(&["threads-max", "threads_max"]),
            NO_STEP,
            ABORTED,
            NO_THREAD,
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    vec![
        Ceiling::new("host", cost(scene))
            .max(bound(number(scene.host, MAX)), MAX)
            .used(used(threads(scene.host)), LOADAVG)
            .lever(Key::new("sysctl", "kernel.threads-max"), Amount::ZERO),
    ]
}

/// What a container takes of threads, and so of PID numbers.
pub(super) fn cost(scene: &Scene<'_>) -> Cost {
    let in_flight = match scene.workload.networks() == [Network::Host] {
        true => IN_FLIGHT_HOST,
        false => IN_FLIGHT,
    };
    let charge = |at: usize| Charge {
        in_flight: Amount::thousandths(in_flight[at]),
        dind: Amount::thousandths(DIND[at]),
        published: Amount::thousandths(PROXY[at]),
        process: Amount::whole(1),
        ..Charge::each(Amount::thousandths(RUNNING[at]))
    };
    Cost::measured(charge(0), charge(1), charge(2), SOURCE)
}

/// The kernel's own count: the second number of the fourth word, `running/all`.
pub(super) fn threads(host: &dyn Host) -> Result<u64, Unread> {
    let text = host.read_text(LOADAVG)?;
    let word = text.split_whitespace().nth(3);
    let all = word.and_then(|word| word.split_once('/')?.1.parse().ok());
    all.ok_or_else(|| Unread::because(format!("{LOADAVG}: `{}`", text.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn the_counter_of_the_kernel_is_the_use() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (whole(answer.ceiling), whole(answer.used)),
            (Some(15646), Some(146))
        );
        let room = (15_646 - 146) * 1000 - IN_FLIGHT[0];
        assert_eq!(answer.nodes_fit, Some(room / RUNNING[0]));
        assert_eq!(answer.verdict, Fate::Fits);
    }

    #[test]
    fn forty_threads_of_room_are_too_few_for_a_start() {
        let answer = ask_one(&ROW, &stock().file(MAX, "186\n"), 1);
        assert_eq!((answer.nodes_fit, answer.verdict), (Some(0), Fate::Stops));
        assert_eq!(
            answer.raise[0].setting.to_string(),
            "sysctl:kernel.threads-max"
        );
    }

    #[test]
    fn another_form_of_the_counter_is_unknown() {
        let answer = ask_one(&ROW, &stock().file(LOADAVG, "0.1 0.1 0.1 5 9\n"), 1);
        assert_eq!((answer.used, answer.verdict), (None, Fate::Unknown));
    }
}

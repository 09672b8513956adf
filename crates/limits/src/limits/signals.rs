//! `user.sigpending`: the queued signals and timers of one user.

use crate::reading::{bound, used};
use crate::{Row, Scene};
use model::{Ceiling, Cost, Effect, Errno, Host, Limit, Operation, Sign, Unread};

const STATUS: &str = "/proc/1/status";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "user.sigpending",
        bounds: "queued signals and POSIX timers of root",
        defaults: &["half of threads-max (kernel/fork.c fork_init, RLIMIT_SIGPENDING)"],
        effect: Effect::Degrades,
        why: "every POSIX timer of a program holds one; Docker itself holds next to none",
        raise: &[],
        source: "kernel/signal.c __sigqueue_alloc; timer_create gets EAGAIN, a queued signal is lost",
        signs: &[
            Sign::decides("a timer or signal gets EAGAIN where its user has too many pending")
                .errno(&[Errno::Again])
                .during(&[Operation::Signal]),
            Sign::decides("the words name it").says(&[
                "rlimit_sigpending",
                "pending signals",
                "sigpending",
            ]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let cost = Cost {
        source: "none of an idle container; what programs queue is not known and taken as none",
        ..Cost::NOTHING
    };
    let queue = queue(scene.host);
    let (taken, max) = match queue {
        Ok((taken, max)) => (Ok(taken), Ok(max)),
        Err(why) => (Err(why.clone()), Err(why)),
    };
    vec![
        Ceiling::new("uid 0", cost)
            .effect(Effect::Degrades)
            .max(bound(max), format!("SigQ in {STATUS}"))
            .used(used(taken), format!("SigQ in {STATUS}"))
            .reshape("`--ulimit sigpending` for a container that needs more"),
    ]
}

/// `SigQ: queued/limit`, of the user whom the process runs as.
fn queue(host: &dyn Host) -> Result<(u64, u64), Unread> {
    let text = host.read_text(STATUS)?;
    let line = text.lines().find_map(|line| line.strip_prefix("SigQ:"));
    let pair = line.and_then(|line| line.trim().split_once('/'));
    let numbers = pair.and_then(|(taken, max)| Some((taken.parse().ok()?, max.parse().ok()?)));
    numbers.ok_or_else(|| Unread::because(format!("{STATUS}: no SigQ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn one_line_has_both() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (whole(answer.ceiling), whole(answer.used)),
            (Some(7823), Some(2))
        );
        assert_eq!(answer.verdict, Fate::Fits);
        let odd = ask_one(&ROW, &stock().file(STATUS, "SigQ:\t5\n"), 600);
        assert_eq!((odd.used, odd.verdict), (None, Fate::Unknown));
    }
}

//! `kernel.sem`: the System V semaphore sets of one IPC namespace.

use crate::reading::{bound, used, word};
use crate::{Row, Scene};
use model::{Ceiling, Cost, Effect, Errno, Host, Limit, Operation, RUN_OUT, Sign, Unread};

const MAX: &str = "/proc/sys/kernel/sem";
const SETS: &str = "/proc/sysvipc/sem";
/// Of per set, all, per call and sets.
const SEMMNI: usize = 3;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "kernel.sem",
        bounds: "semaphore sets of the host's IPC namespace",
        defaults: &[
            "`32000 1024000000 500 32000`: 32,000 sets in each IPC namespace (include/uapi/linux/sem.h SEMMNI)",
        ],
        effect: Effect::Degrades,
        why: "only containers with --ipc=host share the host's; all others have their own",
        raise: &["sysctl:kernel.sem"],
        source: "ipc/sem.c newary, ENOSPC",
        signs: &[
            Sign::decides("new semaphores get ENOSPC at the bound of their IPC namespace")
                .errno(&[Errno::NoSpace])
                .during(&[Operation::Semaphore]),
            Sign::decides("a lock made of System V semaphores gets ENOSPC")
                .errno(&[Errno::NoSpace])
                .says(&["mutex", "sysvsem"]),
            Sign::decides("the words name it").says(&["semmni", "semmns", "kernel.sem"]),
            Sign::suggests("the words say that semaphores run out")
                .says(&["semaphore"])
                .never(&["acquire"])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    vec![
        of_namespace(Ceiling::new("host's IPC namespace", nothing()))
            .max(bound(word(scene.host, MAX, SEMMNI)), MAX)
            .used(used(entries(scene.host, SETS)), SETS)
            .reshape(
                "a higher fourth number of kernel.sem, or an IPC namespace for each container",
            ),
    ]
}

/// What is of one IPC namespace does not stop a container with its own.
pub(super) fn of_namespace(ceiling: Ceiling) -> Ceiling {
    ceiling
        .effect(Effect::Degrades)
        .note("a container has as much again in its own IPC namespace, unless --ipc=host")
}

pub(super) fn nothing() -> Cost {
    Cost {
        source: "containers have an IPC namespace of their own",
        ..Cost::NOTHING
    }
}

/// The lines below a heading.
pub(super) fn entries(host: &dyn Host, path: &str) -> Result<u64, Unread> {
    let text = host.read_text(path)?;
    Ok(text.lines().skip(1).count() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn sets_are_lines_below_a_heading() {
        let host = stock().file(SETS, "key semid\n 1 2\n");
        let answer = ask_one(&ROW, &host, 600);
        assert_eq!(
            (whole(answer.ceiling), whole(answer.used)),
            (Some(32_000), Some(1))
        );
        assert_eq!(answer.verdict, Fate::Fits);
        assert_eq!(
            ask_one(&ROW, &stock().denied(SETS), 600).verdict,
            Fate::Unknown
        );
    }
}

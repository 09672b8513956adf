//! `kernel.pty.max`: the pseudo terminals of the whole host.

use crate::demand::terminals;
use crate::reading::{bound, number, used};
use crate::{Row, Scene};
use model::{Amount, Ceiling, Cost, Effect, Errno, Key, Limit, Operation, Place, RUN_OUT, Sign};

const MAX: &str = "/proc/sys/kernel/pty/max";
const RESERVE: &str = "/proc/sys/kernel/pty/reserve";
const USED: &str = "/proc/sys/kernel/pty/nr";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "kernel.pty.max",
        bounds: "pseudo terminals of the host",
        defaults: &[
            "kernel.pty.max 4,096 and kernel.pty.reserve 1,024, so 3,071 for containers \
             (fs/devpts/inode.c, NR_UNIX98_PTY_DEFAULT)",
        ],
        effect: Effect::Stops,
        why: "a container with a terminal takes one, and so does each `exec --tty`; one pool serves \
              every container, and its reserve is not for them",
        raise: &["sysctl:kernel.pty.max"],
        source: "fs/devpts/inode.c devpts_new_index; opening /dev/ptmx gets ENOSPC",
        signs: &[
            Sign::decides("opening a terminal gets ENOSPC where none is left")
                .errno(&[Errno::NoSpace])
                .at(&[Place::Terminals]),
            Sign::decides("opening a terminal gets ENOSPC where none is left")
                .errno(&[Errno::NoSpace])
                .during(&[Operation::Terminal]),
            Sign::decides("no terminal is left").says(&[
                "out of pty devices",
                "out of ptys",
                "no more ptys",
                "no available pty",
                "pty.max",
                "no free pty",
            ]),
            Sign::suggests("a terminal could not be had").says(&[
                "pty allocation request failed",
                "failed to allocate pty",
                "could not allocate pty",
                "unable to allocate pty",
                "can't allocate pty",
                "failed to open pty",
                "openpty failed",
            ]),
            Sign::suggests("the words say that terminals run out")
                .says(&[
                    " pty",
                    "ptys",
                    "pseudo-terminal",
                    "pseudo terminal",
                    "/dev/pts",
                ])
                .never(&[])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let max = number(scene.host, MAX).and_then(|max| {
        let reserve = number(scene.host, RESERVE)?;
        // The count with the new one has to stay below.
        let withheld = reserve.saturating_add(1);
        Ok((max.saturating_sub(withheld), withheld))
    });
    let withheld = max.as_ref().map_or(0, |(_, withheld)| *withheld);
    vec![
        Ceiling::new(
            "host",
            Cost::exact(terminals(), "one a container with a terminal"),
        )
        .max(
            bound(max.map(|(max, _)| max)),
            format!("{MAX} less {RESERVE} and 1"),
        )
        .used(used(number(scene.host, USED)), USED)
        .lever_less(
            Key::new("sysctl", "kernel.pty.max"),
            Amount::ZERO,
            Amount::whole(withheld),
        )
        .note("one more for each `docker exec --tty`, for as long as it lasts"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn the_reserve_is_not_for_containers() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (whole(answer.ceiling), whole(answer.used)),
            (Some(3071), Some(1))
        );
        // Containers without a terminal take none.
        assert_eq!((answer.verdict, answer.stops_at), (Fate::Fits, None));
        let closed = ask_one(&ROW, &stock().denied(RESERVE), 600);
        assert_eq!((closed.ceiling, closed.verdict), (None, Fate::Unknown));
    }
}

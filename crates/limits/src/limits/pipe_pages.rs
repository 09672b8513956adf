//! `fs.pipe-user-pages-soft`: the pages of all pipes of one user, before new ones are made small.

use crate::reading::{bound, number, used};
use crate::{Row, Scene};
use model::{Amount, Bound, Ceiling, Charge, Cost, Effect, Errno, Key, Limit, Operation, Sign};

const SOFT: &str = "/proc/sys/fs/pipe-user-pages-soft";
const HARD: &str = "/proc/sys/fs/pipe-user-pages-hard";
/// Pages of a pipe of the default size (fs/pipe.c PIPE_DEF_BUFFERS).
const PAGES: u64 = 16;
/// Pipes of a container: two with names between dockerd and the shim, and two of the shim's own.
const PIPES: u64 = 4;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "fs.pipe-user-pages-soft",
        bounds: "pages of the pipes of root",
        defaults: &[
            "16,384 pages, 1,024 pipes of 64 KiB, in every kernel since 4.5; the hard bound beside it is \
             off (fs/pipe.c pipe_user_pages_soft)",
        ],
        effect: Effect::Degrades,
        why: "pipes of shims, daemons and containers all count for root; above it a container gets \
              pipes of 8 KiB instead of 64, without a word, and programs that rely on 64 may hang",
        raise: &["sysctl:fs.pipe-user-pages-soft"],
        source: "fs/pipe.c alloc_pipe_info; enforced on whoever lacks CAP_SYS_RESOURCE and \
                 CAP_SYS_ADMIN, which a container does by default",
        signs: &[
            Sign::suggests("a pipe may not grow where its user has too many pages of pipes")
                .errno(&[Errno::NotPermitted])
                .during(&[Operation::Pipe]),
            Sign::decides("the words name it").says(&["pipe-user-pages", "pipe_user_pages"]),
            Sign::suggests("a new pipe is small where its user has too many pages of pipes")
                .says(&["pipe buffer", "pipe size", "pipe capacity"]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let hard = ceiling(scene, HARD, "uid 0, hard limit").effect(Effect::Stops);
    let mut ceilings = vec![
        ceiling(scene, SOFT, "uid 0")
            .effect(Effect::Degrades)
            .lever(
                Key::new("sysctl", "fs.pipe-user-pages-soft"),
                Amount::whole(PAGES * 1024),
            )
            .note(
                "in a container fcntl(F_GETPIPE_SZ) of a fresh pipe shows 8192 once it is crossed",
            ),
    ];
    if hard.max != Bound::Unlimited {
        ceilings.push(hard.lever(Key::new("sysctl", "fs.pipe-user-pages-hard"), Amount::ZERO));
    }
    ceilings
}

fn ceiling(scene: &Scene<'_>, path: &str, place: &str) -> Ceiling {
    let charge = Charge::each(Amount::whole(PIPES * PAGES));
    let cost = Cost::exact(
        charge,
        "four pipes of 16 pages a container, counted on Debian 13; those of the program are not",
    );
    let max = match number(scene.host, path) {
        // No bound at all.
        Ok(0) => Bound::Unlimited,
        max => bound(max),
    };
    let pages = scene.of_root().map(|open| open.pipes.saturating_mul(PAGES));
    Ceiling::new(place, cost.catalog()).max(max, path).used(
        used(pages),
        "/proc/*/fd: pipes, at 16 pages each, as nothing counts pages",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, ask_one, nodes, stock, whole};
    use model::Fate;

    #[test]
    fn pipes_of_root_are_taken_already() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(whole(answer.used), Some(12 * PAGES));
        assert_eq!(
            (answer.degrades_at, answer.verdict),
            (Some(254), Fate::Degrades)
        );
        let closed = ask_one(&ROW, &stock().user(1000), 100);
        assert_eq!(
            (closed.nodes_at_most, closed.verdict),
            (Some(256), Fate::Unknown)
        );
    }

    #[test]
    fn nothing_is_no_bound_and_a_hard_limit_refuses() {
        let answer = ask_one(&ROW, &stock().file(SOFT, "0\n"), 600);
        assert_eq!((answer.unlimited, answer.verdict), (true, Fate::Fits));
        let hard = ask(&ROW, &stock().file(HARD, "256\n"), &nodes(5));
        assert_eq!((hard[1].nodes_fit, hard[1].verdict), (Some(1), Fate::Stops));
    }
}

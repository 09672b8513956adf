//! `fs.aio-max-nr`: the asynchronous I/O requests that all programs of the host may have reserved.

use crate::reading::{bound, number, used};
use crate::{Row, Scene};
use model::{Amount, Ceiling, Cost, Effect, Errno, Key, Limit, Operation, RUN_OUT, Sign};

const MAX: &str = "/proc/sys/fs/aio-max-nr";
const USED: &str = "/proc/sys/fs/aio-nr";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "fs.aio-max-nr",
        bounds: "asynchronous I/O requests reserved on the host",
        defaults: &["65,536 in every kernel (fs/aio.c aio_max_nr)"],
        effect: Effect::Degrades,
        why: "databases reserve some thousands each; Docker itself reserves none",
        raise: &["sysctl:fs.aio-max-nr"],
        source: "fs/aio.c ioctx_alloc; io_setup gets EAGAIN",
        signs: &[
            Sign::decides("io_setup gets EAGAIN where the host has no more events to give")
                .errno(&[Errno::Again])
                .during(&[Operation::AsyncIo]),
            Sign::decides("the words name it").says(&["aio-max-nr", "aio_max_nr"]),
            Sign::suggests("a context of asynchronous I/O was refused").says(&[
                "setup async i/o",
                "setup asynchronous i/o",
                "io_setup() failed",
                "io_setup failed",
                "aio context",
            ]),
            Sign::suggests("the words say that asynchronous I/O contexts run out")
                .says(&["aio context", "aio events", "aio requests", "aio-nr"])
                .never(&[])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let cost = Cost {
        source: "what programs reserve is not known; taken as none",
        ..Cost::NOTHING
    };
    vec![
        Ceiling::new("host", cost)
            .effect(Effect::Degrades)
            .max(bound(number(scene.host, MAX)), MAX)
            .used(used(number(scene.host, USED)), USED)
            .lever(Key::new("sysctl", "fs.aio-max-nr"), Amount::ZERO)
            .note("what programs in the containers reserve is not known and counts as none"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn the_counter_is_read_and_an_idle_container_takes_none() {
        let answer = ask_one(&ROW, &stock().file(USED, "700\n"), 600);
        assert_eq!(
            (whole(answer.ceiling), whole(answer.used)),
            (Some(65536), Some(700))
        );
        assert_eq!((answer.verdict, answer.degrades_at), (Fate::Fits, None));
        assert_eq!(
            ask_one(&ROW, &stock().denied(USED), 600).verdict,
            Fate::Unknown
        );
    }
}

//! `rlimit.msgqueue`: the bytes of one user's POSIX message queues.

use crate::{Row, Scene};
use model::{Ceiling, Effect, Errno, Limit, Operation, Sign};

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "rlimit.msgqueue",
        bounds: "bytes of POSIX message queues of one user",
        defaults: &["819,200 bytes (include/uapi/linux/mqueue.h MQ_BYTES_MAX), root included"],
        effect: Effect::Degrades,
        why: "the queues of all containers of a user count together, whatever their namespace; Docker \
              itself has none",
        raise: &[],
        source: "ipc/mqueue.c mqueue_get_inode, EMFILE; root is not exempt",
        signs: &[
            Sign::decides("a message queue gets EMFILE at its user's bound")
                .errno(&[Errno::FilesOfProcess])
                .during(&[Operation::MessageQueue]),
            Sign::decides("the words name it").says(&[
                "rlimit_msgqueue",
                "rlimit type 12:",
                "limitmsgqueue",
            ]),
        ],
    },
    read,
};

fn read(_: &Scene<'_>) -> Vec<Ceiling> {
    let why = "idle containers have no message queue, and the kernel shows no sum of a user; what \
               programs queue is not known";
    vec![Ceiling::not_applicable("uid of the containers", why).effect(Effect::Degrades)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock};
    use model::Fate;

    #[test]
    fn nothing_is_claimed_of_what_nobody_counts() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (answer.verdict, answer.ceiling),
            (Fate::NotApplicable, None)
        );
    }
}

//! `rlimit.memlock`: the memory that programs of one user may lock.

use crate::{Row, Scene};
use model::{Ceiling, Effect, Errno, Limit, Operation, RUN_OUT, Sign};

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "rlimit.memlock",
        bounds: "locked memory of one user, in bytes",
        defaults: &[
            "8 MiB since 5.16, 64 KiB before (include/uapi/linux/resource.h MLOCK_LIMIT)",
            "systemd hands on DefaultLimitMEMLOCK, 8 MiB in 252 (systemd-system.conf(5))",
        ],
        effect: Effect::Degrades,
        why: "buffers that io_uring registers count for the user, those of all its containers together; \
              Docker itself locks none",
        raise: &["unit:containerd.service/LimitMEMLOCK"],
        source: "io_uring/rsrc.c __io_account_mem, ENOMEM; BPF programs until 5.10",
        signs: &[
            Sign::decides("locking memory gets ENOMEM at the process's bound")
                .errno(&[Errno::NoMemory])
                .during(&[Operation::Lock]),
            Sign::decides("the words name it").says(&[
                "memlock may be too low",
                "memlock",
                "rlimit type 8:",
                "unable to lock jvm memory",
                "memory locking requested",
            ]),
            Sign::suggests("locking memory was refused")
                .errno(&[Errno::NotPermitted, Errno::NoMemory, Errno::Again])
                .during(&[Operation::Lock]),
            Sign::suggests("the words say that locked memory run out")
                .says(&["locked memory", "memlock"])
                .never(&[])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(_: &Scene<'_>) -> Vec<Ceiling> {
    let why = "idle containers lock no memory, and the kernel shows no sum of a user; what programs \
               lock is not known";
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

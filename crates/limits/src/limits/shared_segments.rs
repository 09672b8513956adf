//! `kernel.shmmni`: the System V shared memory segments of one IPC namespace.

use super::semaphores::{entries, nothing, of_namespace};
use crate::reading::{bound, number, used};
use crate::{Row, Scene};
use model::{Amount, Ceiling, Effect, Errno, Key, Limit, Sign};

const MAX: &str = "/proc/sys/kernel/shmmni";
const SEGMENTS: &str = "/proc/sysvipc/shm";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "kernel.shmmni",
        bounds: "shared memory segments of the host's IPC namespace",
        defaults: &["4,096 in each IPC namespace (include/uapi/linux/shm.h SHMMNI)"],
        effect: Effect::Degrades,
        why: "only containers with --ipc=host share the host's; all others have their own",
        raise: &["sysctl:kernel.shmmni"],
        source: "ipc/shm.c newseg, ENOSPC",
        signs: &[
            Sign::decides("a new segment gets ENOSPC at the bound of its IPC namespace")
                .errno(&[Errno::NoSpace])
                .says(&["shmget", "shmmni"]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    vec![
        of_namespace(Ceiling::new("host's IPC namespace", nothing()))
            .max(bound(number(scene.host, MAX)), MAX)
            .used(used(entries(scene.host, SEGMENTS)), SEGMENTS)
            .lever(Key::new("sysctl", "kernel.shmmni"), Amount::ZERO),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn segments_are_counted() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (whole(answer.ceiling), whole(answer.used)),
            (Some(4096), Some(0))
        );
        assert_eq!(
            ask_one(&ROW, &stock().denied(MAX), 600).verdict,
            Fate::Unknown
        );
    }
}

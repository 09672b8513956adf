//! `fs.inotify.max_user_watches`: what the inotify instances of one user watch.

use crate::cgroup::Version;
use crate::reading::{bound, number, used};
use crate::{Row, Scene};
use model::{Amount, Ceiling, Charge, Cost, Effect, Errno, Key, Limit, Operation, RUN_OUT, Sign};

const MAX: &str = "/proc/sys/fs/inotify/max_user_watches";
/// The shim watches two files of the container's cgroup, and PID 1 the same two.
const WATCHES: u64 = 4;
/// For programs in the containers and on the host: file watchers of editors and builds.
const RESERVE: u64 = 8192;

const OF_SHIM: u64 = 2;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "fs.inotify.max_user_watches",
        bounds: "inotify watches of root",
        defaults: &[
            "1 % of memory, from 8,192 to 1,048,576, since 5.11 and in Debian's 5.10; 8,192 before \
             (fs/notify/inotify/inotify_user.c inotify_user_setup)",
        ],
        effect: Effect::Degrades,
        why: "shim and PID 1 each watch the events of a container's cgroup on cgroup v2",
        raise: &["sysctl:fs.inotify.max_user_watches"],
        source: "fs/notify/inotify/inotify_user.c inotify_new_watch, ENOSPC",
        signs: &[
            Sign::decides("a watch gets ENOSPC at its user's bound")
                .errno(&[Errno::NoSpace])
                .during(&[Operation::Inotify]),
            Sign::decides("the words name it").says(&[
                "inotify watch limit",
                "limit of inotify watches",
                "limit on inotify watches",
                "inotify.max_user_watches",
                "inotify/max_user_watches",
                "number of file watchers",
                "out of inotify watches",
                "inotify watches",
                "watch descriptors",
            ]),
            Sign::suggests("the words say that inotify watches run out")
                .says(&["inotify watch", "file watchers", "file watches"])
                .never(&[])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let cost = Cost::exact(
        Charge {
            // PID 1 knows nothing of them.
            inner: Amount::whole(OF_SHIM),
            ..Charge::each(Amount::whole(WATCHES))
        },
        "two of the shim and two of PID 1, on cgroup v2",
    );
    let ceiling = match scene.cgroup_version() {
        Ok(Version::V2) => Ceiling::new("uid 0", cost)
            .max(bound(number(scene.host, MAX)), MAX)
            .used(
                used(scene.of_root().map(|open| open.inotify_watches)),
                "/proc/*/fdinfo",
            )
            .lever(
                Key::new("sysctl", "fs.inotify.max_user_watches"),
                Amount::whole(RESERVE),
            ),
        Ok(Version::V1) => Ceiling::not_applicable("uid 0", "on cgroup v1 nobody watches files"),
        Err(why) => Ceiling::unread("uid 0", cost, why),
    };
    vec![ceiling.effect(Effect::Degrades)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn four_a_container() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (whole(answer.used), answer.degrades_at),
            (Some(23), Some(3495))
        );
        let low = ask_one(&ROW, &stock().file(MAX, "64\n"), 600);
        assert_eq!((low.degrades_at, low.verdict), (Some(11), Fate::Degrades));
        let closed = ask_one(&ROW, &stock().user(1000), 600);
        assert_eq!(
            (closed.needs.as_deref(), closed.nodes_at_most),
            (Some("root"), Some(3500))
        );
    }
}

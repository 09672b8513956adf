//! `fs.epoll.max_user_watches`: the files that one user's epoll instances watch.

use crate::reading::{at_most, bound, number, word};
use crate::{Row, Scene};
use model::{Amount, Ceiling, Charge, Cost, Effect, Errno, Key, Limit, Operation, Sign};

const MAX: &str = "/proc/sys/fs/epoll/max_user_watches";
/// There is no counter of watches; a program seldom watches a file twice, so open files bound them.
const FILES: &str = "/proc/sys/fs/file-nr";
const WATCHES: u64 = 17;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "fs.epoll.max_user_watches",
        bounds: "epoll watches of root",
        defaults: &[
            "4 % of low memory at 184 bytes a watch: 58 million on 251 GiB, 5.5 million on 24 GB \
             (fs/eventpoll.c eventpoll_init)",
        ],
        effect: Effect::Stops,
        why: "shim, dockerd and containerd watch the pipes and sockets of each container",
        raise: &["sysctl:fs.epoll.max_user_watches"],
        source: "fs/eventpoll.c ep_insert, ENOSPC; 4 % of memory by default",
        signs: &[
            Sign::decides("adding to an epoll set gets ENOSPC at its user's bound")
                .errno(&[Errno::NoSpace])
                .during(&[Operation::Epoll]),
            Sign::decides("the words name it")
                .says(&["epoll/max_user_watches", "epoll.max_user_watches"]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let cost = Cost::exact(Charge::each(Amount::whole(WATCHES)), "counted on Debian 13");
    let cost = cost.catalog();
    let max = bound(number(scene.host, MAX));
    let files = word(scene.host, FILES, 0);
    let used = at_most(files, &max, &cost, scene.workload);
    let source = format!("{FILES}: at most one watch an open file, as nothing counts watches");
    vec![
        Ceiling::new("uid 0", cost)
            .max(max, MAX)
            .used(used, source)
            .lever(
                Key::new("sysctl", "fs.epoll.max_user_watches"),
                Amount::ZERO,
            ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn open_files_stand_for_watches() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(whole(answer.used), Some(1000));
        assert_eq!(answer.nodes_fit, Some((458_752 - 1000) / WATCHES));
        let low = ask_one(&ROW, &stock().file(MAX, "1150\n"), 600);
        // What is only bounded from above cannot be taken off; the rest is certain.
        assert_eq!((low.nodes_at_most, low.verdict), (Some(67), Fate::Stops));
        let few = ask_one(&ROW, &stock().file(MAX, "1150\n"), 11);
        assert_eq!((few.used, few.verdict), (None, Fate::Unknown));
    }
}

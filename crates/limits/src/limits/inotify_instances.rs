//! `fs.inotify.max_user_instances`: the inotify instances of one user.

use crate::cgroup::Version;
use crate::reading::{bound, number, used};
use crate::{Row, Scene};
use model::{Amount, Ceiling, Charge, Cost, Effect, Errno, Key, Limit, Operation, RUN_OUT, Sign};

const MAX: &str = "/proc/sys/fs/inotify/max_user_instances";
const SETTING: &str = "fs.inotify.max_user_instances";

/// Kept for programs in the containers and on the host beside one instance each: what runs in a
/// container without a user namespace counts for the same root as the shims do.
const RESERVE: u64 = 1024;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "fs.inotify.max_user_instances",
        bounds: "inotify instances of root",
        defaults: &[
            "128 in 5.10, 6.1 and 6.12 (fs/notify/inotify/inotify_user.c inotify_user_setup)",
        ],
        effect: Effect::Degrades,
        why: "the shim of each container on cgroup v2 watches the container's events with one; \
              without it the container runs on and its out-of-memory events are lost, and every \
              other program of root that asks for one fails",
        raise: &["sysctl:fs.inotify.max_user_instances"],
        source: "fs/notify/inotify/inotify_user.c inotify_new_group; containerd cgroup2 manager",
        signs: &[
            Sign::decides("a new inotify instance gets EMFILE at its user's bound")
                .errno(&[Errno::FilesOfProcess])
                .during(&[Operation::Inotify])
                .never(&["fanotify"]),
            Sign::decides("the words name it").says(&[
                "inotify instance limit",
                "limit of inotify instances",
                "max_user_instances",
                "inotify instances",
            ]),
            Sign::suggests("the words say that inotify instances run out")
                .says(&["inotify"])
                .never(&["watches", "watch limit"])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    match scene.cgroup_version() {
        Ok(Version::V2) => vec![ceiling(scene)],
        Ok(Version::V1) => vec![Ceiling::not_applicable(
            "uid 0",
            "on cgroup v1 a shim waits on an eventfd, not on inotify",
        )],
        Err(why) => vec![Ceiling::unread("uid 0", cost(), why).effect(Effect::Degrades)],
    }
}

fn ceiling(scene: &Scene<'_>) -> Ceiling {
    let reserve = Amount::whole(RESERVE.saturating_add(scene.workload.containers()));
    Ceiling::new("uid 0", cost())
        .effect(Effect::Degrades)
        .max(bound(number(scene.host, MAX)), MAX)
        .used(
            used(scene.of_root().map(|open| open.inotify_instances)),
            "/proc/*/fd",
        )
        .lever(Key::new("sysctl", SETTING), reserve)
        .note("containers that lost their watcher get it back only by a restart")
}

fn cost() -> Cost {
    Cost::exact(
        Charge::each(Amount::whole(1)),
        "one a shim on cgroup v2, counted on Debian 13",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge;
    use model::{Fate, INOTIFY, LimitAnswer, Workload};
    use testkit::FakeHost;

    fn host() -> FakeHost {
        FakeHost::new()
            .file("/sys/fs/cgroup/cgroup.controllers", "pids\n")
            .file(MAX, "128\n")
    }

    fn process(host: FakeHost, pid: u32, uid: u32, instances: u32) -> FakeHost {
        let status = format!("Name:\tx\nUid:\t1000\t{uid}\t0\t0\n");
        let mut host = host
            .file(&format!("/proc/{pid}/status"), &status)
            .link(&format!("/proc/{pid}/fd/0"), "/dev/null");
        for fd in 1..=instances {
            host = host.link(&format!("/proc/{pid}/fd/{fd}"), INOTIFY);
        }
        host
    }

    fn ask(host: &FakeHost, nodes: u64) -> LimitAnswer {
        let workload = Workload {
            nodes,
            ..Workload::default()
        };
        let ceiling = read(&Scene::new(host, &workload, Ok(1))).remove(0);
        judge(&ROW.limit, ceiling, &workload)
    }

    #[test]
    fn instances_of_root_are_taken_already() {
        let host = process(process(host(), 1, 0, 20), 700, 0, 3);
        let host = process(host, 701, 1000, 50).directory("/proc/2/fd");
        let answer = ask(&host, 600);
        assert_eq!(answer.used, Some(Amount::whole(23)));
        assert_eq!(
            (answer.degrades_at, answer.verdict),
            (Some(53), Fate::Degrades)
        );
        assert_eq!((answer.nodes_fit, answer.stops_at), (None, None));
        // 1,223 with a tenth on top, another instance a container, and 1,024.
        assert_eq!(
            answer.raise[0].value,
            (1223 + 123 + 1200 + 1024).to_string()
        );
    }

    #[test]
    fn without_root_the_use_is_unknown_and_bounds() {
        let answer = ask(&host().user(1000), 600);
        assert_eq!(
            (answer.nodes_at_most, answer.verdict),
            (Some(64), Fate::Degrades)
        );
        assert_eq!(answer.needs.as_deref(), Some("root"));
        assert_eq!(ask(&host().user(1000), 64).verdict, Fate::Unknown);
        let closed = process(host(), 1, 0, 2).denied("/proc/1/fd");
        assert_eq!(ask(&closed, 5).verdict, Fate::Unknown);
    }

    #[test]
    fn on_v1_no_shim_takes_one() {
        let mounts = "39 31 0:36 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n";
        let host = FakeHost::new().file("/proc/self/mountinfo", mounts);
        assert_eq!(ask(&host, 600).verdict, Fate::NotApplicable);
        assert_eq!(ask(&FakeHost::new(), 600).verdict, Fate::Unknown);
    }
}

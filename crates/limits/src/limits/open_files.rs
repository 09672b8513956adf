//! `rlimit.nofile`: the open files of one process: dockerd, containerd, a shim, a program.

use crate::demand::name_server;
use crate::processes::{open_files, soft_limit};
use crate::reading::used;
use crate::{Row, Scene, containerd, engine};
use model::{
    Amount, Bound, Ceiling, Charge, Cost, Effect, Errno, Key, Limit, Network, Operation, RUN_OUT,
    Sign, Unread, Used,
};

const LIMIT: &str = "Max open files";
/// dockerd's for a container, its name server's sockets not counted.
const DOCKERD: u64 = 6;
const CONTAINERD: u64 = 4;
/// What the last start needs on top: average, least, most. With room for nine descriptors in dockerd
/// 20.10 a container starts and with eight it does not; 26.1 refuses with twelve. containerd 1.6
/// starts one with room for eight and not for six; 1.7 refuses with eight.
const DOCKERD_IN_FLIGHT: [u64; 3] = [7, 3, 10];
const CONTAINERD_IN_FLIGHT: [u64; 3] = [5, 3, 8];
const SHIM: u64 = 26;
const SOURCE: &str = "Docker 20.10 and 26.1; the least room in which a container starts";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "rlimit.nofile",
        bounds: "open files of one process",
        defaults: &[
            "1024:524288 by systemd's DefaultLimitNOFILE (systemd-system.conf(5)); Go programs raise the \
             soft one to the hard one since 1.19",
            "docker.service: 1,048,576 in Debian 12, nothing set by moby since 25; containerd.service: \
             infinity up to 1.7, nothing since 2.0 (their units)",
            "containers get what their shim has, unless `default-ulimits` or `--ulimit` says otherwise",
        ],
        effect: Effect::Stops,
        why: "dockerd keeps six descriptors for each container and containerd four; a shim has its \
              own limit, and so has the program",
        raise: &[
            "unit:docker.service/LimitNOFILE",
            "unit:containerd.service/LimitNOFILE",
        ],
        source: "fs/file.c alloc_fd; the next open gets EMFILE, too many open files",
        signs: &[
            Sign::suggests("EMFILE is the bound on open files of one process")
                .errno(&[Errno::FilesOfProcess]),
            Sign::suggests(
                "a call that needs a new descriptor gets EMFILE at the process's own \
bound",
            )
            .errno(&[Errno::FilesOfProcess])
            .during(&[
                Operation::Open,
                Operation::Accept,
                Operation::Connect,
                Operation::Bind,
                Operation::Fork,
                Operation::Pipe,
                Operation::Epoll,
                Operation::Write,
            ]),
            Sign::decides("what is asked for is above what the runtime may set (rlimit type 7)")
                .errno(&[Errno::NotPermitted])
                .says(&[
                    "rlimit type 7:",
                    "rlimit type 7 ",
                    "rlimit_nofile: operation",
                ]),
            Sign::decides("the program asks for more open files")
                .says(&[
                    "max file descriptors",
                    "file descriptors*too low",
                    "open file resource limit",
                    "max_open_files",
                    "maximum number of open files",
                    "open files limit",
                    "open file limit",
                    "nofile limit",
                    "max open files",
                ])
                .never(&["operation not permitted", "system limit"]),
            Sign::decides("the bound on open files is above what the runtime may set")
                .errno(&[Errno::NotPermitted])
                .during(&[Operation::SetLimit])
                .says(&["open files", "nofile"])
                .never(&["limitnofile", "step limits"]),
            Sign::suggests("a process runs out of descriptors").says(&[
                "out of fds",
                "out of file descriptors",
                "file descriptor leak",
                "fd leak",
                "leaking fds",
                "leaking file descriptors",
                "leaks file descriptors",
                "leaks fds",
                "file descriptor limit",
                "fd limit",
                "file descriptors exhausted",
                "exhausted file descriptors",
            ]),
            Sign::suggests("the words say that file descriptors run out")
                .says(&[
                    "file descriptor",
                    "file handles",
                    "open fds",
                    "fds on",
                    "open files",
                ])
                .never(&["rlimit", "limitnofile", "in system", "inotify"])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let dockerd = engine::pid(scene.host).map(|(pid, _)| pid);
    let dockerd = dockerd.ok_or_else(|| Unread::because("dockerd does not run here"));
    let containerd = containerd::pid(scene.host);
    let workload = scene.workload;
    let files = |network: &Network| Amount::whole(DOCKERD).plus(name_server(network));
    let of_dockerd = crate::demand::by_network(workload, files);
    let of_containerd = Charge::outer(Amount::whole(CONTAINERD));
    vec![
        daemon(
            scene,
            "dockerd",
            &dockerd,
            cost(of_dockerd, DOCKERD_IN_FLIGHT),
        )
        .lever(Key::new("unit", "docker.service/LimitNOFILE"), Amount::ZERO),
        daemon(
            scene,
            "containerd",
            &containerd,
            cost(of_containerd, CONTAINERD_IN_FLIGHT),
        )
        .lever(
            Key::new("unit", "containerd.service/LimitNOFILE"),
            Amount::ZERO,
        ),
        shim(scene, &containerd),
    ]
}

fn cost(running: Charge, in_flight: [u64; 3]) -> Cost {
    let charge = |at: usize| Charge {
        in_flight: Amount::whole(in_flight[at]),
        ..running
    };
    Cost::measured(charge(0), charge(1), charge(2), SOURCE)
}

fn daemon(scene: &Scene<'_>, name: &str, pid: &Result<i32, Unread>, cost: Cost) -> Ceiling {
    let count = pid.clone().and_then(|pid| open_files(scene.host, pid));
    Ceiling::new(name, cost)
        .max(soft(scene, pid), format!("{LIMIT} in /proc/PID/limits"))
        .used(used(count), "/proc/PID/fd")
}

/// A shim and the program in the container inherit containerd's limit, and use it up each alone.
fn shim(scene: &Scene<'_>, containerd: &Result<i32, Unread>) -> Ceiling {
    let cost = Cost::exact(Charge::default(), "26 of a shim, each its own")
        .once(Amount::whole(SHIM))
        .catalog();
    Ceiling::new("each shim and container", cost)
        .max(soft(scene, containerd), "inherited from containerd")
        .used(Used::Known(Amount::ZERO), "each begins with none")
        .lever(
            Key::new("unit", "containerd.service/LimitNOFILE"),
            Amount::ZERO,
        )
        .note("what a program in a container opens is not known; `--ulimit nofile` sets its limit")
}

fn soft(scene: &Scene<'_>, pid: &Result<i32, Unread>) -> Bound {
    let limit = pid
        .clone()
        .and_then(|pid| soft_limit(scene.host, pid, LIMIT));
    match limit {
        Ok(Some(files)) => Bound::Finite(Amount::whole(files)),
        Ok(None) => Bound::Unlimited,
        Err(why) => Bound::Unread(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, nodes, nodes_on, stock, whole};
    use model::Fate;

    fn limited(files: u64) -> String {
        format!("Max open files            {files}               524288               files\n")
    }

    #[test]
    fn each_daemon_has_its_own_and_the_last_start_needs_more() {
        let host = stock().file("/proc/9/limits", &limited(50));
        let rows = ask(&ROW, &host, &nodes(600));
        assert_eq!(
            (whole(rows[0].ceiling), whole(rows[0].used)),
            (Some(50), Some(12))
        );
        assert_eq!((rows[0].nodes_fit, rows[0].verdict), (Some(5), Fate::Stops));
        assert_eq!(
            rows[0].raise[0].setting.to_string(),
            "unit:docker.service/LimitNOFILE"
        );
        assert_eq!(
            (rows[1].place.as_str(), rows[1].verdict),
            ("containerd", Fate::Fits)
        );
        let named = Network::Named("x".to_owned());
        let own = [named, Network::PerNode, Network::Bridges(4)];
        for network in own {
            let rows = ask(&ROW, &host, &nodes_on(network, 600));
            assert_eq!(rows[0].nodes_fit, Some(3));
        }
    }

    #[test]
    fn a_start_needs_more_than_what_runs_keeps() {
        let room = |dockerd: u64, containerd: u64| {
            let host = stock()
                .file("/proc/9/limits", &limited(12 + dockerd))
                .file("/proc/5/limits", &limited(12 + containerd));
            let rows = ask(&ROW, &host, &nodes(1));
            [rows[0].verdict, rows[1].verdict, rows[2].verdict]
        };
        // Nor has a shim enough with 18 or 20.
        assert_eq!(room(8, 6), [Fate::Stops; 3]);
        assert_eq!(room(12, 8), [Fate::Unknown, Fate::Unknown, Fate::Stops]);
        assert_eq!(room(16, 14), [Fate::Fits; 3]);
    }

    #[test]
    fn no_daemon_and_no_bound() {
        let unlimited =
            "Max open files            unlimited            unlimited            files\n";
        let rows = ask(
            &ROW,
            &stock().file("/proc/9/limits", unlimited),
            &nodes(600),
        );
        assert!(rows[0].unlimited);
        let stopped = ask(&ROW, &stock().file("/proc/9/cmdline", "sleep\0"), &nodes(1));
        assert_eq!(stopped[0].verdict, Fate::Unknown);
    }
}

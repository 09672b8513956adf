//! `user.max_namespaces`: the namespaces of each type that one user may have made.

use crate::cgroup::Version;
use crate::demand::by_network;
use crate::processes::pids;
use crate::reading::{bound, number, used};
use crate::{Row, Scene};
use model::{
    Amount, Ceiling, Charge, Cost, Effect, Errno, Key, Limit, Network, Operation, RUN_OUT, Sign,
    Unread, Used, Whom,
};

/// The types a container gets, as the kernel's file and the link of a process name them.
const TYPES: &[&str] = &["net", "mnt", "pid", "uts", "ipc", "cgroup"];

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "user.max_namespaces",
        bounds: "namespaces of one type that root has made",
        defaults: &[
            "half of threads-max for each type: about 1 million on 251 GiB (kernel/fork.c fork_init)",
            "Debian and Ubuntu can forbid user namespaces to users beside that: \
             kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns",
            "Bottlerocket sets user.max_user_namespaces to 0 (packages/release/release-sysctl.conf)",
        ],
        effect: Effect::Stops,
        why: "each container has one of each type; with the host's network none for that",
        raise: &[
            "sysctl:user.max_net_namespaces",
            "sysctl:user.max_mnt_namespaces",
            "sysctl:user.max_pid_namespaces",
            "sysctl:user.max_uts_namespaces",
            "sysctl:user.max_ipc_namespaces",
            "sysctl:user.max_cgroup_namespaces",
        ],
        source: "kernel/ucount.c inc_ucount, no capability exempts; unshare gets ENOSPC",
        signs: &[
            Sign::decides(
                "a new namespace gets ENOSPC where its user has made too many of its \
type, or nests too deep",
            )
            .errno(&[Errno::NoSpace])
            .during(&[Operation::Namespace])
            .never(&["mkdir"]),
            Sign::suggests("a fork gets ENOSPC only where it makes namespaces too")
                .errno(&[Errno::NoSpace])
                .during(&[Operation::Fork]),
            Sign::decides("the words name it").says(&[
                "max_user_namespaces",
                "max_net_namespaces",
                "max_mnt_namespaces",
                "max_pid_namespaces",
                "max_ipc_namespaces",
                "max_uts_namespaces",
                "max_*_namespaces",
            ]),
            Sign::suggests(
                "runc's first steps ended without a word, as they do where a namespace \
is refused",
            )
            .says(&["final child's pid"]),
            Sign::suggests("systemd made no namespace for the unit")
                .errno(&[Errno::NoSpace])
                .says(&["step namespace"]),
            Sign::suggests("the words say that namespaces run out")
                .says(&[
                    "user namespaces",
                    "network namespaces",
                    "pid namespaces",
                    "namespace limit",
                    "namespaces limit",
                ])
                .never(&["not supported", "clone_new", "operation not", "not enabled"])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    // A namespace lives as long as a process is in it, so processes bound what there is.
    let processes = pids(scene.host).map(|pids| pids.len() as u64);
    let of = |kind: &&str| ceiling(scene, kind, &processes);
    TYPES.iter().map(of).collect()
}

fn ceiling(scene: &Scene<'_>, kind: &str, processes: &Result<u64, Unread>) -> Ceiling {
    let path = format!("/proc/sys/user/max_{kind}_namespaces");
    let (max, charge) = (number(scene.host, &path), charge(scene, kind));
    let (used, source) = taken(scene, kind, processes, &max, &charge);
    Ceiling::new(
        format!("{kind} of uid 0"),
        Cost::exact(charge, "one a container"),
    )
    .max(bound(max), path)
    .used(used, source)
    .lever(
        Key::new("sysctl", format!("user.max_{kind}_namespaces")),
        Amount::ZERO,
    )
}

/// Those of all processes are looked at only where one for each process would not leave room.
fn taken(
    scene: &Scene<'_>,
    kind: &str,
    processes: &Result<u64, Unread>,
    max: &Result<u64, Unread>,
    charge: &Charge,
) -> (Used, &'static str) {
    let load = scene.workload.load(scene.workload.nodes, &Whom::All);
    let need = charge.of(&load).ceil();
    match (processes, max) {
        (Ok(processes), Ok(max)) if processes.saturating_add(need) <= *max => (
            Used::Known(Amount::whole(*processes)),
            "/proc: at most one for each process",
        ),
        _ => {
            // The first of each type is the boot's own, which nobody made.
            let made = scene
                .host
                .namespaces(kind)
                .map(|count| count.saturating_sub(1));
            (used(made.map_err(Unread::from)), "/proc/*/ns")
        }
    }
}

fn charge(scene: &Scene<'_>, kind: &str) -> Charge {
    if kind == "cgroup" && !has_cgroup_namespace(scene) {
        return Charge::NOTHING;
    }
    let amount = |network: &Network| match (kind, network) {
        ("net", Network::Host) => Amount::ZERO,
        _ => Amount::whole(1),
    };
    Charge {
        // root's Docker makes those inside a DinD node too.
        inner: Amount::whole(1),
        ..by_network(scene.workload, amount)
    }
}

/// Docker gives containers a cgroup namespace of their own on version 2, and leaves them in the host's on
/// version 1 unless it is told otherwise (moby cmd/dockerd/config_unix.go, `default-cgroupns-mode`; 120
/// containers of Docker 20.10 on version 1 had none). Where it cannot be told, they have one.
fn has_cgroup_namespace(scene: &Scene<'_>) -> bool {
    let told = scene
        .engine()
        .ok()
        .and_then(|engine| engine.cgroup_namespaces());
    match told {
        Some(mode) => mode != "host",
        None => scene.cgroup_version() != Ok(Version::V1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, nodes, nodes_on, stock, whole};
    use model::Fate;
    use testkit::FakeHost;

    #[test]
    fn where_processes_leave_room_their_number_is_enough() {
        let rows = ask(&ROW, &stock(), &nodes(600));
        assert_eq!((rows.len(), rows[0].place.as_str()), (6, "net of uid 0"));
        assert_eq!(
            (whole(rows[0].used), rows[0].verdict),
            (Some(3), Fate::Fits)
        );
        assert!(rows[0].used_source.contains("at most"));
    }

    #[test]
    fn where_they_do_not_namespaces_are_counted() {
        let mut host = stock().file("/proc/sys/user/max_net_namespaces", "5\n");
        for (pid, link) in [(1, "net:[1]"), (5, "net:[1]"), (9, "net:[2]")] {
            host = host.link(&format!("/proc/{pid}/ns/net"), link);
        }
        let rows = ask(&ROW, &host, &nodes(600));
        assert_eq!((whole(rows[0].used), rows[0].nodes_fit), (Some(1), Some(4)));
        assert_eq!(
            rows[0].raise[0].setting.to_string(),
            "sysctl:user.max_net_namespaces"
        );
        let on_host = ask(&ROW, &host, &nodes_on(Network::Host, 600));
        assert_eq!(on_host[0].verdict, Fate::Fits);
    }

    #[test]
    fn on_version_1_containers_stay_in_the_hosts_cgroup_namespace() {
        let max = "/proc/sys/user/max_cgroup_namespaces";
        let verdict = |host: FakeHost, mode: &str| {
            let told = format!(r#"{{"default-cgroupns-mode":"{mode}"}}"#);
            let host = host
                .file(max, "40\n")
                .file("/etc/docker/daemon.json", &told);
            let rows = ask(&ROW, &host, &nodes(600));
            assert_eq!(rows[5].place, "cgroup of uid 0");
            rows[5].verdict
        };
        let mounts = "39 31 0:36 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";
        let first = || FakeHost::new().file("/proc/self/mountinfo", mounts);
        assert_eq!(
            (verdict(stock(), ""), verdict(stock(), "host")),
            (Fate::Stops, Fate::Fits)
        );
        assert_eq!(
            (verdict(first(), "private"), verdict(first(), "")),
            (Fate::Stops, Fate::Fits)
        );
    }

    #[test]
    fn a_closed_link_is_unknown() {
        let host = stock()
            .denied("/proc/9/ns/mnt")
            .file("/proc/sys/user/max_mnt_namespaces", "5\n");
        let rows = ask(&ROW, &host, &nodes(3));
        assert_eq!((rows[1].used, rows[1].verdict), (None, Fate::Unknown));
    }
}

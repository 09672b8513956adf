//! The questions of operators, asked of a large host.

use super::*;
use model::{Desired, Effect, Fate, Key, Network, Quantity, Setting, Shape, Space, Span};
use testkit::FakeHost;

/// A stock Debian 13 with Docker on 40 processors and 251 GB, nothing running, 23 inotify instances in
/// use.
fn stock() -> FakeHost {
    let large = Space {
        bytes: 1 << 40,
        bytes_free: 1 << 39,
        inodes: 1 << 26,
        inodes_free: 1 << 25,
    };
    let memory = "MemTotal: 263192576 kB\nMemAvailable: 260000000 kB\n\
                  CommitLimit: 131596288 kB\nCommitted_AS: 900000 kB\n";
    crate::stock::stock()
        .file("/proc/meminfo", memory)
        .file("/proc/sys/kernel/threads-max", "2056192\n")
        .file("/proc/sys/fs/epoll/max_user_watches", "58000000\n")
        .file("/proc/sys/fs/inotify/max_user_watches", "1048576\n")
        .file("/proc/sys/net/netfilter/nf_conntrack_max", "262144\n")
        .file("/sys/devices/system/cpu/online", "0-39\n")
        .file("/sys/devices/system/node/online", "0-1\n")
        .room("/run", large)
        .room("/var/lib/docker", large)
}

fn workload(job_network: Network) -> Workload {
    Workload {
        nodes: 600,
        job_network,
        ..Workload::default()
    }
}

#[test]
fn a_bridge_stops_600_nodes_of_two_containers() {
    let answer = preflight(&stock(), &workload(Network::Bridge));
    assert_eq!(
        answer.headline,
        "511 of 600 nodes start; node 512 is refused by bridge.ports on docker0; \
         from node 53 fs.inotify.max_user_instances degrades"
    );
    assert_eq!(
        (answer.nodes_fit, answer.nodes_fit_undegraded),
        (Some(511), Some(52))
    );
    assert_eq!((answer.verdict, answer.at_most), (Fate::Stops, false));
    assert!(answer.unknown.is_empty(), "{:?}", answer.unknown);
}

#[test]
fn jobs_without_a_network_leave_the_bridge_room() {
    let answer = preflight(&stock(), &workload(Network::None));
    assert_eq!(
        (answer.nodes_fit, answer.verdict),
        (Some(1023), Fate::Degrades)
    );
    let order: Vec<&str> = answer.limits.iter().map(|row| row.id).collect();
    assert_eq!(
        order[..2],
        [
            "fs.inotify.max_user_instances",
            "dbus.max_connections_per_user"
        ]
    );
}

#[test]
fn the_json_has_the_promised_fields() {
    let json = serde_json::to_value(preflight(&stock(), &workload(Network::Bridge))).unwrap();
    assert_eq!(json["workload"]["starts_at_once"], 1200);
    assert_eq!(json["nodes_fit"], 511);
    let row = json["limits"].as_array().unwrap().iter();
    let row = row.clone().find(|row| row["id"] == "bridge.ports").unwrap();
    assert_eq!(row["place"], "docker0");
    assert_eq!((&row["ceiling"], &row["used"]), (&1023.into(), &0.into()));
    assert_eq!(
        (&row["cost"]["node"], &row["cost"]["in_flight"]),
        (&1.into(), &0.into())
    );
    assert_eq!(
        (&row["stops_at"], &row["verdict"]),
        (&512.into(), &"stops".into())
    );
    assert!(row["degrades_at"].is_null() && row["raise"].is_array());
}

#[test]
fn a_host_that_shows_nothing_is_unknown_and_still_bounded() {
    let answer = preflight(&FakeHost::new().user(1000), &workload(Network::Bridge));
    assert_eq!(answer.nodes_fit, Some(511));
    assert!(answer.at_most && answer.undegraded_at_most);
}

fn asked(said: &[(&str, &str)]) -> Workload {
    let mut workload = Workload::default();
    for (key, value) in said {
        workload.set(key, value).unwrap();
    }
    workload
}

/// What breaks within the workload and first beyond it, as `node id`.
fn in_order(answer: &Answer) -> Vec<String> {
    let nodes = answer.workload.nodes;
    let within = answer
        .chain
        .iter()
        .filter(|link| link.node <= nodes)
        .count();
    let links = answer.chain.iter().take(within + 1);
    links
        .map(|link| format!("{} {}", link.node, link.id))
        .collect()
}

#[test]
fn on_one_bridge_the_limits_break_in_this_order() {
    let answer = preflight(&stock(), &workload(Network::Bridge));
    assert_eq!(
        in_order(&answer),
        [
            "53 fs.inotify.max_user_instances",
            "65 dbus.max_connections_per_user",
            "127 fs.pipe-user-pages-soft",
            "171 net.neigh.gc_thresh3",
            "256 net.neigh.gc_thresh3",
            "501 net.core.netdev_max_backlog",
            "512 bridge.ports",
            "513 dbus.max_completed_connections",
            "1025 dbus.private",
        ]
    );
    // Each link says what is left once it is raised.
    let whole = answer.chain.iter().map(|link| link.then);
    let next = answer.chain.iter().skip(1).map(|link| Some(link.node - 1));
    assert!(whole.eq(next.chain([None])));
    assert!(answer.compose.unwrap().contains("over 2 networks"));
}

#[test]
fn without_a_network_for_jobs_the_start_path_is_named_with_its_parallelism() {
    let answer = preflight(&stock(), &workload(Network::None));
    assert_eq!(
        answer.headline,
        "600 of 600 nodes start; from node 53 fs.inotify.max_user_instances degrades; with more \
         than 128 starts at once dbus.max_connections_per_user on system bus degrades; the first \
         limit beyond is net.core.netdev_max_backlog on docker0 at node 1001"
    );
    let batch = answer.batch.unwrap();
    assert_eq!((batch.starts, batch.nodes), (128, 64));
    // A PID 1 that has a hundredth of a processor refuses before the bus is full.
    let slow = stock().file("/sys/fs/cgroup/init.scope/cpu.max", "1000 100000\n");
    let answer = preflight(&slow, &workload(Network::None));
    let batch = answer.batch.unwrap();
    assert_eq!(
        (batch.by.as_str(), batch.effect),
        ("docker.start-rate@PID 1", Effect::Stops)
    );
    let said = format!(
        "with more than {} starts at once docker.start-rate on PID 1",
        batch.starts
    );
    assert!(answer.headline.contains(&said), "{}", answer.headline);
    let calm = Workload {
        starts_at_once: Some(batch.starts),
        ..workload(Network::None)
    };
    let calm = preflight(&slow, &calm);
    assert_eq!(calm.nodes_fit, Some(1023));
}

#[test]
fn on_the_hosts_network_neither_bridge_nor_neighbours_count() {
    let answer = preflight(
        &stock(),
        &asked(&[
            ("nodes", "600"),
            ("node-network", "host"),
            ("job-network", "host"),
            ("tty", "all"),
        ]),
    );
    assert_eq!(
        in_order(&answer),
        [
            "53 fs.inotify.max_user_instances",
            "65 dbus.max_connections_per_user",
            "127 fs.pipe-user-pages-soft",
            "513 dbus.max_completed_connections",
            "1025 dbus.private",
        ]
    );
    let mut rows = answer.limits.iter();
    let pty = rows.find(|row| row.id == "kernel.pty.max").unwrap();
    assert_eq!(pty.stops_at, Some(1536));
}

#[test]
fn inner_containers_count_against_the_hosts_root_and_not_against_its_bridge() {
    let dind = [
        ("nodes", "dind=300"),
        ("jobs-per-node", "4"),
        ("image-size", "2G"),
    ];
    let answer = preflight(&stock(), &asked(&dind));
    assert_eq!(
        in_order(&answer),
        [
            "22 fs.inotify.max_user_instances",
            "51 fs.pipe-user-pages-soft",
            "69 net.neigh.gc_thresh3",
            "103 net.neigh.gc_thresh3",
            "129 dbus.max_connections_per_user",
            "256 disk.space",
            "273 disk.inodes",
            "1001 net.core.netdev_max_backlog",
        ]
    );
    assert!(
        answer
            .headline
            .starts_with("255 of 300 nodes start; node 256 is refused by disk.space")
    );
    let own = [&dind[..2], &[("node-network", "per-node")]].concat();
    let answer = preflight(&stock(), &asked(&own));
    assert_eq!((answer.nodes_fit, answer.verdict), (Some(30), Fate::Stops));
    assert!(
        answer.headline.contains("docker.address-pools"),
        "{}",
        answer.headline
    );
}

#[test]
fn the_order_of_a_mix_decides_at_which_node_it_breaks() {
    let mix = |order| {
        let said = [
            ("nodes", "host=300,dind=100"),
            ("jobs-per-node", "host=1,dind=4"),
            ("order", order),
        ];
        in_order(&preflight(&stock(), &asked(&said)))
    };
    let turn = mix("in-turn");
    assert_eq!(
        turn,
        [
            "53 fs.inotify.max_user_instances",
            "65 dbus.max_connections_per_user",
            "127 fs.pipe-user-pages-soft",
            "309 net.neigh.gc_thresh3",
            "343 net.neigh.gc_thresh3",
            "563 dbus.max_completed_connections",
        ]
    );
    // Mixed, four nodes are eleven containers; with the DinD nodes last the first four are eight.
    let mixed = mix("interleaved");
    assert_eq!(mixed[0], "38 fs.inotify.max_user_instances");
}

fn at_least(name: &str, number: i128) -> Setting {
    let kind = if name.contains('.') { "sysctl" } else { "dbus" };
    Setting {
        key: Key::new(kind, name),
        desired: Desired::AtLeast(vec![Quantity::Finite(number)]),
        shape: Shape::ceiling(0, i64::MAX as i128),
        optional: false,
        reason: None,
        span: Span::new("dense-1200.ini", 1),
    }
}

#[test]
fn with_what_the_dense_profile_raises_everything_fits() {
    let settings = [
        at_least("fs.inotify.max_user_instances", 8192),
        at_least("fs.pipe-user-pages-soft", 262_144),
        at_least("net.core.netdev_max_backlog", 4096),
        at_least("net.ipv4.neigh.default.gc_thresh3", 16384),
        at_least("net.ipv6.neigh.default.gc_thresh3", 16384),
        at_least("max_connections_per_user", 4096),
        at_least("max_completed_connections", 8192),
        at_least("kernel.keys.root_maxkeys", 10_000),
    ];
    let readings = Readings::take(&stock(), &workload(Network::None));
    let (after, changes) = readings.with(&settings);
    let answer = after.answer();
    assert_eq!((answer.verdict, answer.batch), (Fate::Fits, None));
    assert_eq!(
        changes.len(),
        settings.len() - 1,
        "keys had more: {changes:?}"
    );
    // Everything that stands in the way of the bridge is raised, the bridge itself cannot be.
    let bridged = Readings::take(&stock(), &workload(Network::Bridge));
    let answer = bridged.with(&settings).0.answer();
    assert_eq!(
        (answer.nodes_fit, answer.nodes_fit_undegraded),
        (Some(511), Some(511))
    );
}

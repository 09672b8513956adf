//! What binds on 40 processors and 251 GB, in order: each sort of workload with the node at which a limit
//! breaks, reckoned by hand from ceiling, use and cost.
#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::Value;
use std::process::Command;

fn ask(host: &str, question: &str, more: &[&str]) -> Value {
    let path = format!(
        "{}/../../tests/hosts/{host}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let mut command = Command::new(env!("CARGO_BIN_EXE_hosttune"));
    command.args(["preflight", "--format", "json", "--facts", &path]);
    let output = command
        .args(question.split_whitespace())
        .args(more)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The limits that break within the workload, with the first node that finds them broken.
fn broken(answer: &Value) -> Vec<(String, u64)> {
    let rows = answer["limits"].as_array().unwrap().iter();
    let at = |row: &Value| row["stops_at"].as_u64().or(row["degrades_at"].as_u64());
    rows.filter(|row| row["verdict"] == "stops" || row["verdict"] == "degrades")
        .map(|row| (row["id"].as_str().unwrap().to_owned(), at(row).unwrap()))
        .collect()
}

fn row<'a>(answer: &'a Value, id: &str) -> &'a Value {
    let rows = answer["limits"].as_array().unwrap();
    rows.iter().find(|row| row["id"] == id).unwrap()
}

fn check(question: &str, wanted: &[(&str, u64)]) -> Value {
    let answer = ask("40-core-stock", question, &[]);
    let found = broken(&answer);
    let found: Vec<(&str, u64)> = found.iter().map(|(id, at)| (id.as_str(), *at)).collect();
    assert_eq!(found, wanted, "{question}");
    assert_eq!(
        (&answer["unknown"], &answer["at_most"]),
        (&Value::Array(vec![]), &Value::Bool(false))
    );
    answer
}

/// Two containers a node, two connections to the bus and two neighbours each.
#[test]
fn nodes_and_jobs_on_one_bridge() {
    let answer = check(
        "--nodes 600 --jobs-per-node 1 --job-network bridge",
        &[
            ("fs.inotify.max_user_instances", 61), // 128 - 8 of the host, 2 a node
            ("dbus.max_connections_per_user", 64), // 256 - 3, 4 a node that starts
            ("fs.pipe-user-pages-soft", 128),      // 16,384 - 80 pages, 64 a container
            ("net.neigh.gc_thresh3", 171),         // IPv6: 1,024 - 4, 3 a container
            ("net.neigh.gc_thresh3", 256),         // IPv4: 1,024 - 2, 2 a container
            ("net.core.netdev_max_backlog", 501),  // 1,000 ports, 2 a node
            ("bridge.ports", 512),                 // 1,023 ports, 2 a node
            ("dbus.max_completed_connections", 512),
        ],
    );
    assert_eq!(answer["nodes_fit"], 511);
    assert_eq!(
        answer["headline"],
        "511 of 600 nodes start; node 512 is refused by bridge.ports on docker0; \
         from node 61 fs.inotify.max_user_instances degrades"
    );
}

#[test]
fn jobs_without_a_network_leave_the_start_path_which_is_named_with_its_parallelism() {
    let question = "--nodes 600 --jobs-per-node 1 --job-network none";
    let answer = check(
        question,
        &[
            ("fs.inotify.max_user_instances", 61),
            ("dbus.max_connections_per_user", 64),
            ("fs.pipe-user-pages-soft", 128),
            ("net.neigh.gc_thresh3", 341),
            ("net.neigh.gc_thresh3", 512),
            ("dbus.max_completed_connections", 512),
        ],
    );
    assert_eq!(
        (
            &answer["nodes_fit"].as_u64().unwrap() >= &600,
            &answer["batch"]["starts"]
        ),
        (true, &126.into())
    );
    let start = row(&answer, "docker.start-rate");
    assert!(start["starts_fit"].as_u64().unwrap() > 1200, "{start}");
    // What the pace of PID 1 is thought to lie between comes to the same.
    for answer_time in ["0.3ms", "0.8ms"] {
        let assumed = format!("cpus=40,memory=251G,numa=2,pid1-answer={answer_time}");
        let answer = ask("debian-13-stock", question, &["--assume", &assumed]);
        assert_eq!(
            row(&answer, "docker.start-rate")["verdict"],
            "fits",
            "{answer_time}"
        );
    }
}

/// No bridge, no neighbours, no backlog.
#[test]
fn nodes_and_jobs_on_the_network_of_the_host() {
    check(
        "--nodes 600 --jobs-per-node 1 --node-network host --job-network host",
        &[
            ("fs.inotify.max_user_instances", 61),
            ("dbus.max_connections_per_user", 64),
            ("fs.pipe-user-pages-soft", 128),
            ("dbus.max_completed_connections", 512),
        ],
    );
}

/// Inner containers count against what the kernel counts by user; the bus sees the outer ones alone.
#[test]
fn nodes_with_a_docker_of_their_own() {
    let dind = "--nodes dind=300 --jobs-per-node 4";
    let inner = [
        ("fs.inotify.max_user_instances", 25), // 120, 5 a node
        ("fs.pipe-user-pages-soft", 51),
        ("net.neigh.gc_thresh3", 69),
        ("net.neigh.gc_thresh3", 103),
        ("dbus.max_connections_per_user", 127),
    ];
    check(dind, &inner);
    // A store of 1 GB a node is the first wall of all, on the 6 GB disk of the recording.
    let stores = [("disk.space", 6), ("disk.inodes", 7)];
    check(
        &format!("{dind} --image-size 1G"),
        &[&stores[..], &inner].concat(),
    );
    // A network a node: Docker's own pools have 30 beside docker0's.
    let pools = check(
        &format!("{dind} --node-network per-node"),
        &[
            inner[0],
            ("docker.address-pools", 31),
            inner[1],
            inner[2],
            inner[3],
            inner[4],
        ],
    );
    assert_eq!(pools["nodes_fit"], 30);
}

#[test]
fn a_mix_of_both() {
    let answer = check(
        "--nodes host=300,dind=100 --jobs-per-node host=1,dind=4 --job-network bridge",
        &[
            ("fs.inotify.max_user_instances", 61),
            ("dbus.max_connections_per_user", 64),
            ("fs.pipe-user-pages-soft", 128),
            ("net.neigh.gc_thresh3", 171),
            ("net.neigh.gc_thresh3", 256),
        ],
    );
    assert_eq!(answer["verdict"], "degrades");
}

#[test]
fn with_dense_1200_the_workload_of_that_profile_fits() {
    let answer = ask(
        "40-core-dense",
        "--nodes 600 --jobs-per-node 1 --job-network none",
        &[],
    );
    assert_eq!(
        (&answer["verdict"], broken(&answer)),
        (&"fits".into(), Vec::new())
    );
}

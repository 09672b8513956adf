//! Several recorded hosts that share the nodes: who takes how many, what is left over, and what Swarm is told.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};

const SCHEMA: &str = include_str!("../../../docs/schema/hosttune-1.schema.json");

fn path(name: &str) -> String {
    format!(
        "{}/../../tests/hosts/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    )
}

fn run(hosts: &[&str], words: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hosttune"));
    command.arg("preflight").args(words.split_whitespace());
    for host in hosts {
        let path = if Path::new(host).is_absolute() {
            (*host).to_owned()
        } else {
            path(host)
        };
        command.args(["--facts", &path]);
    }
    command.output().unwrap()
}

/// The JSON answer, held to the schema, with the exit code that it says.
fn ask(hosts: &[&str], words: &str) -> Value {
    let output = run(hosts, &format!("{words} --format json"));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&answer)
        .map(|e| e.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(answer["exit"].as_i64(), output.status.code().map(i64::from));
    answer
}

const BOTH: [&str; 2] = ["40-core-stock", "40-core-dense"];
const BRIDGED: &str = "--jobs-per-node 1 --job-network bridge";

#[test]
fn what_does_not_fit_on_all_of_them_is_left_over() {
    let answer = ask(&BOTH, &format!("--nodes 2000 {BRIDGED}"));
    let fleet = &answer["fleet"];
    assert_eq!(
        (&fleet["placed"], &fleet["left_over"]),
        (&json!(1022), &json!(978))
    );
    assert_eq!(
        (&answer["verdict"], &answer["exit"]),
        (&json!("stops"), &json!(1))
    );
    for host in fleet["hosts"].as_array().unwrap() {
        assert_eq!(
            (&host["nodes_fit"], &host["refused_by"]),
            (&json!(511), &json!("bridge.ports@docker0"))
        );
        // One host alone says the same.
        let alone = run(
            &[host["host"].as_str().unwrap()],
            &format!("--nodes 600 {BRIDGED}"),
        );
        assert!(String::from_utf8_lossy(&alone.stdout).starts_with("511 of 600 nodes start"));
    }
    let stock = &fleet["hosts"][0]["share"]["degrades"];
    assert_eq!(stock["limit"], "fs.inotify.max_user_instances@uid 0");
    assert_eq!(fleet["hosts"][1]["share"]["degrades"], Value::Null);
    let service = &fleet["swarm"]["services"][0];
    assert_eq!(
        (
            &service["replicas"],
            &service["max_replicas_per_node"],
            &service["hosts"]
        ),
        (&json!(1022), &json!(511), &json!(2))
    );
}

#[test]
fn hosts_of_two_sizes_have_two_labels_and_two_services() {
    let hosts = ["40-core-dense", "debian-13-dense"];
    let answer = ask(&hosts, "--nodes 120 --node-memory 10M --job-network none");
    let fleet = &answer["fleet"];
    let small = fleet["hosts"][1]["nodes_fit"].as_u64().unwrap();
    assert!((20..120).contains(&small), "{fleet}");
    assert_eq!(
        (&fleet["left_over"], &answer["verdict"]),
        (&json!(0), &json!("fits"))
    );
    let large = fleet["hosts"][0]["share"]["nodes"].as_u64().unwrap();
    let rest = fleet["hosts"][1]["share"]["nodes"].as_u64().unwrap();
    assert_eq!(
        (large + rest, rest <= small, large > rest),
        (120, true, true)
    );
    let services = fleet["swarm"]["services"].as_array().unwrap();
    let told: Vec<(u64, u64)> = services
        .iter()
        .map(|s| {
            (
                s["replicas"].as_u64().unwrap(),
                s["max_replicas_per_node"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [(large, 120), (rest, small)]);
    let labels = fleet["swarm"]["labels"].as_array().unwrap();
    assert_eq!(
        labels[1],
        format!("docker node update --label-add hosttune.nodes={small} debian-13-dense")
    );
}

#[test]
fn a_host_that_cannot_be_told_is_neither_none_nor_all() {
    let hosts = ["40-core-dense", "cgroup-v1"];
    let enough = ask(&hosts, "--nodes 600 --job-network none");
    assert_eq!(
        (&enough["verdict"], &enough["fleet"]["placed"]),
        (&json!("fits"), &json!(600))
    );
    assert_eq!(enough["fleet"]["hosts"][1]["nodes_fit"], Value::Null);
    let open = ask(&hosts, &format!("--nodes 600 {BRIDGED}"));
    assert_eq!(
        (&open["verdict"], &open["exit"]),
        (&json!("unknown"), &json!(3))
    );
    assert_eq!(open["fleet"]["left_over"], 89);
    assert!(
        !open["fleet"]["hosts"][1]["unknown"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    // More than it takes at most: there is no place, whatever it takes.
    let none = ask(&hosts, &format!("--nodes 5000 {BRIDGED}"));
    assert_eq!(
        (&none["verdict"], &none["exit"]),
        (&json!("stops"), &json!(1))
    );
}

#[test]
fn the_text_names_hosts_labels_and_services() {
    let output = run(&BOTH, &format!("--nodes 1000 {BRIDGED}"));
    let text = String::from_utf8(output.stdout).unwrap();
    for part in [
        "1000 of 1000 nodes have a place on 2 hosts; they take 22 more at least",
        "  docker node update --label-add hosttune.nodes=511 40-core-stock\n",
        "        max_replicas_per_node: 511\n",
        "        constraints: [\"node.labels.hosttune.nodes==511\"]\n",
        "assumed of 40-core-stock cpus=40,",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn what_is_about_one_host_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let twin = folder.path().join("40-core-stock.json");
    std::fs::copy(path("40-core-stock"), &twin).unwrap();
    let twin = twin.display().to_string();
    let cases: [(&[&str], &str, &str); 6] = [
        (
            &BOTH,
            "--nodes 5 --why bridge.ports",
            "--why is about one host",
        ),
        (
            &BOTH,
            "--nodes 5 --with-profile dense-1200",
            "--with-profile is about one host",
        ),
        (
            &BOTH,
            "--nodes 5 --record /tmp/x.json",
            "--record is about one host",
        ),
        (&BOTH, "--nodes host=5,dind=5", "nodes of one sort only"),
        (&BOTH, "", "nothing says what several hosts are to run"),
        (
            &["40-core-stock", &twin],
            "--nodes 5",
            "two recordings are called `40-core-stock`",
        ),
    ];
    for (hosts, words, sentence) in cases {
        let output = run(hosts, words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(
            (output.status.code(), said.contains(sentence)),
            (Some(2), true),
            "{words}: {said}"
        );
    }
}

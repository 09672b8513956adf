//! The recorded hosts in `tests/hosts`: what preflight answers on each, and that those which were made
//! from others are what is made of them today.
//!
//! `BLESS=1 cargo test -p hosttune --test hosts` makes them again; read the diff.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests read the repository's own files"
)]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Each host that was made: its name, the recording it was made from, and what was assumed.
const MADE: &[(&str, &str, &str)] = &[
    (
        "40-core-stock",
        "debian-13-stock",
        "cpus=40,memory=251G,numa=2,pid1-answer=0.5ms",
    ),
    (
        "40-core-dense",
        "debian-13-dense",
        "cpus=40,memory=251G,numa=2,pid1-answer=0.5ms",
    ),
];
/// No recording is larger.
const LARGEST: u64 = 1 << 20;

fn hosts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/hosts")
}

fn path(name: &str) -> String {
    hosts().join(format!("{name}.json")).display().to_string()
}

fn hosttune(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hosttune"));
    command.env_clear().args(args).output().unwrap()
}

/// The answer to a question about a host.
fn preflight(name: &str, question: &[&str]) -> Value {
    let path = path(name);
    let host = ["preflight", "--facts", &path, "--format", "json"];
    let output = hosttune(&[&host, question].concat());
    assert_ne!(output.status.code(), Some(2), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn names() -> Vec<String> {
    let entries = std::fs::read_dir(hosts()).unwrap();
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.strip_suffix(".json").map(str::to_owned)
        })
        .collect();
    names.sort();
    names
}

fn row<'a>(answer: &'a Value, id: &str) -> &'a Value {
    let rows = answer["limits"].as_array().unwrap();
    rows.iter().find(|row| row["id"] == id).unwrap()
}

#[test]
fn made_hosts_are_what_is_made_of_their_recordings() {
    for (name, of, assumption) in MADE {
        let folder = tempfile::tempdir().unwrap();
        let made = folder.path().join("made.json");
        let output = made.display().to_string();
        let words = [
            "facts",
            "--facts",
            &path(of),
            "--assume",
            assumption,
            "--output",
            &output,
        ];
        let done = hosttune(&words);
        assert!(done.status.success(), "{name}: {done:?}");
        let made_now = std::fs::read_to_string(&made).unwrap();
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(path(name), &made_now).unwrap();
        }
        let kept = std::fs::read_to_string(path(name)).unwrap();
        assert!(
            kept == made_now,
            "{name}.json is another one: BLESS=1 makes it again"
        );
    }
}

#[test]
fn every_recorded_host_answers_every_question_the_same_each_time() {
    let names = names();
    assert!(names.len() >= 7, "{names:?}");
    for name in names {
        assert!(
            std::fs::metadata(path(&name)).unwrap().len() < LARGEST,
            "{name}"
        );
        for network in ["bridge", "host", "none"] {
            let question = [
                "--nodes",
                "600",
                "--job-network",
                network,
                "--node-network",
                network,
            ];
            let answer = preflight(&name, &question);
            assert_eq!(answer, preflight(&name, &question), "{name}");
            assert_eq!(answer["workload"]["nodes"], 600);
        }
    }
}

/// Each container on a bridge takes one of its 1,023 ports.
#[test]
fn on_a_stock_host_of_40_cores_bridge_ports_stop_600_nodes_of_two_containers() {
    let question = [
        "--nodes",
        "600",
        "--jobs-per-node",
        "1",
        "--job-network",
        "bridge",
    ];
    let answer = preflight("40-core-stock", &question);
    assert_eq!(answer["nodes_fit"], 511);
    let (ports, inotify) = (
        row(&answer, "bridge.ports"),
        row(&answer, "fs.inotify.max_user_instances"),
    );
    assert_eq!(
        (&ports["verdict"], &ports["stops_at"]),
        (&"stops".into(), &512.into())
    );
    assert_eq!(answer["limits"][0]["id"], "fs.inotify.max_user_instances");
    let degrades_at = inotify["degrades_at"].as_u64().unwrap();
    assert!((50..=64).contains(&degrades_at), "{inotify}");
    assert_eq!(answer["assumed"]["assumption"]["cpus"], 40);
}

#[test]
fn with_dense_1200_in_force_the_same_host_does_not_degrade_by_inotify() {
    let question = [
        "--nodes",
        "600",
        "--jobs-per-node",
        "1",
        "--job-network",
        "none",
    ];
    let stock = preflight("40-core-stock", &question);
    let dense = preflight("40-core-dense", &question);
    let verdict = |answer: &Value| row(answer, "fs.inotify.max_user_instances")["verdict"].clone();
    assert_eq!(
        (verdict(&stock), verdict(&dense)),
        ("degrades".into(), "fits".into())
    );
}

#[test]
fn what_was_derived_is_said() {
    let text = |args: &[&str]| {
        let output = hosttune(args);
        String::from_utf8(output.stdout).unwrap()
    };
    let path = path("debian-13-stock");
    let question = ["preflight", "--nodes", "5", "--facts", &path];
    assert!(!text(&question).contains("assumed"));
    let size = ["--assume", "cpus=40,memory=251G", "-v"];
    let said = text(&[&question[..], &size].concat());
    assert!(said.contains("\nassumed cpus=40,memory=251G: "), "{said}");
    assert!(
        said.contains("/sys/devices/system/cpu/online  0-1 -> 0-39  as assumed"),
        "{said}"
    );
}

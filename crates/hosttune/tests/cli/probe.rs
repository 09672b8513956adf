//! `check --probe-container` as the command line has it, with a Docker that only seems to run containers.

use crate::common::Tree;
use crate::common::run::{Output, PROGRAM, bare, finish};
use serde_json::{Value, json};
use testkit::docker::FakeDocker;

const LISTS: [(&str, Option<&str>); 2] = [
    ("/containers/json", Some("[]")),
    ("/images/json", Some("[]")),
];
const PROFILE: &str =
    "[sysctl]\nfs.pipe-user-pages-soft = 1\n[docker]\ndefault-ulimits.nofile = 5\n";

/// What the program in the container prints, and the same in frames.
fn printed() -> (Value, String) {
    let output = finish({
        let mut command = bare(PROGRAM);
        command.args([
            "inside",
            "/proc/sys/kernel/ostype",
            "/proc/sys/kernel/no-such",
        ]);
        command
    });
    let frame = |letter: char| format!("\u{1}\0\0\0\0\0\0\u{1}{letter}");
    let framed = output.stdout.chars().map(frame).collect();
    (serde_json::from_str(&output.stdout).unwrap(), framed)
}

fn check(docker: &FakeDocker, more: &[&str]) -> Output {
    let tree = Tree::empty();
    let profile = tree.profile("probe", PROFILE);
    let mut command = bare(PROGRAM);
    command
        .env("DOCKER_HOST", format!("unix://{}", docker.socket()))
        .args(["check", "--probe-container", "--profile", &profile])
        .args(more);
    finish(command)
}

#[test]
fn the_program_says_what_it_sees() {
    let (seen, _) = printed();
    assert_eq!(seen["sysctls"]["/proc/sys/kernel/ostype"], "Linux");
    assert_eq!(seen["sysctls"]["/proc/sys/kernel/no-such"], json!(null));
    assert!(seen["limits"].as_str().unwrap().contains("Max open files"));
}

#[test]
fn what_it_saw_is_in_the_document_and_below_the_table() {
    let (seen, framed) = printed();
    let docker = FakeDocker::start([
        LISTS[0],
        LISTS[1],
        ("POST /images/create", Some("{\"status\":\"sha256:abc\"}\n")),
        ("POST /containers/create", Some("{\"Id\":\"c1\"}")),
        ("POST /containers/c1/start", Some("")),
        (
            "/containers/c1/json",
            Some("{\"State\":{\"Status\":\"exited\",\"ExitCode\":0}}"),
        ),
        ("/containers/c1/logs", Some(&framed)),
    ]);
    let output = check(&docker, &["--format", "json"]);
    let document: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(document["probe"], seen);
    let layers = document["findings"][0]["layers"].as_array().unwrap();
    let container = layers.last().unwrap();
    assert_eq!(container["layer"], "container");
    assert!(container["observed"].as_str().unwrap().ends_with(" bytes"));
    crate::schema::hold(&document);
    let text = check(&docker, &[]);
    assert!(
        text.stdout
            .contains("in a container made for it, and removed:"),
        "{text:?}"
    );
    assert!(
        text.stderr
            .contains("probe: the container and its image are removed"),
        "{text:?}"
    );
}

#[test]
fn without_a_container_it_is_unknown_and_says_why() {
    let docker = FakeDocker::start([LISTS[0], LISTS[1]]);
    let output = check(&docker, &["--format", "json"]);
    let document: Value = serde_json::from_str(&output.stdout).unwrap();
    assert!(document["probe"].is_null() && document["exit"] != 0);
    assert_eq!(document["problems"][0]["kind"], "probe");
    let layers = document["findings"][0]["layers"].as_array().unwrap();
    assert_eq!(layers.last().unwrap()["verdict"], "unknown");
    crate::schema::hold(&document);
}

#[test]
fn a_tree_has_no_container() {
    let tree = Tree::empty();
    let profile = tree.profile("probe", PROFILE);
    let output = tree.expect(2, &["check", "--probe-container", "--profile", &profile]);
    assert!(output.stderr.contains("--root"), "{}", output.stderr);
}

//! GET on a fake Docker's socket.
#![expect(clippy::unwrap_used, reason = "a test's helper fails the test")]

use host::{Door, Held};
use model::{Host, HostError, Inside, Probe};
use std::time::Duration;
use testkit::docker::FakeDocker;

fn door(docker: &FakeDocker) -> Door {
    Door::open(None)
        .unwrap()
        .with_docker(docker.socket())
        .with_patience(Duration::from_secs(1))
}

#[test]
fn a_body_arrives_whole_and_each_question_counts() {
    let long = "x".repeat(1 << 20);
    let docker = FakeDocker::start([("/info", Some("{\"a\":1}")), ("/long", Some(&long))]);
    let door = door(&docker);
    assert_eq!(door.docker("/info").unwrap(), "{\"a\":1}");
    assert_eq!(door.docker("/long").unwrap(), long);
    assert!(door.docker("/gone").unwrap_err().is_not_found());
    assert_eq!(docker.asked(), ["/info", "/long", "/gone"]);
    assert_eq!(door.docker_calls(), 3);
}

#[test]
fn silent_absent_and_injected_are_told_apart() {
    let docker = FakeDocker::start([("/info", None)]);
    let error = door(&docker).docker("/info").unwrap_err();
    assert_eq!(error.to_string(), "docker /info: no answer within 1 s");
    let nobody = Door::open(None).unwrap().with_docker("/nonexistent/socket");
    let error = nobody.docker("/info").unwrap_err();
    assert!(matches!(error, HostError::Unavailable { .. }), "{error}");
    for odd in ["info", "/info HTTP/1.1\r\nX: y", "/a b"] {
        let error = door(&docker).docker(odd).unwrap_err();
        assert!(matches!(error, HostError::Failed { .. }), "{error}");
    }
}

#[test]
fn a_tree_has_no_docker() {
    let docker = FakeDocker::start([("/info", Some("{}"))]);
    let directory = tempfile::tempdir().unwrap();
    let tree = Door::open(Some(directory.path().to_owned())).unwrap();
    let error = tree
        .with_docker(docker.socket())
        .docker("/info")
        .unwrap_err();
    assert!(matches!(error, HostError::Unavailable { .. }), "{error}");
    assert!(docker.asked().is_empty());
}

/// What a container without a terminal prints, in frames of one letter.
fn framed(text: &str) -> String {
    let frame = |letter: char| format!("\u{1}\0\0\0\0\0\0\u{1}{letter}");
    text.chars().map(frame).collect()
}

/// A probe, what was asked without queries, and what was said.
fn probe(docker: &FakeDocker) -> (Probe, Vec<String>, Vec<String>) {
    let mut said = Vec::new();
    let held = Held::begin().unwrap();
    let words = ["inside".to_owned()];
    let seen = door(docker).probe_container(&words, &held, &mut |line| said.push(line.to_owned()));
    let bare = |path: String| path.split('?').next().unwrap_or_default().to_owned();
    (seen, docker.asked().into_iter().map(bare).collect(), said)
}

const LEFT: &str = r#"[{"Id": "old", "Labels": {"hosttune.probe": "1-1"}}]"#;
const MADE: &str = r#"[{"Id": "c1"}]"#;
const EXITED: &str = r#"{"State": {"Status": "exited", "ExitCode": 0}}"#;

#[test]
fn a_probe_takes_away_what_it_made_and_what_a_killed_one_left() {
    let inside = Inside {
        pids_max: Some("max".to_owned()),
        ..Inside::default()
    };
    let printed = framed(&serde_json::to_string(&inside).unwrap());
    let docker = FakeDocker::start([
        ("/containers/json", Some(LEFT)),
        ("/containers/json", Some(LEFT)),
        ("/containers/json", Some("[]")),
        ("/containers/json", Some(MADE)),
        ("/containers/json", Some("[]")),
        ("/images/json", Some("[]")),
        ("DELETE /containers/c1", Some("")),
        ("DELETE /containers/old", Some("")),
        ("POST /images/create", Some("{\"status\":\"sha256:abc\"}\n")),
        ("POST /containers/create", Some("{\"Id\":\"c1\"}")),
        ("POST /containers/c1/start", Some("")),
        ("/containers/c1/json", Some(EXITED)),
        ("/containers/c1/logs", Some(&printed)),
    ]);
    let (seen, asked, said) = probe(&docker);
    assert_eq!(seen, Ok(inside));
    let lists = ["/containers/json", "/images/json"];
    let left = ["/containers/json", "DELETE /containers/old", "/images/json"];
    let made = ["/containers/json", "DELETE /containers/c1", "/images/json"];
    let works = [
        "POST /images/create",
        "POST /containers/create",
        "POST /containers/c1/start",
        "/containers/c1/json",
        "/containers/c1/logs",
    ];
    let all = [&lists[..], &left, &lists, &works, &made, &lists];
    assert_eq!(asked, all.concat());
    assert_eq!(said[0], "removing what a probe that was killed left (1-1)");
    assert_eq!(
        said.last().unwrap(),
        "the container and its image are removed"
    );
}

#[test]
fn what_fails_on_the_way_is_taken_away_too() {
    let docker = FakeDocker::start([
        ("/containers/json", Some("[]")),
        ("/images/json", Some("[]")),
        (
            "POST /images/create",
            Some("{\"status\":\"x\"}\n{\"error\":\"no space left\"}\n"),
        ),
    ]);
    let (seen, asked, _) = probe(&docker);
    let error = seen.unwrap_err().to_string();
    assert!(error.contains("no space left"), "{error}");
    let lists = ["/containers/json", "/images/json"];
    assert_eq!(
        asked,
        [&lists[..], &["POST /images/create"], &lists].concat()
    );
    let nobody = FakeDocker::start([]);
    let (seen, asked, said) = probe(&nobody);
    assert!(seen.unwrap_err().is_not_found());
    assert_eq!(
        asked,
        ["/containers/json"],
        "nothing is made where nothing can be listed"
    );
    assert!(said.is_empty());
}

//! GET on a fake Docker's socket.
#![expect(clippy::unwrap_used, reason = "a test's helper fails the test")]

use host::Door;
use model::{Host, HostError};
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

//! What a probe saw, as verdicts.

use super::super::container_sysctl::WHOLE_PIPE;
use super::super::tally::tests::limits;
use super::*;
use crate::{asked_of_container, check_with};
use model::{Attempts, Entry, Finding, HostError, LayerFinding, Property, Setting, Span, Verdict};
use testkit::FakeHost;

const JSON: &str = "/etc/docker/daemon.json";
const ULIMITS: &str =
    r#"{"default-ulimits": {"nofile": {"Name": "nofile", "Soft": 5, "Hard": 6}}}"#;

fn settings(lines: &[(&str, Option<&str>, &str, &str)]) -> Vec<Setting> {
    let entry = |(kind, name, key, value): &(&str, Option<&str>, &str, &str)| Entry {
        kind: (*kind).to_owned(),
        name: name.map(str::to_owned),
        key: (*key).to_owned(),
        value: (*value).to_owned(),
        reason: None,
        span: Span::new("p.ini", 1),
    };
    crate::parse(&lines.iter().map(entry).collect::<Vec<_>>()).unwrap()
}

fn inside() -> Inside {
    Inside {
        limits: limits("5", "6"),
        pids_max: Some("4915".to_owned()),
        pipe_bytes: Some(WHOLE_PIPE),
        inotify: Attempts {
            tried: 4,
            done: 4,
            refused: None,
        },
        ..Inside::default()
    }
}

/// Docker and containerd run, each of them as stock.
fn host() -> FakeHost {
    let running = Property::Text("active".to_owned());
    let unlimited = Property::Number(u64::MAX);
    FakeHost::new()
        .unit_with("docker.service", &[("ActiveState", running.clone())])
        .unit_with(
            "containerd.service",
            &[
                ("ActiveState", running),
                ("LimitNOFILE", unlimited.clone()),
                ("LimitNOFILESoft", unlimited),
            ],
        )
        .docker_answer(
            "/info",
            r#"{"CgroupDriver": "systemd", "ContainersRunning": 3}"#,
        )
}

fn found(host: &FakeHost, wish: (&str, Option<&str>, &str, &str), probe: &Probe) -> Finding {
    check_with(host, &settings(&[wish]), Some(probe)).remove(0)
}

fn container(finding: &Finding) -> &LayerFinding {
    finding
        .layer(Layer::Container)
        .expect("a look at the container")
}

#[test]
fn a_default_that_only_the_file_has_waits_for_a_restart() {
    let host = host().file(JSON, ULIMITS);
    let wish = ("docker", None, "default-ulimits.nofile", "exact 5:6");
    let other = Inside {
        limits: limits("1024", "524288"),
        ..inside()
    };
    let finding = found(&host, wish, &Ok(other));
    assert_eq!(container(&finding).verdict, Verdict::Pending);
    assert_eq!(
        container(&finding).note.as_deref(),
        Some("waits for a restart of docker.service, which stops 3 containers")
    );
    let finding = found(&host, wish, &Ok(inside()));
    assert_eq!(container(&finding).verdict, Verdict::Met);
}

#[test]
fn containers_inherit_from_containerd_what_docker_does_not_give() {
    let wish = ("unit", Some("containerd.service"), "LimitNOFILE", "5");
    let finding = found(&host(), wish, &Ok(inside()));
    assert_eq!(container(&finding).verdict, Verdict::Met);
    let more = ("unit", Some("containerd.service"), "LimitNOFILE", "100");
    let finding = found(&host(), more, &Ok(inside()));
    assert_eq!(container(&finding).verdict, Verdict::Pending);
    let finding = found(&host().file(JSON, ULIMITS), more, &Ok(inside()));
    assert_eq!(container(&finding).verdict, Verdict::NotApplicable);
    let tasks = ("unit", Some("containerd.service"), "TasksMax", "100");
    assert!(
        found(&host(), tasks, &Ok(inside()))
            .layer(Layer::Container)
            .is_none()
    );
}

#[test]
fn a_soft_limit_that_containerd_raised_and_handed_on_is_told() {
    let wish = (
        "unit",
        Some("containerd.service"),
        "LimitNOFILE",
        "exact 4096:200000",
    );
    let with = |soft: &str| Inside {
        limits: limits(soft, "200000"),
        ..inside()
    };
    let finding = found(&host(), wish, &Ok(with("200000")));
    let look = container(&finding);
    assert_eq!(look.verdict, Verdict::NotApplicable);
    assert!(
        look.observed
            .describe(&finding.setting.shape)
            .starts_with("200000: containerd raises")
    );
    let finding = found(&host(), wish, &Ok(with("4096")));
    assert_eq!(container(&finding).verdict, Verdict::Met);
    let finding = found(&host(), wish, &Ok(with("5000")));
    assert_eq!(container(&finding).verdict, Verdict::Drifted);
}

#[test]
fn a_scope_without_a_limit_of_its_own_has_systemds_default() {
    let wish = ("manager", None, "DefaultTasksMax", "4000");
    let finding = found(&host(), wish, &Ok(inside()));
    assert_eq!(
        container(&finding).observed,
        Observed::Value(Value::number(4915))
    );
    let cgroupfs = host().docker_answer("/info", r#"{"CgroupDriver": "cgroupfs"}"#);
    assert!(
        found(&cgroupfs, wish, &Ok(inside()))
            .layer(Layer::Container)
            .is_none()
    );
}

#[test]
fn a_limit_that_is_reached_shows_inside_whatever_its_value() {
    let pipe = ("sysctl", None, "fs.pipe-user-pages-soft", "1");
    let watch = ("sysctl", None, "fs.inotify.max_user_instances", "1");
    let full = Inside {
        pipe_bytes: Some(8192),
        inotify: Attempts {
            tried: 4,
            done: 1,
            refused: Some("too many open files".to_owned()),
        },
        ..inside()
    };
    for wish in [pipe, watch] {
        let fine = found(&host(), wish, &Ok(inside()));
        assert_eq!(container(&fine).verdict, Verdict::Met);
        let finding = found(&host(), wish, &Ok(full.clone()));
        let seen = container(&finding);
        assert_eq!(seen.verdict, Verdict::Drifted, "{seen:?}");
        assert!(
            seen.fix
                .as_ref()
                .is_some_and(|fix| fix.contains("preflight"))
        );
    }
}

#[test]
fn a_key_of_a_namespace_is_told_and_not_judged() {
    let path = "/proc/sys/net/core/somaxconn".to_owned();
    let wish = ("sysctl", None, "net.core.somaxconn", "9999");
    assert_eq!(asked_of_container(&settings(&[wish])), [path.as_str()]);
    let mut seen = inside();
    seen.sysctls.insert(path, Some("4096".to_owned()));
    let finding = found(&host(), wish, &Ok(seen));
    let look = container(&finding);
    assert_eq!(look.verdict, Verdict::NotApplicable);
    let Observed::NotApplicable(told) = &look.observed else {
        panic!("{look:?}");
    };
    assert!(told.starts_with("4096: a container has its own"), "{told}");
}

#[test]
fn without_a_container_nothing_is_proved() {
    let refused: Probe = Err(HostError::Unavailable {
        what: "docker".to_owned(),
        why: "nothing listens".to_owned(),
    });
    for wish in [
        ("docker", None, "default-ulimits.nofile", "5"),
        ("sysctl", None, "fs.inotify.max_user_instances", "1"),
        ("manager", None, "DefaultTasksMax", "1"),
        ("unit", Some("containerd.service"), "LimitNOFILE", "5"),
    ] {
        let finding = found(&host(), wish, &refused);
        assert_eq!(container(&finding).verdict, Verdict::Unknown, "{wish:?}");
    }
}

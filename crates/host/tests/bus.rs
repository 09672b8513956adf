//! Units over a private bus: what is read, how often it is asked, and how each failure is told.
#![expect(clippy::unwrap_used, reason = "a test's helper fails the test")]

use host::Door;
use model::{Action, Host, HostError, Machine, Property};
use std::time::Duration;
use testkit::bus::FakeBus;

fn bus() -> FakeBus {
    let bus = FakeBus::start();
    let text = |text: &str| Property::Text(text.to_owned());
    bus.set("docker.service", "TasksMax", Property::Number(u64::MAX));
    bus.set("docker.service", "LimitNOFILESoft", Property::Number(1024));
    bus.set("docker.service", "MainPID", Property::Number(77));
    bus.set("docker.service", "NeedDaemonReload", Property::Flag(true));
    let drop_ins = vec!["/etc/x.conf".to_owned(), "/run/y.conf".to_owned()];
    bus.set("docker.service", "DropInPaths", Property::List(drop_ins));
    bus.set("docker.service", "ControlGroup", text("/system.slice"));
    bus.set("docker.service", "Description", text("nobody asked"));
    bus.set("9p@a-b.mount", "TasksMax", Property::Number(5));
    bus
}

fn door(bus: &FakeBus) -> Door {
    Door::open(None)
        .unwrap()
        .with_bus(bus.address())
        .with_patience(Duration::from_secs(1))
}

#[test]
fn a_unit_has_the_properties_that_were_asked_for_and_no_others() {
    let bus = bus();
    let unit = door(&bus).unit("docker.service").unwrap();
    assert_eq!(unit.number("TasksMax"), Some(u64::MAX));
    assert_eq!(unit.number("LimitNOFILESoft"), Some(1024));
    assert_eq!(unit.main_pid(), Some(77));
    assert_eq!(unit.properties["NeedDaemonReload"], Property::Flag(true));
    assert_eq!(unit.list("DropInPaths"), ["/etc/x.conf", "/run/y.conf"]);
    assert_eq!(unit.text("ActiveState"), Some("active"));
    assert!(!unit.properties.contains_key("Description"));
    assert!(!unit.properties.contains_key("EnvironmentFiles"));
}

#[test]
fn expected_units_come_in_one_round_and_are_kept_until_forgotten() {
    let (bus, names) = (bus(), ["docker.service", "9p@a-b.mount", "gone.service"]);
    let door = door(&bus);
    door.expect_units(&names);
    assert_eq!(door.bus_calls(), 0);
    for _ in 0..2 {
        assert_eq!(
            door.unit("9p@a-b.mount").unwrap().number("TasksMax"),
            Some(5)
        );
        assert!(door.unit("gone.service").unwrap().is_missing());
        assert!(!door.unit("docker.service").unwrap().is_missing());
    }
    assert_eq!(bus.calls(), ["Hello", "GetAll", "GetAll", "GetAll"]);
    assert_eq!(door.bus_calls(), 4);
    bus.set("docker.service", "MainPID", Property::Number(78));
    door.refresh();
    assert_eq!(door.unit("docker.service").unwrap().main_pid(), Some(78));
    assert_eq!(bus.calls().len(), 7);
}

#[test]
fn denied_silent_and_missing_are_told_apart() {
    let denied = bus();
    denied.deny("GetAll");
    let error = door(&denied).unit("docker.service").unwrap_err();
    assert_eq!(
        error.to_string(),
        "docker.service: permission denied (needs root)"
    );
    let silent = bus();
    silent.ignore("GetAll");
    let error = door(&silent).unit("docker.service").unwrap_err();
    assert_eq!(error.to_string(), "docker.service: no answer within 1 s");
    let deaf = bus();
    deaf.ignore("Hello");
    let error = door(&deaf).unit("docker.service").unwrap_err();
    assert_eq!(error.to_string(), "the system bus: no answer within 1 s");
    let nobody = Door::open(None)
        .unwrap()
        .with_bus("unix:path=/nonexistent/bus");
    let error = nobody.unit("docker.service").unwrap_err();
    assert!(matches!(error, HostError::Unavailable { .. }), "{error}");
}

#[test]
fn reload_and_restart_wait_for_systemd() {
    let bus = bus();
    let door = door(&bus);
    door.act(&Action::Reload).unwrap();
    assert_eq!(bus.calls(), ["Hello", "Reload"]);
    let restart = Action::Restart {
        unit: "docker.service".to_owned(),
    };
    bus.keep_busy(1);
    door.act(&restart).unwrap();
    let calls = [
        "Hello",
        "ResetFailedUnit",
        "RestartUnit",
        "Get",
        "Get",
        "GetAll",
    ];
    assert_eq!(bus.calls()[2..], calls);
    let failed = Property::Text("failed".to_owned());
    bus.set("docker.service", "ActiveState", failed);
    let error = door.act(&restart).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("docker.service: failed after")
    );
    let forget = Action::ForgetFailure {
        unit: "docker.service".to_owned(),
    };
    door.act(&forget).unwrap();
    assert_eq!(bus.calls().last().unwrap(), "ResetFailedUnit");
    bus.deny("Reload");
    let error = door.act(&Action::Reload).unwrap_err();
    assert!(matches!(error, HostError::Denied { needs, .. } if needs == "root"));
}

#[test]
fn a_real_bus_daemon_is_no_different() {
    let Some(bus) = FakeBus::behind_daemon() else {
        eprintln!("left out: dbus-daemon is not installed");
        return;
    };
    bus.set("docker.service", "TasksMax", Property::Number(9));
    let unit = door(&bus).unit("docker.service").unwrap();
    assert_eq!(unit.number("TasksMax"), Some(9));
    let gone = door(&bus).unit("gone.service").unwrap();
    assert!(gone.is_missing());
}

#[test]
fn a_tree_runs_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let bus = bus();
    let door = Door::open(Some(directory.path().to_owned()))
        .unwrap()
        .with_bus(bus.address());
    let error = door.unit("docker.service").unwrap_err();
    assert_eq!(
        error.to_string(),
        "docker.service: not available: nothing runs in a file tree"
    );
    let actions = [
        Action::Reload,
        Action::LoadModule {
            module: "nf_conntrack".to_owned(),
        },
        Action::Restart {
            unit: "docker.service".to_owned(),
        },
        Action::WriteKernel {
            path: "/proc/sys/vm/swappiness".to_owned(),
            value: "1".to_owned(),
        },
    ];
    for action in actions {
        let error = door.act(&action).unwrap_err();
        assert!(matches!(error, HostError::Unavailable { .. }), "{error}");
    }
    assert!(bus.calls().is_empty());
}

/// Run by hand in a release build: `cargo test --release -p host --test bus -- --ignored
/// --nocapture`.
#[test]
#[ignore = "a measurement"]
fn connecting_and_two_units() {
    for bus in [Some(FakeBus::start()), FakeBus::behind_daemon()] {
        let Some(bus) = bus else { continue };
        for name in ["docker.service", "containerd.service"] {
            for number in 0..300 {
                bus.set(name, &format!("Limit{number}"), Property::Number(number));
            }
        }
        let mut times: Vec<Duration> = (0..200)
            .map(|_| {
                let started = std::time::Instant::now();
                let door = door(&bus);
                door.expect_units(&["docker.service", "containerd.service"]);
                door.unit("docker.service").unwrap();
                door.unit("containerd.service").unwrap();
                started.elapsed()
            })
            .collect();
        times.sort();
        println!("min {:?}, median {:?}", times[0], times[100]);
    }
}

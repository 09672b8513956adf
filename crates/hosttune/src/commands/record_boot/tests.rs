//! A boot on a host in memory: applied, rebooted, and looked at.

use super::*;
use model::{Entry, Property, Span};
use settings::{Profile, latest_boot};
use testkit::FakeHost;

const SCHEMA: &str = include_str!("../../../../../docs/schema/hosttune-1.schema.json");
const SWAPPINESS: &str = "/proc/sys/vm/swappiness";
const GROUP: &str = "/system.slice/docker.service";
const NEXT: &str = "6d2f9f0c-5d3b-4d0e-9a51-0d5a3c1f7e42";

fn host() -> FakeHost {
    FakeHost::new()
        .file("/proc/sys/kernel/osrelease", "6.12.0\n")
        .file(SWAPPINESS, "60\n")
        .file(
            "/usr/lib/systemd/system/docker.service",
            "[Service]\nTasksMax=4000\n",
        )
        .unit_with(
            "docker.service",
            &[
                ("TasksMax", Property::Number(4000)),
                ("ControlGroup", Property::Text(GROUP.to_owned())),
            ],
        )
        .file(&format!("/sys/fs/cgroup{GROUP}/pids.max"), "4000\n")
}

fn profile() -> Profile {
    let entry = |kind: &str, name: Option<&str>, key: &str, value: &str, line| Entry {
        kind: kind.to_owned(),
        name: name.map(str::to_owned),
        key: key.to_owned(),
        value: value.to_owned(),
        reason: None,
        span: Span::new("/p.ini", line),
    };
    let entries = vec![
        entry("sysctl", None, "vm.swappiness", "exact 10", 1),
        entry("unit", Some("docker.service"), "TasksMax", "exact 5000", 2),
    ];
    Profile {
        name: "dense".to_owned(),
        path: "/p.ini".to_owned(),
        settings: settings::parse(&entries).unwrap(),
        entries,
    }
}

/// Applied, and booted again into what was stored.
fn booted() -> FakeHost {
    let host = host();
    let (profile, journal) = (profile(), Journal::load(&host).unwrap());
    let plan = settings::plan(&host, &profile, &journal).unwrap().unwrap();
    settings::apply(&host, &profile, &plan, &journal, &mut |_| {}).unwrap();
    host.reboot(NEXT);
    let host = host.file("/proc/sys/kernel/random/boot_id", &format!("{NEXT}\n"));
    host.file(SWAPPINESS, "10\n")
        .file(&format!("/sys/fs/cgroup{GROUP}/pids.max"), "5000\n")
}

/// Looks once, and holds the document to its schema.
fn looked(host: &FakeHost) -> Report {
    let report = last_look(host, Duration::ZERO, &mut |_, _| {}).unwrap();
    let document: Value = serde_json::from_str(&document(host, &report).unwrap()).unwrap();
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = validator
        .iter_errors(&document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}\n{document:#}");
    report
}

fn answer(report: &Report) -> (&str, u8) {
    (report.verdict.as_str(), report.exit.code())
}

#[test]
fn a_boot_that_shows_what_was_read_back_is_met() {
    let host = booted();
    let report = looked(&host);
    assert_eq!(answer(&report), ("met", 0), "{}", report.text);
    assert_eq!(report.text, "profile dense (apply 1): 2 met\n");
    let shown = &report.payload["boot"];
    assert_eq!(
        (&shown["apply"], &shown["kernel"]),
        (&json!(1), &json!("6.12.0"))
    );
    assert_eq!(shown["settings"][0]["layers"][0]["expected"], "10");
    keep_boot(&host, &document(&host, &report).unwrap()).unwrap();
    assert_eq!(latest_boot(&host).unwrap().unwrap().id, NEXT);
}

#[test]
fn what_was_lost_is_a_line_with_who_did_it() {
    let host = booted()
        .file("/etc/sysctl.d/99-zz.conf", "vm.swappiness=60\n")
        .file(SWAPPINESS, "60\n");
    let report = looked(&host);
    assert_eq!(answer(&report), ("drifted", 1));
    assert!(
        report.text.contains(
            "drifted sysctl:vm.swappiness: expected 10, stored 60 at /etc/sysctl.d/99-zz.conf:1, \
             next-boot 60 at /etc/sysctl.d/99-zz.conf:1, running 60 at /proc/sys/vm/swappiness; /etc/sysctl.d/99-zz.conf:1 is read later"
        ),
        "{}",
        report.text
    );
}

#[test]
fn a_daemon_that_does_not_run_any_more_proves_nothing() {
    let down = [
        ("TasksMax", Property::Number(5000)),
        ("ControlGroup", Property::Text(String::new())),
    ];
    let host = booted().unit_with("docker.service", &down);
    let report = looked(&host);
    assert_eq!(answer(&report), ("unknown", 3), "{}", report.text);
    let line = "unknown unit:docker.service/TasksMax: expected 5000, process unreadable: \
                docker.service does not run; after the apply it was 5000";
    assert!(report.text.contains(line), "{}", report.text);
}

#[test]
fn a_restart_that_waits_is_not_verified() {
    let host = booted().file(&format!("/sys/fs/cgroup{GROUP}/pids.max"), "4000\n");
    assert_eq!(answer(&looked(&host)), ("pending", 1));
}

#[test]
fn with_nothing_in_force_there_is_nothing_to_lose() {
    let host = host().file("/proc/sys/kernel/random/boot_id", NEXT);
    let report = looked(&host);
    assert_eq!(answer(&report), ("none", 0));
    assert_eq!(report.text, "nothing is in force\n");
}

fn edit(host: &FakeHost, from: &str, to: &str) {
    let path = "/var/lib/hosttune/journal/0001.json";
    let text = host.text(path).unwrap();
    assert!(text.contains(from), "{text}");
    host.put(path, model::Image::text(text.replacen(from, to, 1)));
}

#[test]
fn an_apply_that_was_cut_off_is_named() {
    let host = booted();
    edit(&host, "\"applied\"", "\"applying\"");
    let report = looked(&host);
    assert_eq!(answer(&report), ("interrupted", 1));
    assert!(
        report.problems[0]
            .message
            .contains("apply 1 of profile dense")
    );
}

#[test]
fn what_may_go_by_itself_is_not_verified() {
    let host = booted();
    let waits =
        "\"confirm\": {\"within\": 300, \"until\": 32503680000, \"guard\": 0},\n  \"entries\"";
    edit(&host, "\"entries\"", waits);
    let report = looked(&host);
    assert_eq!(answer(&report), ("unconfirmed", 1));
    assert_eq!(report.problems[0].kind, "reverts-by-itself");
    assert_eq!(report.payload["boot"]["verdict"], "unconfirmed");
}

#[test]
fn what_is_good_is_looked_at_twice_and_what_is_not_until_the_time_is_over() {
    let host = booted();
    let mut told = 0;
    let began = Instant::now();
    let good = last_look(&host, Duration::from_secs(60), &mut |_, _| told += 1).unwrap();
    assert_eq!((answer(&good), told), (("met", 0), 0));
    assert!((SETTLE..Duration::from_secs(30)).contains(&began.elapsed()));
    let bad = booted().file(SWAPPINESS, "60\n");
    let began = Instant::now();
    let bad = last_look(&bad, Duration::from_millis(500), &mut |_, _| told += 1).unwrap();
    assert_eq!(answer(&bad), ("drifted", 1));
    assert!(told > 0 && began.elapsed() >= Duration::from_millis(500));
}

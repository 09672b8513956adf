//! The kind `docker` on a host in memory.

use super::*;
use crate::{Journal, Plan, Profile, apply, check, plan, revert};
use model::{Property, Verdict};
use testkit::FakeHost;

const FILE: &str = "/etc/docker/daemon.json";
const START: u64 = 1_000;
const INFO: &str = r#"{"ServerVersion": "26.1.5+dfsg1", "LiveRestoreEnabled": false, "Debug": false,
    "ContainersRunning": 12, "LoggingDriver": "json-file", "Swarm": {"LocalNodeState": "inactive"}}"#;
const BRIDGE: &str = r#"{"Options": {"com.docker.network.driver.mtu": "1500"}}"#;

fn text(text: &str) -> Property {
    Property::Text(text.to_owned())
}

/// A host whose daemon started at [`START`].
fn host() -> FakeHost {
    FakeHost::new()
        .file(
            "/usr/lib/systemd/system/docker.service",
            "[Service]\nExecStart=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS\n",
        )
        .unit_with(
            UNIT,
            &[
                ("ActiveState", text("active")),
                ("MainPID", Property::Number(77)),
                (
                    "ExecMainStartTimestamp",
                    Property::Number(START * 1_000_000),
                ),
                ("StateChangeTimestamp", Property::Number(START * 1_000_000)),
            ],
        )
        .file("/proc/77/cmdline", "/usr/sbin/dockerd\0-H\0fd://\0")
        .docker_answer("/info", INFO)
        .docker_answer("/networks/bridge", BRIDGE)
}

fn entries(lines: &[(&str, &str)]) -> Vec<Entry> {
    let entry = |(index, (key, value)): (usize, &(&str, &str))| Entry {
        kind: "docker".to_owned(),
        name: None,
        key: (*key).to_owned(),
        value: (*value).to_owned(),
        reason: None,
        span: Span::new("p.ini", index + 1),
    };
    lines.iter().enumerate().map(entry).collect()
}

fn profile(lines: &[(&str, &str)]) -> Profile {
    let entries = entries(lines);
    Profile {
        name: "dense".to_owned(),
        path: "/etc/hosttune/profiles/dense.ini".to_owned(),
        settings: crate::parse(&entries).unwrap(),
        entries,
    }
}

fn parsed(key: &str, value: &str) -> Result<Setting, Rejection> {
    Docker.parse(&entries(&[(key, value)])[0])
}

fn planned(host: &FakeHost, profile: &Profile) -> Plan {
    let journal = Journal::load(host).unwrap();
    plan(host, profile, &journal).unwrap().unwrap()
}

fn refused(host: &FakeHost, lines: &[(&str, &str)]) -> Vec<String> {
    let rejections = plan(host, &profile(lines), &Journal::default()).unwrap_err();
    rejections.iter().map(ToString::to_string).collect()
}

fn put_in_force(host: &FakeHost, profile: &Profile) -> u32 {
    let journal = Journal::load(host).unwrap();
    let plan = planned(host, profile);
    apply(host, profile, &plan, &journal, &mut |_| {})
        .unwrap()
        .id
}

/// The verdict and the note about what runs.
fn running(host: &FakeHost, key: &str, value: &str) -> (Verdict, Option<String>) {
    let findings = check(host, &profile(&[(key, value)]).settings);
    let layer = findings[0].layer(Layer::Running).unwrap();
    (layer.verdict, layer.note.clone())
}

#[test]
fn unknown_keys_are_refused_with_a_hint() {
    let help = |key: &str| parsed(key, "x").unwrap_err().help.unwrap_or_default();
    assert_eq!(help("live-restor"), "did you mean `live-restore`?");
    assert_eq!(
        help("insecure-registry"),
        "did you mean `insecure-registries`?"
    );
    assert_eq!(help("log-opts"), "write `log-opts.NAME = …`");
    assert!(help("frobnicate").contains("dockerd(8)"));
    let error = parsed("runtimes", "x").unwrap_err().to_string();
    assert!(
        error.starts_with("p.ini:1: runtimes holds a structure"),
        "{error}"
    );
}

#[test]
fn keys_are_merged_into_the_operators_file_and_taken_out_again() {
    let theirs = "{\n    \"debug\": false,\n    \"log-opts\": { \"tag\": \"{{.Name}}\" }\n}\n";
    let host = host().file(FILE, theirs);
    let wanted = profile(&[
        ("mtu", "1450"),
        ("log-opts.max-size", "10m"),
        ("default-ulimits.nofile", "1048576"),
    ]);
    let id = put_in_force(&host, &wanted);
    assert_eq!(
        host.text(FILE).unwrap(),
        "{\n    \"debug\": false,\n    \"log-opts\": { \"tag\": \"{{.Name}}\", \"max-size\": \"10m\" },\n    \
         \"mtu\": 1450,\n    \"default-ulimits\": {\n        \"nofile\": {\n            \
         \"Name\": \"nofile\",\n            \"Hard\": 1048576,\n            \"Soft\": 1048576\n        \
         }\n    }\n}\n"
    );
    assert!(planned(&host, &wanted).is_empty());
    // Another profile starts from what was there before the first.
    put_in_force(&host, &profile(&[("mtu", "1400")]));
    let text = host.text(FILE).unwrap();
    assert!(
        text.contains("\"mtu\": 1400") && !text.contains("max-size"),
        "{text}"
    );
    let mut journal = Journal::load(&host).unwrap();
    revert(&host, &mut journal, &[id + 1, id], false).unwrap();
    assert_eq!(host.text(FILE).as_deref(), Some(theirs));
}

#[test]
fn a_limit_in_another_case_is_the_same_limit() {
    let theirs =
        "{\"default-ulimits\": {\"nofile\": {\"name\": \"nofile\", \"soft\": 9, \"hard\": 9}}}";
    let host = host().file(FILE, theirs);
    put_in_force(&host, &profile(&[("default-ulimits.nofile", "20")]));
    assert_eq!(host.text(FILE).unwrap(), theirs.replace('9', "20"));
}

#[test]
fn the_daemon_is_asked_before_and_reloaded_after() {
    let reloaded = INFO.replace("Enabled\": false", "Enabled\": true");
    let host =
        host()
            .file(FILE, "{}\n")
            .docker_answer_after("reload docker.service", "/info", &reloaded);
    put_in_force(
        &host,
        &profile(&[("live-restore", "true"), ("debug", "false")]),
    );
    let acted = host.acted();
    let at = |what: &str| acted.iter().position(|done| done == what);
    assert!(at("validate /etc/docker/daemon.json") < at("write /etc/docker/daemon.json"));
    assert!(at("write /etc/docker/daemon.json") < at("reload docker.service"));
    let reloads = acted.iter().filter(|done| done.starts_with("reload"));
    assert_eq!(reloads.count(), 1);
    assert_eq!(running(&host, "live-restore", "true").0, Verdict::Met);
}

#[test]
fn a_restart_waits_until_the_reload_is_heeded() {
    let wanted = profile(&[("live-restore", "true")]);
    let restarted = |host: &FakeHost| {
        let mut plan = planned(host, &wanted);
        plan.restart(&[UNIT.to_owned()]);
        let applied = apply(host, &wanted, &plan, &Journal::default(), &mut |_| {});
        let restarts = |done: &String| done == "restart docker.service";
        (applied.is_ok(), host.acted().iter().any(restarts))
    };
    let deaf = host().file(FILE, "{}");
    assert_eq!(restarted(&deaf), (false, false));
    assert_eq!(deaf.text(FILE).as_deref(), Some("{}"));
    let on = INFO.replace("Enabled\": false", "Enabled\": true");
    let heeds = host().docker_answer_after("reload docker.service", "/info", &on);
    assert_eq!(restarted(&heeds), (true, true));
}

#[test]
fn a_file_that_is_right_is_not_written_but_reloaded_if_need_be() {
    let host = host().file(FILE, "{\"live-restore\": true}");
    let plan = planned(&host, &profile(&[("live-restore", "true")]));
    let actions: Vec<String> = plan.actions.iter().map(|p| p.action.to_string()).collect();
    assert_eq!(actions, ["reload docker.service"]);
}

#[test]
fn what_waits_for_a_restart_says_what_that_stops() {
    let stored = host().file(FILE, "{\"mtu\": 1450, \"log-driver\": \"local\"}");
    let (verdict, note) = running(&stored, "mtu", "1450");
    assert_eq!(verdict, Verdict::Pending);
    assert_eq!(
        note.as_deref(),
        Some("waits for a restart of docker.service, which stops 12 containers")
    );
    let keeps = INFO.replace("Enabled\": false", "Enabled\": true");
    let (_, note) = running(
        &stored.docker_answer("/info", &keeps),
        "log-driver",
        "local",
    );
    assert_eq!(
        note.as_deref(),
        Some("waits for a restart of docker.service, which keeps its 12 containers (live-restore)")
    );
}

#[test]
fn what_the_daemon_does_not_show_is_told_by_time() {
    let text =
        "{\"default-ulimits\": {\"nofile\": {\"Name\": \"nofile\", \"Soft\": 20, \"Hard\": 20}}}";
    let verdict = |host: &FakeHost, value| running(host, "default-ulimits.nofile", value).0;
    let old = host().file(FILE, text).modified_at(FILE, START - 1);
    assert_eq!(verdict(&old, "20"), Verdict::Met);
    assert_eq!(verdict(&old, "21"), Verdict::Drifted);
    let new = host().file(FILE, text).modified_at(FILE, START);
    assert_eq!(verdict(&new, "20"), Verdict::Pending);
    assert_eq!(verdict(&new, "21"), Verdict::Unknown);
    assert_eq!(verdict(&host(), "20"), Verdict::Drifted);
}

#[test]
fn who_may_not_ask_knows_nothing() {
    let denied = FakeHost::new()
        .unit_with(UNIT, &[("ActiveState", text("active"))])
        .file(FILE, "{\"live-restore\": true}");
    assert_eq!(running(&denied, "live-restore", "true").0, Verdict::Unknown);
    let stopped = host().unit_with(UNIT, &[("ActiveState", text("inactive"))]);
    assert_eq!(
        running(&stopped, "live-restore", "true").0,
        Verdict::NotApplicable
    );
    let found = check(&FakeHost::new(), &profile(&[("mtu", "1450")]).settings);
    assert_eq!(found[0].verdict, Verdict::NotApplicable);
    assert!(planned(&FakeHost::new(), &profile(&[("mtu", "1450")])).is_empty());
}

#[test]
fn a_broken_file_is_refused_once_with_line_and_column() {
    let host = host().file(FILE, "{\n  \"mtu\": 1450,\n}\n");
    assert_eq!(
        refused(&host, &[("mtu", "1450"), ("debug", "true")]),
        ["/etc/docker/daemon.json:2:14: a comma before `}`; dockerd would not start with it"]
    );
    let found = check(&host, &profile(&[("mtu", "1450")]).settings);
    assert_eq!(
        found[0].layers[0].observed,
        Observed::Unreadable("/etc/docker/daemon.json:2:14: a comma before `}`".to_owned())
    );
}

#[test]
fn a_flag_for_the_same_is_refused() {
    let conflict = |host: FakeHost| refused(&host, &[("hosts", "fd://")]);
    assert_eq!(
        conflict(host()),
        [
            "p.ini:1: hosts is set by `-H` of docker.service (PID 77), and dockerd does not start with both"
        ]
    );
    let stopped = host().unit_with(UNIT, &[("ActiveState", text("inactive"))]);
    let place = "ExecStart= at /usr/lib/systemd/system/docker.service:2";
    assert!(conflict(stopped)[0].contains(place));
    let options = FakeHost::new().tree().file(
        "/etc/systemd/system/docker.service",
        "[Service]\nEnvironmentFile=-/etc/default/docker\nExecStart=dockerd ${DOCKER_OPTS}\n",
    );
    let options = options.file(
        "/etc/default/docker",
        "DOCKER_OPTS=\"--mtu=1400 --log-opt a=b\"\n",
    );
    assert_eq!(
        refused(&options, &[("mtu", "1450"), ("log-opts.tag", "x")]).len(),
        2
    );
}

#[test]
fn the_operators_key_that_is_a_flag_too_is_named_with_its_line() {
    let host = host().file(
        "/etc/docker/daemon.json",
        "{\n  \"hosts\": [\"tcp://127.0.0.1:2375\"],\n  \"log-opts\": {\"a\": \"b\"}\n}\n",
    );
    assert_eq!(
        refused(&host, &[("debug", "true"), ("mtu", "1450")]),
        [
            "/etc/docker/daemon.json:2: hosts is set by `-H` of docker.service (PID 77) too, and dockerd does not start with both"
        ]
    );
}

#[test]
fn the_file_in_use_may_be_elsewhere() {
    let host = host()
        .file("/proc/77/cmdline", "dockerd\0--config-file\0/srv/d.json\0")
        .file("/srv/d.json", "{}");
    put_in_force(&host, &profile(&[("mtu", "1450")]));
    assert!(host.text("/srv/d.json").unwrap().contains("1450"));
    assert_eq!(host.text(FILE), None);
}

#[test]
fn swarm_and_older_releases_are_refused() {
    let swarm = INFO.replace("inactive", "active");
    let error = refused(
        &host().docker_answer("/info", &swarm),
        &[("live-restore", "true")],
    );
    assert!(error[0].contains("Swarm is active"), "{error:?}");
    let old = INFO.replace("26.1.5", "20.10.24");
    let old = host().docker_answer("/info", &old);
    let error = refused(&old, &[("log-format", "json")]);
    assert!(
        error[0].contains("since Docker 25; this is Docker 20"),
        "{error:?}"
    );
}

#[test]
fn keys_that_exclude_each_other_stop_the_plan() {
    let host = host().file(FILE, "{\"bridge\": \"br0\"}");
    let plan = plan(
        &host,
        &profile(&[("bip", "10.0.0.1/24")]),
        &Journal::default(),
    );
    let error = plan.unwrap().unwrap_err().to_string();
    assert_eq!(
        error,
        "/etc/docker/daemon.json: bip and bridge exclude each other"
    );
}

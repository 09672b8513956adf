//! The laws of apply and revert, on a host in memory: applied is met, a second plan is empty,
//! revert is exact, and a kill or a failure at any deed leaves a way back.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

use model::{Entry, Host, Image, Property, Span, Verdict};
use settings::{Journal, Plan, Profile, State, apply, check, plan, revert};
use std::collections::BTreeMap;
use testkit::FakeHost;

const LIMITS: &str = "\
Limit                     Soft Limit           Hard Limit           Units     \n\
Max cpu time              unlimited            unlimited            seconds   \n\
Max file size             unlimited            unlimited            bytes     \n\
Max data size             unlimited            unlimited            bytes     \n\
Max stack size            8388608              unlimited            bytes     \n\
Max core file size        0                    unlimited            bytes     \n\
Max resident set          unlimited            unlimited            bytes     \n\
Max processes             95000                95000                processes \n\
Max open files            1024                 524288               files     \n\
Max locked memory         8388608              8388608              bytes     \n\
Max address space         unlimited            unlimited            bytes     \n\
Max file locks            unlimited            unlimited            locks     \n\
Max pending signals       95000                95000                signals   \n\
Max msgqueue size         819200               819200               bytes     \n\
Max nice priority         0                    0                    \n\
Max realtime priority     0                    0                    \n\
Max realtime timeout      unlimited            unlimited            us        \n";

const CONNTRACK: &str = "/proc/sys/net/netfilter/nf_conntrack_max";
const DESCENDANTS: &str = "/sys/fs/cgroup/system.slice/cgroup.max.descendants";
const LOW: &str = "/sys/fs/cgroup/system.slice/docker.service/memory.low";
const FOREIGN: &str = "/sys/fs/cgroup/docker/pids.max";
const PIDS: &str = "/sys/fs/cgroup/system.slice/docker.service/pids.max";

fn host() -> FakeHost {
    let stat = format!("77 (dockerd) S {}", vec!["1"; 49].join(" "));
    FakeHost::new()
        .file("/proc/sys/vm/swappiness", "60\n")
        .file("/proc/sys/fs/file-max", "9223372036854775807\n")
        .file("/proc/sys/fs/nr_open", "1048576\n")
        .file("/proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n")
        .module("nf_conntrack", &[(CONNTRACK, "262144\n")])
        .file(
            "/etc/sysctl.d/60-hosttune.conf",
            "# the operator's own\nvm.swappiness=60\n",
        )
        .file(
            "/usr/lib/systemd/system/docker.service",
            "[Service]\nTasksMax=4000\n",
        )
        .unit_with(
            "docker.service",
            &[
                ("TasksMax", Property::Number(4000)),
                ("LimitNOFILE", Property::Number(524_288)),
                ("LimitNOFILESoft", Property::Number(1024)),
                ("MainPID", Property::Number(77)),
                (
                    "ControlGroup",
                    Property::Text("/system.slice/docker.service".to_owned()),
                ),
            ],
        )
        .file(
            "/etc/docker/daemon.json",
            "{\"debug\":true, \"mtu\" : 1500 }",
        )
        .file(PIDS, "4000\n")
        .file("/proc/77/limits", LIMITS)
        .file("/proc/77/stat", &stat)
        .file("/etc/sysctl.d/99-network.conf", "vm.swappiness=30\n")
        .file("/sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n")
        .file("/proc/sys/kernel/osrelease", "6.12.41+deb13-amd64\n")
        .unit_with(
            "system.slice",
            &[("ControlGroup", Property::Text("/system.slice".to_owned()))],
        )
        .file(DESCENDANTS, "500\n")
        .file(LOW, "0\n")
        .file(FOREIGN, "max\n")
        .default_of_units("DefaultTasksMax", Property::Number(38_000))
        .default_of_units("DefaultLimitNOFILE", Property::Number(524_288))
        .default_of_units("DefaultLimitNOFILESoft", Property::Number(1024))
        .file(
            "/etc/systemd/system.conf",
            "[Manager]\nDefaultTasksMax=15%\n",
        )
        .file("/etc/security/limits.conf", "* hard nofile 600000\n")
        .unit_with(
            "dbus.service",
            &[(
                "FragmentPath",
                Property::Text("/usr/lib/systemd/system/dbus.service".to_owned()),
            )],
        )
}

fn profile(name: &str, lines: &[(&str, Option<&str>, &str, &str)]) -> Profile {
    let entries: Vec<Entry> = lines
        .iter()
        .enumerate()
        .map(|(index, (kind, name, key, value))| Entry {
            kind: (*kind).to_owned(),
            name: name.map(str::to_owned),
            key: (*key).to_owned(),
            value: (*value).to_owned(),
            reason: None,
            span: Span::new("p.ini", index + 1),
        })
        .collect();
    Profile {
        name: name.to_owned(),
        path: format!("/etc/hosttune/profiles/{name}.ini"),
        settings: settings::parse(&entries).unwrap(),
        entries,
    }
}

fn dense() -> Profile {
    profile(
        "dense",
        &[
            ("module", None, "nf_conntrack", "loaded"),
            ("sysctl", None, "vm.swappiness", "5"),
            ("sysctl", None, "fs.file-max", "2000000"),
            ("sysctl", None, "net.ipv4.ip_local_port_range", "1024 65535"),
            ("sysctl", None, "net.netfilter.nf_conntrack_max", "1048576"),
            ("unit", Some("docker.service"), "TasksMax", "infinity"),
            ("unit", Some("docker.service"), "LimitNOFILE", "1048576"),
            ("require", None, "kernel", "at least 5.11"),
            ("require", None, "cgroup", "v2"),
            ("retire", None, "/etc/sysctl.d/99-network.conf", "absent"),
            ("manager", None, "DefaultTasksMax", "infinity"),
            ("manager", None, "DefaultLimitNOFILE", "65536:1048576"),
            (
                "cgroup",
                Some("system.slice"),
                "cgroup.max.descendants",
                "20000",
            ),
            ("cgroup", Some("docker.service"), "memory.low", "2G"),
            ("cgroup", Some("/docker"), "pids.max", "exact 9000"),
            ("ulimit", Some("*"), "nofile", "65536"),
            ("ulimit", Some("root"), "memlock", "unlimited"),
            ("dbus", None, "max_connections_per_user", "4096"),
            ("docker", None, "mtu", "1450"),
            ("docker", None, "log-opts.max-size", "10m"),
        ],
    )
}

fn other() -> Profile {
    profile(
        "other",
        &[
            ("sysctl", None, "vm.swappiness", "20"),
            ("unit", Some("docker.service"), "TasksMax", "9000"),
        ],
    )
}

fn plan_of(host: &FakeHost, profile: &Profile) -> Plan {
    let journal = Journal::load(host).unwrap();
    plan(host, profile, &journal).unwrap().unwrap()
}

fn apply_to(host: &FakeHost, profile: &Profile) -> Result<u32, settings::ApplyError> {
    let plan = plan_of(host, profile);
    let journal = Journal::load(host).unwrap();
    apply(host, profile, &plan, &journal, &mut |_| {}).map(|applied| applied.id)
}

fn revert_all(host: &FakeHost) -> Vec<settings::Reverted> {
    let mut journal = Journal::load(host).unwrap();
    let ids = journal.to_revert_all(false);
    revert(host, &mut journal, &ids, false).unwrap()
}

/// Everything a revert must bring back: `/etc`, and what runs. A loaded module is known to stay.
fn state(host: &FakeHost) -> (BTreeMap<String, Image>, Vec<Option<String>>) {
    let running = [
        "/proc/sys/vm/swappiness",
        "/proc/sys/fs/file-max",
        "/proc/sys/net/ipv4/ip_local_port_range",
        PIDS,
        DESCENDANTS,
        LOW,
        FOREIGN,
    ];
    let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut values: Vec<Option<String>> = running
        .iter()
        .map(|path| host.text(path).map(words))
        .collect();
    values.push(host.text("/proc/77/limits").map(words));
    let manager = host.manager().unwrap();
    values.push(manager.number("DefaultTasksMax").map(|n| n.to_string()));
    (host.etc(), values)
}

#[test]
fn applied_is_met_and_a_second_plan_is_empty() {
    let (host, dense) = (host(), dense());
    apply_to(&host, &dense).unwrap();
    for finding in check(&host, &dense.settings) {
        assert_eq!(finding.verdict, Verdict::Met, "{}", finding.setting.key);
    }
    assert_eq!(host.text(CONNTRACK).unwrap().trim(), "1048576");
    assert_eq!(host.text(PIDS).unwrap().trim(), "max");
    let again = plan_of(&host, &dense);
    assert!(again.is_empty(), "{:?}", again.actions);
}

#[test]
fn a_bound_lowers_nothing_that_the_distribution_set() {
    let (host, dense) = (host(), dense());
    apply_to(&host, &dense).unwrap();
    assert_eq!(
        host.text("/proc/sys/fs/file-max").unwrap().trim(),
        "9223372036854775807"
    );
    let stored = host.text("/etc/sysctl.d/60-hosttune.conf").unwrap();
    assert!(
        stored.contains("fs.file-max = 9223372036854775807"),
        "{stored}"
    );
}

#[test]
fn revert_is_exact() {
    let host = host();
    let before = state(&host);
    apply_to(&host, &dense()).unwrap();
    assert_ne!(state(&host), before);
    let reverted = revert_all(&host);
    assert!(!reverted[0].is_incomplete());
    assert_eq!(state(&host), before);
    assert_eq!(host.text(CONNTRACK).unwrap().trim(), "262144");
}

#[test]
fn one_profile_is_in_force_at_a_time() {
    let host = host();
    let before = state(&host);
    apply_to(&host, &dense()).unwrap();
    let switched = plan_of(&host, &other());
    assert!(
        switched
            .restores
            .iter()
            .any(|r| { r.key.as_deref() == Some("sysctl:net.ipv4.ip_local_port_range") })
    );
    apply_to(&host, &other()).unwrap();
    let ports = host.text("/proc/sys/net/ipv4/ip_local_port_range").unwrap();
    assert_eq!(
        ports.split_whitespace().collect::<Vec<_>>(),
        ["32768", "60999"]
    );
    assert!(!host.text("/proc/77/limits").unwrap().contains("1048576"));
    assert_eq!(
        Journal::load(&host).unwrap().in_force().unwrap().profile,
        "other"
    );
    revert_all(&host);
    assert_eq!(state(&host), before);
}

#[test]
fn every_kind_takes_part() {
    let settings = dense().settings;
    for kind in settings::KINDS {
        let section = kind.section();
        assert!(settings.iter().any(|s| s.key.kind == section), "{section}");
    }
}

#[test]
fn two_kinds_may_write_one_file_and_take_over_from_each_other() {
    let host = host();
    let before = state(&host);
    let pids = |wish| {
        profile(
            "groups",
            &[
                ("unit", Some("docker.service"), "LimitNOFILE", "1048576"),
                ("cgroup", Some("docker.service"), "pids.max", wish),
            ],
        )
    };
    apply_to(&host, &dense()).unwrap();
    apply_to(&host, &pids("exact 7000")).unwrap();
    let path = "/etc/systemd/system/docker.service.d/60-hosttune.conf";
    let text = host.text(path).unwrap();
    assert!(
        text.contains("LimitNOFILE=1048576\nTasksMax=7000\n"),
        "{text}"
    );
    assert_eq!(host.text(PIDS).unwrap().trim(), "7000");
    // What the unit's key raised is not what the host came with, which the cgroup's key builds on.
    apply_to(&host, &dense()).unwrap();
    let groups = pids("5000");
    apply_to(&host, &groups).unwrap();
    assert_eq!(host.text(PIDS).unwrap().trim(), "5000");
    for finding in check(&host, &groups.settings) {
        assert_eq!(finding.verdict, Verdict::Met, "{}", finding.setting.key);
    }
    revert_all(&host);
    assert_eq!(state(&host), before);
}

#[test]
fn a_requirement_that_is_not_met_is_said_before_anything_is_asked() {
    let host = host();
    let wanted = profile("new", &[("require", None, "kernel", "at least 7.0")]);
    let plan = plan_of(&host, &wanted);
    assert!(plan.is_empty());
    assert_eq!(
        plan.warnings,
        [
            "require:kernel is required to be at least 7.0, and is 6.12.41; to mend it: boot another kernel"
        ]
    );
}

/// Asks for less than `dense` of the same things.
fn modest() -> Profile {
    profile(
        "modest",
        &[
            ("sysctl", None, "fs.nr_open", "2000"),
            (
                "sysctl",
                None,
                "net.ipv4.ip_local_port_range",
                "30000 61000",
            ),
            ("unit", Some("docker.service"), "TasksMax", "5000"),
            ("unit", Some("docker.service"), "LimitNOFILE", "2048"),
        ],
    )
}

#[test]
fn what_a_profile_raised_does_not_stay_for_the_next_one() {
    let profiles = [dense(), other(), modest()];
    for first in &profiles {
        for second in &profiles {
            let direct = host();
            apply_to(&direct, second).unwrap();
            let switched = host();
            apply_to(&switched, first).unwrap();
            apply_to(&switched, second).unwrap();
            let names = format!("{} after {}", second.name, first.name);
            assert_eq!(state(&switched), state(&direct), "{names}");
            assert!(plan_of(&switched, second).is_empty(), "{names}");
            revert_all(&switched);
            assert_eq!(state(&switched), state(&host()), "{names}, reverted");
        }
    }
}

#[test]
fn a_failure_at_any_deed_restores_everything() {
    for at in 1.. {
        let host = host();
        let before = state(&host);
        host.fail_after(at);
        let result = apply_to(&host, &dense());
        host.revive();
        match result {
            // What is published for those who may not read the journal may fail: the second deed.
            Ok(_) if at <= 2 => continue,
            Ok(_) => {
                assert!(at > 10, "only {at} deeds");
                break;
            }
            Err(_) => assert_eq!(state(&host), before, "failure at deed {at}"),
        }
        assert!(Journal::load(&host).unwrap().interrupted().is_none());
    }
}

#[test]
fn a_restart_that_fails_says_what_the_unit_was_started_with() {
    let lines = [
        ("docker", None, "mtu", "1450"),
        ("sysctl", None, "vm.swappiness", "10"),
    ];
    let wanted = profile("mtu", &lines);
    let told = (1..60).find_map(|at| {
        let host = host();
        let mut plan = plan_of(&host, &wanted);
        plan.restart(&["docker.service".to_owned()]);
        host.fail_after(at);
        let journal = Journal::load(&host).unwrap();
        let result = apply(&host, &wanted, &plan, &journal, &mut |_| {});
        let why = result.err()?.to_string();
        why.contains("restart docker.service").then_some(why)
    });
    let told = told.unwrap();
    assert!(
        told.contains("it was started with docker:mtu = 1450 (p.ini:1)"),
        "{told}"
    );
    assert!(!told.contains("swappiness"), "{told}");
}

#[test]
fn a_kill_at_any_deed_is_undone_by_the_next_revert() {
    for at in 0.. {
        let host = host();
        let before = state(&host);
        host.crash_after(at);
        let result = apply_to(&host, &dense());
        host.revive();
        if result.is_ok() {
            break;
        }
        let journal = Journal::load(&host).unwrap();
        let records = journal.records.len();
        assert_eq!(
            journal.interrupted().is_some(),
            records > 0,
            "kill at deed {at}"
        );
        revert_all(&host);
        assert_eq!(state(&host), before, "kill at deed {at}");
    }
}

#[test]
fn a_kill_during_revert_is_finished_by_the_next() {
    for at in 0.. {
        let host = host();
        let before = state(&host);
        apply_to(&host, &dense()).unwrap();
        host.crash_after(at);
        let mut journal = Journal::load(&host).unwrap();
        let ids = journal.to_revert_all(false);
        let first = revert(&host, &mut journal, &ids, false);
        host.revive();
        let finished = first.is_ok_and(|all| !all[0].is_incomplete());
        revert_all(&host);
        assert_eq!(state(&host), before, "kill at deed {at}");
        if finished {
            break;
        }
    }
}

#[test]
fn what_somebody_else_changed_is_a_conflict_and_left_alone() {
    let host = host();
    apply_to(&host, &dense()).unwrap();
    host.put("/proc/sys/vm/swappiness", Image::text("33\n"));
    let reverted = revert_all(&host);
    assert!(reverted[0].is_incomplete());
    assert_eq!(host.text("/proc/sys/vm/swappiness").unwrap().trim(), "33");
    let mut journal = Journal::load(&host).unwrap();
    assert!(journal.in_force().is_none());
    let ids = journal.to_revert_all(true);
    revert(&host, &mut journal, &ids, true).unwrap();
    assert_eq!(host.text("/proc/sys/vm/swappiness").unwrap().trim(), "60");
    assert_eq!(journal.records[0].state, State::Reverted);
}

#[test]
fn what_somebody_else_changed_is_no_leftover() {
    let host = host();
    apply_to(&host, &dense()).unwrap();
    apply_to(&host, &other()).unwrap();
    let ports = "/proc/sys/net/ipv4/ip_local_port_range";
    host.put(ports, Image::text("2000 3000\n"));
    let again = plan_of(&host, &other());
    assert!(again.is_empty(), "{:?}", again.actions);
    assert!(again.warnings.iter().any(|warning| warning.contains(ports)));
}

#[test]
fn a_value_that_the_kernel_rounds_is_ours_all_the_same() {
    let size = "/proc/sys/fs/pipe-max-size";
    let rounding = || host().file(size, "1048576\n").rounding(size, "2097152");
    let wanted = profile(
        "pipes",
        &[("sysctl", None, "fs.pipe-max-size", "exact 2000000")],
    );
    let failing = rounding();
    assert!(apply_to(&failing, &wanted).is_err());
    assert_eq!(failing.text(size).unwrap().trim(), "1048576");
    let bound = profile("pipes", &[("sysctl", None, "fs.pipe-max-size", "2000000")]);
    for at in 0.. {
        let host = rounding();
        host.crash_after(at);
        let done = apply_to(&host, &bound).is_ok();
        host.revive();
        let mut journal = Journal::load(&host).unwrap();
        let ids = journal.to_revert_all(false);
        // A kill right between the write and its note leaves a value nobody can know as ours.
        let reverted = revert(&host, &mut journal, &ids, true).unwrap();
        assert!(reverted.iter().all(|one| !one.is_incomplete()));
        assert_eq!(
            host.text(size).unwrap().trim(),
            "1048576",
            "kill at deed {at}"
        );
        if done {
            break;
        }
    }
}

#[test]
fn a_restarted_daemon_gets_its_old_limits_back_too() {
    let host = host();
    apply_to(&host, &dense()).unwrap();
    host.reboot("boot-2");
    let limits = host.text("/proc/77/limits").unwrap();
    let mut words = vec!["1"; 49];
    words[18] = "99999";
    host.put(
        "/proc/77/stat",
        Image::text(format!("77 (dockerd) S {}", words.join(" "))),
    );
    host.put("/proc/77/limits", Image::text(limits));
    revert_all(&host);
    let limits = host.text("/proc/77/limits").unwrap();
    assert!(
        limits.contains("Max open files            1024                 524288"),
        "{limits}"
    );
}

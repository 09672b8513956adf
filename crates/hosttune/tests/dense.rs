//! The profile dense-1200: each of its lines is derived from the workload, or a guard, or named as policy.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests read the repository's own files"
)]

use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Command;

const PROFILE: &str = include_str!("../../../profiles/dense-1200.ini");

/// Derived lines that stand higher than the power of two above the need with half of it in reserve, and how
/// many times as high; the profile's head says why.
const HIGHER: [(&str, u64); 4] = [
    ("fs.inotify.max_user_instances", 2),
    ("max_completed_connections", 2),
    ("net.ipv4.neigh.default.gc_thresh3", 8),
    ("-net.ipv6.neigh.default.gc_thresh3", 4),
];
/// What no need decides; the profile's head names them, and each says why.
const POLICY: [&str; 11] = [
    "/etc/sysctl.d/99-container-network.conf",
    "/etc/security/limits.d/91-nofile.conf",
    "nf_conntrack",
    "net.core.netdev_max_backlog",
    "net.ipv4.neigh.default.gc_thresh1",
    "net.ipv4.neigh.default.gc_thresh2",
    "-net.ipv6.neigh.default.gc_thresh1",
    "-net.ipv6.neigh.default.gc_thresh2",
    "net.netfilter.nf_conntrack_max",
    "net.netfilter.nf_conntrack_buckets",
    "live-restore",
];

/// The settings of the profile: key, value and the reason above it.
fn lines() -> Vec<(&'static str, &'static str, &'static str)> {
    let (mut lines, mut reason, mut section) = (Vec::new(), "", "");
    for line in PROFILE.lines() {
        if let Some(said) = line.strip_prefix("#: ") {
            reason = said;
        } else if line.starts_with('[') {
            section = line;
        } else if let Some((key, value)) = line.split_once(" = ") {
            if !["[profile]", "[workload]", "[require]"].contains(&section) {
                lines.push((key, value, reason));
            }
            reason = "";
        }
    }
    lines
}

/// What derive gives on the recorded host, by the key as the profile has it.
fn derived(reserve: &str) -> BTreeMap<String, u64> {
    let host = format!(
        "{}/../../tests/hosts/40-core-stock.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let mut command = Command::new(env!("CARGO_BIN_EXE_hosttune"));
    let command = command.args(["profile", "derive", "--facts", &host, "--format", "json"]);
    let command = command.args([
        "--nodes",
        "600",
        "--jobs-per-node",
        "1",
        "--reserve",
        reserve,
    ]);
    let output = command.output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["left"], Value::Array(Vec::new()), "{answer:#}");
    let needed = answer["lines"].as_array().unwrap().iter();
    let needed = needed.map(|line| {
        let (_, key) = line["setting"].as_str().unwrap().split_once(':').unwrap();
        // The table of IPv6 is optional in the profile: a kernel may have none.
        let optional = if key.starts_with("net.ipv6.") {
            "-"
        } else {
            ""
        };
        let value = line["value"].as_str().unwrap().parse().unwrap();
        (format!("{optional}{key}"), value)
    });
    needed.collect()
}

#[test]
fn every_line_is_derived_or_a_guard_or_policy() {
    let derived = derived("50");
    let mut policy = Vec::new();
    let mut seen = 0;
    for (key, value, reason) in lines() {
        assert!(!reason.is_empty(), "{key} says not why");
        match derived.get(key) {
            Some(need) => {
                seen += 1;
                let times = HIGHER.iter().find(|(higher, _)| *higher == key);
                let times = times.map_or(1, |(_, times)| *times);
                assert_eq!(
                    value.parse(),
                    Ok(need.next_power_of_two() * times),
                    "{key}: {need}"
                );
            }
            None if reason.starts_with("guard: ") => {}
            None => policy.push(key),
        }
    }
    assert_eq!(policy, POLICY);
    assert_eq!((seen, derived.len()), (6, 6), "{derived:?}");
}

/// The jobs that join the bridge are why the backlog is raised.
#[test]
fn the_backlog_is_enough_for_jobs_on_the_bridge() {
    let backlog = lines()
        .into_iter()
        .find(|(key, ..)| *key == "net.core.netdev_max_backlog");
    let value: u64 = backlog.unwrap().1.parse().unwrap();
    // Twice 1,200 ports: two broadcasts at once.
    assert!(value >= 2 * 1200);
}

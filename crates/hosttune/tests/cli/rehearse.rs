//! A rehearsal on this machine: what it takes, and that nothing of it is left.

use crate::common::hosttune;
use crate::common::run::PROGRAM;
use crate::schema::hold;
use serde_json::Value;
use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const STAND_INS: &[&str] = &[
    "--jobs-per-node",
    "0",
    "--starts-at-once",
    "1",
    "--node-network",
    "none",
];

/// Whether stand-ins can be made here; says why not.
fn able() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let rights = u64::from_str_radix(effective.unwrap().trim(), 16).unwrap();
    // CAP_NET_ADMIN and CAP_SYS_ADMIN (linux/capability.h).
    let wanted = 1 << 12 | 1 << 21;
    let all = rights & wanted == wanted && fs::metadata("/sys/fs/cgroup").is_ok();
    if !all {
        println!("left out: a rehearsal needs root with CAP_SYS_ADMIN and CAP_NET_ADMIN");
    }
    all
}

/// What a rehearsal of this test could leave; others' come and go.
fn traces() -> Vec<String> {
    let mut found = Vec::new();
    for hierarchy in fs::read_dir("/sys/fs/cgroup").unwrap().flatten() {
        let groups = fs::read_dir(hierarchy.path()).into_iter().flatten();
        let names = groups.flatten().map(|group| group.path());
        let ours = names.filter(|path| path.to_string_lossy().contains("/hosttune-rehearse-"));
        found.extend(ours.map(|path| path.display().to_string()));
    }
    let links = fs::read_dir("/sys/class/net").unwrap().flatten();
    let names = links.map(|link| link.file_name().to_string_lossy().into_owned());
    found.extend(names.filter(|name| name.starts_with("htv") || name.starts_with("htbr")));
    for process in fs::read_dir("/proc").unwrap().flatten() {
        let line = fs::read_to_string(process.path().join("cmdline")).unwrap_or_default();
        if line.contains("rehearse-guard") {
            found.push(process.path().display().to_string());
        }
    }
    found
}

fn mounts() -> usize {
    fs::read_to_string("/proc/self/mountinfo")
        .unwrap()
        .lines()
        .count()
}

#[test]
fn stand_ins_take_what_preflight_reckons_with_and_leave_nothing() {
    if !able() {
        return;
    }
    let before = mounts();
    let args = ["rehearse", "--nodes", "12", "--format", "json"];
    let output = hosttune(&[&args[..], STAND_INS].concat());
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    hold(&report);
    assert_eq!(report["ended"], "at-target", "{report:#}");
    assert_eq!(
        (&report["reached"], &report["asked"]),
        (&12.into(), &12.into())
    );
    let rows = report["comparisons"].as_array().unwrap();
    let row = |name: &str| rows.iter().find(|row| row["name"] == name).unwrap();
    // Where nobody else is, it is exact.
    for name in ["fs.mount-max@host", "cgroup.pids.max@containerd.service"] {
        if rows.iter().any(|row| row["name"] == name) {
            assert_eq!(row(name)["difference"], 0.0, "{name}");
        }
    }
    assert_eq!(mounts(), before);

    // hosttune is killed while they run.
    for wait in [50, 400, 900] {
        let mut child = Command::new(PROGRAM)
            .args(["rehearse", "--nodes", "150"])
            .args(STAND_INS)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
        let begun = Instant::now();
        // Other builds and machines may keep all processors busy meanwhile.
        while !traces().is_empty() && begun.elapsed() < Duration::from_secs(20) {
            thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(traces(), Vec::<String>::new(), "after {wait} ms");
        assert_eq!(mounts(), before);
    }
    let cleaned = hosttune(&["rehearse", "--clean"]);
    assert_eq!(cleaned.stdout, "nothing of a rehearsal is left\n");
}

#[test]
fn nothing_runs_in_a_file_tree() {
    let output = hosttune(&["rehearse", "--nodes", "1", "--root", "/nonexistent-tree"]);
    assert_eq!(output.code, Some(2));
}

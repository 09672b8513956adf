//! Receipts of boots, as far as a file tree can show them.

use crate::common::Tree;
use serde_json::{Value, json};

const OLD: &str = "6d2f9f0c-5d3b-4d0e-9a51-000000000001";
const NEW: &str = "6d2f9f0c-5d3b-4d0e-9a51-000000000002";

/// What `check --record-boot` keeps of a boot in which one of two settings was lost.
pub(crate) fn receipt(boot: &str) -> Value {
    let layer = |layer: &str, seen: &str, source: &str, verdict: &str| json!({"layer": layer, "expected": "10", "seen": seen, "source": source, "verdict": verdict});
    json!({
        "schema": 1, "command": "check", "version": "0.1.0", "boot_id": boot, "verdict": "drifted",
        "exit": 1, "problems": [], "profile": "a",
        "summary": {"met": 1, "pending": 0, "drifted": 1, "unknown": 0, "not_applicable": 0, "suppressed": 0},
        "findings": [], "rules": [], "notes": [],
        "boot": {
            "boot_id": boot, "recorded": "2026-01-02T03:04:05Z", "kernel": "6.12.0", "apply": 1,
            "verdict": "drifted", "found": "1 met, 1 drifted", "rules": [],
            "settings": [
                {"id": "sysctl:vm.swappiness", "desired": "10", "verdict": "drifted",
                 "layers": [layer("stored", "60", "/etc/sysctl.d/99-zz.conf:1", "drifted"),
                            layer("running", "60", "/proc/sys/vm/swappiness", "drifted")],
                 "notes": ["/etc/sysctl.d/99-zz.conf:1 is read later"],
                 "fix": "remove the line at /etc/sysctl.d/99-zz.conf:1", "suppressed": null},
                {"id": "sysctl:vm.max_map_count", "desired": "at least 10", "verdict": "met",
                 "layers": [layer("running", "10", "/proc/sys/vm/max_map_count", "met")],
                 "notes": [], "fix": null, "suppressed": null},
            ],
        },
    })
}

/// A tree with a profile in force and the receipts of these boots.
pub(crate) fn booted(boots: &[&str]) -> Tree {
    let tree = Tree::lived_in();
    let profile = tree.profile("a", "[sysctl]\nvm.swappiness = exact 10\n");
    tree.expect(0, &["apply", "--yes", "--profile", &profile]);
    for boot in boots {
        let path = format!("var/lib/hosttune/boots/{boot}.json");
        tree.write(&path, receipt(boot).to_string().as_bytes(), 0o644);
    }
    tree
}

#[test]
fn a_tree_is_not_booted() {
    let tree = booted(&[]);
    let before = tree.all();
    let told = tree.expect(2, &["check", "--record-boot"]).stderr;
    assert!(told.contains("nothing boots below --root"), "{told}");
    tree.all().assert_is(&before, "a refusal");
    let told = tree.expect(3, &["check", "--boot"]);
    assert_eq!(told.stdout, "");
    assert!(
        told.stderr
            .contains("no boot of this host has been verified"),
        "{told:?}"
    );
    let text = tree.expect(0, &["status"]).stdout;
    assert!(
        text.contains("last boot    none has been verified"),
        "{text}"
    );
}

#[test]
fn the_newest_receipt_says_what_was_expected_and_what_was_seen() {
    let tree = booted(&[OLD, NEW]);
    let text = tree.expect(1, &["check", "--boot"]).stdout;
    assert!(
        text.starts_with(&format!("boot {NEW}, kernel 6.12.0\n")),
        "{text}"
    );
    let told = "looked at 2026-01-02T03:04:05Z, profile a (apply 1): 1 met, 1 drifted\n";
    assert!(text.contains(told), "{text}");
    let row = text
        .lines()
        .find(|line| line.contains("drifted  sysctl:vm.swappiness"));
    let words: Vec<&str> = row.unwrap().split_whitespace().collect();
    let expected = [
        "drifted",
        "sysctl:vm.swappiness",
        "10",
        "60",
        "running:",
        "/proc/sys/vm/swappiness",
    ];
    assert_eq!(words, expected);
    assert!(text.contains("fix       remove the line at"), "{text}");
    let answer = tree.json(&["check", "--boot"]);
    assert_eq!(
        (
            &answer["boot"]["current"],
            &answer["boot_id"],
            &answer["boot"]["boot_id"]
        ),
        (&json!(false), &json!(""), &json!(NEW))
    );
    let status = tree.json(&["status"]);
    assert_eq!(status["last_boot"]["boot_id"], NEW);
    assert_eq!(
        status["exit"], 0,
        "what a boot was like is not how it stands"
    );
}

#[test]
fn what_was_applied_since_is_not_what_the_boot_showed() {
    let tree = booted(&[NEW]);
    let profile = tree.profile("b", "[sysctl]\nvm.swappiness = exact 5\n");
    tree.expect(0, &["apply", "--yes", "--profile", &profile]);
    let told = tree.expect(1, &["check", "--boot"]).stderr;
    assert!(
        told.contains("profile b (apply 2) is in force since"),
        "{told}"
    );
    tree.expect(0, &["revert", "--all"]);
    let told = tree.expect(1, &["check", "--boot"]).stderr;
    assert!(
        told.contains("the profile has been reverted since"),
        "{told}"
    );
}

#[test]
fn a_receipt_that_is_damaged_is_named_and_status_goes_on() {
    let tree = booted(&[]);
    let path = format!("var/lib/hosttune/boots/{NEW}.json");
    tree.write(&path, b"{\"exit\": 0", 0o644);
    let told = tree.expect(2, &["check", "--boot"]).stderr;
    assert!(told.contains(NEW) && told.contains("is damaged"), "{told}");
    let told = tree.expect(0, &["status"]);
    assert!(told.stderr.contains("is damaged"), "{told:?}");
}

#[test]
fn an_apply_writes_down_what_the_next_boot_must_show() {
    let tree = booted(&[]);
    let record: Value =
        serde_json::from_str(&tree.read("var/lib/hosttune/journal/0001.json")).unwrap();
    let expected = json!([{
        "id": "sysctl:vm.swappiness",
        "desired": "10",
        "layers": [
            {"layer": "stored", "value": "10", "verdict": "met"},
            {"layer": "next-boot", "value": "10", "verdict": "met"},
        ],
    }]);
    assert_eq!(record["expected"], expected);
}

//! Rules between values, findings that a profile suppresses, and `check --retry-for`.

use crate::common::Tree;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

const CONTRADICTION: &str = "\
[sysctl]
vm.swappiness = 5
net.ipv4.neigh.default.gc_thresh1 = 8192
net.ipv4.neigh.default.gc_thresh2 = 4096
";

const SUPPRESSED: &str = "
[suppress rule]
neigh-thresholds = the table of this host stays empty

[suppress sysctl]
vm.swappiness = set by hand here
";

#[test]
fn a_broken_rule_is_a_finding_and_a_warning_of_the_plan() {
    let tree = Tree::empty();
    let profile = tree.profile("p", CONTRADICTION);
    let plan = tree.expect(1, &["apply", "--dry-run", "--profile", &profile]);
    let told = "gc_thresh1 8192 is not below net.ipv4.neigh.default.gc_thresh2 4096";
    assert!(
        plan.stdout.contains("warning:") && plan.stdout.contains(told),
        "{plan:?}"
    );
    tree.expect(0, &["apply", "--yes", "--profile", &profile]);
    let check = tree.expect(1, &["check"]);
    assert!(check.stdout.contains(told), "{}", check.stdout);
    assert!(
        check.stdout.contains("3 met, 1 rule broken"),
        "{}",
        check.stdout
    );
    let document = tree.json(&["check"]);
    assert_eq!(document["verdict"], "drifted");
    let rule = &document["rules"][0];
    assert_eq!(rule["id"], "rule:neigh-thresholds");
    assert!(rule["profile"][1].as_str().unwrap().ends_with("/p.ini:4"));
    tree.expect(1, &["status"]);
}

#[test]
fn what_is_suppressed_is_shown_and_does_not_count() {
    let tree = Tree::empty();
    let profile = tree.profile("p", &format!("{CONTRADICTION}{SUPPRESSED}"));
    tree.expect(0, &["apply", "--yes", "--profile", &profile]);
    // The file may go: the reasons are in force with the profile.
    fs::remove_file(&profile).unwrap();
    let met = tree.expect(0, &["check"]);
    assert!(met.stdout.contains("3 met, 1 suppressed"), "{}", met.stdout);
    assert!(
        met.stdout.contains("vm.swappiness at") && met.stdout.contains("suppresses nothing"),
        "{}",
        met.stdout
    );
    tree.write("etc/sysctl.d/99-z.conf", b"vm.swappiness = 60\n", 0o644);
    let drifted = tree.expect(0, &["check"]);
    for told in [
        "drifted, suppressed",
        "suppressed: set by hand here (",
        "p.ini:10)",
        "2 met, 2 suppressed",
    ] {
        assert!(drifted.stdout.contains(told), "{told}: {}", drifted.stdout);
    }
    let document = tree.json(&["check"]);
    assert_eq!(document["verdict"], "met");
    assert_eq!(document["findings"][0]["verdict"], "drifted");
    assert_eq!(document["findings"][0]["suppressed"], "set by hand here");
    assert_eq!(document["summary"]["suppressed"], 2);
    assert_eq!(document["summary"]["drifted"], 0);
    tree.expect(0, &["status"]);
}

#[test]
fn the_last_look_counts() {
    let tree = Tree::empty();
    let profile = tree.profile("p", "[sysctl]\nvm.swappiness = 5\n");
    let check = ["check", "--profile", &profile, "--retry-for"];
    let began = Instant::now();
    let never = tree.expect(1, &[&check[..], &["300ms"]].concat());
    assert!(began.elapsed() >= Duration::from_millis(300));
    assert!(never.stderr.contains("looking again"), "{}", never.stderr);
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(300));
            tree.write("etc/sysctl.d/1.conf", b"vm.swappiness = 5\n", 0o644);
        });
        tree.expect(0, &[&check[..], &["1m"]].concat());
    });
    assert!(began.elapsed() < Duration::from_secs(30));
    tree.expect(2, &[&check[..], &["30"]].concat());
}

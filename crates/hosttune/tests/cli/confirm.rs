//! An apply that waits to be confirmed, as far as a file tree can show it.

use crate::common::Tree;
use crate::common::tree::await_confirmation;
use std::fs::File;
use std::thread;
use std::time::{Duration, Instant};

const PROFILE: &str = "[sysctl]\nvm.swappiness = 10\n";

/// A tree with an apply that waits.
fn waiting() -> Tree {
    let tree = Tree::lived_in();
    let profile = tree.profile("a", PROFILE);
    tree.expect(0, &["apply", "--yes", "--profile", &profile]);
    await_confirmation(&tree, 1);
    tree
}

#[test]
fn a_tree_cannot_revert_by_itself() {
    let tree = Tree::lived_in();
    let (profile, before) = (tree.profile("a", PROFILE), tree.all());
    let args = [
        "apply",
        "--yes",
        "--profile",
        &profile,
        "--confirm-within",
        "5m",
    ];
    let told = tree.expect(2, &args).stderr;
    assert!(
        told.contains("--confirm-within: nothing runs below --root"),
        "{told}"
    );
    tree.all().assert_is(&before, "a refusal");
    let told = tree.expect(2, &["confirm"]).stderr;
    assert!(told.contains("no apply waits to be confirmed"), "{told}");
}

#[test]
fn status_and_check_tell_and_judge_as_before() {
    let tree = waiting();
    let text = tree.expect(0, &["status"]).stdout;
    let line = "confirm      reverts by itself at 00:00:00 UTC (in ";
    assert!(
        text.contains(line) && text.contains("unless `hosttune confirm`"),
        "{text}"
    );
    for command in ["status", "check"] {
        let answer = tree.json(&[command]);
        assert_eq!(
            (&answer["verdict"], &answer["exit"]),
            (&"met".into(), &0.into())
        );
        assert_eq!(
            answer["problems"][0]["kind"], "reverts-by-itself",
            "{answer}"
        );
    }
    assert!(
        tree.expect(0, &["history"])
            .stdout
            .contains("applied, not confirmed")
    );
}

#[test]
fn nothing_is_built_on_what_may_go_by_itself() {
    let tree = waiting();
    let (other, before) = (
        tree.profile("b", "[sysctl]\nvm.swappiness = 5\n"),
        tree.etc(),
    );
    for args in [
        &["apply", "--yes", "--profile", &other][..],
        &["install", "--yes"],
        &["uninstall", "--yes"],
    ] {
        let told = tree.expect(2, args).stderr;
        assert!(
            told.contains("apply 1 of profile a reverts by itself"),
            "{told}"
        );
    }
    tree.etc().assert_is(&before, "refusals");
    tree.expect(0, &["confirm"]);
    tree.expect(0, &["apply", "--yes", "--profile", &other]);
}

#[test]
fn what_is_confirmed_stays() {
    let tree = waiting();
    let applied = tree.etc();
    assert!(
        tree.expect(0, &["confirm"])
            .stdout
            .contains("is confirmed and stays")
    );
    assert!(
        tree.expect(0, &["confirm"])
            .stdout
            .contains("was confirmed already")
    );
    let text = tree.expect(0, &["revert", "1", "--unconfirmed"]).stdout;
    assert!(text.contains("it was confirmed"), "{text}");
    tree.etc()
        .assert_is(&applied, "a timer that comes too late");
    assert!(!tree.expect(0, &["status"]).stdout.contains("by itself"));
    tree.expect(0, &["revert"]);
    let told = tree.expect(2, &["confirm"]).stderr;
    assert!(told.contains("no apply waits"), "{told}");
}

#[test]
fn what_is_not_confirmed_goes_and_history_says_by_whom() {
    let tree = waiting();
    tree.expect(0, &["revert", "1", "--unconfirmed"]);
    let record = &tree.json(&["history"])["history"][0];
    assert_eq!(
        (&record["state"], &record["by"]),
        (&"reverted".into(), &"timer".into())
    );
    assert!(
        tree.expect(0, &["history"])
            .stdout
            .contains("reverted by timer")
    );
    let told = tree.expect(1, &["confirm"]).stdout;
    assert!(
        told.contains("has been reverted already by its timer"),
        "{told}"
    );
    assert!(
        tree.expect(0, &["revert", "9", "--unconfirmed"])
            .stdout
            .contains("nothing to revert")
    );
}

#[test]
fn a_timer_waits_for_whoever_is_at_work() {
    let tree = waiting();
    let lock = File::create(tree.path("run/hosttune/lock")).unwrap();
    lock.lock().unwrap();
    let pause = Duration::from_millis(700);
    let began = Instant::now();
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(pause);
            drop(lock);
        });
        tree.expect(0, &["revert", "1", "--unconfirmed"]);
    });
    assert!(began.elapsed() >= pause);
    assert_eq!(tree.json(&["history"])["history"][0]["by"], "timer");
}

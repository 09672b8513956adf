//! Apply as a transaction on a file tree: plan, second run, one profile in force, conflicts, lock.

use crate::common::tree::FOREIGN;
use crate::common::{Node, Snapshot, Tree};
use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

const A: &str = "\
[profile]
summary = the first

[sysctl]
#: a host that swaps late
vm.swappiness = 10
kernel.pid_max = 4194304

[unit docker.service]
TasksMax = 5000
";

const B: &str = "\
[profile]
summary = the second

[module]
nf_conntrack = loaded

[sysctl]
vm.swappiness = 5
";

const DROP_IN: &str = "etc/systemd/system/docker.service.d/60-hosttune.conf";

fn apply(profile: &str) -> [&str; 4] {
    ["apply", "--yes", "--profile", profile]
}

#[track_caller]
fn assert_unchanged(tree: &Tree, before: &Snapshot, code: i32, args: &[&str]) -> String {
    let output = tree.expect(code, args);
    tree.etc().assert_is(before, &format!("{args:?}"));
    output.stdout + &output.stderr
}

#[test]
fn a_dry_run_shows_the_plan_and_writes_nothing_anywhere() {
    let tree = Tree::lived_in();
    let (profile, before) = (tree.profile("a", A), tree.all());
    let dry = ["apply", "--dry-run", "--profile", &profile];
    let text = tree.expect(1, &dry).stdout;
    for said in [
        "3 of 3 settings change",
        "sysctl:vm.swappiness",
        "30 -> 10",
        "a host that swaps late",
        "/etc/sysctl.d/60-hosttune.conf",
        "unit:docker.service/TasksMax",
    ] {
        assert!(text.contains(said), "no `{said}` in:\n{text}");
    }
    let diff = tree.expect(1, &[&dry[..], &["--verbose"]].concat()).stdout;
    for said in ["-vm.swappiness = 30", "+vm.swappiness = 10", "+TasksMax="] {
        assert!(diff.contains(said), "no `{said}` in:\n{diff}");
    }
    let json = tree.json(&dry);
    assert_eq!(
        (&json["verdict"], &json["exit"]),
        (&"would-change".into(), &1.into())
    );
    tree.all().assert_is(&before, "a dry run");
}

#[test]
fn a_second_apply_has_nothing_to_do_and_touches_nothing() {
    let tree = Tree::lived_in();
    let profile = tree.profile("a", A);
    tree.expect(0, &apply(&profile));
    let (after, times) = (tree.etc(), times(&tree));
    let state = Snapshot::of(&tree.path("var"));
    let text = assert_unchanged(&tree, &after, 0, &apply(&profile));
    assert!(text.contains("nothing to do"), "{text}");
    let json = tree.json(&apply(&profile));
    assert_eq!(
        (&json["verdict"], &json["exit"]),
        (&"nothing-to-do".into(), &0.into())
    );
    assert_eq!(times, self::times(&tree), "a file was written again");
    Snapshot::of(&tree.path("var")).assert_is(&state, "the journal after a second apply");
    assert_unchanged(&tree, &after, 0, &["apply", "--yes"]);
    assert_unchanged(&tree, &after, 0, &["apply", "--dry-run"]);
    tree.expect(0, &["check"]);
}

fn times(tree: &Tree) -> Vec<(i64, i64)> {
    let time = |name: &str| {
        let facts = fs::metadata(tree.path(name)).unwrap();
        (facts.mtime(), facts.mtime_nsec())
    };
    [FOREIGN, DROP_IN, "etc/sysctl.d"].map(time).to_vec()
}

#[test]
fn a_file_that_is_replaced_keeps_its_mode_and_owner() {
    let tree = Tree::lived_in();
    let before = tree.etc();
    tree.expect(0, &apply(&tree.profile("a", A)));
    let after = tree.etc();
    let name = FOREIGN.trim_start_matches("etc/");
    let (was, is): (&Node, &Node) = (&before.0[name], &after.0[name]);
    assert_ne!(was.content, is.content);
    assert_eq!((was.mode, was.owner), (is.mode, is.owner));
    let new = &after.0[DROP_IN.trim_start_matches("etc/")];
    assert_eq!(new.mode & 0o7777, 0o644);
}

#[test]
fn revert_brings_back_every_byte_mode_and_owner() {
    let tree = Tree::lived_in();
    let before = tree.etc();
    tree.expect(0, &apply(&tree.profile("a", A)));
    let json = tree.json(&["revert"]);
    assert_eq!(
        (&json["verdict"], &json["in_force"]),
        (&"done".into(), &None::<u32>.into())
    );
    tree.etc().assert_is(&before, "revert");
    let text = assert_unchanged(&tree, &before, 0, &["revert"]);
    assert!(text.contains("nothing to revert"), "{text}");
}

#[test]
fn a_second_profile_gives_back_what_only_the_first_one_set() {
    let tree = Tree::lived_in();
    let before = tree.etc();
    let (a, b) = (tree.profile("a", A), tree.profile("b", B));
    tree.expect(0, &apply(&a));
    let first = tree.etc();
    let plan = tree
        .expect(1, &["apply", "--dry-run", "--profile", &b])
        .stdout;
    let (_, restores) = plan.split_once("back to what was before").unwrap();
    assert!(restores.contains(&format!("remove /{DROP_IN}")), "{plan}");
    tree.expect(0, &apply(&b));
    assert!(
        !tree.path(DROP_IN).exists(),
        "only the first profile wanted it"
    );
    let sysctl = tree.read(FOREIGN);
    assert!(sysctl.contains("vm.swappiness = 5"), "{sysctl}");
    assert!(
        !sysctl.contains("4194304"),
        "only the first profile set it:\n{sysctl}"
    );
    assert!(tree.expect(0, &["status"]).stdout.contains(" b\n"));
    tree.expect(0, &["revert"]);
    tree.etc().assert_is(&first, "one revert after two applies");
    assert!(tree.expect(0, &["status"]).stdout.contains(" a\n"));
    tree.expect(0, &["check"]);
    tree.expect(0, &["revert"]);
    tree.etc()
        .assert_is(&before, "two reverts after two applies");
    assert!(tree.expect(0, &["status"]).stdout.contains("none in force"));
}

#[test]
fn revert_can_go_back_to_any_apply_or_to_the_beginning() {
    let start = Tree::lived_in();
    let before = start.etc();
    let (a, b) = (start.profile("a", A), start.profile("b", B));
    start.expect(0, &apply(&a));
    let first = start.etc();
    start.expect(0, &apply(&b));
    start.expect(0, &apply(&a));
    for (args, left) in [
        (&["revert", "2"][..], &first),
        (&["revert", "1"], &before),
        (&["revert", "--all"], &before),
    ] {
        let tree = start.copy();
        tree.expect(0, args);
        tree.etc().assert_is(left, &format!("{args:?}"));
    }
    for args in [["revert", "4"], ["revert", "0"]] {
        let told = assert_unchanged(&start, &start.etc(), 2, &args);
        assert!(told.contains("there is no apply"), "{told}");
    }
    start.expect(0, &["revert", "2"]);
    let told = assert_unchanged(&start, &first, 2, &["revert", "3"]);
    assert!(told.contains("hosttune history"), "{told}");
}

#[test]
fn history_lists_every_apply_and_what_became_of_it() {
    let tree = Tree::lived_in();
    assert!(
        tree.expect(0, &["history"])
            .stdout
            .contains("nothing has been applied")
    );
    let (a, b) = (tree.profile("a", A), tree.profile("b", B));
    tree.expect(0, &apply(&a));
    tree.expect(0, &apply(&b));
    tree.expect(0, &["revert"]);
    let json = tree.json(&["history"]);
    let records = json["history"].as_array().unwrap();
    let told: Vec<String> = records
        .iter()
        .map(|r| format!("{} {} {}", r["id"], r["profile"], r["state"]).replace('"', ""))
        .collect();
    assert_eq!(told, ["1 a applied", "2 b reverted"]);
    assert_eq!(records[0]["path"], a.as_str());
    let text = tree.expect(0, &["history"]).stdout;
    assert!(
        text.lines().count() == 3 && text.contains("reverted"),
        "{text}"
    );
    tree.expect(0, &apply(&b));
    assert_eq!(
        tree.json(&["history"])["history"][2]["id"],
        3,
        "a number is never used again"
    );
}

#[test]
fn what_somebody_else_changed_since_is_named_left_alone_and_restored_only_by_force() {
    let tree = Tree::lived_in();
    let before = tree.etc();
    tree.expect(0, &apply(&tree.profile("a", A)));
    let edited = b"vm.swappiness = 77\n";
    fs::write(tree.path(FOREIGN), edited).unwrap();
    let output = tree.expect(5, &["revert"]);
    assert!(
        output.stderr.contains(&format!("/{FOREIGN}: ")),
        "{}",
        output.stderr
    );
    assert!(
        output.stderr.contains("revert --force"),
        "{}",
        output.stderr
    );
    assert_eq!(fs::read(tree.path(FOREIGN)).unwrap(), edited);
    assert!(
        !tree.path(DROP_IN).exists(),
        "the rest is reverted all the same"
    );
    let state = &tree.json(&["history"])["history"][0]["state"];
    assert!(state.as_str().unwrap().contains("conflict"), "{state}");
    tree.expect(0, &["revert", "--force"]);
    tree.etc().assert_is(&before, "revert --force");
}

#[test]
fn what_somebody_else_changed_back_is_no_conflict() {
    let tree = Tree::lived_in();
    let before = tree.etc();
    tree.expect(0, &apply(&tree.profile("a", A)));
    fs::remove_file(tree.path(DROP_IN)).unwrap();
    tree.expect(0, &["revert"]);
    tree.etc().assert_is(&before, "revert");
}

#[test]
fn a_directory_that_others_use_by_now_stays() {
    let tree = Tree::empty();
    tree.expect(0, &apply(&tree.profile("a", A)));
    tree.write("etc/sysctl.d/70-theirs.conf", b"", 0o644);
    let text = tree.expect(0, &["revert"]).stdout;
    assert!(text.contains("stays /etc/sysctl.d"), "{text}");
    assert!(tree.path("etc/sysctl.d/70-theirs.conf").exists());
    assert!(!tree.path(FOREIGN).exists() && !tree.path("etc/systemd").exists());
}

#[test]
fn two_changes_of_one_host_keep_apart() {
    let tree = Tree::lived_in();
    let (profile, before) = (tree.profile("a", A), tree.etc());
    fs::create_dir_all(tree.path("run/hosttune")).unwrap();
    let mut lock = File::create(tree.path("run/hosttune/lock")).unwrap();
    lock.lock().unwrap();
    std::io::Write::write_all(&mut lock, b"4711\n").unwrap();
    for args in [&apply(&profile)[..], &["revert"]] {
        let told = assert_unchanged(&tree, &before, 2, args);
        assert!(told.contains("PID 4711"), "{told}");
    }
    for args in [
        &["check", "--profile", &profile][..],
        &["apply", "--dry-run", "--profile", &profile],
    ] {
        tree.expect(1, args);
    }
    drop(lock);
    tree.expect(0, &apply(&profile));
}

#[test]
fn nobody_who_can_be_asked_means_no() {
    let tree = Tree::lived_in();
    let (profile, before) = (tree.profile("a", A), tree.etc());
    let told = assert_unchanged(&tree, &before, 2, &["apply", "--profile", &profile]);
    assert!(
        told.contains("nothing was changed") && told.contains("--yes"),
        "{told}"
    );
    let json = tree.json(&["apply", "--profile", &profile]);
    assert_eq!(json["problems"][0]["kind"], "unconfirmed");
    tree.etc()
        .assert_is(&before, "an apply that nobody confirmed");
    assert!(
        tree.json(&["history"])["history"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_later_file_that_wins_is_named_by_apply_and_check() {
    let tree = Tree::lived_in();
    tree.write(
        "etc/sysctl.d/99-zz.conf",
        b"# theirs\nvm.swappiness = 60\n",
        0o644,
    );
    let profile = tree.profile("a", A);
    let applied = tree.expect(1, &apply(&profile)).stdout;
    let found = tree.expect(1, &["check"]).stdout;
    for text in [&applied, &found] {
        assert!(text.contains("/etc/sysctl.d/99-zz.conf:2"), "{text}");
    }
    assert!(
        found.contains("overrides /etc/sysctl.d/60-hosttune.conf"),
        "{found}"
    );
    let json = tree.json(&["check"]);
    let finding = json["findings"].as_array().unwrap().iter();
    let finding = finding
        .clone()
        .find(|f| f["id"] == "sysctl:vm.swappiness")
        .unwrap();
    assert_eq!(finding["verdict"], "drifted");
    assert_eq!(finding["layers"][0]["source"], "/etc/sysctl.d/99-zz.conf:2");
    let after = tree.etc();
    let told = assert_unchanged(&tree, &after, 1, &apply(&profile));
    assert!(told.contains("nothing to do"), "{told}");
    fs::remove_file(tree.path("etc/sysctl.d/99-zz.conf")).unwrap();
    tree.expect(0, &["check"]);
}

#[test]
fn a_link_at_our_place_is_somebodys_wish_and_stops_everything() {
    let tree = Tree::lived_in();
    fs::remove_file(tree.path(FOREIGN)).unwrap();
    symlink("/dev/null", tree.path(FOREIGN)).unwrap();
    let before = tree.etc();
    let told = assert_unchanged(&tree, &before, 2, &apply(&tree.profile("a", A)));
    assert!(told.contains("is a link to /dev/null"), "{told}");
}

#[test]
fn nothing_is_written_outside_the_root() {
    let tree = Tree::lived_in();
    let outside = tempfile::tempdir().unwrap();
    fs::remove_dir_all(tree.path("etc/sysctl.d")).unwrap();
    symlink(outside.path(), tree.path("etc/sysctl.d")).unwrap();
    let before = tree.etc();
    let output = tree.run(&apply(&tree.profile("a", A)));
    assert!(matches!(output.code, Some(2 | 4)), "{output:#?}");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    tree.etc().assert_is(&before, "a link that leads out");
}

#[test]
fn an_apply_that_cannot_go_on_puts_everything_back() {
    let tree = Tree::lived_in();
    tree.write(
        "etc/systemd/system/containerd.service.d",
        b"a file, by mistake",
        0o644,
    );
    let before = tree.etc();
    let text = format!("{A}\n[unit containerd.service]\nTasksMax = infinity\n");
    let told = assert_unchanged(&tree, &before, 4, &apply(&tree.profile("a", &text)));
    assert!(told.contains("everything is as it was before"), "{told}");
    assert!(told.contains("containerd.service.d"), "{told}");
    assert_eq!(tree.json(&["history"])["history"][0]["state"], "failed");
    let told = assert_unchanged(&tree, &before, 0, &["revert"]);
    assert!(told.contains("nothing to revert"), "{told}");
}

#[test]
fn exit_codes_say_how_it_stands() {
    let tree = Tree::lived_in();
    let profile = tree.profile("a", A);
    tree.expect(2, &["check"]);
    tree.expect(2, &["apply", "--yes"]);
    tree.expect(0, &["status"]);
    tree.expect(1, &["check", "--profile", &profile]);
    tree.expect(1, &["apply", "--dry-run", "--profile", &profile]);
    tree.expect(0, &apply(&profile));
    tree.expect(0, &["check"]);
    tree.expect(0, &["apply", "--dry-run"]);
    fs::write(tree.path(FOREIGN), "").unwrap();
    tree.expect(1, &["check"]);
    tree.expect(1, &["status"]);
    tree.expect(3, &["preflight", "--nodes", "600"]);
    tree.expect(1, &["preflight", "--nodes", "2000"]);
    tree.expect(2, &["preflight", "--nodes", "none"]);
    tree.expect(2, &["preflight"]);
    let nowhere = ["status", "--root", "/nonexistent"];
    assert_eq!(crate::common::hosttune(&nowhere).code, Some(2));
}

#[test]
fn an_interrupted_apply_that_somebody_edited_is_not_overrun_by_the_next() {
    let tree = Tree::lived_in();
    let profile = tree.profile("a", A);
    tree.expect(0, &apply(&profile));
    let record = "var/lib/hosttune/journal/0001.json";
    let begun = tree.read(record).replace("\"applied\"", "\"applying\"");
    fs::write(tree.path(record), begun).unwrap();
    fs::write(tree.path(FOREIGN), "vm.swappiness = 77\n").unwrap();
    let before = tree.etc();
    let told = assert_unchanged(&tree, &before, 2, &["apply", "--profile", &profile]);
    assert!(told.contains("was interrupted"), "{told}");
    let output = tree.expect(5, &apply(&profile));
    assert!(output.stderr.contains(FOREIGN), "{output:#?}");
    assert_eq!(tree.read(FOREIGN), "vm.swappiness = 77\n");
}

#[test]
fn a_damaged_journal_is_named_and_nothing_is_guessed() {
    let tree = Tree::lived_in();
    let profile = tree.profile("a", A);
    tree.expect(0, &apply(&profile));
    let record = "var/lib/hosttune/journal/0001.json";
    let half = tree.read(record);
    fs::write(tree.path(record), &half[..half.len() / 2]).unwrap();
    let before = tree.etc();
    for args in [
        &["revert"][..],
        &apply(&profile),
        &["check"],
        &["status"],
        &["history"],
    ] {
        let told = assert_unchanged(&tree, &before, 2, args);
        assert!(
            told.contains(record) && told.contains("damaged"),
            "{args:?}: {told}"
        );
    }
}

#[test]
fn who_may_not_read_the_journal_can_still_check_what_is_in_force() {
    let tree = Tree::lived_in();
    tree.expect(0, &apply(&tree.profile("a", A)));
    let me = fs::metadata(tree.path("")).unwrap().uid();
    if me != 0 {
        eprintln!("left out: only root can become another user");
        return;
    }
    let top = tree.path("").parent().unwrap().to_owned();
    fs::set_permissions(top, fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(tree.path(FOREIGN), fs::Permissions::from_mode(0o644)).unwrap();
    let mut command = crate::common::run::bare(crate::common::run::PROGRAM);
    command.args(["check", "--root", &tree.root()]);
    std::os::unix::process::CommandExt::uid(&mut command, 65_534);
    let output = crate::common::run::finish(command);
    assert_eq!(output.code, Some(0), "{output:#?}");
}

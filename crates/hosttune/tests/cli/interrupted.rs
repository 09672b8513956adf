//! An apply or a revert that is killed before any of the system calls by which it changes the tree.

use crate::common::{Snapshot, Tree, left_out, tracer};
use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::Path;

/// New files and directories, a file to replace, and a drop-in beside one of others.
const PROFILE: &str = "\
[profile]
summary = all kinds

[module]
nf_conntrack = loaded

[sysctl]
vm.swappiness = 10
#: a reason
fs.inotify.max_user_instances = 8192

[unit docker.service]
TasksMax = 5000

[unit containerd.service]
LimitNOFILE = 1048576
";

/// More calls of one kind than any run here makes: the loops end.
const MANY: usize = 200;

/// A tree before a change, the command that changes it, and what it comes to.
struct Scene {
    start: Tree,
    args: Vec<String>,
    before: Snapshot,
    after: Snapshot,
}

impl Scene {
    fn new(start: Tree, args: &[&str]) -> Self {
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        let whole = start.copy();
        let output = whole.run(&args.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(output.code, Some(0), "{output:#?}");
        let (before, after) = (start.etc(), whole.etc());
        assert!(before != after, "nothing changes, so nothing is shown");
        Self {
            start,
            args,
            before,
            after,
        }
    }

    /// Kills the command before each of its calls in turn, each time on a fresh copy of the tree,
    /// and hands over what is left, every state once. Says how often it died.
    fn kill_everywhere(&self, look: &mut dyn FnMut(&Tree, &str)) -> usize {
        let (mut deaths, mut states) = (0, HashSet::new());
        for syscall in tracer::CHANGING {
            for number in 1..MANY {
                let tree = self.start.copy();
                let root = tree.root();
                let mut args: Vec<&str> = self.args.iter().map(String::as_str).collect();
                args.extend(["--root", &root]);
                let output = tracer::run(&args, syscall, "signal=KILL", &number.to_string());
                if output.code.is_some() {
                    assert_eq!(output.code, Some(0), "{syscall} {number}: {output:#?}");
                    break;
                }
                deaths += 1;
                let when = format!("{} killed before {syscall} {number}", self.args[0]);
                self.assert_old_or_new(&tree, &when);
                if states.insert(state(&tree)) {
                    look(&tree, &when);
                }
            }
        }
        let states = states.len();
        println!("{} died {deaths} times in {states} states", self.args[0]);
        deaths
    }

    /// Every name below `etc` is as before or as after, whole; only what is being prepared is
    /// neither, and no program reads that.
    fn assert_old_or_new(&self, tree: &Tree, when: &str) {
        let now = tree.etc().0;
        let names: BTreeSet<&String> = self.before.0.keys().chain(self.after.0.keys()).collect();
        for name in &names {
            let node = now.get(*name);
            let whole = node == self.before.0.get(*name) || node == self.after.0.get(*name);
            assert!(whole, "{when}: {name} is {node:?}");
        }
        for name in now.keys().filter(|name| !names.contains(name)) {
            let file = name.rsplit('/').next().unwrap();
            let prepared = file.starts_with('.') && file.ends_with(".hosttune");
            assert!(prepared, "{when}: {name} is left");
        }
    }
}

/// A tree without what differs from run to run: times, and who held the lock.
fn state(tree: &Tree) -> String {
    let timed = |line: &&str| {
        let word = line.trim_start();
        ["\"began\"", "\"ended\"", "\"since\""]
            .iter()
            .any(|field| word.starts_with(field))
    };
    let mut state = String::new();
    for (name, node) in tree.all().0 {
        if name == "run/hosttune/lock" {
            continue;
        }
        let content = node.content.unwrap_or_default();
        let text = String::from_utf8_lossy(&content);
        let lines: Vec<&str> = text.lines().filter(|line| !timed(line)).collect();
        state += &format!("{name} {:o} {lines:?}\n", node.mode);
    }
    state
}

/// Whether the journal on the disk, read by this test alone, says that a change is under way.
fn is_open(tree: &Tree) -> bool {
    let Ok(records) = fs::read_dir(tree.path("var/lib/hosttune/journal")) else {
        return false;
    };
    records
        .map(|record| record.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .any(|path| {
            let text = fs::read_to_string(path).unwrap();
            let record: serde_json::Value = serde_json::from_str(&text).unwrap();
            matches!(record["state"].as_str(), Some("applying" | "reverting"))
        })
}

/// `check` and `status` say that a change was interrupted if, and only if, one was.
fn assert_told(tree: &Tree, profile: &str, when: &str) {
    for args in [&["check", "--profile", profile][..], &["status"]] {
        let answer = tree.json(args);
        let problems = answer["problems"].as_array().unwrap();
        let told = problems.iter().any(|p| p["kind"] == "interrupted");
        assert_eq!(told, is_open(tree), "{when}: {answer}");
        assert!(!told || answer["exit"] == 1, "{when}: {answer}");
        assert!(
            !told || answer["verdict"] == "interrupted",
            "{when}: {answer}"
        );
    }
}

fn strace() -> bool {
    let there = tracer::is_there();
    if !there {
        left_out("strace");
    }
    there
}

#[test]
fn an_apply_killed_at_any_step_is_reverted_exactly_or_begun_again() {
    if !strace() {
        return;
    }
    let start = Tree::lived_in();
    let profile = start.profile("all", PROFILE);
    let apply = ["apply", "--yes", "--profile", &profile];
    let scene = Scene::new(start, &apply);
    let deaths = scene.kill_everywhere(&mut |tree, when| {
        assert_told(tree, &profile, when);
        let again = tree.copy();
        tree.expect(0, &["revert"]);
        tree.etc().assert_is(&scene.before, when);
        assert!(!is_open(tree), "{when}: still open after the revert");
        again.expect(0, &apply);
        again.etc().assert_is(&scene.after, when);
        again.expect(0, &["check"]);
        again.expect(0, &["revert"]);
        again.etc().assert_is(&scene.before, when);
    });
    assert!(deaths >= 60, "only {deaths}: the trace misses steps");
}

#[test]
fn a_revert_killed_at_any_step_ends_at_the_next_one() {
    if !strace() {
        return;
    }
    let start = Tree::lived_in();
    let profile = start.profile("all", PROFILE);
    let before = start.etc();
    start.expect(0, &["apply", "--yes", "--profile", &profile]);
    let scene = Scene::new(start, &["revert"]);
    scene.after.assert_is(&before, "an undisturbed revert");
    let deaths = scene.kill_everywhere(&mut |tree, when| {
        assert_told(tree, &profile, when);
        tree.expect(0, &["revert"]);
        tree.etc().assert_is(&before, when);
        assert!(!is_open(tree), "{when}: still open after the revert");
    });
    assert!(deaths >= 30, "only {deaths}: the trace misses steps");
}

#[test]
fn a_revert_of_an_interrupted_apply_may_be_killed_too() {
    if !strace() {
        return;
    }
    let start = Tree::lived_in();
    let profile = start.profile("all", PROFILE);
    let before = start.etc();
    let root = start.root();
    let apply = ["apply", "--yes", "--profile", &profile, "--root", &root];
    // The journal is written by the first rename; the fourth would be the third of our files.
    let killed = tracer::run(&apply, "renameat", "signal=KILL", "4");
    assert_eq!(killed.code, None, "{killed:#?}");
    assert!(is_open(&start));
    let scene = Scene::new(start, &["revert"]);
    scene.kill_everywhere(&mut |tree, when| {
        tree.expect(0, &["revert"]);
        tree.etc().assert_is(&before, when);
    });
}

#[test]
fn a_second_apply_killed_at_any_step_leaves_the_first_one_to_go_back_to() {
    if !strace() {
        return;
    }
    let start = Tree::lived_in();
    let first = start.profile(
        "first",
        "[sysctl]\nvm.swappiness = 10\nkernel.pid_max = 100000\n",
    );
    let second = start.profile(
        "second",
        "[sysctl]\nvm.swappiness = 5\n[module]\nloop = loaded\n",
    );
    let before = start.etc();
    start.expect(0, &["apply", "--yes", "--profile", &first]);
    let scene = Scene::new(start, &["apply", "--yes", "--profile", &second]);
    scene.kill_everywhere(&mut |tree, when| {
        assert_told(tree, &second, when);
        tree.expect(0, &["revert", "--all"]);
        tree.etc().assert_is(&before, when);
    });
}

#[test]
fn the_journal_is_on_the_disk_before_the_first_change() {
    if !strace() {
        return;
    }
    let tree = Tree::lived_in();
    let profile = tree.profile("all", PROFILE);
    let (root, log) = (tree.root(), tree.path("trace"));
    let apply = ["apply", "--yes", "--profile", &profile, "--root", &root];
    assert_eq!(tracer::log(&apply, &log).code, Some(0));
    let trace = fs::read_to_string(&log).unwrap();
    let lines: Vec<&str> = trace.lines().collect();
    let journal = format!("{root}/var/lib/hosttune/journal");
    let position = |what: &dyn Fn(&str) -> bool| lines.iter().position(|line| what(line));
    let content = position(&|l| l.contains("fsync(") && l.contains(&format!("{journal}/.0001")));
    let named = position(&|l| l.contains("renameat") && l.contains("\"0001.json\""));
    let folder = named.and_then(|named| {
        let after = &lines[named..];
        let flushed = |l: &&str| l.contains("fsync(") && l.contains(&format!("<{journal}>"));
        after.iter().position(flushed).map(|at| named + at)
    });
    let first_change = position(&|l| changes(l) && l.contains(&format!("<{root}/etc")));
    let order = [content, named, folder, first_change];
    assert!(order.iter().all(Option::is_some), "{order:?}\n{trace}");
    assert!(order.is_sorted(), "{order:?}\n{trace}");
}

fn changes(line: &str) -> bool {
    ["renameat", "mkdirat", "unlinkat", "write(", "symlinkat"]
        .iter()
        .any(|call| line.contains(call))
}

#[test]
fn every_new_file_is_flushed_before_it_gets_its_name_and_its_folder_after() {
    if !strace() {
        return;
    }
    let tree = Tree::lived_in();
    let profile = tree.profile("all", PROFILE);
    let (root, log) = (tree.root(), tree.path("trace"));
    let apply = ["apply", "--yes", "--profile", &profile, "--root", &root];
    assert_eq!(tracer::log(&apply, &log).code, Some(0));
    let trace = fs::read_to_string(&log).unwrap();
    let lines: Vec<&str> = trace.lines().collect();
    let renames: Vec<usize> = (0..lines.len())
        .filter(|at| lines[*at].contains("renameat"))
        .collect();
    assert!(renames.len() >= 6, "{trace}");
    for at in renames {
        let folder = between(lines[at], '<', '>');
        let name = between(lines[at], '"', '"');
        let file = Path::new(folder).join(name).display().to_string();
        let flush_of = |path: &str| format!("<{path}>)");
        let last_touch = lines[..at]
            .iter()
            .rev()
            .find(|line| line.contains(&format!("<{file}>")));
        assert!(
            last_touch.is_some_and(|line| line.contains("fsync(")),
            "{file} is not flushed last: {last_touch:?}"
        );
        let next = lines[at + 1];
        assert!(
            next.contains("fsync(") && next.contains(&flush_of(folder)),
            "{folder} is not flushed after {name}: {next}"
        );
    }
}

/// What stands between the first two of these marks.
fn between(line: &str, open: char, close: char) -> &str {
    let rest = line.split_once(open).map_or("", |(_, rest)| rest);
    rest.split_once(close).map_or("", |(inside, _)| inside)
}

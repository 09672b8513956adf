//! An apply or a revert in which one system call fails, as on a disk that is full or dying.

use crate::common::{Output, Tree, left_out, tracer};

const PROFILE: &str = "\
[module]
nf_conntrack = loaded

[sysctl]
vm.swappiness = 10

[unit docker.service]
TasksMax = 5000
";

/// Fails `args` at each call of each kind in turn, each time on a copy of `start`. With `onward`
/// all later calls of the kind fail too.
fn fail_everywhere(
    start: &Tree,
    args: &[&str],
    onward: bool,
    look: &mut dyn FnMut(&Tree, &Output, &str),
) {
    let trace = undisturbed(start, args);
    for syscall in tracer::CHANGING {
        let call = format!(" {}(", syscall.trim_start_matches('?'));
        let calls = trace.lines().filter(|line| line.contains(&call)).count();
        for number in 1..=calls {
            let tree = start.copy();
            let root = tree.root();
            let args = [args, &["--root", &root]].concat();
            let when = format!("{number}{}", if onward { "+" } else { "" });
            let output = tracer::run(&args, syscall, "error=EIO", &when);
            let context = format!("{syscall} {when}: {output:#?}");
            assert!(matches!(output.code, Some(0 | 2 | 4 | 5)), "{context}");
            look(&tree, &output, &context);
        }
    }
}

/// The calls that a run makes when nothing fails.
fn undisturbed(start: &Tree, args: &[&str]) -> String {
    let tree = start.copy();
    let (root, log) = (tree.root(), tree.path("trace"));
    let output = tracer::log(&[args, &["--root", &root]].concat(), &log);
    assert_eq!(output.code, Some(0), "{output:#?}");
    tree.read("trace")
}

#[test]
fn an_apply_that_fails_anywhere_puts_everything_back_and_says_so() {
    if !tracer::is_there() {
        return left_out("strace");
    }
    let start = Tree::lived_in();
    let profile = start.profile("all", PROFILE);
    let before = start.etc();
    let apply = ["apply", "--yes", "--profile", &profile];
    let mut codes = [0; 6];
    fail_everywhere(&start, &apply, false, &mut |tree, output, when| {
        let code = output.code.unwrap();
        codes[usize::try_from(code).unwrap()] += 1;
        match code {
            0 => {
                tree.expect(0, &["check"]);
                tree.expect(0, &["revert"]);
            }
            2 => assert!(output.stderr.contains("hosttune: "), "{when}"),
            4 => assert!(
                output.stderr.contains("everything is as it was before"),
                "{when}"
            ),
            _ => panic!("one failure left something behind: {when}"),
        }
        tree.etc().assert_is(&before, when);
        tree.expect(0, &["revert"]);
        tree.etc().assert_is(&before, when);
    });
    println!("exit codes 0 to 5: {codes:?}");
    assert!(codes[4] > 0 && codes[2] > 0, "{codes:?}");
}

#[test]
fn an_apply_that_cannot_put_back_either_says_so_and_the_next_revert_does() {
    if !tracer::is_there() {
        return left_out("strace");
    }
    let start = Tree::lived_in();
    let profile = start.profile("all", PROFILE);
    let before = start.etc();
    let apply = ["apply", "--yes", "--profile", &profile];
    let mut not_restored = 0;
    fail_everywhere(&start, &apply, true, &mut |tree, output, when| {
        match output.code.unwrap() {
            2 | 4 => tree.etc().assert_is(&before, when),
            5 => {
                not_restored += 1;
                let told = output.stderr.contains("`hosttune revert` tries again");
                // Where nothing can be written, nothing can be said either.
                assert!(told || when.starts_with("write "), "{when}");
            }
            _ => {}
        }
        tree.expect(0, &["revert"]);
        tree.etc().assert_is(&before, when);
    });
    assert!(not_restored > 0);
}

#[test]
fn a_revert_that_fails_anywhere_never_says_that_nothing_was_changed_when_something_was() {
    if !tracer::is_there() {
        return left_out("strace");
    }
    let start = Tree::lived_in();
    let profile = start.profile("all", PROFILE);
    let before = start.etc();
    start.expect(0, &["apply", "--yes", "--profile", &profile]);
    let applied = start.etc();
    fail_everywhere(&start, &["revert"], false, &mut |tree, output, when| {
        match output.code.unwrap() {
            0 => tree.etc().assert_is(&before, when),
            2 => tree.etc().assert_is(&applied, when),
            5 => {}
            _ => panic!("{when}"),
        }
        tree.expect(0, &["revert"]);
        tree.etc().assert_is(&before, when);
    });
}

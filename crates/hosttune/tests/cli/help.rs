//! What the program says about itself, about a wrong command line, and into a pipe that closes.

use crate::common::run::{PROGRAM, bare};
use crate::common::{Tree, hosttune};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

const COMMANDS: [&str; 11] = [
    "apply",
    "check",
    "preflight",
    "rehearse",
    "confirm",
    "revert",
    "status",
    "history",
    "install",
    "uninstall",
    "profile",
];
const OF_PROFILE: [&str; 6] = ["list", "show", "lint", "diff", "import", "derive"];

/// The help of a command; no tree is touched by it.
fn help_of(command: &str) -> String {
    let words: Vec<&str> = command.split(' ').collect();
    let output = hosttune(&[&words[..], &["--help", "--root", "/nonexistent"]].concat());
    assert_eq!(
        (output.code, output.stderr.as_str()),
        (Some(0), ""),
        "{command}"
    );
    output.stdout
}

#[test]
fn help_is_a_result_and_lists_every_command() {
    let output = hosttune(&["--help"]);
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""));
    for command in COMMANDS {
        let listed = output
            .stdout
            .lines()
            .any(|line| line.trim_start().starts_with(command));
        assert!(listed, "{command} is not in:\n{}", output.stdout);
    }
    assert!(!output.stdout.contains('\u{1b}'), "{}", output.stdout);
}

#[test]
fn every_exit_code_is_documented() {
    let help = hosttune(&["--help"]).stdout;
    let codes = help.split_once("Exit codes:").unwrap().1;
    for code in 0..=5 {
        assert!(
            codes.contains(&format!("{code} ")),
            "{code} is not in:\n{codes}"
        );
    }
}

#[test]
fn every_command_and_every_flag_of_it_has_a_sentence() {
    let of_profile = OF_PROFILE.map(|command| format!("profile {command}"));
    let commands = COMMANDS.map(str::to_owned).into_iter().chain(of_profile);
    for command in commands {
        let help = help_of(&command);
        assert!(
            help.contains(&format!("Usage: hosttune {command}")),
            "{help}"
        );
        assert!(
            help.lines().next().is_some_and(|line| line.len() > 20),
            "{help}"
        );
        let lines: Vec<&str> = help.lines().map(str::trim).collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| is_flag(line)) {
            let said =
                line.contains("  ") || lines.get(at + 1).is_some_and(|next| !next.is_empty());
            assert!(said, "{command}: `{line}` says nothing");
        }
    }
}

/// `-h, --help`, and not an item of a list.
fn is_flag(line: &str) -> bool {
    line.starts_with('-') && !line.starts_with("- ")
}

#[test]
fn no_command_at_all_is_an_error_that_shows_the_help() {
    let output = hosttune(&[]);
    assert_eq!((output.code, output.stdout.as_str()), (Some(2), ""));
    assert!(
        output.stderr.contains("Usage: hosttune"),
        "{}",
        output.stderr
    );
}

#[test]
fn a_mistyped_command_or_flag_is_answered_with_the_one_meant() {
    for (args, meant) in [
        (&["chekc"][..], "'check'"),
        (&["pre-flight"], "'preflight'"),
        (&["profile", "lst"], "'list'"),
        (&["profile", "import", "x", "--as", "sysclt"], "'sysctl'"),
        (&["check", "--profil", "x"], "'--profile'"),
        (&["check", "--format", "jsno"], "'json'"),
    ] {
        let output = hosttune(args);
        assert_eq!(
            (output.code, output.stdout.as_str()),
            (Some(2), ""),
            "{args:?}"
        );
        assert!(output.stderr.contains(meant), "{args:?}: {}", output.stderr);
    }
}

#[test]
fn flags_that_exclude_each_other_are_refused() {
    let tree = Tree::empty();
    for args in [
        &["revert", "3", "--all"][..],
        &["revert", "--unconfirmed"],
        &["apply", "--script", "--confirm-within", "5m"],
        &["apply", "--yes", "--confirm-within", "5"],
        &["status", "--quiet", "--verbose"],
        &["revert", "first"],
        &["preflight", "--nodes"],
        &["profile"],
        &["profile", "import"],
        &["profile", "import", "x", "--force"],
        &["profile", "diff", "x"],
    ] {
        assert_eq!(tree.run(args).code, Some(2), "{args:?}");
    }
}

#[test]
fn the_version_is_that_of_the_crate() {
    let output = hosttune(&["--version"]);
    let version = concat!("hosttune ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!((output.code, output.stdout.as_str()), (Some(0), version));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let tree = Tree::empty();
    let settings: String = (1..2000).map(|n| format!("net.x.key{n} = {n}\n")).collect();
    let profile = tree.profile("long", &format!("[sysctl]\n{settings}"));
    let root = tree.root();
    for (args, code) in [
        (&["--help"][..], 0),
        (
            &["check", "--verbose", "--root", &root, "--profile", &profile],
            1,
        ),
        (
            &[
                "check",
                "--format",
                "json",
                "--root",
                &root,
                "--profile",
                &profile,
            ],
            1,
        ),
        (
            &["apply", "--dry-run", "--root", &root, "--profile", &profile],
            1,
        ),
    ] {
        let mut command = bare(PROGRAM);
        command
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let mut reader = BufReader::with_capacity(16, child.stdout.take().unwrap());
        reader.read_line(&mut line).unwrap();
        drop(reader);
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            (output.status.code(), stderr.as_ref()),
            (Some(code), ""),
            "{args:?}"
        );
    }
}

#[test]
fn quiet_prints_nothing_but_errors() {
    let tree = Tree::empty();
    let profile = tree.profile("one", "[sysctl]\nvm.swappiness = 10\n");
    for (args, code) in [
        (&["check", "--profile", &profile][..], 1),
        (&["apply", "--yes", "--profile", &profile], 0),
        (&["check"], 0),
        (&["status"], 0),
        (&["history"], 0),
        (&["revert"], 0),
    ] {
        let output = tree.expect(code, &[args, &["--quiet"]].concat());
        assert_eq!(
            (output.stdout, output.stderr),
            (String::new(), String::new()),
            "{args:?}"
        );
    }
    let wrong = tree.expect(2, &["check", "--quiet", "--profile", "/nonexistent.ini"]);
    assert!(
        wrong.stderr.contains("/nonexistent.ini"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn colour_appears_only_where_it_is_asked_for_and_changes_no_word() {
    let tree = Tree::empty();
    let profile = tree.profile("one", "[sysctl]\nvm.swappiness = 10\n");
    let plain = tree.run(&["check", "--profile", &profile]).stdout;
    let painted = tree
        .run(&["check", "--profile", &profile, "--color", "always"])
        .stdout;
    assert!(!plain.contains('\u{1b}') && painted.contains('\u{1b}'));
    assert_eq!(without_colour(&painted), plain);
}

fn without_colour(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once('m').map_or("", |(_, rest)| rest)
    })
}

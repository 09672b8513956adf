use crate::common::{Output, Tree, hosttune};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;

const PROFILE: &str = "[sysctl]\nvm.swappiness = 30\nkernel.pid_max = 99999\n";

/// A tree with a profile, and where a recording of it would go.
fn tree() -> (Tree, String, String) {
    let tree = Tree::lived_in();
    let profile = tree.profile("asked", PROFILE);
    let recording = format!("{profile}.json");
    (tree, profile, recording)
}

#[track_caller]
fn refused(output: &Output, sentence: &str) {
    assert_eq!(output.code, Some(2), "{output:?}");
    assert!(output.stderr.contains(sentence), "{sentence}: {output:?}");
    assert_eq!(output.stdout, "", "{output:?}");
}

#[test]
fn a_replay_prints_what_the_run_printed() {
    let (tree, profile, recording) = tree();
    let runs: &[&[&str]] = &[
        &["check", "--profile", &profile, "-v"],
        &["check", "--profile", &profile, "--format", "json"],
        &["status"],
        &["preflight", "--nodes", "600", "-v"],
        &["preflight", "--nodes", "600", "--format", "json"],
    ];
    for run in runs {
        let live = tree.run(&[run, &["--record", &recording][..]].concat());
        assert_ne!(live.code, Some(2), "{live:?}");
        let replay = hosttune(&[run, &["--facts", &recording][..]].concat());
        assert_eq!(
            (live.stdout, live.stderr, live.code),
            (replay.stdout, replay.stderr, replay.code),
            "{run:?}"
        );
        let mode = fs::metadata(&recording).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::remove_file(&recording).unwrap();
    }
}

#[test]
fn a_recording_is_written_whole_and_over_nothing() {
    let (tree, profile, recording) = tree();
    fs::write(&recording, "mine").unwrap();
    let check = ["check", "--profile", &profile, "--record", &recording];
    refused(&tree.run(&check), "is there already; name another file");
    refused(
        &tree.run(&["facts", "--output", &recording]),
        "is there already",
    );
    assert_eq!(fs::read_to_string(&recording).unwrap(), "mine");
    tree.expect(0, &["facts", "--output", &recording, "--force"]);
    let text = fs::read_to_string(&recording).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["schema"], 1);
    assert!(!fs::exists(format!("{recording}.hosttune")).unwrap());
}

#[test]
fn facts_answer_what_was_not_asked_when_they_were_recorded() {
    let (tree, profile, recording) = tree();
    tree.expect(0, &["facts", "--profile", &profile, "--output", &recording]);
    let live = tree.run(&["check", "--profile", &profile]);
    let replay = hosttune(&["check", "--profile", &profile, "--facts", &recording]);
    assert_eq!((live.stdout, live.code), (replay.stdout, replay.code));
    // Another profile asks for what nobody has read.
    let other = tree.profile("other", "[sysctl]\nvm.never_read = 1\n");
    let replay = hosttune(&["check", "--profile", &other, "--facts", &recording, "-v"]);
    assert_eq!(replay.code, Some(1), "{replay:?}");
    let dbus = tree.profile("dbus", "[unit never.service]\nTasksMax = 7\n");
    let replay = hosttune(&["check", "--profile", &dbus, "--facts", &recording, "-v"]);
    assert_eq!(replay.code, Some(3), "{replay:?}");
    assert!(replay.stdout.contains("not in the recording"), "{replay:?}");
}

#[test]
fn what_is_no_recording_is_refused_with_a_sentence() {
    let (tree, profile, recording) = tree();
    tree.expect(0, &["facts", "--profile", &profile, "--output", &recording]);
    let text = fs::read_to_string(&recording).unwrap();
    let ask = |text: &str| {
        fs::write(&recording, text).unwrap();
        hosttune(&["preflight", "--nodes", "5", "--facts", &recording])
    };
    refused(&ask(&text[..text.len() / 2]), ": is cut off at line ");
    let newer = text.replacen("\"schema\": 1", "\"schema\": 2", 1);
    refused(
        &ask(&newer),
        ": is of schema 2, and this hosttune reads up to schema 1",
    );
    let edited = text.replacen("\"uid\": ", "\"uid\": -", 1);
    refused(&ask(&edited), ": `uid`: ");
    let twice = text.replacen("\"schema\": 1,", "\"schema\": 1,\n\"schema\": 1,", 1);
    refused(&ask(&twice), "`schema` stands twice");
    refused(&ask("{}"), ": is no recording of hosttune");
    refused(&ask(""), ": is cut off at line ");
    refused(
        &hosttune(&["status", "--facts", "/nonexistent.json"]),
        "not found",
    );
}

#[test]
fn hosts_that_exclude_each_other_are_an_error_of_usage() {
    let (tree, profile, recording) = tree();
    let both = ["status", "--facts", &recording];
    refused(&tree.run(&both), "cannot be used with");
    for other in [["--record", "x"], ["--facts", "x"], ["--assume", "cpus=2"]] {
        let words = [
            &["check", "--profile", &profile, "--retry-for", "1s"],
            &other[..],
        ]
        .concat();
        refused(&hosttune(&words), "cannot be used with");
    }
    refused(
        &hosttune(&["apply", "--facts", "x", "--root", "/nonexistent"]),
        "unexpected argument",
    );
}

#[test]
fn assumptions_that_make_no_sense_are_refused() {
    for (words, sentence) in [
        ("cpus=0", "wants a number from 1 to 8192"),
        ("memroy=2G", "did you mean `memory`"),
        ("cpus=2,numa=4", "4 nodes of memory"),
    ] {
        refused(&hosttune(&["status", "--assume", words]), sentence);
    }
    // A file tree shows no size that another could be assumed against.
    let (tree, ..) = tree();
    refused(&tree.run(&["status", "--assume", "cpus=2"]), "not found");
}

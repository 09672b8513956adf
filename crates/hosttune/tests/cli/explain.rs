//! Messages, logs, limits and settings explained.

use crate::common::run::{PROGRAM, bare};
use crate::common::{Output, Tree, hosttune, left_out, tracer};
use crate::schema::hold;
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::thread;

const FULL_BRIDGE: &str = "docker: Error response from daemon: failed to create endpoint x on network bridge: \
     adding interface vetha1b2c3d to bridge docker0 failed: exchange full.";
const TAKEN: &str = "docker: Error response from daemon: Conflict. The container name \"/x\" is already in use by \
     container \"4a5ad6bf857f\". You have to remove (or rename) that container to be able to reuse that name.";
const FACTS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/hosts/debian-13-stock.json"
);

/// Runs the program with something on its standard input.
fn fed(args: &[&str], input: &[u8]) -> Output {
    let mut command = bare(PROGRAM);
    command.arg("explain").args(args);
    feed(command, input)
}

fn feed(mut command: Command, input: &[u8]) -> Output {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let input = input.to_vec();
    // Who has read enough closes the pipe.
    let writer = thread::spawn(move || drop(pipe.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Output {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

fn document(output: &Output) -> Value {
    let document: Value = serde_json::from_str(&output.stdout).unwrap();
    hold(&document);
    assert_eq!(document["exit"], output.code.unwrap());
    document
}

fn of_log(text: &[u8]) -> Value {
    document(&fed(&["-", "--no-live", "--format", "json"], text))
}

/// The first limit of each message with how often it was said and where first.
fn told(document: &Value) -> Vec<(String, u64, u64)> {
    let messages = document["messages"].as_array().unwrap().iter();
    messages
        .map(|message| {
            let limit = message["matches"][0]["limit"]
                .as_str()
                .unwrap_or("unknown")
                .to_owned();
            (
                limit,
                message["count"].as_u64().unwrap(),
                message["first_line"].as_u64().unwrap(),
            )
        })
        .collect()
}

#[test]
fn a_message_is_the_same_however_it_is_given() {
    let tree = Tree::empty();
    tree.write("message", FULL_BRIDGE.as_bytes(), 0o644);
    let file = tree.path("message").display().to_string();
    let mut seen = Vec::new();
    for given in [
        &[FULL_BRIDGE][..],
        &["--text", FULL_BRIDGE],
        &["--file", &file],
        &["-"],
    ] {
        let args = [given, &["--no-live", "--format", "json"]].concat();
        let document = document(&fed(&args, FULL_BRIDGE.as_bytes()));
        assert_eq!(document["verdict"], "limit", "{given:?}");
        assert_eq!(document["matches"], document["messages"][0]["matches"]);
        assert_eq!(document["messages"][0]["text"], FULL_BRIDGE);
        seen.push(document["matches"].clone());
    }
    assert!(
        seen.iter()
            .all(|matches| *matches == seen[0] && matches[0]["limit"] == "bridge.ports")
    );
    let text = hosttune(&["explain", "--no-live", FULL_BRIDGE]).stdout;
    assert!(
        text.contains("certain   bridge.ports: ports of one Linux bridge"),
        "{text}"
    );
    assert!(text.contains("hosttune explain bridge.ports"), "{text}");
}

#[test]
fn what_is_no_limit_and_what_is_not_known_are_two_answers() {
    let none = document(&hosttune(&[
        "explain",
        "--text",
        TAKEN,
        "--no-live",
        "--format",
        "json",
    ]));
    assert_eq!(
        (&none["verdict"], &none["exit"]),
        (&"no-limit".into(), &1.into())
    );
    assert_eq!(none["matches"][0]["limit"], "none");
    for text in ["the weather is fine", "", "-x", "one"] {
        let unknown = document(&hosttune(&[
            "explain",
            "--text",
            text,
            "--no-live",
            "--format",
            "json",
        ]));
        assert_eq!(
            (&unknown["verdict"], &unknown["exit"]),
            (&"unknown".into(), &3.into())
        );
        assert_eq!(unknown["messages"].as_array().unwrap().len(), 1, "{text}");
        assert_eq!(unknown["matches"].as_array().unwrap().len(), 0, "{text}");
    }
    let log = of_log("all is well\n".repeat(100).as_bytes());
    assert_eq!((&log["exit"], told(&log).len()), (&3.into(), 0));
    assert_eq!(
        (&log["log"]["lines"], &log["log"]["other"]),
        (&100.into(), &100.into())
    );
}

#[test]
fn one_message_of_several_lines_is_one() {
    let lines =
        "$ sudo systemctl reload x\nFailed to allocate directory watch: Too many open files";
    let one = document(&hosttune(&[
        "explain",
        "--text",
        lines,
        "--no-live",
        "--format",
        "json",
    ]));
    assert_eq!(
        told(&one),
        [("fs.inotify.max_user_instances".to_owned(), 1, 1)]
    );
    assert_eq!(one["messages"][0]["text"], lines);
}

#[test]
fn a_log_is_told_by_its_messages() {
    let log = r#"time="2026-05-01T10:00:00Z" level=info msg="API listen on /run/docker.sock"
time="2026-05-01T10:00:01Z" level=error msg="Handler for POST /v1.45/containers/4a5ad6bf857f/start returned error: adding interface vetha1b2c3d to bridge docker0 failed: exchange full"
time="2026-05-01T10:00:02Z" level=error msg="Handler for POST /v1.45/containers/00aabbccddee/start returned error: adding interface veth0000001 to bridge docker0 failed: exchange full"
[  123.456789] neighbour: arp_cache: neighbor table overflow!
May  1 10:00:03 host7 kernel: neighbour: arp_cache: neighbor table overflow!
node-1  | [  124.456789] neighbour: arp_cache: neighbor table overflow!
{"MESSAGE":[70,97,105,108,101,100,32,116,111,32,97,108,108,111,99,97,116,101,32,100,105,114,101,99,116,111,114,121,32,119,97,116,99,104,58,32,84,111,111,32,109,97,110,121,32,111,112,101,110,32,102,105,108,101,115],"SYSLOG_IDENTIFIER":"systemd"}
{"log":"docker: Error response from daemon: Conflict. The container name \"/x\" is already in use by container \"4a5ad6bf857f\".\n","stream":"stderr","time":"2026-05-01T10:00:00Z"}
"#;
    let document = of_log(log.as_bytes());
    let expected = [
        ("bridge.ports", 2, 2),
        ("net.neigh.gc_thresh3", 2, 4),
        ("net.neigh.gc_thresh3", 1, 5),
        ("fs.inotify.max_user_instances", 1, 7),
        ("none", 1, 8),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(id, count, line)| ((*id).to_owned(), *count, *line))
        .collect();
    assert_eq!(told(&document), expected);
    assert_eq!(
        document["messages"][3]["text"],
        "systemd: Failed to allocate directory watch: Too many open files"
    );
    assert_eq!(document["log"]["other"], 1);
    let text = fed(&["-", "--no-live"], log.as_bytes()).stdout;
    assert!(
        text.contains("2 times, first in line 2: Handler for POST"),
        "{text}"
    );
    assert!(
        text.ends_with("5 messages in 8 lines; 1 say nothing of a limit\n"),
        "{text}"
    );
}

#[test]
fn nothing_of_a_log_acts_on_the_terminal() {
    let log = "\u{1b}[31mveth1 failed: exchange full\u{1b}[0m\u{1b}]0;owned\u{7} \u{9b}2J \u{202e}\u{8}\r\n\
               \u{1b}[2J{\"msg\":\"arp_cache: neighbor table overflow \\u001b[2J\\u009b\"}\n";
    for format in ["text", "json"] {
        let output = fed(&["-", "--no-live", "--format", format], log.as_bytes());
        let acts =
            |letter: &char| (letter.is_control() && *letter != '\n') || *letter == '\u{202e}';
        let found: Vec<char> = output.stdout.chars().filter(acts).collect();
        assert!(found.is_empty(), "{format}: {found:?}");
        assert!(output.stdout.contains("exchange full"), "{format}");
        let id = hosttune(&["explain", "\u{1b}[2Jx", "--format", format]);
        let said = format!("{}{}", id.stdout, id.stderr);
        assert!(!said.contains('\u{1b}'), "{said:?}");
    }
    assert_eq!(told(&of_log(log.as_bytes())).len(), 2);
}

#[test]
fn garbage_comes_to_a_clean_end() {
    let mut noise = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = Vec::new();
    while random.len() < 2 << 20 {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        random.extend_from_slice(&noise.to_le_bytes());
    }
    let endless = [vec![b'x'; 3 << 20], b" exchange full\n".to_vec()].concat();
    let inside = [
        b"exchange full ".to_vec(),
        b"words and more words \xff".repeat(200_000),
    ]
    .concat();
    let zeros = [vec![0; 1 << 20], b"exchange full\n".to_vec()].concat();
    for (input, exit) in [
        (&random, 3),
        (&endless, 3),
        (&inside, 0),
        (&vec![0; 1 << 20], 3),
    ] {
        let document = of_log(input);
        assert_eq!(document["exit"], exit, "{:.60}", document["messages"]);
    }
    let cut = of_log(&endless);
    assert_eq!(cut["log"]["cut"], 1);
    assert!(
        cut["problems"][0]["message"]
            .as_str()
            .unwrap()
            .contains("96 KiB")
    );
    // Holes longer than a line are more than is looked at.
    assert!(matches!(of_log(&zeros)["exit"].as_u64(), Some(0 | 3)));
    assert_eq!(of_log(b"")["exit"], 3);
}

#[test]
fn more_messages_than_are_kept_are_counted() {
    let name = |mut number: u32| {
        let mut name = String::new();
        while number > 0 {
            name.push(char::from(b'g' + u8::try_from(number % 16).unwrap()));
            number /= 16;
        }
        name
    };
    let log: String = (1..=1010)
        .map(|at| format!("bridge {} failed: exchange full\n", name(at)))
        .collect();
    let document = of_log(log.as_bytes());
    assert_eq!(
        (told(&document).len(), &document["log"]["beyond"]),
        (1000, &10.into())
    );
    assert!(
        document["problems"][0]["message"]
            .as_str()
            .unwrap()
            .contains("10 lines")
    );
}

#[test]
fn a_host_is_asked_unless_it_shall_not() {
    let args = [
        "explain",
        "--text",
        "Failed to allocate directory watch: Too many open files",
    ];
    let live = document(&hosttune(
        &[&args[..], &["--facts", FACTS, "--format", "json"]].concat(),
    ));
    assert_eq!(live["matches"][0]["live"]["ceiling"], 128);
    assert_eq!(live["matches"][0]["live"]["place"], "uid 0");
    let words = document(&hosttune(
        &[&args[..], &["--no-live", "--format", "json"]].concat(),
    ));
    assert!(words["matches"][0].get("live").is_none());
    let tree = Tree::empty();
    let below = document(&hosttune(
        &[&args[..], &["--root", &tree.root(), "--format", "json"]].concat(),
    ));
    assert!(below["matches"][0].get("live").is_none());
}

#[test]
fn a_limit_and_a_setting_have_a_page() {
    let page = document(&hosttune(&[
        "explain",
        "kernel.pid_max",
        "--facts",
        FACTS,
        "--format",
        "json",
    ]));
    assert_eq!(
        (&page["verdict"], &page["page"]["kind"]),
        (&"described".into(), &"limit".into())
    );
    let sections = page["page"]["sections"].as_array().unwrap();
    let headings: Vec<&str> = sections
        .iter()
        .filter_map(|section| section["heading"].as_str())
        .collect();
    assert_eq!(
        headings,
        [
            "who uses it",
            "what sets it by default",
            "what a container costs",
            "what it prints",
            "what raises it",
            "what the shipped profiles set",
            "what others set",
            "here",
            "sources"
        ]
    );
    let setting = hosttune(&["explain", "sysctl:kernel.pid_max", "--no-live"]);
    assert_eq!(setting.code, Some(0));
    assert!(
        setting
            .stdout
            .contains("which limits it raises\n  - `kernel.pid_max`"),
        "{}",
        setting.stdout
    );
    for id in [
        "sysctl:kernel.pid_max",
        "TasksMax",
        "unit:x.service/TasksMax",
        "bridge.ports",
        "dbus.other",
    ] {
        document(&hosttune(&["explain", id, "--no-live", "--format", "json"]));
    }
}

#[test]
fn what_cannot_be_explained_is_refused() {
    for (args, said) in [
        (&["kernel.pid_mx"][..], "did you mean kernel.pid_max?"),
        (
            &["sysctl:kernel.pid_mx"],
            "did you mean sysctl:kernel.pid_max?",
        ),
        (&["nothing-like-it"], "no limit or setting of this name"),
        (&["--file", "/nonexistent/x"], "not found"),
        (&["--file", "/dev/zero"], "neither a file nor a pipe"),
        (&["--file", "/"], "neither a file nor a pipe"),
        (&[], "required"),
        (&["a b", "--text", "c"], "cannot be used with"),
        (&["-", "--file", "x"], "cannot be used with"),
        (&["a b", "--no-live", "--facts", "x"], "cannot be used with"),
    ] {
        let output = hosttune(&[&["explain"], args].concat());
        assert_eq!(output.code, Some(2), "{args:?}");
        assert!(output.stderr.contains(said), "{args:?}: {}", output.stderr);
        assert_eq!(output.stdout, "");
    }
}

#[test]
fn a_pipe_is_read_and_a_packed_file_is_not() {
    let tree = Tree::empty();
    let pipe = tree.path("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let path = pipe.display().to_string();
    let writer = thread::spawn(move || fs::write(pipe, FULL_BRIDGE).unwrap());
    let output = hosttune(&["explain", "--no-live", "--format", "json", "--file", &path]);
    writer.join().unwrap();
    assert_eq!(document(&output)["matches"][0]["limit"], "bridge.ports");
    tree.write("old.gz", b"\x1f\x8b\x08\0\0\0", 0o644);
    let packed = tree.path("old.gz").display().to_string();
    let output = hosttune(&["explain", "--file", &packed]);
    assert!(output.stderr.contains("zcat"), "{output:?}");
}

/// A journalctl that says what it is told to.
fn journal(script: &str, since: &str) -> Output {
    let tree = Tree::empty();
    let script = format!("#!/bin/sh\n{script}");
    tree.write("journalctl", script.as_bytes(), 0o755);
    let mode = fs::Permissions::from_mode(0o755);
    fs::set_permissions(tree.path("journalctl"), mode).unwrap();
    let mut command = bare(PROGRAM);
    let path = std::env::var("PATH").unwrap();
    command
        .env("PATH", format!("{}:{path}", tree.root()))
        .args([
            "explain",
            "--no-live",
            "--format",
            "json",
            "--journal",
            since,
        ]);
    feed(command, b"")
}

#[test]
fn the_journal_is_read_since_a_moment() {
    let line = r#"{"SYSLOG_IDENTIFIER":"dockerd","MESSAGE":"veth1 failed: exchange full"}"#;
    let output = journal(
        &format!("echo '{line}'; echo '{line}'; echo \"$*\" >&2\n"),
        "2h",
    );
    let heard = document(&output);
    assert_eq!(told(&heard), [("bridge.ports".to_owned(), 2, 1)]);
    assert_eq!(
        heard["messages"][0]["text"],
        "dockerd: veth1 failed: exchange full"
    );
    let asked = journal("echo \"$*\" >&2; exit 1\n", "yesterday 10:00");
    assert!(
        asked.stdout.contains("--since=yesterday 10:00"),
        "{asked:?}"
    );
    assert!(asked.stdout.contains("--all"), "{asked:?}");
    assert_eq!(asked.code, Some(2));
    let partly = journal(
        "echo 'Hint: You are currently not seeing messages from other users' >&2\n",
        "2h",
    );
    let said = document(&partly);
    assert!(
        said["problems"][0]["help"]
            .as_str()
            .unwrap()
            .contains("systemd-journal")
    );
    let closed = journal(
        "echo 'No journal files were opened due to insufficient permissions.' >&2; exit 1\n",
        "2h",
    );
    assert_eq!(
        (
            closed.code,
            document(&closed)["problems"][0]["kind"].as_str()
        ),
        (Some(2), Some("denied"))
    );
}

#[test]
fn a_failure_of_its_own_has_a_hint() {
    if !tracer::is_there() {
        return left_out("strace");
    }
    let tree = Tree::lived_in();
    let (root, profile) = (
        tree.root(),
        tree.profile("p", "[sysctl]\nvm.swappiness = 10\n"),
    );
    let args = ["apply", "--yes", "--profile", &profile, "--root", &root];
    let full = tracer::run(&args, "fsync", "error=ENOSPC", "4+");
    assert_ne!(full.code, Some(0), "{full:?}");
    assert!(full.stderr.contains("hint: this is disk.space"), "{full:?}");
    let dying = tracer::run(&args, "fsync", "error=EIO", "4+");
    assert!(!dying.stderr.contains("hint:"), "{dying:?}");
}

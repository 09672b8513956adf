//! Scripts as a shell reads and runs them.
#![expect(
    clippy::disallowed_methods,
    reason = "a test has a shell run what was written"
)]

use super::*;
use model::{Attribute, ProcessId};
use proptest::prelude::*;
use settings::Before;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

fn plan(actions: Vec<(Action, Before)>) -> Plan {
    let planned = |(action, before)| Planned {
        action,
        key: None,
        before,
    };
    Plan {
        actions: actions.into_iter().map(planned).collect(),
        ..Plan::default()
    }
}

fn written(actions: Vec<(Action, Before)>) -> String {
    script("p", "/p.ini", "host", &plan(actions))
}

fn file(content: &[u8], mode: u32) -> Image {
    let uid = fs::metadata("/proc/self").map(|facts| std::os::unix::fs::MetadataExt::uid(&facts));
    Image::File {
        content: content.to_vec(),
        mode,
        uid: uid.unwrap(),
        gid: 0,
        attributes: Vec::new(),
    }
}

fn replace(path: &str, image: Image) -> (Action, Before) {
    // As if it were the runner's own file before: nobody else could give it away.
    let before = match &image {
        Image::File { .. } => image.clone(),
        _ => Image::Absent,
    };
    let path = path.to_owned();
    (Action::Replace { path, image }, Before::Image(before))
}

fn shell(args: &[&str], script: &str) -> Output {
    use std::io::Write;
    let mut child = Command::new("sh")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(script.as_bytes()).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap()
}

#[track_caller]
fn run(script: &str) {
    let output = shell(&[], script);
    assert!(output.status.success(), "{output:?}\n{script}");
}

#[test]
fn every_action_is_a_command_that_one_would_type() {
    let text = |text: &str| text.to_owned();
    let process = ProcessId { pid: 7, started: 9 };
    let (soft, hard) = (Some(1024), None);
    let actions = [
        (
            Action::WriteKernel {
                path: text("/proc/sys/net/ipv4/conf/eth0.100/forwarding"),
                value: text("1"),
            },
            "sysctl -w net.ipv4.conf.eth0/100.forwarding=1\n",
        ),
        (
            Action::WriteKernel {
                path: text("/proc/sys/net/ipv4/ip_local_port_range"),
                value: text("1024 65535"),
            },
            "sysctl -w 'net.ipv4.ip_local_port_range=1024 65535'\n",
        ),
        (
            Action::WriteKernel {
                path: text("/sys/fs/cgroup/a.slice/pids.max"),
                value: text("max"),
            },
            "printf '%s\\n' max > /sys/fs/cgroup/a.slice/pids.max\n",
        ),
        (
            Action::SetRlimit {
                unit: text("docker.service"),
                process,
                resource: text("Max open files"),
                value: Rlimit { soft, hard },
            },
            "prlimit --pid \"$(systemctl show --property MainPID --value docker.service)\" \
             --nofile=1024:unlimited\n",
        ),
        (
            Action::LoadModule {
                module: text("nf_conntrack"),
            },
            "modprobe nf_conntrack\n",
        ),
        (Action::Reload, "systemctl daemon-reload\n"),
        (
            Action::Restart {
                unit: text("a\\x2d.service"),
            },
            "systemctl restart 'a\\x2d.service'\n",
        ),
        (
            Action::MakeDirectory { path: text("/a b") },
            "install -d -m 0755 '/a b'\n",
        ),
    ];
    for (action, command) in actions {
        let script = written(vec![(action, Before::Nothing)]);
        assert!(script.ends_with(command), "{script}");
    }
}

#[test]
fn who_may_read_a_file_and_what_hangs_on_it_is_written_too() {
    let attribute = Attribute {
        name: "user.note".to_owned(),
        value: b"a\n".to_vec(),
    };
    let image = Image::File {
        content: b"secret\n".to_vec(),
        mode: 0o600,
        uid: 5,
        gid: 6,
        attributes: vec![attribute],
    };
    let (path, link) = (
        "/a",
        Image::Link {
            target: "/b".to_owned(),
        },
    );
    let replace = Action::Replace {
        path: path.to_owned(),
        image,
    };
    let script = written(vec![(replace, Before::Image(link))]);
    let commands = "rm -f /a\n(umask 077 && cat > /a) <<'EOF'\nsecret\nEOF\nchmod 0600 /a\n\
                    chown 5:6 /a\nsetfattr -n user.note -v 0x610a /a\n";
    assert!(script.ends_with(commands), "{script}");
}

#[test]
fn settings_are_named_and_a_comment_never_ends_early() {
    let mut plan = plan(vec![replace("/etc/x.conf", file(b"a\n", 0o644))]);
    let keys: Vec<String> = (0..40).map(|n| format!("sysctl:net.key{n}")).collect();
    plan.keeps.insert("/etc/x.conf".to_owned(), keys);
    plan.warnings.push("one\nrm -rf /\n".to_owned());
    let script = script("p", "/p\nfalse.ini", "host", &plan);
    assert!(
        script.contains("# /etc/x.conf: sysctl:net.key0, sysctl:net.key1,"),
        "{script}"
    );
    assert!(
        script.lines().all(|line| line.len() <= WIDTH + 1),
        "{script}"
    );
    let loose = |line: &str| line.starts_with("rm") || line.starts_with("false");
    assert!(!script.lines().any(loose), "{script}");
}

#[test]
fn a_script_of_nothing_does_nothing() {
    let script = written(Vec::new());
    assert!(script.contains("nothing to do"));
    run(&script);
}

#[test]
fn no_word_is_left_to_end_a_document_and_it_is_whole_all_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let path = format!("{}/text", directory.path().display());
    let text: String = ('A'..='Z').map(|letter| format!("{letter}é\n")).collect();
    run(&written(vec![replace(&path, file(text.as_bytes(), 0o644))]));
    assert_eq!(fs::read_to_string(path).unwrap(), text);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_a_shell_makes_of_it_is_what_was_meant(
        name in "[^/\\x00]{1,20}",
        target in "[^\\x00]{1,20}",
        lines in prop::collection::vec("EOF|A_EOF|E[Oé]\u{1d530}|\\PC{0,12}|[\\\\$`'\"%-]{0,6}", 0..6),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        mode in prop::sample::select(vec![0o644, 0o600, 0o640, 0o755]),
    ) {
        let directory = tempfile::tempdir().unwrap();
        let below = |kind: &str| format!("{}/d/{kind} {name}", directory.path().display());
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let link = Image::Link { target: target.clone() };
        let made = Action::MakeDirectory { path: format!("{}/d", directory.path().display()) };
        let gone = below("gone");
        let script = written(vec![
            (made, Before::Existed(false)),
            replace(&below("text"), file(text.as_bytes(), mode)),
            replace(&below("bytes"), file(&bytes, mode)),
            replace(&below("open"), file(text.trim_end().as_bytes(), mode)),
            replace(&below("link"), link),
            replace(&gone, file(b"x\n", mode)),
            replace(&gone, Image::Absent),
        ]);
        prop_assert!(shell(&["-n"], &script).status.success(), "{}", script);
        run(&script);
        prop_assert_eq!(fs::read(below("text")).unwrap(), text.as_bytes());
        prop_assert_eq!(fs::read(below("bytes")).unwrap(), bytes);
        prop_assert_eq!(fs::read(below("open")).unwrap(), text.trim_end().as_bytes());
        let read = fs::read_link(below("link")).unwrap();
        prop_assert_eq!(read.to_str(), Some(target.as_str()));
        prop_assert!(!fs::exists(&gone).unwrap());
        let facts = fs::metadata(below("bytes")).unwrap();
        prop_assert_eq!(facts.permissions().mode() & 0o7777, mode);
    }
}

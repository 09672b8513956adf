//! The operator's daemon.json: merged into and given back, or left alone with a reason.

use crate::common::Tree;

const FILE: &str = "etc/docker/daemon.json";
const PROFILE: &str = "\
[docker]
live-restore = true
mtu = 1450
log-opts.max-size = 10m
default-ulimits.nofile = 1048576
default-address-pools = 172.20.0.0/14 size 22
";

#[test]
fn keys_are_merged_in_the_files_own_hand_and_taken_out_again() {
    let tree = Tree::empty();
    let theirs = "{\n\t\"registry-mirrors\" : [ \"https://m\" ],\n\n\t\"log-opts\" : {\"tag\": \"x\"},\n\
                  \t\"mtu\" : 1500\n}";
    tree.write(FILE, theirs.as_bytes(), 0o600);
    let before = tree.etc();
    let profile = tree.profile("docker", PROFILE);
    tree.expect(0, &["apply", "--yes", "--profile", &profile]);
    assert_eq!(
        tree.read(FILE),
        "{\n\t\"registry-mirrors\" : [ \"https://m\" ],\n\n\t\"log-opts\" : {\"tag\": \"x\", \
         \"max-size\" : \"10m\"},\n\t\"mtu\" : 1450,\n\t\"live-restore\" : true,\n\
         \t\"default-ulimits\" : {\n\t\t\"nofile\" : {\n\t\t\t\"Name\" : \"nofile\",\n\
         \t\t\t\"Hard\" : 1048576,\n\t\t\t\"Soft\" : 1048576\n\t\t}\n\t},\n\
         \t\"default-address-pools\" : [\n\t\t{\"base\" : \"172.20.0.0/14\", \"size\" : 22}\n\t]\n}"
    );
    tree.expect(0, &["check"]);
    let again = tree.json(&["apply", "--yes", "--profile", &profile]);
    assert_eq!(again["verdict"], "nothing-to-do");
    tree.expect(0, &["revert"]);
    tree.etc().assert_is(&before, "after the revert");
}

#[test]
fn a_file_that_is_not_there_is_made_and_goes_again() {
    let tree = Tree::empty();
    let before = tree.etc();
    let profile = tree.profile("docker", "[docker]\nmtu = 1450\n");
    tree.expect(0, &["apply", "--yes", "--profile", &profile]);
    assert_eq!(tree.read(FILE), "{\n  \"mtu\": 1450\n}\n");
    tree.expect(0, &["revert"]);
    tree.etc().assert_is(&before, "after the revert");
}

#[test]
fn a_broken_file_is_refused_with_line_and_column_and_left_as_it_is() {
    for (text, sentence) in [
        ("{\n  \"mtu\": 1450,\n}\n", ":2:14: a comma before `}`"),
        (
            "{\n  \"mtu\": 1,\n  \"a\": {},\n  \"mtu\": 2\n}\n",
            ":4:3: key `mtu` stands twice, first in line 2",
        ),
        ("[]", ":1:1: the outermost value is no object"),
        ("{} // ours", ":1:4: a comment"),
    ] {
        let tree = Tree::empty();
        tree.write(FILE, text.as_bytes(), 0o644);
        let before = tree.etc();
        let profile = tree.profile("docker", PROFILE);
        for arguments in [
            vec!["apply", "--yes", "--profile", &profile],
            vec!["apply", "--dry-run", "--profile", &profile],
        ] {
            let output = tree.expect(2, &arguments);
            let wanted = format!("/{FILE}{sentence}");
            assert_eq!(output.stderr.matches(&wanted).count(), 1, "{output:#?}");
        }
        tree.etc().assert_is(&before, "after a refusal");
    }
}

#[test]
fn a_key_that_the_unit_sets_by_a_flag_is_refused() {
    let tree = Tree::empty();
    tree.write(
        "usr/lib/systemd/system/docker.service",
        b"[Service]\nExecStart=/usr/bin/dockerd -H fd:// --mtu=1400\n",
        0o644,
    );
    let profile = tree.profile("docker", PROFILE);
    let output = tree.expect(2, &["apply", "--yes", "--profile", &profile]);
    let wanted =
        "mtu is set by `--mtu=1400` of ExecStart= at /usr/lib/systemd/system/docker.service:2";
    assert!(output.stderr.contains(wanted), "{output:#?}");
}

#[test]
fn a_profile_without_the_section_does_not_touch_the_file() {
    let tree = Tree::empty();
    tree.write(FILE, b"{ broken", 0o644);
    let profile = tree.profile("one", "[sysctl]\nvm.swappiness = 10\n");
    tree.expect(0, &["apply", "--yes", "--profile", &profile]);
    tree.expect(0, &["check"]);
    assert_eq!(tree.read(FILE), "{ broken");
}

#[test]
fn what_dockerd_would_not_start_with_is_refused_at_the_line() {
    let tree = Tree::empty();
    for (line, sentence) in [
        ("bip = 172.20.0.0/16", "the bridge needs an address in it"),
        ("default-address-pools = 10.0.0.0/8 size 4", "cannot be cut"),
        ("storage-driver = overlay3", "did you mean `overlay2`?"),
        ("default-ulimits.nofile = 20:10", "soft limit is above"),
        ("liverestore = true", "unknown key `liverestore`"),
    ] {
        let profile = tree.profile("docker", &format!("[docker]\n{line}\n"));
        let output = tree.expect(2, &["check", "--profile", &profile]);
        assert!(output.stderr.contains("docker.ini:2: "), "{output:#?}");
        assert!(output.stderr.contains(sentence), "{output:#?}");
    }
}

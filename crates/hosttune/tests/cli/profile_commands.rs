//! Profiles without a host: listed, shown, linted, compared, and imported from foreign files.

use crate::common::run::{PROGRAM, bare, finish};
use crate::common::{Output, Tree, hosttune};
use serde_json::Value;
use std::fs;
use std::path::Path;

const BASE: &str = "\
[profile]
summary = what others build on

[sysctl]
vm.swappiness = 60
net/ipv4/tcp_fin_timeout = 30
";

const TOP: &str = "\
[profile]
summary = the one to show
include = base.ini

[sysctl]
#: a host that swaps late
vm.swappiness = exact 10

[unit docker.service]
TasksMax = infinity
";

fn repository(path: &str) -> String {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    top.join(path).display().to_string()
}

fn two(tree: &Tree) -> String {
    tree.profile("base", BASE);
    tree.profile("top", TOP)
}

#[test]
fn a_shown_profile_names_origins_and_says_the_same() {
    let tree = Tree::empty();
    let top = two(&tree);
    let text = tree.expect(0, &["profile", "show", &top]).stdout;
    let lines: Vec<&str> = text.lines().collect();
    let at = lines
        .iter()
        .position(|line| *line == "vm.swappiness = exact 10")
        .unwrap();
    assert_eq!(lines[at - 1], "#: a host that swaps late");
    assert!(
        lines[at - 2].ends_with("base.ini:5") && lines[at - 2].starts_with("#   over 60 from "),
        "{text}"
    );
    assert!(lines[at - 3].ends_with("top.ini:7"), "{text}");
    let shown = tree.profile("shown", &text);
    let same = tree.expect(0, &["profile", "diff", &top, &shown, "--strict"]);
    assert!(
        same.stdout
            .contains("no difference in values; 3 settings in both, 0 of them"),
        "{same:#?}"
    );
}

#[test]
fn every_profile_of_this_repository_shows_as_itself() {
    let tree = Tree::empty();
    for entry in fs::read_dir(repository("profiles")).unwrap() {
        let path = entry.unwrap().path().display().to_string();
        let text = tree.expect(0, &["profile", "show", &path]).stdout;
        let shown = tree.profile("shown", &text);
        tree.expect(0, &["profile", "diff", "--strict", &path, &shown]);
        tree.expect(0, &["profile", "lint", &path]);
    }
}

#[test]
fn values_decide_and_wishes_and_what_one_lacks_are_told_apart() {
    let tree = Tree::empty();
    let a = tree.profile(
        "a",
        "[sysctl]\nfs.nr_open = exact 1048576\nvm.swappiness = 5\nnet.core.somaxconn = exact 9\nvm.only_a = 1\n",
    );
    let b = tree.profile(
        "b",
        "[sysctl]\nfs.nr_open = exact 1M\nvm.swappiness = 5\nnet.core.somaxconn = 9\n[module]\nb = loaded\n",
    );
    let output = tree.expect(0, &["profile", "diff", &a, &b]);
    let said = "no difference in values; 3 settings in both, 1 of them with another wish; only in a: 1, only in b: 1\n";
    assert!(output.stdout.ends_with(said), "{}", output.stdout);
    assert_eq!(
        tree.run(&["profile", "diff", "--strict", &a, &b]).code,
        Some(1)
    );
    let json = tree.json(&["profile", "diff", &a, &b]);
    let ids = |list: &str| {
        let list = json[list].as_array().unwrap().iter();
        list.map(|one| one["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("differs"), [] as [&str; 0]);
    assert_eq!(ids("wishes"), ["sysctl:net.core.somaxconn"]);
    assert_eq!(
        (ids("only_a"), ids("only_b")),
        (
            vec!["sysctl:vm.only_a".to_owned()],
            vec!["module:b".to_owned()]
        )
    );
    assert_eq!(
        (&json["wishes"][0]["a"], &json["wishes"][0]["b"]),
        (&"exact 9".into(), &"at least 9".into())
    );

    let c = tree.profile("c", "[sysctl]\nvm.swappiness = 6\n");
    let output = tree.expect(1, &["profile", "diff", &a, &c]);
    assert!(
        output
            .stdout
            .contains("1 value differs; 1 settings in both"),
        "{}",
        output.stdout
    );
    let d = tree.profile("d", "[module]\nd = loaded\n");
    let output = tree.expect(0, &["profile", "diff", &a, &d]);
    assert!(
        !output.stdout.contains("no difference"),
        "{}",
        output.stdout
    );
}

#[test]
fn lint_needs_no_host_and_tells_wrong_from_useless() {
    let tree = Tree::empty();
    let note = tree.profile("note", "[sysctl]\nnet.core.somaxconn = 65535\n");
    let output = tree.expect(0, &["profile", "lint", &note]);
    assert!(
        output
            .stdout
            .contains("sysctl:net.core.somaxconn raises no container capacity: "),
        "{output:#?}"
    );
    let loose = tree.profile("loose", "[sysctl]\nnet.netfilter.nf_conntrack_max = 5\n");
    let output = tree.expect(1, &["profile", "lint", &note, &loose]);
    assert!(
        output.stdout.contains("finding") && output.stdout.contains("loose.ini:2: "),
        "{output:#?}"
    );
    let wrong = tree.profile("wrong", "[sysctl]\nvm.swappiness = 201\n");
    let output = tree.expect(2, &["profile", "lint", &loose, &wrong]);
    assert!(output.stderr.contains("wrong.ini:2: "), "{output:#?}");
    assert!(
        output.stdout.contains("finding"),
        "what is wrong with one keeps nothing from the other"
    );
}

/// A checkout of its own: the program beside a folder of profiles, which is how it finds them.
#[test]
fn the_list_says_what_is_there_and_what_is_in_force() {
    let tree = Tree::empty();
    let directory = tempfile::tempdir().unwrap();
    let top = directory.path();
    fs::write(top.join("Cargo.toml"), "").unwrap();
    fs::create_dir(top.join("profiles")).unwrap();
    fs::write(top.join("profiles/base.ini"), BASE).unwrap();
    fs::write(top.join("profiles/broken.ini"), "[nothing]\n").unwrap();
    let program = top.join("hosttune");
    if fs::hard_link(PROGRAM, &program).is_err() {
        fs::copy(PROGRAM, &program).unwrap();
    }
    let root = tree.root();
    let run = |args: &[&str]| -> Output {
        let mut command = bare(&program);
        command.args(args).args(["--root", &root]);
        finish(command)
    };
    assert_eq!(run(&["apply", "--yes", "--profile", "base"]).code, Some(0));
    let output = run(&["profile", "list", "--format", "json"]);
    let json: Value = serde_json::from_str(&output.stdout).unwrap();
    let of = |name: &str| {
        let all = json["profiles"].as_array().unwrap().iter();
        all.filter(|one| one["name"] == name)
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(of("base")[0]["in_force"], true);
    assert_eq!(of("base")[0]["summary"], "what others build on");
    assert_eq!(of("broken")[0]["in_force"], false);
    let refused = of("broken")[0]["refused"].as_str().unwrap().to_owned();
    assert!(
        refused.contains("broken.ini:1: unknown section"),
        "{refused}"
    );
    let text = run(&["profile", "list"]).stdout;
    assert!(
        text.contains("in force") && text.contains("refused"),
        "{text}"
    );
}

#[test]
fn an_import_is_a_profile_and_overwrites_nothing_unasked() {
    let tree = Tree::empty();
    tree.write(
        "etc/sysctl.d/99-a.conf",
        b"vm.swappiness = 5\nnet.ipv4.ip_forward=1\n",
        0o644,
    );
    tree.write(
        "etc/sysctl.d/99-b.conf",
        b"vm/swappiness = 7 # later\n",
        0o644,
    );
    let files = ["99-a.conf", "99-b.conf"].map(|name| {
        tree.path(&format!("etc/sysctl.d/{name}"))
            .display()
            .to_string()
    });
    let output = tree.path("new.ini").display().to_string();
    let import = [
        "profile", "import", &files[0], &files[1], "--output", &output,
    ];
    let before = tree.etc();
    let told = tree.expect(1, &import);
    for said in [
        "99-a.conf:2: net.ipv4.ip_forward changes",
        "99-a.conf:1: sysctl:vm.swappiness is set again at",
    ] {
        assert!(
            told.stderr.contains(said),
            "no `{said}` in:\n{}",
            told.stderr
        );
    }
    tree.etc().assert_is(&before, "an import");
    let text = tree.read("new.ini");
    assert!(
        text.contains("99-b.conf:1\nvm/swappiness = exact 7\n"),
        "{text}"
    );
    tree.expect(0, &["profile", "lint", &output]);
    let again = tree.expect(2, &import);
    assert!(
        again.stderr.contains("is there already") && again.stderr.contains("--force"),
        "{again:#?}"
    );
    assert_eq!(tree.read("new.ini"), text);
    tree.expect(1, &[&import[..], &["--force"]].concat());
    let printed = tree.expect(1, &import[..4]);
    assert_eq!(printed.stdout, text);
}

#[test]
fn a_file_of_no_telling_is_asked_about() {
    let tree = Tree::empty();
    let unit = tree.profile("unit", "[Service]\nTasksMax=5\n");
    let output = tree.expect(2, &["profile", "import", &unit]);
    assert!(output.stderr.contains("--unit NAME"), "{output:#?}");
    let output = tree.expect(0, &["profile", "import", &unit, "--unit", "docker.service"]);
    assert!(
        output.stdout.contains("[unit docker.service]\n"),
        "{}",
        output.stdout
    );
    let odd = tree.profile("odd", "hello world = 3\n");
    let output = tree.expect(2, &["profile", "import", &odd]);
    assert!(output.stderr.contains("--as"), "{output:#?}");
    tree.expect(1, &["profile", "import", &odd, "--as", "sysctl"]);
    tree.expect(2, &["profile", "import", "/dev/zero"]);
}

#[test]
fn the_script_imported_and_its_profile_differ_in_no_value() {
    let tree = Tree::empty();
    let script = repository("tests/import/newer.sh");
    let imported = hosttune(&["profile", "import", &script]);
    assert_eq!((imported.code, imported.stderr.as_str()), (Some(0), ""));
    let imported = tree.profile("imported", &imported.stdout);
    let profile = repository("profiles/optimize-for-containers.ini");
    let output = tree.expect(0, &["profile", "diff", &imported, &profile]);
    assert!(
        output
            .stdout
            .contains("no difference in values; 42 settings in both"),
        "{}",
        output.stdout
    );
    assert!(
        output.stdout.contains("only in imported: 0"),
        "{}",
        output.stdout
    );
    let older = hosttune(&["profile", "import", &repository("tests/import/older.sh")]);
    let older = tree.profile("older", &older.stdout);
    tree.expect(1, &["profile", "diff", &older, &profile]);
}

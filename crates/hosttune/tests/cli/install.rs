//! `install` and `uninstall` on a file tree.

use crate::common::{Tree, left_out, tracer};
use std::fs;
use std::os::unix::fs::PermissionsExt;

const BINARY: &str = "usr/local/bin/hosttune";
const SHIPPED: &str = "usr/local/lib/hosttune/profiles/dense-1200.ini";
const INSTALL: [&str; 2] = ["install", "--yes"];

fn usr(tree: &Tree) -> crate::common::Snapshot {
    crate::common::Snapshot::of(&tree.path("usr"))
}

#[test]
fn what_was_installed_is_there_once_and_goes_without_a_trace() {
    let tree = Tree::lived_in();
    let before = usr(&tree);
    let dry = tree.expect(1, &["install", "--dry-run"]).stdout;
    assert!(
        dry.contains("write this program to /usr/local/bin/hosttune"),
        "{dry}"
    );
    usr(&tree).assert_is(&before, "a dry run");
    let told = tree.expect(2, &["install"]).stderr;
    assert!(told.contains("--yes"), "{told}");
    tree.expect(0, &INSTALL);
    let program = fs::read(crate::common::run::PROGRAM).unwrap();
    assert!(fs::read(tree.path(BINARY)).unwrap() == program);
    let mode = fs::metadata(tree.path(BINARY))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o7777, 0o755);
    assert!(tree.read(SHIPPED).contains("[sysctl]"));
    assert!(
        tree.read("usr/local/share/man/man1/hosttune.1")
            .contains("hosttune")
    );
    let journal = fs::metadata(tree.path("var/lib/hosttune/journal/0001.json")).unwrap();
    assert!(journal.len() < 1 << 20, "the program is in the journal");
    let after = usr(&tree);
    assert!(tree.expect(0, &INSTALL).stdout.contains("nothing to do"));
    usr(&tree).assert_is(&after, "a second install");
    assert!(tree.expect(0, &["status"]).stdout.contains("none in force"));
    assert!(
        tree.expect(0, &["revert"])
            .stdout
            .contains("nothing to revert")
    );
    let told = tree.expect(2, &["revert", "1"]).stderr;
    assert!(told.contains("hosttune uninstall"), "{told}");
    let record = &tree.json(&["history"])["history"][0];
    assert_eq!(
        (&record["purpose"], &record["state"]),
        (&"install".into(), &"applied".into())
    );
    assert!(
        tree.expect(1, &["uninstall", "--dry-run"])
            .stdout
            .contains("remove /usr/local/bin")
    );
    usr(&tree).assert_is(&after, "a dry run");
    tree.expect(0, &["uninstall", "--yes"]);
    usr(&tree).assert_is(&before, "uninstall");
    assert!(
        tree.expect(0, &["uninstall", "--yes"])
            .stdout
            .contains("nothing to uninstall")
    );
}

#[test]
fn the_verifier_is_enabled_and_runs_the_program_that_is_installed() {
    const WANTS: &str = "etc/systemd/system/multi-user.target.wants";
    for prefix in ["/usr/local", "/usr", "/opt/x"] {
        let tree = Tree::lived_in();
        let (before, etc) = (usr(&tree), tree.etc());
        tree.expect(0, &["install", "--yes", "--prefix", prefix]);
        let units = format!("{prefix}/lib/systemd/system");
        let text = tree.read(&format!("{units}/hosttune-verify.service")[1..]);
        let runs = format!("ExecStart=\"{prefix}/bin/hosttune\" check --record-boot");
        assert!(text.contains(&runs), "{text}");
        for unit in ["hosttune-verify.service", "hosttune-ready.target"] {
            let target = fs::read_link(tree.path(&format!("{WANTS}/{unit}"))).unwrap();
            assert_eq!(target, std::path::Path::new(&format!("{units}/{unit}")));
            let linked = tree.path(&format!("etc/systemd/system/{unit}"));
            assert_eq!(linked.is_symlink(), prefix == "/opt/x");
        }
        tree.expect(0, &["uninstall", "--yes"]);
        usr(&tree).assert_is(&before, "uninstall");
        tree.etc().assert_is(&etc, "uninstall");
    }
}

#[test]
fn what_stands_in_the_way_is_named_and_kept() {
    let tree = Tree::lived_in();
    tree.write(BINARY, b"by hand", 0o700);
    tree.write(SHIPPED, b"[sysctl]\nvm.swappiness = 1\n", 0o644);
    let before = usr(&tree);
    let told = tree.expect(2, &INSTALL).stderr;
    for path in [BINARY, SHIPPED] {
        assert!(
            told.contains(&format!("/{path}: another file is there")),
            "{told}"
        );
    }
    usr(&tree).assert_is(&before, "a refusal");
    tree.expect(0, &["install", "--yes", "--force"]);
    tree.expect(0, &["uninstall", "--yes"]);
    usr(&tree).assert_is(&before, "uninstall");
    assert!(!tree.path("var/lib/hosttune/kept").exists());
}

#[test]
fn what_was_edited_since_is_nobodys_to_take_away() {
    let tree = Tree::lived_in();
    let before = usr(&tree);
    tree.expect(0, &INSTALL);
    fs::write(tree.path(SHIPPED), "# mine\n").unwrap();
    let told = tree.expect(2, &INSTALL).stderr;
    assert!(told.contains(SHIPPED), "{told}");
    tree.expect(5, &["uninstall", "--yes"]);
    assert_eq!(tree.read(SHIPPED), "# mine\n");
    assert!(!tree.path(BINARY).exists());
    tree.expect(0, &["uninstall", "--yes", "--force"]);
    usr(&tree).assert_is(&before, "uninstall --force");
}

#[test]
fn a_prefix_is_a_plain_absolute_path() {
    let tree = Tree::lived_in();
    for prefix in ["opt", "/opt/../x", "", "./opt"] {
        tree.expect(2, &["install", "--yes", "--prefix", prefix]);
    }
    tree.expect(0, &["install", "--yes", "--prefix", "/opt/hosttune/"]);
    assert!(tree.path("opt/hosttune/bin/hosttune").exists());
    tree.expect(0, &["uninstall", "--yes"]);
    assert!(!tree.path("opt").exists());
}

#[test]
fn an_install_killed_at_any_file_is_undone_by_whatever_comes_next() {
    if !tracer::is_there() {
        return left_out("strace");
    }
    let start = Tree::lived_in();
    start.write(BINARY, b"by hand", 0o700);
    let before = usr(&start);
    let whole = start.copy();
    whole.expect(0, &["install", "--yes", "--force"]);
    let after = usr(&whole);
    let mut deaths = 0;
    // A program is written in many pieces; one of them stands for all.
    let renames = (1..40).map(|number| ("renameat", number));
    let calls = renames.chain([("write", 12), ("write", 60), ("?mkdir", 1), ("mkdirat", 4)]);
    for (call, number) in calls {
        let tree = start.copy();
        let root = tree.root();
        let args = ["install", "--yes", "--force", "--root", &root];
        let killed = tracer::run(&args, call, "signal=KILL", &number.to_string());
        if killed.code.is_some() {
            continue;
        }
        deaths += 1;
        let when = format!("killed before {call} {number}");
        match number % 3 {
            0 => {
                tree.expect(0, &["install", "--yes", "--force"]);
                usr(&tree).assert_is(&after, &when);
                tree.expect(0, &["uninstall", "--yes"]);
            }
            1 => drop(tree.expect(0, &["revert"])),
            _ => drop(tree.expect(0, &["uninstall", "--yes"])),
        }
        // The last renames come after the record: it is done then, and only uninstall undoes it.
        tree.expect(0, &["uninstall", "--yes"]);
        usr(&tree).assert_is(&before, &when);
        assert!(!tree.path("var/lib/hosttune/kept").exists(), "{when}");
    }
    assert!(deaths > 15, "only {deaths}");
}

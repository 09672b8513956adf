//! Reading and replacing files in a tree: kept whole, never half, never outside.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test builds its own files, and its helpers fail it"
)]

use host::Door;
use model::{Action, Attribute, Host, HostError, HostResult, Image, Machine, Scope};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;

struct Tree {
    directory: TempDir,
    door: Door,
}

impl Tree {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("etc")).unwrap();
        let door = Door::open(Some(directory.path().to_owned())).unwrap();
        Self { directory, door }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join(path.trim_start_matches('/'))
    }

    fn replace(&self, path: &str, image: Image) -> HostResult<()> {
        let path = path.to_owned();
        self.door.act(&Action::Replace { path, image })
    }

    fn names(&self, path: &str) -> Vec<String> {
        self.door.list(path).unwrap()
    }
}

fn ours(tree: &Tree, content: &str, mode: u32) -> Image {
    let owner = fs::metadata(tree.directory.path()).unwrap();
    Image::File {
        content: content.into(),
        mode,
        uid: owner.uid(),
        gid: owner.gid(),
        attributes: Vec::new(),
    }
}

#[test]
fn an_image_brings_a_file_back_with_mode_and_attributes() {
    let tree = Tree::new();
    let path = tree.path("etc/a.conf");
    fs::write(&path, b"old\xff").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let labelled = xattr::set(&path, "user.label", b"x").is_ok();
    let before = tree.door.image("/etc/a.conf").unwrap();
    if let (Image::File { attributes, .. }, true) = (&before, labelled) {
        let name = "user.label".to_owned();
        let value = b"x".to_vec();
        assert!(attributes.contains(&Attribute { name, value }));
    }
    tree.replace("/etc/a.conf", before.with_content(b"new".to_vec()))
        .unwrap();
    assert_eq!(tree.door.read_text("/etc/a.conf").unwrap(), "new");
    tree.replace("/etc/a.conf", Image::Absent).unwrap();
    assert_eq!(tree.door.image("/etc/a.conf").unwrap(), Image::Absent);
    tree.replace("/etc/a.conf", before.clone()).unwrap();
    assert_eq!(tree.door.image("/etc/a.conf").unwrap(), before);
    assert_eq!(tree.names("/etc"), ["a.conf"]);
}

#[test]
#[ignore = "needs root"]
fn an_owner_is_kept() {
    let tree = Tree::new();
    let image = Image::File {
        content: b"x".to_vec(),
        mode: 0o4750,
        uid: 12,
        gid: 34,
        attributes: Vec::new(),
    };
    tree.replace("/etc/a", image.clone()).unwrap();
    assert_eq!(tree.door.image("/etc/a").unwrap(), image);
}

#[test]
fn a_link_is_replaced_itself_and_comes_back() {
    let tree = Tree::new();
    fs::write(tree.path("etc/target"), "kept").unwrap();
    symlink("target", tree.path("etc/link")).unwrap();
    let before = tree.door.image("/etc/link").unwrap();
    assert_eq!(tree.door.read_link("/etc/link").unwrap(), "target");
    tree.replace("/etc/link", ours(&tree, "file", 0o600))
        .unwrap();
    assert_eq!(tree.door.read_text("/etc/target").unwrap(), "kept");
    assert_eq!(tree.door.read_text("/etc/link").unwrap(), "file");
    tree.replace("/etc/link", before.clone()).unwrap();
    assert_eq!(tree.door.image("/etc/link").unwrap(), before);
    assert_eq!(tree.names("/etc"), ["link", "target"]);
}

#[test]
fn what_an_interrupted_run_left_is_swept_or_overwritten() {
    let tree = Tree::new();
    let stale = tree.path("etc/.a.hosttune");
    fs::write(tree.path("victim"), "untouched").unwrap();
    symlink("/victim", &stale).unwrap();
    tree.replace("/etc/a", ours(&tree, "new", 0o644)).unwrap();
    assert_eq!(tree.door.read_text("/victim").unwrap(), "untouched");
    fs::write(&stale, "half").unwrap();
    tree.door.sweep("/etc/a").unwrap();
    tree.door.sweep("/etc/a").unwrap();
    tree.door.sweep("/nowhere/a").unwrap();
    assert_eq!(tree.names("/etc"), ["a"]);
}

#[test]
fn a_failed_replacement_leaves_nothing() {
    let tree = Tree::new();
    fs::create_dir(tree.path("etc/a")).unwrap();
    let error = tree.replace("/etc/a", ours(&tree, "x", 0o644)).unwrap_err();
    assert!(matches!(error, HostError::Failed { .. }), "{error}");
    assert_eq!(tree.names("/etc"), ["a"]);
    let error = tree
        .replace("/gone/a", ours(&tree, "x", 0o644))
        .unwrap_err();
    assert!(error.is_not_found());
}

#[test]
fn nothing_is_written_outside_the_tree_or_into_the_kernel() {
    let tree = Tree::new();
    let outside = tempfile::tempdir().unwrap();
    symlink(outside.path(), tree.path("etc/out")).unwrap();
    symlink("/etc", tree.path("inside")).unwrap();
    let image = || ours(&tree, "x", 0o644);
    assert!(
        tree.replace("/etc/out/a", image())
            .unwrap_err()
            .is_not_found()
    );
    for bad in ["/etc/../../a", "/proc/sys/a", "/sys/a", "a", "/etc/.."] {
        assert!(tree.replace(bad, image()).is_err(), "{bad}");
    }
    tree.replace("/inside/a", image()).unwrap();
    assert_eq!(tree.names("/etc"), ["a", "out"]);
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn directories_are_made_and_only_empty_ones_removed() {
    let tree = Tree::new();
    let path = "/etc/sysctl.d".to_owned();
    for _ in 0..2 {
        tree.door
            .act(&Action::MakeDirectory { path: path.clone() })
            .unwrap();
    }
    let mode = fs::metadata(tree.path(&path)).unwrap().mode();
    assert_eq!(mode & 0o7777, 0o755);
    fs::write(tree.path("etc/sysctl.d/x"), "").unwrap();
    tree.door.remove_empty_directory(&path).unwrap();
    assert_eq!(tree.door.image(&path).unwrap(), Image::Directory);
    fs::remove_file(tree.path("etc/sysctl.d/x")).unwrap();
    tree.door.remove_empty_directory(&path).unwrap();
    tree.door.remove_empty_directory(&path).unwrap();
    assert_eq!(tree.door.image(&path).unwrap(), Image::Absent);
}

#[test]
fn reading_tells_what_is_no_file() {
    let tree = Tree::new();
    let pipe = tree.path("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    assert_eq!(tree.door.image("/pipe").unwrap(), Image::Other);
    let error = tree.door.read("/pipe").unwrap_err().to_string();
    assert_eq!(error, "/pipe: is not a regular file");
    assert!(tree.door.read("/gone").unwrap_err().is_not_found());
    assert!(tree.door.list("/pipe").unwrap_err().is_not_found());
    let huge = fs::File::create(tree.path("huge")).unwrap();
    huge.set_len((16 << 20) + 1).unwrap();
    let error = tree.door.read("/huge").unwrap_err().to_string();
    assert_eq!(error, "/huge: is larger than 16 MiB");
    assert_eq!(tree.door.scope(), Scope::Tree);
    assert_eq!(tree.door.boot_id(), "");
}

#[test]
fn the_lock_is_held_by_one_and_says_by_whom() {
    let tree = Tree::new();
    let guard = tree.door.lock().unwrap();
    let error = tree.door.lock().err().unwrap().to_string();
    let pid = std::process::id();
    assert_eq!(
        error,
        format!("/run/hosttune/lock: another hosttune (PID {pid}) is changing this host")
    );
    drop(guard);
    tree.door.lock().unwrap();
    let mode = fs::metadata(tree.path("run/hosttune/lock")).unwrap().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn the_journal_is_private_and_what_lies_beside_it_is_not() {
    let tree = Tree::new();
    tree.door.save("journal/0001.json", "{}").unwrap();
    tree.door.save("journal/0001.json", "{\"a\":1}").unwrap();
    let file = "/var/lib/hosttune/journal/0001.json";
    assert_eq!(tree.door.read_text(file).unwrap(), "{\"a\":1}");
    assert_eq!(tree.names("/var/lib/hosttune/journal"), ["0001.json"]);
    let mode = |path: &str| fs::metadata(tree.path(path)).unwrap().mode() & 0o777;
    assert_eq!(mode(file), 0o600);
    assert_eq!(mode("var/lib/hosttune/journal"), 0o700);
    tree.door.save("standing.json", "{}").unwrap();
    assert_eq!(mode("var/lib/hosttune/standing.json"), 0o644);
    assert_eq!(mode("var/lib/hosttune"), 0o755);
    tree.door.save("boots/a.json", "{}").unwrap();
    assert_eq!(mode("var/lib/hosttune/boots/a.json"), 0o644);
    assert_eq!(mode("var/lib/hosttune/boots"), 0o755);
    let written = tree
        .door
        .modified("/var/lib/hosttune/boots/a.json")
        .unwrap();
    assert!(written > Duration::from_secs(1_000_000_000));
    for bad in ["", "../x", "a/../b", "/x", ".x", "a//b"] {
        assert!(tree.door.save(bad, "").is_err(), "{bad}");
    }
}

#[test]
fn a_tree_that_may_be_written_needs_no_rights() {
    assert!(Tree::new().door.missing_for_apply().is_empty());
    assert!(
        Door::open(Some("/nonexistent".into()))
            .unwrap_err()
            .is_not_found()
    );
}

#[test]
fn what_is_closed_names_the_right_that_opens_it() {
    let live = Door::open(None).unwrap();
    if live.uid() == 0 {
        eprintln!("left out: nothing is closed to root");
        return;
    }
    let needs = |error: HostError| match error {
        HostError::Denied { needs, .. } => needs,
        error => error.to_string(),
    };
    assert_eq!(
        needs(live.list("/proc/1/fd").unwrap_err()),
        "CAP_SYS_PTRACE"
    );
    let closed = "/proc/sys/net/core/bpf_jit_limit";
    assert_eq!(needs(live.read(closed).unwrap_err()), "root");
    let tree = Tree::new();
    let path = tree.path("etc/shadow");
    fs::write(&path, "").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    let error = tree.door.read("/etc/shadow").unwrap_err();
    assert_eq!(needs(error), "CAP_DAC_READ_SEARCH");
    fs::set_permissions(tree.path("etc"), fs::Permissions::from_mode(0o555)).unwrap();
    let error = tree.replace("/etc/a", ours(&tree, "", 0o644)).unwrap_err();
    assert_eq!(needs(error), "CAP_DAC_OVERRIDE");
    assert_eq!(live.missing_for_apply()[0], "root");
    assert!(live.missing_for_apply().contains(&"CAP_SYS_ADMIN"));
}

//! A file tree of one test, with profiles beside it.

use super::{Output, Snapshot, hosttune};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, lchown, symlink};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The file of ours that the tree of [`Tree::lived_in`] has from somebody else.
pub(crate) const FOREIGN: &str = "etc/sysctl.d/60-hosttune.conf";

/// A directory in memory where there is one: the program flushes a lot, and no test cuts the power.
fn directory() -> TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

/// A host's files below a root; gone with the test.
pub(crate) struct Tree {
    directory: TempDir,
}

impl Tree {
    /// A root with an empty `etc`.
    pub(crate) fn empty() -> Self {
        let directory = directory();
        fs::create_dir_all(directory.path().join("root/etc")).unwrap();
        Self { directory }
    }

    /// A root that others have worked on: files in the way with odd modes, owners and bytes, a
    /// drop-in directory in use, and the parts of a link.
    pub(crate) fn lived_in() -> Self {
        let tree = Self::empty();
        let foreign = b"# by hand: caf\xe9\nvm.swappiness = 30\nkernel.pid_max = 99999";
        tree.write(FOREIGN, foreign, 0o600);
        tree.write("etc/sysctl.d/10-first.conf", b"vm.swappiness=60\n", 0o644);
        tree.write("etc/sysctl.d/README", b"", 0o444);
        tree.write(
            "etc/systemd/system/docker.service.d/10-proxy.conf",
            b"[Service]\nEnvironment=HTTP_PROXY=http://proxy\n",
            0o640,
        );
        tree.write(
            "usr/lib/systemd/system/docker.service",
            b"[Service]\nTasksMax=infinity\n",
            0o644,
        );
        symlink("../usr/lib/os-release", tree.path("etc/os-release")).unwrap();
        let file = tree.path(FOREIGN);
        // Only root can give a file away.
        if fs::metadata(&file).unwrap().uid() == 0 {
            lchown(&file, Some(1234), Some(4321)).unwrap();
        }
        tree
    }

    /// The same tree again, elsewhere.
    pub(crate) fn copy(&self) -> Self {
        let directory = directory();
        Snapshot::of(&self.path("")).write(&directory.path().join("root"));
        Self { directory }
    }

    /// The root.
    pub(crate) fn root(&self) -> String {
        self.directory.path().join("root").display().to_string()
    }

    /// A path below the root.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join("root").join(name)
    }

    /// Writes a file below the root.
    pub(crate) fn write(&self, name: &str, content: &[u8], mode: u32) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// A file below the root, as text.
    pub(crate) fn read(&self, name: &str) -> String {
        String::from_utf8_lossy(&fs::read(self.path(name)).unwrap()).into_owned()
    }

    /// Writes a profile beside the root and says where it is.
    pub(crate) fn profile(&self, name: &str, text: &str) -> String {
        let path: &Path = &self.directory.path().join(format!("{name}.ini"));
        fs::write(path, text).unwrap();
        path.display().to_string()
    }

    /// Everything below the root.
    pub(crate) fn all(&self) -> Snapshot {
        Snapshot::of(&self.path(""))
    }

    /// Everything below `etc`.
    pub(crate) fn etc(&self) -> Snapshot {
        Snapshot::of(&self.path("etc"))
    }

    /// Runs the program on the tree.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        let root = self.root();
        hosttune(&[args, &["--root", &root]].concat())
    }

    /// Runs the program on the tree, and fails unless it exits with `code`.
    #[track_caller]
    pub(crate) fn expect(&self, code: i32, args: &[&str]) -> Output {
        let output = self.run(args);
        assert_eq!(output.code, Some(code), "{args:?}: {output:#?}");
        output
    }

    /// The JSON document that the program answers with.
    #[track_caller]
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let output = self.run(&[args, &["--format", "json"]].concat());
        let document = serde_json::from_str(&output.stdout);
        assert!(document.is_ok(), "{document:?}: {output:#?}");
        document.unwrap()
    }
}

/// Has an apply of the journal wait to be confirmed, as one of a running host does: on a tree there is
/// no timer that could be started.
pub(crate) fn await_confirmation(tree: &Tree, id: u32) {
    let record = format!("var/lib/hosttune/journal/{id:04}.json");
    let text = tree.read(&record);
    let waits =
        "\"confirm\": {\"within\": 300, \"until\": 32503680000, \"guard\": 0},\n  \"entries\"";
    fs::write(tree.path(&record), text.replacen("\"entries\"", waits, 1)).unwrap();
}

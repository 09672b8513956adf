//! A picture of a file tree: names, content, mode and owner of everything in it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, lchown, symlink};
use std::path::Path;

/// What stands at a path.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Node {
    /// The content of a file, the target of a link; nothing for a directory.
    pub(crate) content: Option<Vec<u8>>,
    /// Type and permissions.
    pub(crate) mode: u32,
    /// User and group.
    pub(crate) owner: (u32, u32),
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let content = self.content.as_deref().map(String::from_utf8_lossy);
        write!(f, "{:o} {:?} {content:?}", self.mode, self.owner)
    }
}

/// Every node by its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Snapshot(pub(crate) BTreeMap<String, Node>);

const KIND: u32 = 0o170_000;
const DIRECTORY: u32 = 0o040_000;
const LINK: u32 = 0o120_000;

impl Snapshot {
    /// The tree below `top`, itself included.
    pub(crate) fn of(top: &Path) -> Self {
        let mut nodes = BTreeMap::new();
        collect(top, top, &mut nodes);
        Self(nodes)
    }

    /// Writes the picture down below `top`, which must not exist.
    pub(crate) fn write(&self, top: &Path) {
        for (name, node) in &self.0 {
            let path = top.join(name);
            match (node.mode & KIND, &node.content) {
                (DIRECTORY, _) => fs::create_dir(&path).unwrap(),
                (LINK, Some(target)) => {
                    symlink(String::from_utf8_lossy(target).as_ref(), &path).unwrap();
                }
                (_, content) => fs::write(&path, content.as_deref().unwrap_or_default()).unwrap(),
            }
            lchown(&path, Some(node.owner.0), Some(node.owner.1)).unwrap();
            if node.mode & KIND != LINK {
                let mode = fs::Permissions::from_mode(node.mode & 0o7777);
                fs::set_permissions(&path, mode).unwrap();
            }
        }
    }

    /// Fails where this differs from `before`, naming what differs.
    #[track_caller]
    pub(crate) fn assert_is(&self, before: &Self, when: &str) {
        let names = before.0.keys().chain(self.0.keys());
        let differing: Vec<String> = names
            .filter(|name| before.0.get(*name) != self.0.get(*name))
            .map(|name| {
                let (was, is) = (before.0.get(name), self.0.get(name));
                format!("{name}\n  was {was:?}\n  is  {is:?}")
            })
            .collect();
        assert!(differing.is_empty(), "{when}:\n{}", differing.join("\n"));
    }
}

fn collect(top: &Path, path: &Path, nodes: &mut BTreeMap<String, Node>) {
    let facts = fs::symlink_metadata(path).unwrap();
    let content = if facts.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            collect(top, &entry.unwrap().path(), nodes);
        }
        None
    } else if facts.is_symlink() {
        Some(
            fs::read_link(path)
                .unwrap()
                .into_os_string()
                .into_encoded_bytes(),
        )
    } else {
        Some(fs::read(path).unwrap())
    };
    let name = path.strip_prefix(top).unwrap().display().to_string();
    let node = Node {
        content,
        mode: facts.mode(),
        owner: (facts.uid(), facts.gid()),
    };
    nodes.insert(name, node);
}

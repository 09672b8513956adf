//! The root below which every path is resolved, so that no link leads out of it.

use model::Scope;
use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, OFlag, OpenHow, ResolveFlag, open, openat, openat2};
use nix::sys::stat::Mode;
use std::os::fd::OwnedFd;
use std::path::Path;

/// A directory that stands for `/`.
#[derive(Debug)]
pub(crate) struct Root {
    /// The tree's own directory; the running machine needs none.
    tree: Option<OwnedFd>,
}

/// The directory that holds a path's last component, and that component.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    /// The directory, open.
    pub(crate) directory: OwnedFd,
    /// The last component; `.` for the root itself.
    pub(crate) name: &'a str,
}

impl Root {
    /// The running machine, or the tree at `path`.
    pub(crate) fn open(path: Option<&Path>) -> nix::Result<Self> {
        let tree = match path {
            None => None,
            Some(path) => Some(open(
                path,
                OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC,
                Mode::empty(),
            )?),
        };
        Ok(Self { tree })
    }

    /// Whether this is the running machine.
    pub(crate) fn scope(&self) -> Scope {
        match self.tree {
            None => Scope::Live,
            Some(_) => Scope::Tree,
        }
    }

    /// Opens an absolute path. In a tree, absolute links and `..` stay below the root: the kernel
    /// resolves them there (openat2(2), `RESOLVE_IN_ROOT`), so a rename in between changes nothing.
    pub(crate) fn descend(&self, path: &str, flags: OFlag, mode: Mode) -> nix::Result<OwnedFd> {
        if !path.starts_with('/') {
            return Err(Errno::EINVAL);
        }
        // openat2(2) takes few flags beside O_PATH, and O_NOCTTY is none of them.
        let flags = match flags.contains(OFlag::O_PATH) {
            true => flags | OFlag::O_CLOEXEC,
            false => flags | OFlag::O_CLOEXEC | OFlag::O_NOCTTY,
        };
        match &self.tree {
            None => openat(AT_FDCWD, path, flags, mode),
            Some(tree) => {
                let how = OpenHow::new()
                    .flags(flags)
                    .mode(mode)
                    .resolve(ResolveFlag::RESOLVE_IN_ROOT | ResolveFlag::RESOLVE_NO_MAGICLINKS);
                openat2(tree, path, how)
            }
        }
    }

    /// Opens the directory that a path's last component stands in.
    pub(crate) fn place<'a>(&self, path: &'a str) -> nix::Result<Place<'a>> {
        let trimmed = path.trim_end_matches('/');
        let (parent, name) = match trimmed.rsplit_once('/') {
            Some((parent, name)) => (parent, name),
            None => ("", "."),
        };
        if name == ".." || (name == "." && !trimmed.is_empty()) {
            return Err(Errno::EINVAL);
        }
        let parent = if parent.is_empty() { "/" } else { parent };
        let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY;
        let directory = if path.starts_with('/') {
            self.descend(parent, flags, Mode::empty())?
        } else {
            return Err(Errno::EINVAL);
        };
        Ok(Place { directory, name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    fn read(root: &Root, path: &str) -> nix::Result<String> {
        let file = root.descend(path, OFlag::O_RDONLY, Mode::empty())?;
        Ok(std::io::read_to_string(fs::File::from(file)).unwrap())
    }

    #[test]
    fn nothing_leads_out_of_a_tree() {
        let directory = tempfile::tempdir().unwrap();
        let tree = directory.path().join("tree");
        fs::create_dir_all(tree.join("etc")).unwrap();
        fs::write(directory.path().join("secret"), "outside").unwrap();
        fs::write(tree.join("secret"), "inside").unwrap();
        symlink("/secret", tree.join("etc/absolute")).unwrap();
        symlink("../../../secret", tree.join("etc/relative")).unwrap();
        symlink(directory.path().join("secret"), tree.join("etc/host")).unwrap();
        let root = Root::open(Some(&tree)).unwrap();
        assert_eq!(read(&root, "/../secret").unwrap(), "inside");
        assert_eq!(read(&root, "/etc/absolute").unwrap(), "inside");
        assert_eq!(read(&root, "/etc/relative").unwrap(), "inside");
        assert_eq!(read(&root, "/etc/host"), Err(Errno::ENOENT));
        assert_eq!(read(&root, "secret"), Err(Errno::EINVAL));
    }

    #[test]
    fn a_place_has_a_real_name() {
        let root = Root::open(None).unwrap();
        assert_eq!(root.place("/proc/").unwrap().name, "proc");
        assert_eq!(root.place("/").unwrap().name, ".");
        for bad in ["/proc/..", "/proc/.", "proc", ""] {
            assert_eq!(root.place(bad).unwrap_err(), Errno::EINVAL, "{bad}");
        }
    }
}

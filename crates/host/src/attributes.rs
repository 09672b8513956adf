//! What a file is besides its content: its owner, its label, its access list.

use crate::fault::{AboutPath, fault};
use crate::root::Root;
use model::{Attribute, HostResult, Scope};
use nix::errno::Errno;
use nix::unistd::{Gid, Uid, fchown};
use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use xattr::FileExt;

/// Attributes that the kernel computes from the content: never part of an image.
const COMPUTED: [&str; 2] = ["security.ima", "security.evm"];
/// An access list that a new file inherits from its directory.
const ACCESS_LIST: &str = "system.posix_acl_access";

/// The extended attributes of an open file that we may read, by name.
pub(crate) fn attributes(file: &File) -> io::Result<Vec<Attribute>> {
    let names = match file.list_xattr() {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok(Vec::new()),
        names => names?,
    };
    let mut found = Vec::new();
    for name in names {
        let Some(name) = name.to_str().filter(|name| !COMPUTED.contains(name)) else {
            continue;
        };
        let value = match file.get_xattr(name) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => None,
            value => value?,
        };
        let name = name.to_owned();
        found.extend(value.map(|value| Attribute { name, value }));
    }
    found.sort_unstable_by(|left, right| left.name.cmp(&right.name));
    Ok(found)
}

/// Gives a file its owner and group.
pub(crate) fn own(root: &Root, file: &File, uid: u32, gid: u32, path: &str) -> HostResult<()> {
    let facts = file.metadata().changing(path)?;
    if (facts.uid(), facts.gid()) == (uid, gid) {
        return Ok(());
    }
    match fchown(file, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid))) {
        // A user's own tree cannot hold files of root; whoever packs it says who owns them.
        Err(Errno::EPERM) if root.scope() == Scope::Tree => Ok(()),
        owned => owned.map_err(|error| fault(path, "CAP_CHOWN", error)),
    }
}

/// Sets what the image has and takes an inherited access list away. A label that the directory
/// gives to every new file stays: an image made by us has none to set against it.
pub(crate) fn label(file: &File, wanted: &[Attribute], path: &str) -> HostResult<()> {
    let set = || -> io::Result<()> {
        let there = attributes(file)?;
        if there.iter().any(|has| has.name == ACCESS_LIST)
            && !wanted.iter().any(|wants| wants.name == ACCESS_LIST)
        {
            file.remove_xattr(ACCESS_LIST)?;
        }
        for attribute in wanted.iter().filter(|wants| !there.contains(wants)) {
            file.set_xattr(&attribute.name, &attribute.value)?;
        }
        Ok(())
    };
    set().map_err(|error| fault(path, "CAP_SYS_ADMIN", error))
}

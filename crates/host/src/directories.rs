//! Directories: made durably, and removed only when empty.

use crate::fault::{AboutPath, failed};
use crate::replace::open_place;
use crate::root::Root;
use model::HostResult;
use nix::errno::Errno;
use nix::fcntl::AtFlags;
use nix::sys::stat::{FchmodatFlags, Mode, SFlag, fchmodat, fstatat, mkdirat};
use nix::unistd::{UnlinkatFlags, fsync, unlinkat};

/// Makes a directory and flushes the one that holds it; one that is there already is fine.
pub(crate) fn make_directory(root: &Root, path: &str, mode: Mode) -> HostResult<()> {
    let place = open_place(root, path)?;
    match mkdirat(&place.directory, place.name, mode) {
        // mkdir(2) subtracts the umask, which is not ours to follow for the system's own folders.
        Ok(()) => fchmodat(
            &place.directory,
            place.name,
            mode,
            FchmodatFlags::FollowSymlink,
        )
        .changing(path)?,
        Err(Errno::EEXIST) => {
            let facts = fstatat(&place.directory, place.name, AtFlags::empty()).changing(path)?;
            if facts.st_mode & SFlag::S_IFMT.bits() != SFlag::S_IFDIR.bits() {
                return Err(failed(path, "exists and is not a directory"));
            }
        }
        Err(error) => return Err(error).changing(path),
    }
    fsync(&place.directory).changing(path)
}

/// Removes a directory if it is empty.
pub(crate) fn remove_empty_directory(root: &Root, path: &str) -> HostResult<()> {
    let removed = root.place(path).and_then(|place| {
        unlinkat(&place.directory, place.name, UnlinkatFlags::RemoveDir)?;
        fsync(&place.directory)
    });
    match removed {
        Err(Errno::ENOENT | Errno::ENOTDIR | Errno::ENOTEMPTY | Errno::EEXIST) => Ok(()),
        removed => removed.changing(path),
    }
}

//! Replacing a file so that after a power cut it is the old one or the new one.

use crate::attributes::{label, own};
use crate::fault::{AboutPath, failed};
use crate::root::{Place, Root};
use model::{HostResult, Image};
use nix::errno::Errno;
use nix::fcntl::{OFlag, openat, renameat};
use nix::sys::stat::{Mode, fchmod};
use nix::unistd::{UnlinkatFlags, fsync, symlinkat, unlinkat};
use std::fs::File;
use std::io::Write;

/// Makes `path` what `image` says: written beside it, flushed, renamed over it, and the folder
/// flushed too, since a rename is in the folder.
pub(crate) fn replace(root: &Root, path: &str, image: &Image) -> HostResult<()> {
    let place = open_place(root, path)?;
    match image {
        Image::Absent => {
            if !unlink(&place, place.name).changing(path)? {
                return Ok(());
            }
        }
        Image::File {
            content,
            mode,
            uid,
            gid,
            attributes,
        } => {
            let file = create_beside(&place).changing(path)?;
            let written = (&file)
                .write_all(content)
                .changing(path)
                .and_then(|()| own(root, &file, *uid, *gid, path))
                .and_then(|()| fchmod(&file, Mode::from_bits_truncate(*mode)).changing(path))
                .and_then(|()| label(&file, attributes, path))
                .and_then(|()| fsync(&file).changing(path));
            finish(&place, path, written)?;
        }
        Image::Link { target } => {
            unlink(&place, &beside(place.name)).changing(path)?;
            let made = symlinkat(
                target.as_str(),
                &place.directory,
                beside(place.name).as_str(),
            );
            finish(&place, path, made.changing(path))?;
        }
        Image::Directory | Image::Other => {
            return Err(failed(
                path,
                "is neither a file nor a link, and cannot be put back",
            ));
        }
    }
    fsync(&place.directory).changing(path)
}

/// Removes what an interrupted replacement left beside `path`.
pub(crate) fn sweep(root: &Root, path: &str) -> HostResult<()> {
    if is_kernels(path) {
        return Ok(());
    }
    let place = match root.place(path) {
        Err(Errno::ENOENT | Errno::ENOTDIR) => return Ok(()),
        place => place.changing(path)?,
    };
    if unlink(&place, &beside(place.name)).changing(path)? {
        fsync(&place.directory).changing(path)?;
    }
    Ok(())
}

/// Opens the directory that a file of ours may stand in: never one of the kernel's.
pub(crate) fn open_place<'a>(root: &Root, path: &'a str) -> HostResult<Place<'a>> {
    if is_kernels(path) || path.split('/').any(|component| component == "..") {
        return Err(failed(path, "is no place for a file"));
    }
    root.place(path).changing(path)
}

fn is_kernels(path: &str) -> bool {
    ["/proc", "/sys"].into_iter().any(|mount| {
        let rest = path.strip_prefix(mount);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// The name a file is prepared under: always the same, since the lock keeps rivals away and a
/// later run must find what an interrupted one left.
fn beside(name: &str) -> String {
    format!(".{name}.hosttune")
}

pub(crate) fn create_beside(place: &Place<'_>) -> nix::Result<File> {
    let name = beside(place.name);
    unlink(place, &name)?;
    let flags =
        OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    openat(&place.directory, name.as_str(), flags, mode).map(File::from)
}

/// Gives what was prepared its name, or removes it where that failed.
pub(crate) fn finish(place: &Place<'_>, path: &str, prepared: HostResult<()>) -> HostResult<()> {
    let name = beside(place.name);
    let renamed = prepared.and_then(|()| {
        let (from, to) = (&place.directory, &place.directory);
        renameat(from, name.as_str(), to, place.name).changing(path)
    });
    if renamed.is_err() {
        // The first error is the one worth telling.
        let _ = unlink(place, &name);
    }
    renamed
}

/// Removes a name; says whether it was there.
fn unlink(place: &Place<'_>, name: &str) -> nix::Result<bool> {
    match unlinkat(&place.directory, name, UnlinkatFlags::NoRemoveDir) {
        Ok(()) => Ok(true),
        Err(Errno::ENOENT) => Ok(false),
        Err(error) => Err(error),
    }
}

//! Reading files: bounded, never blocking on a pipe, and kept whole for bringing them back.

use crate::attributes::attributes;
use crate::fault::{AboutPath, failed};
use crate::root::{Place, Root};
use model::{HostResult, Image, Space};
use nix::dir::Dir;
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, openat, readlinkat};
use nix::sys::stat::{FileStat, Mode, SFlag, fstatat};
use nix::sys::statvfs::fstatvfs;
use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

/// No file that hosttune has business with is larger.
const LARGEST: u64 = 16 << 20;

/// A pipe or a device must not hold a reader up before it is seen to be one.
const READING: OFlag = OFlag::O_RDONLY.union(OFlag::O_NONBLOCK);

/// The content of a regular file, links followed.
pub(crate) fn read(root: &Root, path: &str) -> HostResult<Vec<u8>> {
    let file = root
        .descend(path, READING, Mode::empty())
        .map(File::from)
        .reading(path)?;
    if !file.metadata().reading(path)?.is_file() {
        return Err(failed(path, "is not a regular file"));
    }
    content(&file, path)
}

/// When the content of a file last changed.
pub(crate) fn modified(root: &Root, path: &str) -> HostResult<Duration> {
    let opened = root.descend(path, OFlag::O_PATH, Mode::empty());
    let file = opened.map(File::from).reading(path)?;
    let metadata = file.metadata().reading(path)?;
    let seconds = u64::try_from(metadata.mtime()).unwrap_or_default();
    let nanoseconds = u32::try_from(metadata.mtime_nsec()).unwrap_or_default();
    Ok(Duration::new(seconds, nanoseconds))
}

/// The room of the file system that a path lies on.
pub(crate) fn space(root: &Root, path: &str) -> HostResult<Space> {
    let opened = root
        .descend(path, OFlag::O_PATH, Mode::empty())
        .reading(path)?;
    let found = fstatvfs(&opened).reading(path)?;
    let fragment = found.fragment_size();
    Ok(Space {
        bytes: found.blocks().saturating_mul(fragment),
        bytes_free: found.blocks_available().saturating_mul(fragment),
        inodes: found.files(),
        inodes_free: found.files_available(),
    })
}

fn content(file: &File, path: &str) -> HostResult<Vec<u8>> {
    // A file of the kernel has no size to go by, and without room it is read in pieces that double.
    let mut bytes = Vec::with_capacity(4096);
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .reading(path)?;
    if bytes.len() as u64 > LARGEST {
        return Err(failed(path, "is larger than 16 MiB"));
    }
    Ok(bytes)
}

/// The names in a directory, sorted by byte.
pub(crate) fn list(root: &Root, path: &str) -> HostResult<Vec<String>> {
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY;
    let opened = root.descend(path, flags, Mode::empty()).reading(path)?;
    let mut directory = Dir::from_fd(opened).reading(path)?;
    let mut names = Vec::new();
    for entry in directory.iter() {
        let entry = entry.reading(path)?;
        match entry.file_name().to_bytes() {
            b"." | b".." => {}
            name => names.push(String::from_utf8_lossy(name).into_owned()),
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Where a link points.
pub(crate) fn read_link(root: &Root, path: &str) -> HostResult<String> {
    let place = root.place(path).reading(path)?;
    target(&place).reading(path)
}

fn target(place: &Place<'_>) -> nix::Result<String> {
    let target = readlinkat(&place.directory, place.name)?;
    target.into_string().map_err(|_| Errno::EILSEQ)
}

/// What stands at a path, links not followed; a path through something missing is absent.
pub(crate) fn image(root: &Root, path: &str) -> HostResult<Image> {
    let looked = root.place(path).and_then(|place| {
        let facts = fstatat(&place.directory, place.name, AtFlags::AT_SYMLINK_NOFOLLOW)?;
        Ok((place, facts))
    });
    let (place, facts) = match looked {
        Err(Errno::ENOENT | Errno::ENOTDIR) => return Ok(Image::Absent),
        looked => looked.reading(path)?,
    };
    match kind(&facts) {
        SFlag::S_IFREG => file_image(&place, path),
        SFlag::S_IFLNK => Ok(Image::Link {
            target: target(&place).reading(path)?,
        }),
        SFlag::S_IFDIR => Ok(Image::Directory),
        _ => Ok(Image::Other),
    }
}

fn kind(facts: &FileStat) -> SFlag {
    SFlag::from_bits_truncate(facts.st_mode & SFlag::S_IFMT.bits())
}

fn file_image(place: &Place<'_>, path: &str) -> HostResult<Image> {
    let flags = READING | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    let opened: OwnedFd =
        openat(&place.directory, place.name, flags, Mode::empty()).reading(path)?;
    let file = File::from(opened);
    let facts = file.metadata().reading(path)?;
    if !facts.is_file() {
        return Err(failed(path, "was replaced while it was read"));
    }
    Ok(Image::File {
        content: content(&file, path)?,
        mode: facts.mode() & 0o7777,
        uid: facts.uid(),
        gid: facts.gid(),
        attributes: attributes(&file).reading(path)?,
    })
}

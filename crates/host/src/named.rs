//! Files that the operator names on the command line: read whole, and written where told.

use crate::fault::{AboutPath, failed};
use crate::trust::open_regular;
use model::HostResult;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// One byte more than any reader of such a file takes, so that it can see what is too long.
const LONGEST: u64 = (1 << 20) + 1;

/// The content of a file by its path on this machine, whatever `--root` says; cut off after 1 MiB
/// and one byte. A pipe or a device is refused.
pub fn read_named(path: &str) -> HostResult<Vec<u8>> {
    read_named_up_to(path, LONGEST - 1)
}

/// The same, cut off after `longest` bytes and one.
pub fn read_named_up_to(path: &str, longest: u64) -> HostResult<Vec<u8>> {
    let (file, _) = open_regular(Path::new(path)).reading(path)?;
    let mut content = Vec::new();
    let mut file = file.take(longest.saturating_add(1));
    file.read_to_end(&mut content).reading(path)?;
    Ok(content)
}

/// Refuses a path where something stands.
pub fn refuse_existing(path: &str) -> HostResult<()> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).changing(path),
        Ok(_) => Err(failed(path, "is there already; name another file")),
    }
}

/// Writes a file that only its owner may read: whole or not at all, and over none that is there,
/// unless it may `overwrite`.
pub fn write_private(path: &str, content: &[u8], overwrite: bool) -> HostResult<()> {
    let prepared = format!("{path}.hosttune");
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut file = match options.open(&prepared) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(failed(&prepared, "is there already; remove it"));
        }
        opened => opened.changing(&prepared)?,
    };
    let flags = match overwrite {
        true => RenameFlags::empty(),
        false => RenameFlags::NOREPLACE,
    };
    let written = file
        .write_all(content)
        .and_then(|()| file.sync_all())
        .and_then(|()| Ok(renameat_with(CWD, &prepared, CWD, path, flags)?));
    if written.is_err() {
        let _ = fs::remove_file(&prepared);
    }
    match written {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(failed(path, "is there already; name another file"))
        }
        written => written.changing(path),
    }
}

/// Writes a file that is not there yet, or `overwrite`s the one that is, then by a rename.
pub fn write_named(path: &str, content: &[u8], overwrite: bool) -> HostResult<()> {
    let prepared = match overwrite {
        true => format!("{path}.hosttune"),
        false => path.to_owned(),
    };
    let opened = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&prepared);
    let mut file = match opened {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(failed(&prepared, "is there already"));
        }
        opened => opened.changing(&prepared)?,
    };
    let written = file
        .write_all(content)
        .and_then(|()| file.sync_all())
        .and_then(|()| match overwrite {
            true => fs::rename(&prepared, path),
            false => Ok(()),
        });
    if written.is_err() {
        // What is cut off must not pass for a profile; the first error is the one worth telling.
        let _ = fs::remove_file(&prepared);
    }
    written.changing(path)
}

//! Copies of large files, and what tells two of them apart: a program is no text to keep in a journal.

use crate::attributes::{label, own};
use crate::fault::{AboutPath, failed};
use crate::replace::{create_beside, finish, open_place};
use crate::root::Root;
use model::{Action, Fingerprint, HostResult, Origin};
use nix::fcntl::OFlag;
use nix::sys::stat::{Mode, fchmod};
use nix::unistd::fsync;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;

/// The running program, even if its file was replaced or removed meanwhile (proc(5)).
const PROGRAM: &str = "/proc/self/exe";
const CHUNK: usize = 1 << 20;

/// The fingerprint of a regular file.
pub(crate) fn fingerprint(root: &Root, path: &str) -> HostResult<Fingerprint> {
    of_file(open(root, path)?, path)
}

/// The fingerprint of the running program.
pub(crate) fn of_program() -> HostResult<Fingerprint> {
    of_file(File::open(PROGRAM).reading(PROGRAM)?, PROGRAM)
}

/// Carries out [`Action::CopyFile`]: written beside it, compared, flushed, renamed over it.
pub(crate) fn copy(root: &Root, action: &Action) -> HostResult<()> {
    let Action::CopyFile {
        from,
        path,
        file: wanted,
    } = action
    else {
        return Ok(());
    };
    let mut source = match from {
        Origin::Program => File::open(PROGRAM).reading(PROGRAM)?,
        Origin::File(from) => open(root, from)?,
    };
    let place = open_place(root, path)?;
    let file = create_beside(&place).changing(path)?;
    let written = transfer(&mut source, &mut &file)
        .changing(path)
        .and_then(
            |copied| match copied == (wanted.size, wanted.sha256.clone()) {
                true => Ok(()),
                false => Err(failed(path, "what it is copied from has changed")),
            },
        )
        .and_then(|()| own(root, &file, wanted.uid, wanted.gid, path))
        .and_then(|()| fchmod(&file, Mode::from_bits_truncate(wanted.mode)).changing(path))
        .and_then(|()| label(&file, &[], path))
        .and_then(|()| fsync(&file).changing(path));
    finish(&place, path, written)?;
    fsync(&place.directory).changing(path)
}

fn open(root: &Root, path: &str) -> HostResult<File> {
    let flags = OFlag::O_RDONLY | OFlag::O_NONBLOCK | OFlag::O_NOFOLLOW;
    let file = root
        .descend(path, flags, Mode::empty())
        .map(File::from)
        .reading(path)?;
    match file.metadata().reading(path)?.is_file() {
        true => Ok(file),
        false => Err(failed(path, "is not a regular file")),
    }
}

fn of_file(mut file: File, path: &str) -> HostResult<Fingerprint> {
    let facts = file.metadata().reading(path)?;
    let (size, sha256) = transfer(&mut file, &mut io::sink()).reading(path)?;
    Ok(Fingerprint {
        size,
        sha256,
        mode: facts.mode() & 0o7777,
        uid: facts.uid(),
        gid: facts.gid(),
    })
}

/// Copies to the end; says how much that was, and its SHA-256.
fn transfer(from: &mut impl Read, to: &mut impl Write) -> io::Result<(u64, String)> {
    let mut hash = Sha256::new();
    let mut size = 0;
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = match from.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hash.update(&chunk[..read]);
        to.write_all(&chunk[..read])?;
        size += read as u64;
    }
    let digits = hash.finalize();
    let sha256 = digits.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((size, sha256))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn tree() -> (tempfile::TempDir, Root) {
        let directory = tempfile::tempdir().unwrap();
        let root = Root::open(Some(directory.path())).unwrap();
        (directory, root)
    }

    #[test]
    fn a_copy_is_whole_or_is_not_made() {
        let (directory, root) = tree();
        fs::write(directory.path().join("a"), "abc").unwrap();
        let mut file = fingerprint(&root, "/a").unwrap();
        // FIPS 180-2, appendix B.1.
        assert!(file.sha256.starts_with("ba7816bf8f01cfea414140de5dae2223"));
        assert_eq!(file.size, 3);
        file.mode = 0o751;
        let copy_to = |path: &str| {
            let action = Action::CopyFile {
                from: Origin::File("/a".to_owned()),
                path: path.to_owned(),
                file: file.clone(),
            };
            copy(&root, &action)
        };
        copy_to("/b").unwrap();
        assert_eq!(fingerprint(&root, "/b").unwrap(), file);
        fs::write(directory.path().join("a"), "abcd").unwrap();
        let error = copy_to("/c").unwrap_err().to_string();
        assert!(error.contains("has changed"), "{error}");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2);
    }

    #[test]
    fn the_program_comes_from_outside_the_root() {
        let (_directory, root) = tree();
        let file = of_program().unwrap();
        let action = Action::CopyFile {
            from: Origin::Program,
            path: "/p".to_owned(),
            file: file.clone(),
        };
        copy(&root, &action).unwrap();
        assert!(fingerprint(&root, "/p").unwrap().same_content(&file));
    }
}

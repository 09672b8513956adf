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

/// The running program, even if its file was replaced or removed meanwhile (proc(5)).
const PROGRAM: &str = "/proc/self/exe";
const CHUNK: usize = 1 << 20;

/// The fingerprint of a regular file.
pub(crate) fn fingerprint(root: &Root, path: &str) -> HostResult<Fingerprint> {
    let mut file = open(root, path)?;
    transfer(&mut file, &mut io::sink()).reading(path)
}

/// The fingerprint of the running program.
pub(crate) fn of_program() -> HostResult<Fingerprint> {
    let mut file = File::open(PROGRAM).reading(PROGRAM)?;
    transfer(&mut file, &mut io::sink()).reading(PROGRAM)
}

/// Carries out [`Action::CopyFile`]: written beside it, compared, flushed, renamed over it.
pub(crate) fn copy(root: &Root, action: &Action) -> HostResult<()> {
    let Action::CopyFile {
        from,
        path,
        fingerprint,
        mode,
        uid,
        gid,
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
        .and_then(|copied| match copied == *fingerprint {
            true => Ok(()),
            false => Err(failed(path, "what it is copied from has changed")),
        })
        .and_then(|()| own(root, &file, *uid, *gid, path))
        .and_then(|()| fchmod(&file, Mode::from_bits_truncate(*mode)).changing(path))
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

fn transfer(from: &mut impl Read, to: &mut impl Write) -> io::Result<Fingerprint> {
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
    Ok(Fingerprint { size, sha256 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    fn action(from: Origin, path: &str, fingerprint: Fingerprint) -> Action {
        Action::CopyFile {
            from,
            path: path.to_owned(),
            fingerprint,
            mode: 0o755,
            uid: nix::unistd::Uid::effective().as_raw(),
            gid: nix::unistd::Gid::effective().as_raw(),
        }
    }

    #[test]
    fn a_copy_is_whole_or_is_not_made() {
        let directory = tempfile::tempdir().unwrap();
        let root = Root::open(Some(directory.path())).unwrap();
        fs::write(directory.path().join("a"), "abc").unwrap();
        let abc = fingerprint(&root, "/a").unwrap();
        assert_eq!(abc.size, 3);
        // FIPS 180-2, appendix B.1.
        assert!(abc.sha256.starts_with("ba7816bf8f01cfea414140de5dae2223"));
        let from = || Origin::File("/a".to_owned());
        copy(&root, &action(from(), "/b", abc.clone())).unwrap();
        assert_eq!(fingerprint(&root, "/b").unwrap(), abc);
        let mode = fs::metadata(directory.path().join("b")).unwrap();
        assert_eq!(mode.permissions().mode() & 0o7777, 0o755);
        fs::write(directory.path().join("a"), "abcd").unwrap();
        let error = copy(&root, &action(from(), "/c", abc)).unwrap_err();
        assert!(error.to_string().contains("has changed"), "{error}");
        let names: Vec<_> = fs::read_dir(directory.path()).unwrap().collect();
        assert_eq!(names.len(), 2, "{names:?}");
    }

    #[test]
    fn the_program_comes_from_outside_the_root() {
        let directory = tempfile::tempdir().unwrap();
        let root = Root::open(Some(directory.path())).unwrap();
        let whole = of_program().unwrap();
        copy(&root, &action(Origin::Program, "/p", whole.clone())).unwrap();
        assert_eq!(fingerprint(&root, "/p").unwrap(), whole);
    }
}

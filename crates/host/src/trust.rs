//! Trust: which files root may act on.

use crate::fault::words;
use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;
use std::env;
use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Whether root may act on a profile: it belongs to root or to who called sudo, and nobody else
/// may write it. The error says what to do.
pub fn trusted(path: &str) -> Result<(), String> {
    match open_regular(Path::new(path)) {
        Ok((_, facts)) => judge(path, &facts),
        Err(error) => Err(format!("{path}: {}", words(&error))),
    }
}

/// [`trusted`] on the facts of a file that is open.
pub(crate) fn judge(path: &str, facts: &Metadata) -> Result<(), String> {
    let caller = env::var("SUDO_UID").ok().and_then(|uid| uid.parse().ok());
    judge_facts(path, facts.uid(), facts.mode(), caller)
}

fn judge_facts(path: &str, owner: u32, mode: u32, caller: Option<u32>) -> Result<(), String> {
    if owner != 0 && Some(owner) != caller {
        return Err(format!(
            "{path} belongs to user {owner}, who is neither root nor the caller of sudo; \
             if you trust it: chown root {path}"
        ));
    }
    if mode & 0o022 != 0 {
        return Err(format!(
            "{path} can be written by others than its owner; if you trust it: chmod go-w {path}"
        ));
    }
    Ok(())
}

/// Opens a regular file; a pipe or a device does not hold the caller up.
pub(crate) fn open_regular(path: &Path) -> io::Result<(File, Metadata)> {
    let flags = OFlag::O_RDONLY | OFlag::O_NONBLOCK | OFlag::O_NOCTTY | OFlag::O_CLOEXEC;
    let file = File::from(open(path, flags, Mode::empty())?);
    let facts = file.metadata()?;
    match facts.is_file() {
        true => Ok((file, facts)),
        false => Err(io::Error::other("is not a regular file")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_and_the_caller_of_sudo_are_believed() {
        assert_eq!(judge_facts("p.ini", 0, 0o644, None), Ok(()));
        assert_eq!(judge_facts("p.ini", 1000, 0o600, Some(1000)), Ok(()));
    }

    #[test]
    fn strangers_and_open_files_are_not() {
        let stranger = judge_facts("p.ini", 1001, 0o644, Some(1000)).unwrap_err();
        assert!(stranger.ends_with("if you trust it: chown root p.ini"));
        for mode in [0o664, 0o646, 0o666] {
            let open = judge_facts("p.ini", 0, mode, None).unwrap_err();
            assert!(open.ends_with("if you trust it: chmod go-w p.ini"));
        }
    }
}

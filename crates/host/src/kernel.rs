//! Kernel files: one open, one write, and the kernel's own word when it refuses.

use crate::fault::{AboutPath, failed, words};
use crate::root::Root;
use model::HostResult;
use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use nix::unistd::{Uid, write};
use std::io;

/// Writes `value` and a newline in one write(2): the kernel takes each write as a whole new value.
pub(crate) fn write_kernel(root: &Root, path: &str, value: &str) -> HostResult<()> {
    let kernel = path.starts_with("/proc/sys/") || path.starts_with("/sys/");
    if !kernel || path.split('/').any(|component| component == "..") {
        return Err(failed(path, "is no kernel file"));
    }
    put(root, path, value)
}

fn put(root: &Root, path: &str, value: &str) -> HostResult<()> {
    let file = root
        .descend(path, OFlag::O_WRONLY, Mode::empty())
        .changing(path)?;
    let line = format!("{value}\n");
    match write(&file, line.as_bytes()) {
        Ok(written) if written == line.len() => Ok(()),
        Ok(written) => Err(failed(
            path,
            format!(
                "the kernel took {written} of the {} bytes of `{value}`",
                line.len()
            ),
        )),
        Err(Errno::EPERM | Errno::EACCES) if !Uid::effective().is_root() => {
            Err(Errno::EACCES).changing(path)
        }
        Err(error) => {
            let why = words(&io::Error::from(error));
            Err(failed(path, format!("the kernel refused `{value}`: {why}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn one_line_is_written_and_the_file_must_be_there() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("pid_max");
        let root = Root::open(None).unwrap();
        let name = path.to_str().unwrap();
        assert!(put(&root, name, "5").unwrap_err().is_not_found());
        fs::write(&path, "").unwrap();
        put(&root, name, "4194304").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "4194304\n");
    }

    #[test]
    fn a_refusal_names_the_file_and_the_value() {
        let root = Root::open(None).unwrap();
        assert_eq!(
            put(&root, "/dev/full", "12").unwrap_err().to_string(),
            "/dev/full: the kernel refused `12`: no space left on device"
        );
    }

    #[test]
    fn only_kernel_files_are_written() {
        let root = Root::open(None).unwrap();
        for path in ["/etc/passwd", "/proc/sys/../../etc/passwd", "/proc/1/mem"] {
            let error = write_kernel(&root, path, "1").unwrap_err().to_string();
            assert_eq!(error, format!("{path}: is no kernel file"));
        }
    }
}

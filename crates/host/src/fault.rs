//! How an error of the system becomes a sentence: missing and denied are told from the rest.

use model::{HostError, HostResult};
use nix::errno::Errno;
use std::io;

/// An I/O error about `what`, with the right that would have helped if it was refused.
pub(crate) fn fault(what: &str, needs: &str, error: impl Into<io::Error>) -> HostError {
    let error = error.into();
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            HostError::NotFound(what.to_owned())
        }
        io::ErrorKind::PermissionDenied => HostError::Denied {
            what: what.to_owned(),
            needs: needs.to_owned(),
        },
        _ => failed(what, words(&error)),
    }
}

/// A failure that is neither missing nor denied.
pub(crate) fn failed(what: &str, why: impl Into<String>) -> HostError {
    HostError::Failed {
        what: what.to_owned(),
        why: why.into(),
    }
}

/// Nobody is there to answer.
pub(crate) fn unavailable(what: &str, why: impl Into<String>) -> HostError {
    HostError::Unavailable {
        what: what.to_owned(),
        why: why.into(),
    }
}

/// What the system said, in the house's case and without Rust's error number.
pub(crate) fn words(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => "unknown error".to_owned(),
    }
}

/// The right that opens a path for reading.
pub(crate) fn right_to_read(path: &str) -> &'static str {
    match path.strip_prefix("/proc/") {
        // Files of a process ask for ptrace access (ptrace(2)).
        Some(rest) if rest.starts_with(|first: char| first.is_ascii_digit()) => "CAP_SYS_PTRACE",
        // sysctl files compare the effective user with 0 and know no capability to read.
        Some(rest) if rest.starts_with("sys/") => "root",
        _ => "CAP_DAC_READ_SEARCH",
    }
}

/// The right that opens a path for writing.
pub(crate) fn right_to_write(path: &str) -> &'static str {
    if path.starts_with("/proc/sys/") {
        "root"
    } else {
        "CAP_DAC_OVERRIDE"
    }
}

/// Adds the path and the right to read it to any error.
pub(crate) trait AboutPath<T> {
    /// The error as one about reading `path`.
    fn reading(self, path: &str) -> HostResult<T>;
    /// The error as one about changing `path`.
    fn changing(self, path: &str) -> HostResult<T>;
}

impl<T, E: Into<io::Error>> AboutPath<T> for Result<T, E> {
    fn reading(self, path: &str) -> HostResult<T> {
        self.map_err(|error| {
            let error = error.into();
            // A sysctl that is open to its user and still refuses asks for a capability.
            let needs = match is_not_permitted(&error) && path.starts_with("/proc/sys/") {
                true => "CAP_SYS_ADMIN",
                false => right_to_read(path),
            };
            fault(path, needs, error)
        })
    }

    fn changing(self, path: &str) -> HostResult<T> {
        self.map_err(|error| {
            let error = error.into();
            // No right helps against an immutable file (ioctl_iflags(2)).
            match is_not_permitted(&error) {
                true => failed(path, words(&error)),
                false => fault(path, right_to_write(path), error),
            }
        })
    }
}

/// EPERM, which the standard library does not tell from EACCES.
fn is_not_permitted(error: &io::Error) -> bool {
    error.raw_os_error() == Some(Errno::EPERM as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(number: i32) -> HostError {
        fault(
            "/proc/1/fd",
            right_to_read("/proc/1/fd"),
            io::Error::from_raw_os_error(number),
        )
    }

    #[test]
    fn missing_denied_and_the_rest_are_three_things() {
        assert_eq!(error(2).to_string(), "/proc/1/fd: not found");
        assert_eq!(error(20).to_string(), "/proc/1/fd: not found");
        assert_eq!(
            error(13).to_string(),
            "/proc/1/fd: permission denied (needs CAP_SYS_PTRACE)"
        );
        assert_eq!(error(30).to_string(), "/proc/1/fd: read-only file system");
    }

    #[test]
    fn not_permitted_is_not_denied() {
        let refuse = || Err::<(), _>(io::Error::from_raw_os_error(1));
        assert_eq!(
            refuse().changing("/etc/a").unwrap_err().to_string(),
            "/etc/a: operation not permitted"
        );
        let closed = "/proc/sys/net/core/bpf_jit_limit";
        assert_eq!(
            refuse().reading(closed).unwrap_err().to_string(),
            format!("{closed}: permission denied (needs CAP_SYS_ADMIN)")
        );
    }
}

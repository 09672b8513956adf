//! The program: the process of a stand-in that is in a container's namespaces and group.

use super::hub::{Failed, at};
use super::standin::{Start, sleep, tell, threads, told};
use super::sys;
use super::words::Report;
use caps::{CapSet, Capability};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use nix::unistd::{pipe2, write};
use std::ffi::CString;
use std::os::fd::OwnedFd;

/// Bytes of a pipe of full size (fs/pipe.c PIPE_DEF_BUFFERS pages).
const FULL_PIPE: i32 = 65_536;

/// The container's process: its session key, its threads, and a look at what pipes it gets.
pub(super) fn program(start: &Start<'_>, done: &OwnedFd, ready: &OwnedFd) -> ! {
    // Its own copy would keep the pipe whole.
    sys::close(ready);
    let _ = set_pdeathsig(Signal::SIGKILL);
    match become_container(start) {
        // A shim that went before the kernel was told cannot be told by its number from here, in a PID
        // namespace of its own; but nobody else reads the other end.
        Ok(()) => match write(done, b"k") {
            Ok(_) => {
                sys::close(done);
                sleep(())
            }
            Err(_) => sys::end(1),
        },
        Err((call, error)) => {
            tell(start, &Report::Refused(told(start, call, error)));
            sys::end(1)
        }
    }
}

fn become_container(start: &Start<'_>) -> Result<(), Failed> {
    let footprint = start.footprint;
    for which in 0..footprint.keys {
        let bytes = footprint.key_bytes / footprint.keys.max(1);
        let name = key_name(start.name, start.number, which, bytes);
        sys::join_session_keyring(&name).map_err(at("keyctl_join_session_keyring"))?;
    }
    threads(footprint.container.saturating_sub(1))?;
    if footprint.pipes > 0 && !gets_full_pipes()? {
        tell(
            start,
            &Report::Lost(told(start, "pipe".to_owned(), Errno::EPERM)),
        );
    }
    Ok(())
}

/// The kernel counts the name and its end; runc's is `_ses.` and 64 digits.
fn key_name(name: &str, number: u64, which: u64, bytes: u64) -> CString {
    let mut text = format!("{name}.{number}.{which}.");
    while (text.len() as u64) + 1 < bytes {
        text.push('0');
    }
    CString::new(text).unwrap_or_default()
}

/// Whether a pipe has its full size for whoever lacks the two capabilities that Docker's containers
/// lack (fs/pipe.c pipe_is_unprivileged_user).
fn gets_full_pipes() -> Result<bool, Failed> {
    for right in [Capability::CAP_SYS_RESOURCE, Capability::CAP_SYS_ADMIN] {
        let _ = caps::drop(None, CapSet::Effective, right);
    }
    let (one, _other) = pipe2(OFlag::O_CLOEXEC).map_err(at("pipe"))?;
    let size = fcntl(&one, FcntlArg::F_GETPIPE_SZ).map_err(at("fcntl"))?;
    Ok(size >= FULL_PIPE)
}

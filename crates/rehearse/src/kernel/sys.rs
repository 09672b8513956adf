//! The calls that no safe crate has, and nothing else: all unsafe code of the rehearsal.

#![allow(
    unsafe_code,
    reason = "fork, clone3, keyctl and _exit have no safe form"
)]

use nix::errno::Errno;
use nix::libc;
use nix::unistd::{ForkResult, Pid};
use std::ffi::CStr;
use std::os::fd::{AsRawFd, BorrowedFd};

/// In which of the two processes a fork returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// In the one that called; the other has this number.
    Parent(Pid),
    /// In the new one.
    Child,
}

/// Forks. The caller must have a single thread: what other threads hold locked stays locked in the
/// child (fork(2)).
pub(super) fn fork() -> nix::Result<Side> {
    // SAFETY: the guard and a stand-in before its threads are single-threaded, so no lock is held by a
    // thread that the child lacks, and the child may go on like any process.
    match unsafe { nix::unistd::fork() }? {
        ForkResult::Parent { child } => Ok(Side::Parent(child)),
        ForkResult::Child => Ok(Side::Child),
    }
}

/// `struct clone_args` of clone(2), as far as Linux 5.7 has it.
#[repr(C)]
#[derive(Default)]
struct CloneArgs {
    flags: u64,
    pidfd: u64,
    child_tid: u64,
    parent_tid: u64,
    exit_signal: u64,
    stack: u64,
    stack_size: u64,
    tls: u64,
    set_tid: u64,
    set_tid_size: u64,
    cgroup: u64,
}

/// clone(2) flag since Linux 5.7; what the libc crate has is cut off to 32 bits.
const CLONE_INTO_CGROUP: u64 = 0x2_0000_0000;

/// Forks into new namespaces and, on cgroup v2, at once into a group. The caller must have a single
/// thread.
pub(super) fn clone_into(namespaces: u64, group: Option<BorrowedFd<'_>>) -> nix::Result<Side> {
    let mut args = CloneArgs {
        flags: namespaces,
        exit_signal: libc::SIGCHLD as u64,
        ..CloneArgs::default()
    };
    if let Some(group) = group {
        args.flags |= CLONE_INTO_CGROUP;
        args.cgroup = u64::try_from(group.as_raw_fd()).unwrap_or_default();
    }
    // SAFETY: the structure is that of the kernel and lives through the call; without CLONE_VM and a
    // stack of its own the child goes on in a copy of this process, as after fork. The caller has one
    // thread, as for `fork`. What libc remembers of the caller's own number is not used by the child.
    let number =
        unsafe { libc::syscall(libc::SYS_clone3, &raw const args, size_of::<CloneArgs>()) };
    match Errno::result(number)? {
        0 => Ok(Side::Child),
        number => Ok(Side::Parent(Pid::from_raw(number as i32))),
    }
}

/// Joins a new session keyring of that name, as runc does for a container (keyctl(2)).
pub(super) fn join_session_keyring(name: &CStr) -> nix::Result<()> {
    const KEYCTL_JOIN_SESSION_KEYRING: libc::c_long = 1;
    // SAFETY: the name is a string with its end and lives through the call; nothing is written to.
    let key =
        unsafe { libc::syscall(libc::SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name.as_ptr()) };
    Errno::result(key).map(drop)
}

/// Closes a forked process's copy of a descriptor that its parent goes on to own.
pub(super) fn close(copy: &impl AsRawFd) {
    // SAFETY: the child that calls this ends by `end` and never drops the owner, so that nothing closes
    // the number again.
    unsafe {
        libc::close(copy.as_raw_fd());
    }
}

/// Ends a forked process at once. What its parent set up to be done at the end is the parent's.
pub(super) fn end(code: i32) -> ! {
    // SAFETY: _exit(2) takes any number and does not return.
    unsafe { libc::_exit(code) }
}

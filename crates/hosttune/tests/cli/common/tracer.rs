//! Ending a run from outside at one system call, or making that call fail (strace(1), `inject`).

use super::Output;
use super::run::{PROGRAM, bare, finish};
use std::path::Path;

/// The system calls that change a file tree or make a change durable. A `?` marks those that only
/// some architectures have.
pub(crate) const CHANGING: [&str; 14] = [
    "write",
    "fsync",
    "ftruncate",
    "renameat",
    "renameat2",
    "?rename",
    "mkdirat",
    "?mkdir",
    "unlinkat",
    "?unlink",
    "fchmod",
    "fchmodat",
    "fchown",
    "symlinkat",
];

/// Whether runs can be traced here.
pub(crate) fn is_there() -> bool {
    let mut command = bare("strace");
    command.args(["-f", "-o", "/dev/null", PROGRAM, "--version"]);
    command.output().is_ok_and(|output| output.status.success())
}

/// Runs the program with `fault` (`signal=KILL`, `error=EIO`) at the calls of `syscall` that
/// `when` counts (`3`, or `3+` for the third and all after it).
pub(crate) fn run(args: &[&str], syscall: &str, fault: &str, when: &str) -> Output {
    let mut command = bare("strace");
    command
        .args(["-f", "-o", "/dev/null", "-e"])
        .arg(format!("trace={syscall}"))
        .arg("-e")
        .arg(format!("inject={syscall}:{fault}:when={when}"))
        .arg(PROGRAM)
        .args(args);
    finish(command)
}

/// Runs the program and keeps what it calls, with the paths of its files, in `log`.
pub(crate) fn log(args: &[&str], log: &Path) -> Output {
    let mut command = bare("strace");
    command
        .args(["-f", "-y", "-e"])
        .arg(format!("trace={}", CHANGING.join(",")))
        .arg("-o")
        .arg(log)
        .arg(PROGRAM)
        .args(args);
    finish(command)
}

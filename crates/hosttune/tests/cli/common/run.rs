//! The program under test, run with nothing of this machine's environment.

use std::ffi::OsStr;
use std::process::{Command, Stdio};

/// The program's file.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_hosttune");

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Output {
    /// What was printed.
    pub(crate) stdout: String,
    /// What was said beside it.
    pub(crate) stderr: String,
    /// The exit code; none where a signal ended the run.
    pub(crate) code: Option<i32>,
}

/// A command that sees neither this machine's bus nor its Docker, and that nobody can answer.
pub(crate) fn bare(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .env("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
        .env("DOCKER_HOST", "unix:///nonexistent/docker.sock")
        .stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub(crate) fn finish(mut command: Command) -> Output {
    let output = command.output().unwrap();
    Output {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

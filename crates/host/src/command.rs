//! Running a program that answers a question: bounded in time, its output kept.

use crate::deadline::within;
use crate::fault::{failed, fault};
use model::{HostError, HostResult};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::process::{Command, Stdio};
use std::time::Duration;

/// What a program said and how it ended.
#[derive(Debug)]
pub(crate) struct Output {
    /// Whether it ended with 0.
    pub(crate) success: bool,
    /// Its standard output.
    pub(crate) stdout: String,
    /// Its standard error.
    pub(crate) stderr: String,
}

/// Runs `program` to its end, or to the end of `patience`.
pub(crate) fn run(program: &str, arguments: &[&str], patience: Duration) -> HostResult<Output> {
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| fault(program, "the right to run it", error))?;
    let pid = child.id();
    match within(patience, move || child.wait_with_output()) {
        Some(Ok(output)) => Ok(Output {
            success: output.status.success(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }),
        Some(Err(error)) => Err(failed(program, error.to_string())),
        None => {
            // It has not been waited for, so the number is still its own.
            if let Ok(pid) = i32::try_from(pid) {
                let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
            }
            Err(HostError::TimedOut {
                what: program.to_owned(),
                seconds: patience.as_secs(),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_and_end_are_kept() {
        let output = run(
            "sh",
            &["-c", "echo a; echo b >&2; exit 3"],
            Duration::from_secs(5),
        );
        let output = output.unwrap();
        assert_eq!((output.stdout.trim(), output.stderr.trim()), ("a", "b"));
        assert!(!output.success);
    }

    #[test]
    fn a_program_that_does_not_end_is_ended() {
        let error = run("sleep", &["60"], Duration::from_millis(50)).unwrap_err();
        assert!(matches!(error, HostError::TimedOut { .. }));
        assert!(
            run("no-such-program", &[], Duration::from_secs(1))
                .unwrap_err()
                .is_not_found()
        );
    }
}

//! Docker's own look at a daemon.json, before it stands where the daemon reads it.
//!
//! A key that is also a flag keeps dockerd from starting, so it is asked with the flags that it runs
//! with.

use crate::bus::Bus;
use crate::command::{Output, run};
use crate::fault::{AboutPath, failed};
use crate::files;
use crate::root::Root;
use model::HostResult;
use std::fs::{OpenOptions, remove_file};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::process;
use std::time::Duration;

const UNIT: &str = "docker.service";
const DAEMON: &str = "dockerd";
const CONFIG_FILE: &str = "--config-file";
/// A program of 100 MB is read from disk first, on hosts that may be busy with starting containers.
const PATIENCE: Duration = Duration::from_secs(60);
/// What a dockerd before 23.0 says, which cannot look at a file without starting.
const NO_SUCH_FLAG: &str = "unknown flag: --validate";

/// Has dockerd look at `content`; what it says is the error.
pub(crate) fn validate(root: &Root, bus: &Bus, path: &str, content: &str) -> HostResult<()> {
    let mut arguments = without_config_file(running(root, bus).unwrap_or_default());
    let program = match arguments.is_empty() {
        true => DAEMON.to_owned(),
        false => arguments.remove(0),
    };
    let copy = Copy::of(content)?;
    arguments.extend([
        format!("{CONFIG_FILE}={}", copy.path),
        "--validate".to_owned(),
    ]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    judge(&run(&program, &arguments, PATIENCE)?, &copy.path, path)
}

/// What dockerd's answer about the copy means for the file. One that cannot validate has not refused.
fn judge(output: &Output, copy: &str, path: &str) -> HostResult<()> {
    if output.success || output.stderr.contains(NO_SUCH_FLAG) {
        return Ok(());
    }
    let said = output.stderr.trim().replace(copy, path);
    let reason = said.lines().last().unwrap_or("dockerd does not say why");
    Err(failed(path, format!("dockerd refuses it: {reason}")))
}

/// The words that the running daemon was started with.
fn running(root: &Root, bus: &Bus) -> Option<Vec<String>> {
    let pid = bus.unit(UNIT).ok()?.main_pid()?;
    let bytes = files::read(root, &format!("/proc/{pid}/cmdline")).ok()?;
    let words = bytes
        .split(|byte| *byte == 0)
        .filter(|word| !word.is_empty());
    Some(
        words
            .map(|word| String::from_utf8_lossy(word).into_owned())
            .collect(),
    )
}

fn without_config_file(words: Vec<String>) -> Vec<String> {
    let mut kept = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        if word == CONFIG_FILE {
            words.next();
        } else if !word.starts_with(&format!("{CONFIG_FILE}=")) {
            kept.push(word);
        }
    }
    kept
}

/// A copy for dockerd to read, which may hold what nobody else should see.
struct Copy {
    path: String,
}

impl Copy {
    fn of(content: &str) -> HostResult<Self> {
        let path = format!("/run/hosttune-daemon-{}.json", process::id());
        let copy = Self { path };
        let mut options = OpenOptions::new();
        let opened = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&copy.path);
        let mut file = opened.reading(&copy.path)?;
        file.write_all(content.as_bytes()).reading(&copy.path)?;
        Ok(copy)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_in_use_is_not_the_one_to_look_at() {
        let words = [
            "dockerd",
            "-H",
            "fd://",
            "--config-file",
            "/a",
            "--config-file=/b",
            "--debug",
        ];
        let kept = without_config_file(words.map(str::to_owned).to_vec());
        assert_eq!(kept, ["dockerd", "-H", "fd://", "--debug"]);
    }

    #[test]
    fn a_refusal_names_the_file_and_an_old_dockerd_refuses_nothing() {
        let said = |stderr: &str| {
            let output = Output {
                success: false,
                stdout: String::new(),
                stderr: stderr.to_owned(),
            };
            judge(&output, "/run/copy", "/etc/d.json").map_err(|error| error.to_string())
        };
        assert_eq!(
            said("unable to configure the Docker daemon with file /run/copy: EOF\n"),
            Err(
                "/etc/d.json: dockerd refuses it: unable to configure the Docker daemon with file \
                 /etc/d.json: EOF"
                    .to_owned()
            )
        );
        let old = "Status: unknown flag: --validate\nSee 'dockerd --help'., Code: 125\n";
        assert_eq!(said(old), Ok(()));
    }
}

//! Kernel modules, loaded by modprobe, which knows aliases, dependencies and black lists.

use crate::deadline::within;
use crate::fault::{failed, fault, unavailable};
use model::{HostError, HostResult};
use std::io;
use std::process::Command;
use std::time::Duration;

/// Where modprobe is looked for, whatever the caller's environment says.
pub(crate) const SEARCH: &str = "/usr/sbin:/sbin:/usr/bin:/bin";
/// How long loading may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Loads a module.
pub(crate) fn load(module: &str, search: &str) -> HostResult<()> {
    let odd = |c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if module.is_empty() || module.contains(odd) {
        return Err(failed(module, "is no name of a module"));
    }
    let what = format!("module {module}");
    let mut command = Command::new("modprobe");
    command
        .args(["--", module])
        .env_clear()
        .env("PATH", search)
        .env("LC_ALL", "C");
    let Some(ran) = within(PATIENCE, move || command.output()) else {
        return Err(HostError::TimedOut {
            what,
            seconds: PATIENCE.as_secs(),
        });
    };
    let output = match ran {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(unavailable(&what, "modprobe is not installed"));
        }
        ran => ran.map_err(|error| fault(&what, "CAP_SYS_MODULE", error))?,
    };
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    match said.trim() {
        "" => Err(failed(&what, format!("modprobe: {}", output.status))),
        said if said.contains("Operation not permitted") => Err(HostError::Denied {
            what,
            needs: "CAP_SYS_MODULE".to_owned(),
        }),
        said => Err(failed(&what, said)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn with_modprobe(script: &str) -> HostResult<()> {
        let directory = tempfile::tempdir().unwrap();
        let written = directory.path().join("written");
        fs::write(&written, format!("#!/bin/sh\n{script}\n")).unwrap();
        // A test beside this one may fork while the file is open for writing, and would hold it so
        // (ETXTBSY). The copy was only ever open in a process of its own.
        let copied = Command::new("install")
            .args(["-m", "755"])
            .args([written, directory.path().join("modprobe")])
            .status();
        assert!(copied.unwrap().success());
        load("nf_conntrack", directory.path().to_str().unwrap())
    }

    #[test]
    fn modprobe_gets_the_name_and_has_the_last_word() {
        with_modprobe(r#"[ "$*" = "-- nf_conntrack" ]"#).unwrap();
        let error = with_modprobe("echo 'modprobe: FATAL: not found' >&2; exit 1").unwrap_err();
        assert_eq!(
            error.to_string(),
            "module nf_conntrack: modprobe: FATAL: not found"
        );
    }

    #[test]
    fn a_missing_modprobe_and_an_odd_name_are_told() {
        let error = load("x", "/nonexistent").unwrap_err();
        assert!(matches!(error, HostError::Unavailable { .. }));
        for odd in ["", "a b", "../x", "-r;"] {
            assert!(load(odd, "/nonexistent").is_err());
        }
    }
}

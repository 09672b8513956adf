//! The daemon as it runs: its command line, what it says of itself, and since when it is as it is.

use super::super::unit_files::assignments;
use super::keys::{Row, Shown};
use model::{Host, HostError, HostResult, Unit};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// The unit that runs the daemon.
pub(super) const UNIT: &str = "docker.service";
const CONFIG: &str = "/etc/docker/daemon.json";
const INFO: &str = "/info";
const BRIDGE: &str = "/networks/bridge";

/// The words that dockerd is started with, and who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CommandLine {
    words: Vec<String>,
    /// Where they were found, for people.
    pub(super) place: String,
}

impl CommandLine {
    /// Of the running daemon; where none runs, of the unit's next start.
    pub(super) fn read(host: &dyn Host) -> Self {
        running(host).unwrap_or_else(|| next_start(host))
    }

    /// The file that the daemon is configured by.
    pub(super) fn config(&self) -> &str {
        let following = self.words.iter().skip(1);
        let pairs = self.words.iter().zip(following);
        let apart = pairs.filter(|(flag, _)| *flag == "--config-file");
        let joined = |word: &'_ String| word.starts_with("--config-file=");
        let joined = self.words.iter().filter(|word| joined(word));
        let joined = joined.filter_map(|word| word.split_once('=').map(|(_, path)| path));
        apart
            .map(|(_, path)| path.as_str())
            .chain(joined)
            .last()
            .unwrap_or(CONFIG)
    }

    /// The word that sets what `row` does.
    pub(super) fn sets(&self, row: &Row) -> Option<&str> {
        let sets = |word: &&String| match word.strip_prefix("--") {
            Some(long) => long.split('=').next() == Some(row.flag),
            None => {
                let mut letters = word.strip_prefix('-').unwrap_or_default().chars();
                row.letter.is_some() && letters.next() == row.letter
            }
        };
        self.words.iter().skip(1).find(sets).map(String::as_str)
    }
}

fn running(host: &dyn Host) -> Option<CommandLine> {
    let pid = host.unit(UNIT).ok()?.main_pid()?;
    let line = host.read_text(&format!("/proc/{pid}/cmdline")).ok()?;
    let words: Vec<String> = line.split_terminator('\0').map(str::to_owned).collect();
    (!words.is_empty()).then(|| CommandLine {
        words,
        place: format!("{UNIT} (PID {pid})"),
    })
}

/// `$DOCKER_OPTS` is what Debian's unit takes from an environment file.
fn next_start(host: &dyn Host) -> CommandLine {
    let (found, _) = assignments(host, UNIT, "Service", "ExecStart");
    let Some(last) = found.iter().rev().find(|one| !one.value.is_empty()) else {
        return CommandLine {
            words: Vec::new(),
            place: UNIT.to_owned(),
        };
    };
    let words = last.value.split_whitespace().flat_map(|word| {
        let name = word
            .strip_prefix('$')
            .map(|name| name.trim_matches(['{', '}']));
        match name {
            Some(name) => environment(host, name),
            None => vec![word.to_owned()],
        }
    });
    CommandLine {
        words: words.collect(),
        place: format!("ExecStart= at {}", last.span),
    }
}

fn environment(host: &dyn Host, name: &str) -> Vec<String> {
    let (files, _) = assignments(host, UNIT, "Service", "EnvironmentFile");
    let texts = files
        .iter()
        .filter_map(|file| host.read_text(file.value.trim_start_matches('-')).ok());
    let mut words = Vec::new();
    for text in texts {
        let lines = text.lines().filter_map(|line| line.split_once('='));
        for (_, value) in lines.filter(|(key, _)| key.trim() == name) {
            let value = value.trim().trim_matches(['"', '\'']);
            words = value.split_whitespace().map(str::to_owned).collect();
        }
    }
    words
}

/// What the running daemon uses for one key.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum InUse {
    /// It shows this, or nothing.
    Shows(Option<Value>, &'static str),
    /// It could not be asked.
    Unasked(HostError, &'static str),
    /// It has no default bridge that would show it.
    NoBridge,
    /// It does not show it.
    Hidden,
}

pub(super) fn in_use(host: &dyn Host, row: &Row) -> InUse {
    let (path, of) = match row.shown {
        Shown::Nowhere => return InUse::Hidden,
        Shown::Info(of) => (INFO, of),
        Shown::Bridge(of) => (BRIDGE, of),
    };
    match (asked(host, path), row.shown) {
        (Err(HostError::NotFound(_)), Shown::Bridge(_)) => InUse::NoBridge,
        (Err(error), _) => InUse::Unasked(error, path),
        // A bridge that has no such option was made without one.
        (Ok(answer), Shown::Bridge(_)) if of(&answer).is_none() => InUse::Hidden,
        (Ok(answer), _) => InUse::Shows(of(&answer), path),
    }
}

fn asked(host: &dyn Host, path: &str) -> HostResult<Value> {
    let text = host.docker(path)?;
    serde_json::from_str(&text).map_err(|error| HostError::Failed {
        what: format!("docker {path}"),
        why: format!("the answer is no JSON: {error}"),
    })
}

/// Since when the daemon uses the file as it stands, if it has not changed since: its last start, or
/// its last reload for keys that a reload takes. systemd notes a unit's change of state at the end of
/// a reload too (src/core/unit.c, unit_notify).
pub(super) fn has_used_since(unit: &Unit, row: &Row) -> Option<Duration> {
    let name = match row.reloads {
        true => "StateChangeTimestamp",
        false => "ExecMainStartTimestamp",
    };
    let microseconds = unit.number(name).filter(|at| *at > 0)?;
    Some(Duration::from_micros(microseconds))
}

/// The daemon's release, as far as it matters: its first number.
pub(super) fn release(host: &dyn Host) -> Option<u32> {
    let info = asked(host, INFO).ok()?;
    info["ServerVersion"]
        .as_str()?
        .split('.')
        .next()?
        .parse()
        .ok()
}

/// The state of Swarm where it is not off.
pub(super) fn swarm(host: &dyn Host) -> Option<String> {
    let info = asked(host, INFO).ok()?;
    let state = info["Swarm"]["LocalNodeState"].as_str()?;
    (!state.is_empty() && state != "inactive").then(|| state.to_owned())
}

/// What a restart means for the containers that run.
pub(super) fn restart(host: &dyn Host) -> String {
    let does = match asked(host, INFO) {
        Err(_) => "stops its containers unless live-restore is on".to_owned(),
        Ok(info) => {
            let running = info["ContainersRunning"].as_u64();
            let keeps = info["LiveRestoreEnabled"].as_bool() == Some(true);
            let containers = |count: u64| match count {
                1 => "1 container".to_owned(),
                _ => format!("{count} containers"),
            };
            match (running, keeps) {
                (Some(0), _) => "runs no container now".to_owned(),
                (Some(count), true) => format!("keeps its {} (live-restore)", containers(count)),
                (Some(count), false) => format!("stops {}", containers(count)),
                (None, _) => "stops its containers unless live-restore is on".to_owned(),
            }
        }
    };
    format!("a restart of {UNIT}, which {does}")
}

/// The unit, if it is active.
pub(super) fn active(host: &dyn Host) -> HostResult<Option<Arc<Unit>>> {
    let unit = host.unit(UNIT)?;
    let active = matches!(unit.text("ActiveState"), Some("active" | "reloading"));
    Ok(active.then_some(unit))
}

//! Restoring: from an action and what was there before it, back to what was there before it.

use crate::copied;
use crate::journal::{Before, Done};
use crate::kinds::rereads;
use crate::process::started;
use crate::undo::undo;
use model::{Action, Host, HostError, HostResult, Image, Machine, ProcessId, Rlimit};
use procfs::FromBufRead;
use procfs::process::{LimitValue, Limits};

/// How the undoing of one action ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is as before again.
    Restored,
    /// It was as before already.
    AsBefore,
    /// It cannot be undone while the host runs; the reason says until when it stays.
    Stays(String),
    /// Somebody else changed it since; it was left alone.
    Conflict {
        /// What is there now.
        now: String,
        /// What hosttune had put there.
        wrote: String,
    },
    /// It could not be undone.
    Failed(String),
}

/// What was undone, and how that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The thing: a path, a module, a limit.
    pub what: String,
    /// How it ended.
    pub outcome: Outcome,
}

impl Restored {
    /// Whether it is not as before although it could be.
    pub(crate) fn is_open(&self) -> bool {
        self.is_failed() || matches!(self.outcome, Outcome::Conflict { .. })
    }

    /// Whether it could not be undone.
    pub(crate) fn is_failed(&self) -> bool {
        matches!(self.outcome, Outcome::Failed(_))
    }
}

/// What is there now, where `action` would change it.
pub(crate) fn before(host: &dyn Host, action: &Action) -> HostResult<Before> {
    Ok(match action {
        Action::Replace { path, .. } => Before::Image(host.image(path)?),
        Action::MakeDirectory { path } | Action::RemoveDirectory { path } => {
            Before::Existed(host.image(path)? != Image::Absent)
        }
        Action::CopyFile { path, .. } => copied::before(host, path)?,
        Action::LoadModule { module } => {
            Before::Existed(host.image(&format!("/sys/module/{module}"))? != Image::Absent)
        }
        Action::WriteKernel { path, .. } => Before::Kernel(kernel(host, path)?),
        Action::SetRlimit {
            process, resource, ..
        } => match rlimit(host, process.pid, resource)? {
            Some(limit) => Before::Rlimit(limit),
            None => Before::Nothing,
        },
        Action::Reload
        | Action::ReloadUnit { .. }
        | Action::ReloadBus
        | Action::Validate { .. }
        | Action::Start { .. }
        | Action::Stop { .. }
        | Action::ForgetFailure { .. }
        | Action::Restart { .. } => Before::Nothing,
    })
}

/// Undoes `done`: files first, then whoever reads them reads them again, if one of its own changed or
/// if nobody can tell whether it had read ours (`interrupted`), then what runs; each last first. The
/// order counts: systemd 252 writes a unit's pids.max at every reload, from the unit's property.
pub(crate) fn restore(
    machine: &dyn Machine,
    done: &[Done],
    force: bool,
    interrupted: bool,
) -> Vec<Restored> {
    let on_disk = |one: &&Done| one.action.is_on_disk();
    let mut outcomes = Vec::new();
    let mut changed: Vec<String> = Vec::new();
    for one in done.iter().rev().filter(on_disk) {
        let restored = undo_one(machine, one, force);
        if interrupted || restored.outcome == Outcome::Restored {
            changed.extend(path_of(&one.action));
        }
        outcomes.push(restored);
    }
    // Whoever was asked to restart may have failed since he was last looked at.
    machine.refresh();
    for action in rereads(machine, &changed) {
        let outcome = match machine.act(&action) {
            Ok(()) => Outcome::Restored,
            Err(error) => Outcome::Failed(error.to_string()),
        };
        let what = action.to_string();
        outcomes.push(Restored { what, outcome });
    }
    let running = done.iter().rev().filter(|one| !on_disk(one));
    outcomes.extend(
        running
            .filter(|one| subject(&one.action).is_some())
            .map(|one| undo_one(machine, one, force)),
    );
    outcomes
}

fn path_of(action: &Action) -> Option<String> {
    match action {
        Action::Replace { path, .. } | Action::CopyFile { path, .. } => Some(path.clone()),
        _ => None,
    }
}

fn undo_one(machine: &dyn Machine, done: &Done, force: bool) -> Restored {
    let outcome = undo(machine, done, force);
    Restored {
        what: subject(&done.action).unwrap_or_default(),
        outcome: outcome.unwrap_or_else(|error| Outcome::Failed(error.to_string())),
    }
}

/// What an action acts on; nothing for those that leave nothing to undo.
pub(crate) fn subject(action: &Action) -> Option<String> {
    match action {
        Action::Replace { path, .. }
        | Action::CopyFile { path, .. }
        | Action::MakeDirectory { path }
        | Action::RemoveDirectory { path }
        | Action::WriteKernel { path, .. } => Some(path.clone()),
        Action::LoadModule { module } => Some(format!("module {module}")),
        Action::SetRlimit { unit, resource, .. } => Some(format!("{resource} of {unit}")),
        Action::Restart { unit } | Action::Start { unit } => Some(unit.clone()),
        Action::Reload
        | Action::ReloadUnit { .. }
        | Action::ReloadBus
        | Action::Validate { .. }
        | Action::ForgetFailure { .. }
        | Action::Stop { .. } => None,
    }
}

/// fs.nr_open is all the open files the kernel gives to who wants infinitely many.
pub(crate) fn as_the_kernel_has_it(host: &dyn Host, resource: &str, value: Rlimit) -> Rlimit {
    if resource != "Max open files" {
        return value;
    }
    let nr_open = kernel(host, "/proc/sys/fs/nr_open")
        .ok()
        .flatten()
        .and_then(|text| text.parse().ok());
    Rlimit {
        soft: value.soft.or(nr_open),
        hard: value.hard.or(nr_open),
    }
}

pub(crate) fn successor(
    host: &dyn Host,
    unit: &str,
    process: ProcessId,
) -> HostResult<Option<ProcessId>> {
    if started(host, process.pid)? == Some(process.started) {
        return Ok(Some(process));
    }
    let Some(pid) = host.unit(unit)?.main_pid() else {
        return Ok(None);
    };
    Ok(started(host, pid)?.map(|started| ProcessId { pid, started }))
}

/// A kernel file's words, or none where there is no such file.
pub(crate) fn kernel(host: &dyn Host, path: &str) -> HostResult<Option<String>> {
    match host.read_text(path) {
        Ok(text) => Ok(Some(words(&text))),
        Err(HostError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

pub(crate) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn rlimit(host: &dyn Host, pid: i32, resource: &str) -> HostResult<Option<Rlimit>> {
    let path = format!("/proc/{pid}/limits");
    let bytes = match host.read(&path) {
        Ok(bytes) => bytes,
        Err(HostError::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let limits = Limits::from_buf_read(bytes.as_slice()).map_err(|error| HostError::Failed {
        what: path,
        why: error.to_string(),
    })?;
    let number = |value: LimitValue| match value {
        LimitValue::Unlimited => None,
        LimitValue::Value(number) => Some(number),
    };
    Ok(
        crate::kinds::limit_by_label(&limits, resource).map(|limit| Rlimit {
            soft: number(limit.soft_limit),
            hard: number(limit.hard_limit),
        }),
    )
}

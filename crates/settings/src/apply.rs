//! Apply: a plan carried out as a transaction, read back, and undone if anything fails.

use crate::check::check;
use crate::confirm::Confirm;
use crate::journal::{Done, Journal, Record, State};
use crate::kinds::kind_of;
use crate::plan::{Plan, Planned, Profile, Step};
use crate::restore::{Outcome, Restored, before, kernel, words};
use crate::standing::Standing;
use model::{Action, Finding, HostError, Layer, Machine, Setting, Verdict};
use std::time::Duration;

/// How often a change is read back before it counts as not made, and how long between.
const READ_BACK_TRIES: usize = 5;
const READ_BACK_PAUSE: Duration = Duration::from_millis(40);
/// The same where a daemon was told to read its configuration again: systemd's job ends when the
/// signal is sent (docker.service, ExecReload=), not when it has been heeded.
const RELOAD_TRIES: usize = 50;

/// A profile that is in force now.
#[derive(Debug)]
pub struct Applied {
    /// The number of the record that undoes it.
    pub id: u32,
    /// What check says right after.
    pub findings: Vec<Finding>,
    /// Until when it waits to be confirmed, if it does.
    pub confirm: Option<Confirm>,
}

/// Why a profile is not in force.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// Before anything was changed.
    #[error("{0}")]
    Before(#[from] HostError),
    /// The host is no longer as the plan showed it; nothing was changed.
    #[error("{0} changed since the plan was made")]
    Stale(String),
    /// Something failed, and everything is as it was.
    #[error("{why}")]
    Restored {
        /// What failed.
        why: String,
        /// What was put back.
        restored: Vec<Restored>,
    },
    /// Something failed, and not everything could be put back.
    #[error("{why}")]
    NotRestored {
        /// What failed.
        why: String,
        /// What was put back and what was not.
        restored: Vec<Restored>,
    },
}

/// Carries out `plan`. The journal has everything that was there, durably, before the first change.
pub fn apply(
    machine: &dyn Machine,
    profile: &Profile,
    plan: &Plan,
    journal: &Journal,
    progress: &mut dyn FnMut(&Action),
) -> Result<Applied, ApplyError> {
    for planned in &plan.actions {
        if before(machine, &planned.action)? != planned.before {
            return Err(ApplyError::Stale(planned.action.to_string()));
        }
    }
    let id = journal.next_id();
    let mut record = Record::begin(machine, id, &profile.name, &profile.path, &profile.entries);
    record.done = plan
        .actions
        .iter()
        .map(|planned| Done {
            action: planned.action.clone(),
            key: planned.key.clone(),
            before: planned.before.clone(),
            after: None,
        })
        .collect();
    let guard = plan.guard.as_ref();
    record.confirm = guard.map(|guard| guard.begin(record.began));
    record.save(machine)?;
    // For those who may not read the journal; it counts, and this is brought up to date again.
    let _ = Standing::publish(machine);
    let findings = match carry_out(machine, profile, plan, &mut record, progress) {
        Ok(findings) => findings,
        Err(why) => return Err(undo(machine, &mut record, why)),
    };
    match record.save_as(machine, State::Applied) {
        Ok(()) => Ok(Applied {
            id,
            findings,
            confirm: record.confirm.clone(),
        }),
        Err(error) => Err(undo(machine, &mut record, error.to_string())),
    }
}

fn carry_out(
    machine: &dyn Machine,
    profile: &Profile,
    plan: &Plan,
    record: &mut Record,
    progress: &mut dyn FnMut(&Action),
) -> Result<Vec<Finding>, String> {
    for at in 0..record.done.len() {
        let action = record.done[at].action.clone();
        // Heeded before the stop comes: with live-restore not yet taken, a restart of docker.service
        // would stop every container.
        let reloads = |done: &Done| matches!(done.action, Action::ReloadUnit { .. });
        if matches!(action, Action::Restart { .. }) && record.done[..at].iter().any(reloads) {
            read_back(machine, profile, plan)?;
        }
        complete(machine, record, at).map_err(|error| error.to_string())?;
        progress(&action);
        machine
            .act(&action)
            .map_err(|error| format!("{error}{}", started_with(&action, plan)))?;
        remember_rounding(machine, record, at).map_err(|error| error.to_string())?;
    }
    read_back(machine, profile, plan)
}

/// What the plan gave a unit to start with, where its restart failed: older daemons do not say which
/// of their keys they died of (Docker 20.10 of a storage driver: `prerequisites not satisfied`).
fn started_with(action: &Action, plan: &Plan) -> String {
    let Action::Restart { unit } = action else {
        return String::new();
    };
    let concerned = |step: &&Step| kind_of(&step.setting).unit(&step.setting) == Some(unit);
    let told = plan.steps.iter().filter(concerned).map(|step| {
        let Setting {
            key,
            desired,
            shape,
            span,
            ..
        } = &step.setting;
        format!("{key} = {} ({span})", desired.describe(shape))
    });
    let told: Vec<String> = told.collect();
    match told.is_empty() {
        true => String::new(),
        false => format!("; it was started with {}", told.join(", ")),
    }
}

/// Some kernel files show another value than was written (fs.pipe-max-size is rounded up). Undoing
/// must recognise it as ours, also after a kill, so it is written down before the next deed.
fn remember_rounding(
    machine: &dyn Machine,
    record: &mut Record,
    at: usize,
) -> Result<(), HostError> {
    let Action::WriteKernel { path, value } = &record.done[at].action else {
        return Ok(());
    };
    let now = kernel(machine, path)?.filter(|now| *now != words(value));
    if now.is_some() {
        record.done[at].after = now;
        record.save(machine)?;
    }
    Ok(())
}

/// A key that its module has just brought into being has a value now that revert must know.
fn complete(machine: &dyn Machine, record: &mut Record, at: usize) -> Result<(), HostError> {
    use crate::journal::Before;
    if record.done[at].before != Before::Kernel(None) {
        return Ok(());
    }
    let now = before(machine, &record.done[at].action)?;
    if now != Before::Kernel(None) {
        record.done[at].before = now;
        record.save(machine)?;
    }
    Ok(())
}

/// Looks again, from scratch, at every layer that a step changed.
fn read_back(
    machine: &dyn Machine,
    profile: &Profile,
    plan: &Plan,
) -> Result<Vec<Finding>, String> {
    let mut missed = String::new();
    let reloads = |planned: &Planned| matches!(planned.action, Action::ReloadUnit { .. });
    let tries = match plan.actions.iter().any(reloads) {
        true => RELOAD_TRIES,
        false => READ_BACK_TRIES,
    };
    for attempt in 0..tries {
        if attempt > 0 {
            std::thread::sleep(READ_BACK_PAUSE);
        }
        machine.refresh();
        let findings = check(machine, &profile.settings);
        match plan.steps.iter().find_map(|step| unmet(step, &findings)) {
            None => return Ok(findings),
            Some(sentence) => missed = sentence,
        }
    }
    Err(missed)
}

fn unmet(step: &Step, findings: &[Finding]) -> Option<String> {
    let finding = findings
        .iter()
        .find(|finding| finding.setting.key == step.setting.key)?;
    for line in &step.lines {
        let layer = finding.layer(line.layer)?;
        // A stored value that a later file overrides was written all the same, and is reported.
        let overridden = line.layer == Layer::Stored && layer.fix.is_some();
        if !matches!(layer.verdict, Verdict::Met | Verdict::NotApplicable) && !overridden {
            let seen = layer.observed.describe(&step.setting.shape);
            return Some(format!(
                "{} is {seen} at {} after writing {}",
                step.setting.key, layer.source, line.then
            ));
        }
    }
    None
}

/// Puts back what a record did that cannot be ended.
pub(crate) fn undo(machine: &dyn Machine, record: &mut Record, why: String) -> ApplyError {
    let mut restored = record.undo(machine, false, true);
    let failed = restored.iter().any(Restored::is_open);
    // Left as begun, the record tells the next revert or apply to try again.
    if !failed {
        match record.save_as(machine, State::Failed) {
            Ok(()) => return ApplyError::Restored { why, restored },
            Err(error) => restored.push(Restored {
                what: format!("journal record {}", record.id),
                outcome: Outcome::Failed(error.to_string()),
            }),
        }
    }
    ApplyError::NotRestored { why, restored }
}

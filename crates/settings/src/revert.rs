//! Revert: the journal played backwards, newest record first.

use crate::journal::{Journal, Purpose, Record, State};
use crate::restore::{Outcome, Restored};
use crate::standing::Standing;
use model::{HostError, Machine};

/// One record undone.
#[derive(Debug)]
pub struct Reverted {
    /// Its number.
    pub id: u32,
    /// What it was of.
    pub purpose: Purpose,
    /// Its profile.
    pub profile: String,
    /// What was put back, and what was not.
    pub restored: Vec<Restored>,
}

impl Reverted {
    /// Whether something is not as before although it could be.
    pub fn is_incomplete(&self) -> bool {
        self.restored.iter().any(Restored::is_open)
    }
}

/// Why nothing was undone.
#[derive(Debug, thiserror::Error)]
pub enum RevertError {
    /// No record has that number, or it has been undone.
    #[error("there is no apply {0} to revert")]
    NoSuchRecord(u32),
    /// The record of that number is of an install.
    #[error("{0} is an install, not an apply")]
    IsInstall(u32),
    /// The host refused before anything was changed.
    #[error("{0}")]
    Host(#[from] HostError),
}

impl Journal {
    /// The records that undoing down to the apply `id` concerns, newest first; without an `id` what
    /// was interrupted, else the newest apply alone.
    pub fn to_revert(&self, id: Option<u32>, force: bool) -> Result<Vec<u32>, RevertError> {
        let mut records = self.open(force);
        let Some(id) = id else {
            let interrupted = records.iter().any(|record| record.is_interrupted());
            match interrupted {
                true => records.retain(|record| record.is_interrupted()),
                false => records.retain(|record| record.purpose == Purpose::Apply),
            }
            records.truncate(1);
            return Ok(numbers(&records));
        };
        match records.iter().find(|record| record.id == id) {
            Some(record) if record.purpose == Purpose::Install && !record.is_interrupted() => {
                Err(RevertError::IsInstall(id))
            }
            Some(_) => {
                records.retain(|record| {
                    let later = record.id >= id && record.purpose == Purpose::Apply;
                    later || record.is_interrupted()
                });
                Ok(numbers(&records))
            }
            None => Err(RevertError::NoSuchRecord(id)),
        }
    }

    /// Every apply that is not undone, and whatever was interrupted, newest first.
    pub fn to_revert_all(&self, force: bool) -> Vec<u32> {
        let mut records = self.open(force);
        records.retain(|record| record.purpose == Purpose::Apply || record.is_interrupted());
        numbers(&records)
    }

    /// Every install that is not undone, newest first.
    pub fn to_uninstall(&self, force: bool) -> Vec<u32> {
        let mut records = self.open(force);
        records.retain(|record| record.purpose == Purpose::Install);
        numbers(&records)
    }

    /// What is not undone, newest first.
    fn open(&self, force: bool) -> Vec<&Record> {
        let open = |state: State| match state {
            State::Applied | State::Applying | State::Reverting => true,
            State::Conflicts => force,
            State::Failed | State::Reverted | State::Superseded => false,
        };
        let newest_first = self.records.iter().rev();
        newest_first.filter(|record| open(record.state)).collect()
    }
}

fn numbers(records: &[&Record]) -> Vec<u32> {
    records.iter().map(|record| record.id).collect()
}

/// The record could not be brought up to date, so the next revert goes through it again.
fn unwritten(id: u32, error: &HostError) -> Restored {
    Restored {
        what: format!("journal record {id}"),
        outcome: Outcome::Failed(error.to_string()),
    }
}

/// Undoes the records of these numbers in this order. A record that cannot be undone completely
/// ends the work: what came before it stands on it.
pub fn revert(
    machine: &dyn Machine,
    journal: &mut Journal,
    ids: &[u32],
    force: bool,
) -> Result<Vec<Reverted>, RevertError> {
    let mut all = Vec::new();
    for id in ids {
        let record = journal
            .records
            .iter_mut()
            .find(|record| record.id == *id)
            .ok_or(RevertError::NoSuchRecord(*id))?;
        let interrupted = matches!(record.state, State::Applying | State::Reverting);
        let mut restored = match record.save_as(machine, State::Reverting) {
            Ok(()) => {
                let _ = Standing::publish(machine);
                record.undo(machine, force, interrupted)
            }
            // Nothing at all has been changed yet.
            Err(error) if all.is_empty() => return Err(error.into()),
            Err(error) => vec![unwritten(*id, &error)],
        };
        let mut failed = restored.iter().any(Restored::is_failed);
        let conflicts = restored
            .iter()
            .any(|one| matches!(one.outcome, Outcome::Conflict { .. }));
        if !failed {
            let state = match conflicts {
                true => State::Conflicts,
                false => State::Reverted,
            };
            if let Err(error) = record.save_as(machine, state) {
                restored.push(unwritten(*id, &error));
                failed = true;
            }
        }
        all.push(Reverted {
            id: *id,
            purpose: record.purpose,
            profile: record.profile.clone(),
            restored,
        });
        if failed {
            break;
        }
    }
    Ok(all)
}

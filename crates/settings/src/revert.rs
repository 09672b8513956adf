//! Revert: the journal played backwards, newest record first.

use crate::journal::{Journal, State};
use crate::restore::{Outcome, Restored, restore};
use crate::standing::Standing;
use model::{HostError, Machine};

/// One record undone.
#[derive(Debug)]
pub struct Reverted {
    /// Its number.
    pub id: u32,
    /// Its profile.
    pub profile: String,
    /// What was put back, and what was not.
    pub restored: Vec<Restored>,
}

impl Reverted {
    /// Whether something is not as before although it could be.
    pub fn is_incomplete(&self) -> bool {
        self.restored
            .iter()
            .any(|one| matches!(one.outcome, Outcome::Failed(_) | Outcome::Conflict { .. }))
    }
}

/// Why nothing was undone.
#[derive(Debug, thiserror::Error)]
pub enum RevertError {
    /// No record has that number, or it has been undone.
    #[error("there is no apply {0} to revert")]
    NoSuchRecord(u32),
    /// The host refused before anything was changed.
    #[error("{0}")]
    Host(#[from] HostError),
}

impl Journal {
    /// The records that undoing down to `id` concerns, newest first; without an `id` the newest
    /// alone. What was interrupted is always among them.
    pub fn to_revert(&self, id: Option<u32>, force: bool) -> Result<Vec<u32>, RevertError> {
        let mut ids = self.to_revert_all(force);
        match id {
            None => ids.truncate(1),
            Some(id) if ids.contains(&id) => ids.retain(|other| *other >= id),
            Some(id) => return Err(RevertError::NoSuchRecord(id)),
        }
        Ok(ids)
    }

    /// Every record that is not undone, newest first.
    pub fn to_revert_all(&self, force: bool) -> Vec<u32> {
        let open = |state: State| match state {
            State::Applied | State::Applying | State::Reverting => true,
            State::Conflicts => force,
            State::Failed | State::Reverted => false,
        };
        let newest_first = self.records.iter().rev();
        newest_first
            .filter(|record| open(record.state))
            .map(|record| record.id)
            .collect()
    }
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
                restore(machine, &record.done, force, interrupted)
            }
            // Nothing at all has been changed yet.
            Err(error) if all.is_empty() => return Err(error.into()),
            Err(error) => vec![unwritten(*id, &error)],
        };
        let mut failed = restored
            .iter()
            .any(|one| matches!(one.outcome, Outcome::Failed(_)));
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
            profile: record.profile.clone(),
            restored,
        });
        if failed {
            break;
        }
    }
    Ok(all)
}

//! An apply that reverts by itself: the guard that does it, and the word that calls it off.
//!
//! The guard is a timer, its service, and a link that starts the service at the next boot. It stands
//! before the first change is made and goes after the last one is undone, so that whatever dies in
//! between, something is left that goes on.

use crate::guard;
use crate::journal::{By, Done, Journal, Purpose, Record, State};
use crate::restore::{Outcome, Restored, restore};
use crate::revert::{RevertError, Reverted, revert};
use model::{Action, HostError, Image, Machine};
use serde::{Deserialize, Serialize};

pub use crate::guard::Guard;

/// Until when an apply waits to be confirmed, or that it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirm {
    /// How long it waits, in seconds.
    pub within: u64,
    /// When it reverts by itself, in seconds since 1970.
    pub until: u64,
    /// When it was confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<u64>,
    /// How many of the record's first actions are the guard's.
    pub(crate) guard: usize,
}

impl Confirm {
    /// Whether nobody has confirmed it.
    pub fn is_pending(&self) -> bool {
        self.confirmed.is_none()
    }
}

impl Guard {
    /// What a record that begins now says of it.
    pub(crate) fn begin(&self, now: u64) -> Confirm {
        Confirm {
            within: self.within,
            until: now + self.within,
            confirmed: None,
            guard: self.actions,
        }
    }
}

/// An apply that stays.
#[derive(Debug)]
pub struct Confirmed {
    /// Its number.
    pub id: u32,
    /// Its profile.
    pub profile: String,
    /// Whether it was confirmed before.
    pub already: bool,
    /// What became of the guard.
    pub removed: Vec<Restored>,
}

impl Confirmed {
    /// Whether something of the guard is left.
    pub fn is_incomplete(&self) -> bool {
        self.removed.iter().any(Restored::is_open)
    }
}

/// Why nothing was confirmed.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
    /// The last apply does not wait for it, or there is none.
    #[error("no apply waits to be confirmed")]
    Nothing,
    /// It did not end, so that nobody can want it to stay.
    #[error("apply {0} was interrupted, and what is half done cannot be confirmed")]
    Interrupted(u32),
    /// It is too late.
    #[error("apply {id} of profile {profile} has been reverted already")]
    Reverted {
        /// Its number.
        id: u32,
        /// Its profile.
        profile: String,
        /// Who did it, where nobody asked for it.
        by: Option<By>,
        /// When, in seconds since 1970.
        when: u64,
    },
    /// The host refused; it is not confirmed.
    #[error("{0}")]
    Host(#[from] HostError),
}

/// Confirms the last apply. It is written down first: a guard that wakes up after that reads it.
pub fn confirm(machine: &dyn Machine, journal: &mut Journal) -> Result<Confirmed, ConfirmError> {
    let mut newest_first = journal.records.iter_mut().rev();
    let record = newest_first
        .find(|record| record.purpose == Purpose::Apply && record.state != State::Failed)
        .ok_or(ConfirmError::Nothing)?;
    let confirm = record.confirm.as_mut().ok_or(ConfirmError::Nothing)?;
    let already = !confirm.is_pending();
    match record.state {
        State::Applied => {}
        State::Applying => return Err(ConfirmError::Interrupted(record.id)),
        _ if already => return Err(ConfirmError::Nothing),
        _ => {
            return Err(ConfirmError::Reverted {
                id: record.id,
                profile: record.profile.clone(),
                by: record.by,
                when: record.ended,
            });
        }
    }
    if !already {
        confirm.confirmed = Some(machine.now());
        record.save(machine)?;
    }
    let removed = record.dismiss(machine);
    Ok(Confirmed {
        id: record.id,
        profile: record.profile.clone(),
        already,
        removed,
    })
}

/// What the guard does when its time has come: undoes the apply that nobody confirmed. None where it
/// was confirmed or undone meanwhile.
pub fn revert_unconfirmed(
    machine: &dyn Machine,
    journal: &mut Journal,
    id: u32,
) -> Result<Option<Vec<Reverted>>, RevertError> {
    let boot_id = machine.boot_id();
    let found = journal.records.iter_mut().find(|record| record.id == id);
    let Some(record) = found else {
        return Ok(None);
    };
    if !record.is_unconfirmed() {
        // A confirm that was killed half-way leaves a guard that nobody needs any more.
        let left: Vec<Restored> = record.dismiss(machine);
        return match left.into_iter().find(Restored::is_failed) {
            Some(Restored {
                what,
                outcome: Outcome::Failed(why),
            }) => Err(HostError::Failed { what, why }.into()),
            _ => Ok(None),
        };
    }
    record.by = Some(match record.boot_id == boot_id {
        true => By::Timer,
        false => By::Boot,
    });
    let ids = journal.to_revert(Some(id), false)?;
    revert(machine, journal, &ids, false).map(Some)
}

impl Record {
    /// Undoes what it did, and its guard last: while anything is left to be put back, that tries again.
    pub(crate) fn undo(
        &self,
        machine: &dyn Machine,
        force: bool,
        interrupted: bool,
    ) -> Vec<Restored> {
        let mut work = self.work().to_vec();
        if self.boot_id != machine.boot_id() {
            // What was restarted then does not run any more, and what runs now started by itself.
            work.retain(|one| !matches!(one.action, Action::Restart { .. }));
        }
        let mut all = restore(machine, &work, force, interrupted);
        if !all.iter().any(Restored::is_failed) {
            all.extend(restore(machine, self.guard(), true, interrupted));
        }
        all
    }

    /// What it did for its profile.
    pub(crate) fn work(&self) -> &[Done] {
        &self.done[self.guard().len()..]
    }

    /// What it did to revert by itself.
    fn guard(&self) -> &[Done] {
        let count = self.confirm.as_ref().map_or(0, |confirm| confirm.guard);
        &self.done[..count.min(self.done.len())]
    }

    /// Takes a guard away that is called off. What is left to the record is a directory that others use
    /// by now.
    fn dismiss(&mut self, machine: &dyn Machine) -> Vec<Restored> {
        let is_called_off = |confirm: &&mut Confirm| !confirm.is_pending() && confirm.guard > 0;
        let Some(confirm) = self.confirm.as_mut().filter(is_called_off) else {
            return Vec::new();
        };
        let guard: Vec<_> = self.done.drain(..confirm.guard).collect();
        let mut removed = restore(machine, &guard, true, true);
        if removed.iter().any(Restored::is_failed) {
            self.done.splice(0..0, guard);
            return removed;
        }
        confirm.guard = 0;
        let in_use = guard.into_iter().filter(|one| match &one.action {
            Action::MakeDirectory { path } => machine.image(path) != Ok(Image::Absent),
            _ => false,
        });
        self.done.splice(0..0, in_use);
        if let Err(error) = self.save(machine) {
            removed.push(Restored {
                what: guard::TIMER.to_owned(),
                outcome: Outcome::Failed(error.to_string()),
            });
        }
        removed
    }
}

//! What every command that changes a host does before and after: asks, undoes what was interrupted,
//! keeps out of the way of an apply that waits to be confirmed, and publishes what it came to.

use super::interrupted;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::{confirm, restored};
use crate::ui::Ui;
use host::Door;
use model::{Guard, Host, HostResult, Machine, Problem};
use settings::{Journal, Reverted, Standing};
use std::thread;
use std::time::{Duration, Instant};

/// How often a lock that somebody else holds is tried again.
const TRY_AGAIN: Duration = Duration::from_millis(250);

/// Whether the operator is asked, and what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking {
    /// They have said yes already.
    pub(super) yes: bool,
    /// The question.
    pub(super) question: &'static str,
}

impl Asking {
    /// Goes on after a yes only.
    pub(super) fn ask(self, ui: &Ui) -> Result<(), Failure> {
        let answer = match self.yes {
            true => Some(true),
            false => ui.confirm(self.question),
        };
        let problem = match answer {
            Some(true) => return Ok(()),
            Some(false) => Problem::new("declined", "nothing was changed"),
            None => Problem::new(
                "unconfirmed",
                "nobody can be asked here, and nothing was changed",
            )
            .help("give --yes, or --dry-run to see the plan only"),
        };
        Err(Failure::usage(problem))
    }
}

/// What was interrupted is undone before anything new is planned.
pub(super) fn recover(
    door: &Door,
    ui: &Ui,
    asking: Asking,
    journal: &mut Journal,
) -> Result<Vec<Reverted>, Failure> {
    refuse_unconfirmed(door, asking, journal)?;
    let Some(open) = Standing::of(journal).interrupted else {
        return Ok(Vec::new());
    };
    ui.say(&format!(
        "{}; restoring it first\n",
        interrupted(&open).message
    ));
    asking.ask(ui)?;
    let reverted = settings::revert(door, journal, &[open.id], false)?;
    // It is published again when the work is over; what counts is the journal.
    let _ = Standing::publish(door);
    if reverted.iter().any(Reverted::is_incomplete) {
        return Err(Failure {
            exit: Exit::NotRestored,
            problems: restored::problems(&reverted),
        });
    }
    Ok(reverted)
}

/// A record that waits to be confirmed is the last one: nothing stands on what may go by itself, and
/// nobody who is asked a question holds the lock while its time runs out.
fn refuse_unconfirmed(door: &Door, asking: Asking, journal: &Journal) -> Result<(), Failure> {
    let Some(waits) = Standing::of(journal).unconfirmed else {
        return Ok(());
    };
    if journal.interrupted().is_some() && asking.yes {
        return Ok(());
    }
    Err(Failure::usage(confirm::problem(&waits, door.now())))
}

/// The lock, waited for while somebody else holds it.
pub(super) fn wait_for_lock(door: &Door, patience: Duration) -> HostResult<Box<dyn Guard + '_>> {
    let began = Instant::now();
    loop {
        match door.lock() {
            Err(_) if began.elapsed() < patience => thread::sleep(TRY_AGAIN),
            result => return result,
        }
    }
}

/// What everybody may read follows the journal; the journal is what counts.
pub(super) fn publish(door: &Door, report: &mut Report) {
    if let Err(error) = Standing::publish(door) {
        let problem = Problem::new("standing", error.to_string());
        report.problems.push(problem);
    }
}

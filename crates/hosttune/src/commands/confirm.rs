//! `confirm`: what an apply brought about stays.

use super::changing::{publish, wait_for_lock};
use super::{Outcome, demand_rights};
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::{restored, time};
use crate::ui::{GOOD, paint};
use host::Door;
use model::Problem;
use serde_json::json;
use settings::{By, ConfirmError, Confirmed, Journal, confirm};
use std::time::Duration;

/// Its time is short, and another command is soon done.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) fn run(door: &Door) -> Outcome {
    demand_rights(door, "confirm")?;
    let _guard = wait_for_lock(door, PATIENCE)?;
    let mut journal = Journal::load(door)?;
    match confirm(door, &mut journal) {
        Ok(confirmed) => {
            let mut report = stays(&confirmed);
            publish(door, &mut report);
            Ok(report)
        }
        Err(error) => refused(error),
    }
}

fn stays(confirmed: &Confirmed) -> Report {
    let Confirmed { id, profile, .. } = confirmed;
    let mut report = match (confirmed.is_incomplete(), confirmed.already) {
        (true, _) => Report::new("not-restored", Exit::NotRestored),
        (false, true) => Report::new("nothing-to-do", Exit::Good),
        (false, false) => Report::new("done", Exit::Good),
    };
    let was = if confirmed.already {
        " was confirmed already"
    } else {
        " is confirmed"
    };
    let head = paint(GOOD, format!("apply {id} of profile {profile}{was}"));
    report.text = format!("{head} and stays; `hosttune revert` undoes it\n");
    if confirmed.is_incomplete() {
        report.problems = restored::faults(&confirmed.removed);
        let message = "its timer is not gone altogether; it changes nothing any more";
        let problem = Problem::new("confirm", message).help("`hosttune confirm` tries again");
        report.problems.push(problem);
    }
    report.payload = json!({"id": id, "profile": profile});
    report
}

fn refused(error: ConfirmError) -> Outcome {
    let message = error.to_string();
    match error {
        ConfirmError::Host(error) => Err(error.into()),
        ConfirmError::Nothing => Err(Failure::usage(
            Problem::new("confirm", message)
                .help("`hosttune apply --confirm-within 5m` makes one that does"),
        )),
        ConfirmError::Interrupted(_) => Err(Failure::usage(
            Problem::new("confirm", message).help("`hosttune revert` restores what was before it"),
        )),
        ConfirmError::Reverted {
            id,
            profile,
            by,
            when,
        } => {
            let how = match by {
                None => String::new(),
                Some(By::Timer) => " by its timer".to_owned(),
                Some(By::Boot) => " by the boot after it".to_owned(),
            };
            let mut report = Report::new("reverted", Exit::Findings);
            report.text = format!("{message}{how}, {}\n", time(when));
            report.payload = json!({
                "id": id,
                "profile": profile,
                "by": by.map(By::name),
                "reverted": time(when),
            });
            Ok(report)
        }
    }
}

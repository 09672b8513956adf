//! `revert`: undoes the last apply, or several, exactly.

use super::changing::{publish, wait_for_lock};
use super::{Outcome, demand_rights};
use crate::args::RevertArgs;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::render::restored;
use crate::ui::Ui;
use host::Door;
use model::Machine;
use serde_json::json;
use settings::{Journal, Reverted};
use std::time::Duration;

/// An apply that is still at work holds the lock longest.
const PATIENCE: Duration = Duration::from_secs(600);

pub(super) fn run(door: &Door, ui: &Ui, args: &RevertArgs) -> Outcome {
    demand_rights(door, "revert")?;
    if let (true, Some(id)) = (args.unconfirmed, args.id) {
        return unconfirmed(door, id);
    }
    let _guard = door.lock()?;
    let mut journal = Journal::load(door)?;
    let ids = match args.all {
        true => journal.to_revert_all(args.force),
        false => journal.to_revert(args.id, args.force)?,
    };
    if ids.is_empty() {
        return Ok(nothing("nothing to revert: no profile is in force"));
    }
    for id in &ids {
        ui.progress(&format!("undoing apply {id}"));
    }
    let reverted = settings::revert(door, &mut journal, &ids, args.force)?;
    Ok(report(door, &journal, &reverted))
}

/// What the timer of an apply runs that nobody confirmed.
fn unconfirmed(door: &Door, id: u32) -> Outcome {
    let _guard = wait_for_lock(door, PATIENCE)?;
    let mut journal = Journal::load(door)?;
    let outcome = settings::revert_unconfirmed(door, &mut journal, id)?;
    Ok(match outcome {
        Some(reverted) => report(door, &journal, &reverted),
        None => nothing("nothing to revert: it was confirmed, or undone already"),
    })
}

fn nothing(why: &str) -> Report {
    let mut report = Report::new("nothing-to-do", Exit::Good);
    report.payload = json!({"reverted": [], "in_force": null});
    report.text = format!("{why}\n");
    report
}

fn report(door: &Door, journal: &Journal, reverted: &[Reverted]) -> Report {
    let incomplete = reverted.iter().any(Reverted::is_incomplete);
    let mut report = match incomplete {
        true => Report::new("not-restored", Exit::NotRestored),
        false => Report::new("done", Exit::Good),
    };
    let in_force = journal.in_force().map(|record| record.profile.clone());
    report.problems = restored::problems(reverted);
    publish(door, &mut report);
    report.payload = json!({
        "reverted": restored::records(reverted),
        "in_force": in_force,
    });
    report.text = restored::text(reverted);
    report.text.push_str(&match in_force {
        Some(name) => {
            format!("profile {name} is in force again; `hosttune revert` goes further back\n")
        }
        None => "no profile is in force\n".to_owned(),
    });
    report
}

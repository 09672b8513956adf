//! `revert`: undoes the last apply, or several, exactly.

use super::{Outcome, demand_rights};
use crate::args::RevertArgs;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::render::restored;
use crate::ui::Ui;
use host::Door;
use model::{Machine, Problem};
use serde_json::json;
use settings::{Journal, Reverted, Standing};

pub(super) fn run(door: &Door, ui: &Ui, args: &RevertArgs) -> Outcome {
    demand_rights(door, "revert")?;
    let _guard = door.lock()?;
    let mut journal = Journal::load(door)?;
    let ids = match args.all {
        true => journal.to_revert_all(args.force),
        false => journal.to_revert(args.id, args.force)?,
    };
    if ids.is_empty() {
        let mut report = Report::new("nothing-to-do", Exit::Good);
        report.payload = json!({"reverted": [], "in_force": null});
        report.text = "nothing to revert: no profile is in force\n".to_owned();
        return Ok(report);
    }
    for id in &ids {
        ui.progress(&format!("undoing apply {id}"));
    }
    let reverted = settings::revert(door, &mut journal, &ids, args.force)?;
    // What everybody may read follows the journal; the journal is what counts.
    let published = Standing::publish(door);
    let incomplete = reverted.iter().any(Reverted::is_incomplete);
    let mut report = match incomplete {
        true => Report::new("not-restored", Exit::NotRestored),
        false => Report::new("done", Exit::Good),
    };
    let in_force = journal.in_force().map(|record| record.profile.clone());
    report.problems = restored::problems(&reverted);
    if let Err(error) = published {
        let problem = Problem::new("standing", error.to_string());
        report.problems.push(problem);
    }
    report.payload = json!({
        "reverted": restored::records(&reverted),
        "in_force": in_force,
    });
    report.text = restored::text(&reverted);
    report.text.push_str(&match in_force {
        Some(name) => {
            format!("profile {name} is in force again; `hosttune revert` goes further back\n")
        }
        None => "no profile is in force\n".to_owned(),
    });
    Ok(report)
}

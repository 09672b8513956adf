//! `uninstall`: takes away what install put there, and puts back what was there before it.

use super::changing::{Asking, publish, recover};
use super::{Outcome, demand_rights};
use crate::args::UninstallArgs;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::installed::{READY, VERIFIER};
use crate::render::restored;
use crate::ui::{STRONG, Ui, paint};
use host::Door;
use model::{Action, Host, Image, Machine, Problem};
use serde_json::json;
use settings::{Before, Done, Journal, Reverted};

pub(super) fn run(door: &Door, ui: &Ui, args: &UninstallArgs) -> Outcome {
    if args.dry_run {
        let journal = Journal::load(door)?;
        let ids = journal.to_uninstall(args.force);
        let mut report = match ids.is_empty() {
            true => nothing(),
            false => Report::new("would-change", Exit::Findings),
        };
        report.text.push_str(&plan(&journal, &ids));
        report.payload = json!({"ids": ids, "uninstalled": []});
        return Ok(report);
    }
    demand_rights(door, "uninstall")?;
    let _guard = door.lock()?;
    let mut journal = Journal::load(door)?;
    let asking = Asking {
        yes: args.yes,
        question: "Uninstall this?",
    };
    let mut undone = recover(door, ui, asking, &mut journal)?;
    let ids = journal.to_uninstall(args.force);
    if ids.is_empty() && undone.is_empty() {
        return Ok(nothing());
    }
    let required = required(door);
    if !ids.is_empty() {
        ui.say(&plan(&journal, &ids));
        asking.ask(ui)?;
        undone.extend(settings::revert(door, &mut journal, &ids, args.force)?);
    }
    let mut report = match undone.iter().any(Reverted::is_incomplete) {
        true => Report::new("not-restored", Exit::NotRestored),
        false => Report::new("done", Exit::Good),
    };
    report.problems = restored::problems(&undone);
    if report.exit == Exit::Good {
        report.problems.extend(forget_units(door, &required));
    }
    report.text = restored::text(&undone);
    if let Some(record) = journal.in_force() {
        let message = format!("profile {} stays in force", record.profile);
        let problem = Problem::new("in-force", message)
            .help("what it set can still be undone by a hosttune that is installed again");
        report.problems.push(problem);
    }
    report.payload = json!({"ids": ids, "uninstalled": restored::records(&undone)});
    publish(door, &mut report);
    Ok(report)
}

/// The units that require a verified host.
fn required(door: &Door) -> Vec<String> {
    let ready = door.unit(READY);
    ready.map_or_else(|_| Vec::new(), |unit| unit.list("RequiredBy").to_vec())
}

/// What systemd still has of units whose files are gone. Stopping them would stop whoever requires them.
fn forget_units(door: &Door, required: &[String]) -> Option<Problem> {
    door.refresh();
    let verifier = door.unit(VERIFIER).ok()?;
    let unit = VERIFIER.to_owned();
    let action = match verifier.text("ActiveState") {
        Some("failed") => Some(Action::ForgetFailure { unit }),
        Some("active") if required.is_empty() => Some(Action::Stop { unit }),
        _ => None,
    };
    if let Some(Err(error)) = action.map(|action| door.act(&action)) {
        return Some(Problem::new("units", error.to_string()).help("the next boot clears it away"));
    }
    let all = required.join(", ");
    let message = format!("required by {all}, which will not start at the next boot without it");
    let problem = Problem::new("required", message).at(READY);
    (!required.is_empty()).then(|| problem.help("remove Requires=hosttune-ready.target from there"))
}

fn nothing() -> Report {
    let mut report = Report::new("nothing-to-do", Exit::Good);
    "nothing to uninstall: there is no install in the journal\n".clone_into(&mut report.text);
    report.payload = json!({"ids": [], "uninstalled": []});
    report
}

/// What is taken away or put back, last change first.
fn plan(journal: &Journal, ids: &[u32]) -> String {
    let mut text = String::new();
    for record in journal.records.iter().rev().filter(|r| ids.contains(&r.id)) {
        let head = format!(
            "install {} of hosttune {} is undone:",
            record.id, record.profile
        );
        text.push_str(&format!("{}\n", paint(STRONG, head)));
        let undoes = record.done.iter().rev();
        text.extend(undoes.filter_map(undoing));
    }
    text
}

fn undoing(done: &Done) -> Option<String> {
    let path = match &done.action {
        Action::MakeDirectory { path } => {
            return Some(format!("  remove directory {path}, if it is empty\n"));
        }
        Action::Replace { path, .. } | Action::CopyFile { path, .. } => path,
        _ => return None,
    };
    Some(match &done.before {
        Before::Image(Image::Absent) => format!("  remove {path}\n"),
        _ => format!("  put back what was at {path}\n"),
    })
}

//! `check`: every setting of a profile, on every layer that can be looked at.

use super::{Outcome, interrupted};
use crate::args::CheckArgs;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::render::{confirm, findings};
use crate::sources::asked_or_in_force;
use crate::ui::Ui;
use host::Door;
use model::{Host, Verdict};
use serde_json::json;
use settings::Standing;

pub(super) fn run(door: &Door, ui: &Ui, args: &CheckArgs) -> Outcome {
    let loaded = asked_or_in_force(door, args.profile.as_deref())?;
    let settings = &loaded.profile.settings;
    let found = settings::check(door, settings);
    settings::refuse(door, settings, &found)?;
    let worst = found.iter().map(|finding| finding.verdict).max();
    // A profile without settings asks for nothing, and that is met.
    let verdict = worst.unwrap_or(Verdict::Met).max(Verdict::Met);
    let mut report = Report::new(verdict.name(), Exit::from(verdict));
    let standing = Standing::load(door).unwrap_or_default();
    if let Some(waits) = &standing.unconfirmed {
        report.problems.push(confirm::problem(waits, door.now()));
    }
    if let Some(open) = &standing.interrupted {
        let problem = interrupted(open);
        report.problems.push(problem);
        report.exit = report.exit.or_worse(Exit::Findings);
        "interrupted".clone_into(&mut report.verdict);
    }
    report.payload = json!({
        "profile": loaded.profile.name,
        "summary": findings::count(&found),
        "findings": findings::json(&found),
    });
    report.text = findings::text(&loaded, &found, ui.verbose);
    Ok(report)
}

//! `check`: every setting of a profile, on every layer that can be looked at.

use super::{Outcome, interrupted};
use crate::args::CheckArgs;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::render::findings;
use crate::sources::asked_or_in_force;
use crate::ui::Ui;
use host::Door;
use model::Verdict;
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
    if let Ok(Standing {
        interrupted: Some(open),
        ..
    }) = Standing::load(door)
    {
        let problem = interrupted(open.id, &open.profile, open.began);
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

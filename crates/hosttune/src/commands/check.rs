//! `check`: every setting of a profile, on every layer that can be looked at.

use super::{Outcome, interrupted};
use crate::args::CheckArgs;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::{confirm, findings, rules};
use crate::sources::{Loaded, asked_or_in_force};
use crate::survey::Survey;
use crate::ui::Ui;
use model::{Host, Verdict};
use serde_json::json;
use settings::Standing;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) fn run(host: &dyn Host, ui: &Ui, args: &CheckArgs) -> Outcome {
    let loaded = asked_or_in_force(host, args.profile.as_deref())?;
    let survey = last_look(host, ui, &loaded, args.retry_for.unwrap_or_default())?;
    let verdict = survey.verdict();
    let mut report = Report::new(verdict.name(), Exit::from(verdict));
    let standing = Standing::load(host).unwrap_or_default();
    if let Some(waits) = &standing.unconfirmed {
        report.problems.push(confirm::problem(waits, host.now()));
    }
    if let Some(open) = &standing.interrupted {
        let problem = interrupted(open);
        report.problems.push(problem);
        report.exit = report.exit.or_worse(Exit::Findings);
        "interrupted".clone_into(&mut report.verdict);
    }
    report.payload = json!({
        "profile": loaded.profile.name,
        "summary": findings::count(&survey),
        "findings": findings::json(&survey),
        "rules": rules::json(&survey),
        "notes": survey.notes(),
    });
    report.text = findings::text(&loaded, &survey, ui.verbose);
    Ok(report)
}

/// Looks until everything is met or the time is over.
fn last_look<'a>(
    host: &dyn Host,
    ui: &Ui,
    loaded: &'a Loaded,
    time: Duration,
) -> Result<Survey<'a>, Failure> {
    let began = Instant::now();
    loop {
        let survey = Survey::of(host, loaded);
        settings::refuse(host, &loaded.profile.settings, &survey.findings)?;
        let left = time.saturating_sub(began.elapsed());
        if survey.verdict() == Verdict::Met || left.is_zero() {
            return Ok(survey);
        }
        let found = findings::summary(&survey);
        ui.progress(&format!(
            "{found}; looking again, {} s left",
            left.as_secs()
        ));
        sleep(left.min(PAUSE));
        host.refresh();
    }
}

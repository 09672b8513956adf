//! `check --record-boot`: what hosttune-verify.service runs. It looks until everything is as expected or
//! the time is over, and keeps a receipt of the boot.

use super::{Outcome, interrupted};
use crate::envelope::{Envelope, Report};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::installed::READY;
use crate::receipt::Receipt;
use crate::render::{confirm, findings, receipt, rules};
use crate::sources::asked_or_in_force;
use crate::survey::Survey;
use crate::ui::Ui;
use host::Door;
use model::{Host, HostError, Machine, Problem, Scope};
use serde_json::{Value, json};
use settings::{Journal, Standing, Suppressions, hold, keep_boot};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_secs(1);
/// What is as expected must still be so after that: a late writer is started before its work is done
/// (TuneD takes its bus name, then applies its profile).
const SETTLE: Duration = Duration::from_secs(2);

pub(super) fn run(door: &Door, ui: &Ui, time: Duration) -> Outcome {
    refuse(door)?;
    let mut said = String::new();
    let mut progress = |report: &Report, left: Duration| {
        // The system's journal gets a line where something has changed, not one a second.
        let now = report.payload["boot"]["found"].as_str().unwrap_or_default();
        if now != said {
            now.clone_into(&mut said);
            let (verdict, left) = (&report.verdict, left.as_secs_f64().ceil());
            ui.progress(&format!("{verdict}: {now}; looking again for {left} s"));
        }
    };
    let mut report = last_look(door, time, &mut progress)?;
    if let Err(error) = keep_boot(door, &document(door, &report)?) {
        // What was found is told all the same.
        let problem = Problem::new("receipt", format!("no receipt is kept: {error}"));
        report.problems.push(problem);
        report.exit = report.exit.or_worse(Exit::Unknown);
    }
    Ok(report)
}

fn refuse(door: &Door) -> Result<(), Failure> {
    let problem = match (door.scope(), door.uid()) {
        (Scope::Tree, _) => Problem::new("usage", "nothing boots below --root").at("--record-boot"),
        (Scope::Live, 0) => return Ok(()),
        (Scope::Live, _) => Problem::new("rights", "check --record-boot needs root")
            .help("hosttune-verify.service runs it; `hosttune check --boot` needs no rights"),
    };
    Err(Failure::usage(problem))
}

/// The document that is kept: what `--format json` prints.
fn document(machine: &dyn Machine, report: &Report) -> Result<String, Failure> {
    let envelope = Envelope::new("check", machine.boot_id(), report);
    let text = serde_json::to_string_pretty(&envelope).map_err(|error| HostError::Failed {
        what: "the receipt".to_owned(),
        why: error.to_string(),
    })?;
    Ok(format!("{text}\n"))
}

/// Looks until two looks are good, or the time is over.
fn last_look(
    machine: &dyn Machine,
    time: Duration,
    progress: &mut dyn FnMut(&Report, Duration),
) -> Outcome {
    let began = Instant::now();
    let mut was_good = false;
    loop {
        let report = look(machine)?;
        let is_good = report.exit == Exit::Good;
        let nothing = report.verdict == NOTHING;
        let left = time.saturating_sub(began.elapsed());
        if nothing || (is_good && was_good) || left.is_zero() {
            return Ok(report);
        }
        if !is_good {
            progress(&report, left);
        }
        was_good = is_good;
        sleep(left.min(if is_good { SETTLE } else { PAUSE }));
        machine.refresh();
    }
}

/// The verdict where no profile is in force.
const NOTHING: &str = "none";

fn look(machine: &dyn Machine) -> Outcome {
    let journal = Journal::load(machine)?;
    let standing = Standing::of(&journal);
    let mut report = in_force(machine, &journal)?;
    if let Some(waits) = &standing.unconfirmed {
        // What may go by itself is nothing to build on.
        report.problems.push(confirm::problem(waits, machine.now()));
        if report.exit == Exit::Good {
            "unconfirmed".clone_into(&mut report.verdict);
        }
        report.exit = report.exit.or_worse(Exit::Findings);
    }
    if let Some(open) = &standing.interrupted {
        report.problems.push(interrupted(open));
        report.exit = report.exit.or_worse(Exit::Findings);
        "interrupted".clone_into(&mut report.verdict);
    }
    report.payload["boot"]["verdict"] = json!(report.verdict);
    Ok(report)
}

/// What the profile in force comes to.
fn in_force(machine: &dyn Machine, journal: &Journal) -> Outcome {
    let nothing = Suppressions::default();
    let Some(record) = journal.in_force() else {
        let report = Report::new(NOTHING, Exit::Good);
        let (survey, shown) = (Survey::empty(&nothing), Receipt::empty(machine));
        return Ok(with(report, None, &survey, &shown));
    };
    let loaded = asked_or_in_force(machine, None)?;
    let mut survey = Survey::of(machine, &loaded);
    hold(machine, READY, &record.expected, &mut survey.findings);
    let verdict = survey.verdict();
    let report = Report::new(verdict.name(), Exit::from(verdict));
    let shown = Receipt::of(machine, record, &survey);
    Ok(with(report, Some(&record.profile), &survey, &shown))
}

fn with(mut report: Report, profile: Option<&str>, survey: &Survey<'_>, shown: &Receipt) -> Report {
    report.text = receipt::lines(profile, shown);
    report.payload = json!({
        "profile": profile,
        "summary": findings::count(survey),
        "findings": findings::json(survey),
        "rules": rules::json(survey),
        "notes": survey.notes(),
        "boot": serde_json::to_value(shown).unwrap_or(Value::Null),
    });
    report
}

#[cfg(test)]
mod tests;

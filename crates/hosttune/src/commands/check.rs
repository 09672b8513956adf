//! `check`: every setting of a profile, on every layer that can be looked at.

use super::{Outcome, boot, interrupted, record_boot};
use crate::args::CheckArgs;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::{confirm, findings, probed, rules};
use crate::sources::{Loaded, asked_or_in_force};
use crate::survey::Survey;
use crate::ui::Ui;
use host::{Door, Held};
use model::{Host, Probe, Problem, Scope, Verdict};
use serde_json::json;
use settings::Standing;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The command that looks around in a container.
const PROGRAM: &str = "inside";
/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_secs(1);

/// `door` is for what is looked at here and now; `host` is what is asked about the profile.
pub(super) fn run(door: &Door, host: &dyn Host, ui: &Ui, args: &CheckArgs) -> Outcome {
    if args.boot {
        return boot::run(door, ui);
    }
    if args.record_boot {
        return record_boot::run(door, ui, args.retry_for.unwrap_or_default());
    }
    let loaded = asked_or_in_force(host, args.profile.as_deref())?;
    if args.probe_container && host.scope() == Scope::Tree {
        let problem = Problem::new("usage", "under --root nothing runs, and no container can");
        return Err(Failure::usage(problem.help("leave out --probe-container")));
    }
    let (survey, probe) = last_look(door, host, ui, &loaded, args)?;
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
    if let Some(probe) = &probe {
        tell(&mut report, probe);
    }
    Ok(report)
}

/// Adds what was seen in the container, or why nothing was: then nothing more than `unknown` is proved.
fn tell(report: &mut Report, probe: &Probe) {
    match probe {
        Ok(inside) => {
            report.payload["probe"] = json!(inside);
            report.text.push_str(&probed::text(inside));
        }
        Err(error) => {
            report.payload["probe"] = json!(null);
            report.problems.push(probed::problem(error));
            report.exit = report.exit.or_worse(Exit::Unknown);
            if report.verdict == Verdict::Met.name() {
                Verdict::Unknown.name().clone_into(&mut report.verdict);
            }
        }
    }
}

/// Looks until everything is met or the time is over.
fn last_look<'a>(
    door: &Door,
    host: &dyn Host,
    ui: &Ui,
    loaded: &'a Loaded,
    args: &CheckArgs,
) -> Result<(Survey<'a>, Option<Probe>), Failure> {
    let (began, time) = (Instant::now(), args.retry_for.unwrap_or_default());
    loop {
        let (survey, probe) = match args.probe_container {
            false => (Survey::of(host, loaded), None),
            true => probe_and_look(door, ui, loaded)?,
        };
        settings::refuse(host, &loaded.profile.settings, &survey.findings)?;
        let left = time.saturating_sub(began.elapsed());
        let probed = !matches!(probe, Some(Err(_)));
        if survey.verdict() == Verdict::Met && probed || left.is_zero() {
            return Ok((survey, probe));
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

/// A signal waits until the container is gone. The look is inside as well: its first one makes the
/// threads of the bus, and these would take the signal if they were made without.
fn probe_and_look<'a>(
    door: &Door,
    ui: &Ui,
    loaded: &'a Loaded,
) -> Result<(Survey<'a>, Option<Probe>), Failure> {
    let held = Held::begin()?;
    let mut words = vec![PROGRAM.to_owned()];
    words.extend(settings::asked_of_container(&loaded.profile.settings));
    let mut said = |line: &str| ui.progress(&format!("probe: {line}"));
    let probe = door.probe_container(&words, &held, &mut said);
    let survey = match held.came() {
        // It is over as soon as the signal is let go.
        true => Survey::empty(&loaded.suppressions),
        false => Survey::with(door, loaded, Some(&probe)),
    };
    drop(held);
    Ok((survey, Some(probe)))
}

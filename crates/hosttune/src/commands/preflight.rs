//! `preflight`: which limit stops or degrades a workload on this host, and at which node.

use super::Outcome;
use crate::args::PreflightArgs;
use crate::asked::workload;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::{after, answer, why};
use crate::sources::asked_or_in_force;
use crate::ui::Ui;
use limits::Readings;
use model::{Answer, Host, Problem};
use serde_json::{Value, json};

pub(super) fn run(host: &dyn Host, ui: &Ui, args: &PreflightArgs) -> Outcome {
    let (workload, notes) = workload(host, &args.asked)?;
    let with = match &args.with_profile {
        Some(reference) => Some(asked_or_in_force(host, Some(reference))?),
        None => None,
    };
    let readings = Readings::take(host, &workload);
    let now = readings.answer();
    let mut report = Report::new(now.verdict.name(), Exit::from(now.verdict));
    report.problems = notes;
    report.payload = serde_json::to_value(&now).unwrap_or_else(|_| json!({}));
    match (&args.why, with) {
        (Some(name), _) => {
            let asked = limits::why(&now, name).map_err(unknown)?;
            report.payload["why"] = serde_json::to_value(&asked).unwrap_or(Value::Null);
            report.text = why::text(&now, &asked);
        }
        (None, Some(loaded)) => {
            let (after, changes) = readings.with(&loaded.profile.settings);
            let then = after.answer();
            report.payload["after"] = side(&loaded.profile.name, &then, &changes);
            report.text = after::text(&now, &then, &loaded.profile.name, &changes);
        }
        (None, None) => report.text = answer::text(&now, ui.verbose),
    }
    Ok(report)
}

/// The answer as the profile would leave it, in short.
fn side(profile: &str, then: &Answer, changes: &[limits::Change]) -> Value {
    json!({
        "profile": profile,
        "verdict": then.verdict.name(),
        "headline": then.headline,
        "nodes_fit": then.nodes_fit,
        "nodes_fit_undegraded": then.nodes_fit_undegraded,
        "at_most": then.at_most,
        "chain": then.chain,
        "batch": then.batch,
        "changes": changes,
    })
}

fn unknown(error: limits::WhyError) -> Failure {
    let problem = Problem::new("usage", error.message).at("--why");
    Failure::usage(problem.help(error.help))
}

//! `preflight`: which limit stops or degrades a workload on this host, and at which node.

use super::Outcome;
use crate::args::PreflightArgs;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::answer;
use crate::sources::asked_or_in_force;
use crate::ui::Ui;
use model::{Host, Problem, Workload};
use serde_json::{Value, json};

pub(super) fn run(host: &dyn Host, ui: &Ui, args: &PreflightArgs) -> Outcome {
    let workload = workload(host, args)?;
    let answer = limits::preflight(host, &workload);
    let mut report = Report::new(answer.verdict.name(), Exit::from(answer.verdict));
    report.payload = serde_json::to_value(&answer).unwrap_or(Value::Null);
    report.text = answer::text(&answer, ui.verbose);
    if report.payload.is_null() {
        report.payload = json!({});
    }
    Ok(report)
}

/// The workload of the profile asked for, with what the command line says instead.
fn workload(host: &dyn Host, args: &PreflightArgs) -> Result<Workload, Failure> {
    let from_profile = match (&args.profile, &args.nodes) {
        (Some(reference), _) => Some(asked_or_in_force(host, Some(reference))?),
        (None, None) => Some(asked_or_in_force(host, None).map_err(hint)?),
        // A node count alone is a question of its own; the profile in force adds its shape if it can.
        (None, Some(_)) => asked_or_in_force(host, None).ok(),
    };
    let known = from_profile
        .as_ref()
        .and_then(|loaded| loaded.workload.clone());
    if known.is_none() && args.nodes.is_none() {
        let path = from_profile.map_or_else(String::new, |loaded| loaded.profile.path);
        let problem =
            Problem::new("workload", "the profile says nothing about a workload").at(path);
        return Err(Failure::usage(
            problem.help("add a [workload] section with `nodes`, or give --nodes"),
        ));
    }
    let mut workload = known.unwrap_or_default();
    let flags = [
        ("nodes", &args.nodes),
        ("jobs-per-node", &args.jobs_per_node),
        ("node-network", &args.node_network),
        ("job-network", &args.job_network),
        ("starts-at-once", &args.starts_at_once),
    ];
    for (key, value) in flags {
        if let Some(value) = value {
            workload.set(key, value).map_err(|error| {
                let mut problem = Problem::new("usage", error.message).at(format!("--{key}"));
                problem.help = error.help;
                Failure::usage(problem)
            })?;
        }
    }
    Ok(workload)
}

fn hint(mut failure: Failure) -> Failure {
    if let Some(problem) = failure.problems.first_mut().filter(|p| p.kind == "profile") {
        problem.help = Some("give --nodes N, or name a profile with --profile".to_owned());
    }
    failure
}

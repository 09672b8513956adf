//! `profile derive`: the smallest profile with which a workload fits on this host.

use crate::args::DeriveArgs;
use crate::asked::workload;
use crate::commands::Outcome;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::hosts;
use host::Door;
use limits::{Needed, Readings};
use model::{Entry, Problem, Span};
use profile::Written;
use serde_json::json;

pub(super) fn run(door: &Door, args: &DeriveArgs) -> Outcome {
    let (facts, assume) = (args.facts.as_deref(), args.assume.as_ref());
    let derived = hosts::with(door, facts, assume, |named| {
        let (workload, problems) = workload(named.host, &args.asked)?;
        let derived = Readings::take(named.host, &workload).derive(args.reserve);
        Ok((workload, problems, derived, named.supposed()))
    });
    let (workload, mut problems, derived, supposed) = derived?;
    let mut lines = of_workload(args);
    let raised = derived.needed.iter().map(raise);
    lines.extend(raised);
    let head = [
        format!("Derived by `hosttune profile derive` for {workload}"),
        format!(
            "Each bound is what the workload needs beside what this host uses, and {} % of that in reserve",
            args.reserve
        ),
    ];
    let assumed = supposed.map(|supposed| format!("The host is assumed: {}", supposed.assumption));
    let head = head.into_iter().chain(assumed);
    let head: Vec<String> = head.chain(left(&derived.left)).collect();
    let summary = format!(
        "derived for {} nodes, {} % in reserve",
        workload.nodes, args.reserve
    );
    let text = profile::write(&head, Some(&summary), &lines);
    let fault = lines.iter().find_map(|line| profile::refuse(&line.entry));
    if let Some(rejection) = fault {
        return Err(vec![rejection].into());
    }
    if let Some(output) = &args.output {
        host::write_named(output, text.as_bytes(), args.force).map_err(Failure::from)?;
    }
    let mut report = match derived.left.is_empty() {
        true => Report::new("done", Exit::Good),
        false => Report::new("incomplete", Exit::Findings),
    };
    let not = derived.left.iter();
    problems.extend(not.map(|message| Problem::new("not-expressed", message.clone())));
    report.problems = problems;
    report.payload = json!({
        "output": args.output,
        "reserve_percent": args.reserve,
        "lines": derived.needed.iter().map(of_needed).collect::<Vec<_>>(),
        "left": derived.left,
        "text": text,
    });
    report.text = match &args.output {
        Some(output) => format!("{} settings written to {output}\n", derived.needed.len()),
        None => text,
    };
    Ok(report)
}

/// What the command line says of the workload, so that `preflight` can be asked with the profile.
fn of_workload(args: &DeriveArgs) -> Vec<Written> {
    let said = args.asked.workload.all().into_iter();
    let entry = |(key, value): (&'static str, &Option<String>)| {
        let value = value.clone()?;
        Some(written("workload", None, key, value, None))
    };
    said.filter_map(entry).collect()
}

fn left(left: &[String]) -> impl Iterator<Item = String> {
    left.iter().map(|line| format!("No setting raises {line}"))
}

fn raise(needed: &Needed) -> Written {
    let kind = needed.setting.kind;
    let sections = settings::sections();
    let named = sections
        .iter()
        .any(|(section, named)| *section == kind && *named);
    let (name, key) = match needed.setting.name.rsplit_once('/') {
        Some((name, key)) if named => (Some(name.to_owned()), key),
        _ => (None, needed.setting.name.as_str()),
    };
    let reason = Some(needed.reason.clone());
    written(
        kind,
        name,
        key,
        format!("at least {}", needed.value),
        reason,
    )
}

fn written(
    kind: &str,
    name: Option<String>,
    key: &str,
    value: String,
    reason: Option<String>,
) -> Written {
    Written {
        entry: Entry {
            kind: kind.to_owned(),
            name,
            key: key.to_owned(),
            value,
            reason,
            span: Span::new("derived", 1),
        },
        remarks: Vec::new(),
    }
}

fn of_needed(needed: &Needed) -> serde_json::Value {
    json!({
        "setting": needed.setting.to_string(),
        "value": needed.value.to_string(),
        "reason": needed.reason,
    })
}

//! `preflight`: which limit stops or degrades a workload on this host, and at which node.

use super::Outcome;
use crate::args::PreflightArgs;
use crate::asked::workload;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::render::answer;
use crate::ui::Ui;
use host::Door;
use serde_json::{Value, json};

pub(super) fn run(door: &Door, ui: &Ui, args: &PreflightArgs) -> Outcome {
    let workload = workload(door, args)?;
    let answer = limits::preflight(door, &workload);
    let mut report = Report::new(answer.verdict.name(), Exit::from(answer.verdict));
    report.payload = serde_json::to_value(&answer).unwrap_or(Value::Null);
    report.text = answer::text(&answer, ui.verbose);
    if report.payload.is_null() {
        report.payload = json!({});
    }
    Ok(report)
}

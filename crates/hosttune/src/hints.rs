//! Hints: a failure of hosttune's own is judged as any other message is.

use crate::envelope::Report;
use crate::exit::Exit;
use explain::{Confidence, NONE};
use model::Problem;
use serde_json::Value;

/// Problems that repeat what the host said. All others are about what was asked for.
const OF_HOST: &[&str] = &["host", "apply", "unavailable", "timed-out", "unread"];

/// Adds to each problem which limit is behind it, where its words say so.
pub(crate) fn add(problems: &mut [Problem]) {
    for problem in problems {
        if OF_HOST.contains(&problem.kind.as_str()) && problem.hint.is_none() {
            problem.hint = of(&problem.message);
        }
    }
}

/// The same for a report; what preflight could not read is a problem where a limit is behind that.
pub(crate) fn add_to(report: &mut Report) {
    if report.exit == Exit::Unknown {
        let limits = report.payload["limits"].as_array();
        let mut found: Vec<Problem> = limits.into_iter().flatten().filter_map(unread).collect();
        found.dedup_by(|next, before| next.hint == before.hint);
        report.problems.extend(found);
    }
    add(&mut report.problems);
}

fn unread(limit: &Value) -> Option<Problem> {
    let why = limit["note"]
        .as_str()
        .filter(|_| limit["verdict"] == "unknown")?;
    let id = limit["id"].as_str()?;
    let mut problem = Problem::new("unread", format!("{id}: {why}"));
    problem.hint = of(why);
    problem.hint.is_some().then_some(problem)
}

fn of(words: &str) -> Option<String> {
    let found = explain::judge(words, None).into_iter().next()?;
    let sure = found.confidence >= Confidence::Likely && found.limit != NONE;
    let limit = limits::all().find(|limit| sure && limit.id == found.limit)?;
    let id = limit.id;
    Some(format!(
        "this is {id}: {}; see `hosttune explain {id}`",
        limit.bounds
    ))
}

//! What was put back, and what was not.

use crate::ui::{BAD, FAINT, GOOD, UNSURE, paint};
use model::Problem;
use serde_json::{Value, json};
use settings::{Outcome, Purpose, Restored, Reverted};

/// Each record that was undone, for people.
pub(crate) fn text(reverted: &[Reverted]) -> String {
    reverted
        .iter()
        .map(|one| {
            let head = match one.purpose {
                Purpose::Apply => format!("apply {} of profile {} undone\n", one.id, one.profile),
                Purpose::Install => {
                    format!("install {} of hosttune {} undone\n", one.id, one.profile)
                }
            };
            head + &list(&one.restored)
        })
        .collect()
}

/// Each thing that was put back.
pub(crate) fn list(restored: &[Restored]) -> String {
    restored.iter().map(line).collect()
}

fn line(one: &Restored) -> String {
    let (mark, rest) = match &one.outcome {
        Outcome::Restored => (paint(GOOD, "restored"), String::new()),
        Outcome::AsBefore => (paint(FAINT, "as before"), String::new()),
        Outcome::Stays(why) => (paint(UNSURE, "stays"), format!(": {why}")),
        Outcome::Conflict { now, wrote } => (
            paint(BAD, "conflict"),
            format!(": it is {now}, hosttune had written {wrote}"),
        ),
        Outcome::Failed(why) => (paint(BAD, "failed"), format!(": {why}")),
    };
    format!("  {mark} {}{rest}\n", one.what)
}

/// What is not as before although it could be.
pub(crate) fn problems(reverted: &[Reverted]) -> Vec<Problem> {
    reverted
        .iter()
        .flat_map(|one| faults(&one.restored))
        .collect()
}

/// The same of one record.
pub(crate) fn faults(restored: &[Restored]) -> Vec<Problem> {
    restored.iter().filter_map(|one| match &one.outcome {
        Outcome::Conflict { now, wrote } => Some(
            Problem::new(
                "conflict",
                format!("it is {now} now, neither what hosttune wrote ({wrote}) nor what was before; left alone"),
            )
            .at(&one.what)
            .help("`hosttune revert --force` restores it all the same"),
        ),
        Outcome::Failed(why) => Some(Problem::new("restore", why.clone()).at(&one.what)),
        _ => None,
    })
    .collect()
}

/// The records as JSON.
pub(crate) fn records(reverted: &[Reverted]) -> Value {
    reverted
        .iter()
        .map(|one| {
            json!({
                "id": one.id,
                "purpose": one.purpose.name(),
                "profile": one.profile,
                "restored": json(&one.restored),
            })
        })
        .collect()
}

/// The things as JSON.
pub(crate) fn json(restored: &[Restored]) -> Value {
    restored
        .iter()
        .map(|one| {
            let (outcome, why) = match &one.outcome {
                Outcome::Restored => ("restored", None),
                Outcome::AsBefore => ("as-before", None),
                Outcome::Stays(why) => ("stays", Some(why.clone())),
                Outcome::Conflict { now, .. } => ("conflict", Some(now.clone())),
                Outcome::Failed(why) => ("failed", Some(why.clone())),
            };
            json!({"what": one.what, "outcome": outcome, "why": why})
        })
        .collect()
}

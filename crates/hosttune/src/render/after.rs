//! Before and after: what a profile would leave of the answer, side by side.

use super::{Row, answer, table};
use crate::ui::{FAINT, STRONG, paint};
use limits::Change;
use model::{Amount, Answer, LimitAnswer};

/// Both answers for people: headlines, then each limit that breaks on one side or moves.
pub(crate) fn text(now: &Answer, then: &Answer, profile: &str, changes: &[Change]) -> String {
    let headline = |answer: &Answer| {
        let style = answer::headline_style(answer.verdict);
        paint(style, &answer.headline)
    };
    let mut text = format!(
        "now              {}\nwith {profile:<11} {}\n{}\n\n",
        headline(now),
        headline(then),
        now.workload,
    );
    let rows: Vec<Row> = now
        .limits
        .iter()
        .filter_map(|row| side(row, then, changes))
        .collect();
    match rows.is_empty() {
        true => text.push_str("nothing breaks, and the profile moves no limit\n"),
        false => {
            let with = format!("WITH {}", profile.to_uppercase());
            let head = ["", "LIMIT", "PLACE", "CEILING", &with, "NODES", &with];
            text.push_str(&table(&head, &rows));
        }
    }
    for change in changes {
        let setting = paint(FAINT, format!("{} at {}", change.setting, change.span));
        text.push_str(&format!("\n{} on {}: {setting}", change.id, change.place));
    }
    if !changes.is_empty() {
        text.push('\n');
    }
    let batch = then.batch.as_ref().map(answer::batch);
    text.push_str(&batch.map_or_else(String::new, |line| format!("\n{line}\n")));
    let rest = then
        .chain
        .iter()
        .find(|link| link.node > then.workload.nodes);
    if let Some(link) = rest {
        let next = paint(STRONG, format!("{} on {}", link.id, link.place));
        text.push_str(&format!(
            "\nthe next limit would be {next} at node {}\n",
            link.node
        ));
    }
    text
}

fn side(row: &LimitAnswer, then: &Answer, changes: &[Change]) -> Option<Row> {
    let mut others = then.limits.iter();
    let other = others.find(|other| (other.id, &other.place) == (row.id, &row.place))?;
    let moved = changes
        .iter()
        .any(|change| (change.id, &change.place) == (row.id, &row.place));
    if !moved && !answer::is_open(row) && !answer::is_open(other) {
        return None;
    }
    let verdict = match row.verdict == other.verdict {
        true => row.verdict.name().to_owned(),
        false => format!("{} -> {}", row.verdict.name(), other.verdict.name()),
    };
    Some(Row {
        style: answer::style(other.verdict),
        cells: vec![
            verdict,
            row.id.to_owned(),
            row.place.clone(),
            ceiling(row),
            ceiling(other),
            answer::nodes(row),
            answer::nodes(other),
        ],
    })
}

fn ceiling(row: &LimitAnswer) -> String {
    match row.unlimited {
        true => "unlimited".to_owned(),
        false => row
            .ceiling
            .as_ref()
            .map_or_else(|| "unknown".to_owned(), Amount::to_string),
    }
}

//! The answer of preflight: the headline, and a line a limit.

use super::{Row, table};
use crate::ui::{BAD, FAINT, GOOD, STRONG, UNSURE, paint};
use anstyle::Style;
use model::{Amount, Answer, Fate, LimitAnswer};

/// The answer for people.
pub(crate) fn text(answer: &Answer, verbose: bool) -> String {
    let mut text = format!(
        "{}\n{}\n\n",
        paint(headline_style(answer.verdict), &answer.headline),
        answer.workload,
    );
    let rows: Vec<Row> = answer.limits.iter().map(row).collect();
    let head = ["", "LIMIT", "PLACE", "CEILING", "USED", "NODES"];
    text.push_str(&table(&head, &rows));
    for limit in &answer.limits {
        let open = matches!(limit.verdict, Fate::Stops | Fate::Degrades | Fate::Unknown);
        if open || verbose {
            text.push_str(&details(limit, verbose));
        }
    }
    text
}

fn headline_style(verdict: Fate) -> Style {
    match verdict {
        Fate::Stops => BAD,
        Fate::Degrades | Fate::Unknown => UNSURE.bold(),
        _ => GOOD.bold(),
    }
}

fn style(verdict: Fate) -> Style {
    match verdict {
        Fate::Stops => BAD,
        Fate::Degrades | Fate::Unknown => UNSURE,
        Fate::Fits => GOOD,
        Fate::NotEnforced | Fate::NotApplicable => FAINT,
    }
}

fn row(limit: &LimitAnswer) -> Row {
    let amount = |amount: Option<Amount>| {
        amount.map_or_else(|| "unknown".to_owned(), |amount| amount.to_string())
    };
    let nothing = limit.verdict == Fate::NotApplicable;
    let ceiling = match (nothing, limit.unlimited) {
        (true, _) => "-".to_owned(),
        (false, true) => "unlimited".to_owned(),
        (false, false) => amount(limit.ceiling),
    };
    let used = match nothing {
        true => "-".to_owned(),
        false => amount(limit.used),
    };
    Row {
        style: style(limit.verdict),
        cells: vec![
            limit.verdict.name().to_owned(),
            limit.id.to_owned(),
            limit.place.clone(),
            ceiling,
            used,
            nodes(limit),
        ],
    }
}

fn nodes(limit: &LimitAnswer) -> String {
    match (limit.stops_at, limit.degrades_at, limit.nodes_at_most) {
        (Some(node), ..) => format!("{} fit, node {node} is refused", node - 1),
        (None, Some(node), _) => format!("degrades from node {node}"),
        (None, None, Some(most)) => format!("at most {most}"),
        (None, None, None) => "-".to_owned(),
    }
}

fn details(limit: &LimitAnswer, verbose: bool) -> String {
    let mut lines = Vec::new();
    if verbose {
        let charge = &limit.cost.charge;
        lines.push(format!(
            "need    {} (node {}, job {}, start in flight {})",
            limit.cost.formula, charge.node, charge.job, charge.in_flight
        ));
        lines.push(format!("cost    {}", limit.cost.source));
        lines.push(format!("ceiling {}", limit.ceiling_source));
        lines.push(format!("used    {}", limit.used_source));
    }
    if let Some((least, most)) = limit
        .nodes_fit_between
        .filter(|(least, most)| least != most)
    {
        lines.push(format!(
            "between {least} and {most} nodes, as the cost of a container varies"
        ));
    }
    lines.extend(limit.note.iter().map(|note| format!("note    {note}")));
    if limit.verdict != Fate::Fits {
        let raise = limit.raise.iter();
        lines.extend(raise.map(|raise| format!("raise   {} = {}", raise.setting, raise.value)));
        lines.extend(limit.reshape.iter().map(|how| format!("reshape {how}")));
        lines.extend(
            limit
                .needs
                .iter()
                .map(|right| format!("needs   {right} to be told")),
        );
    }
    if lines.is_empty() {
        return String::new();
    }
    let head = paint(STRONG, format!("{} on {}", limit.id, limit.place));
    let body: String = lines.iter().map(|line| format!("  {line}\n")).collect();
    format!("\n{head}: {}\n{body}", limit.bounds)
}

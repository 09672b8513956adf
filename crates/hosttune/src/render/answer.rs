//! The answer of preflight: the headline, and a line a limit.

use super::{Row, table};
use crate::ui::{BAD, FAINT, GOOD, STRONG, UNSURE, paint};
use anstyle::Style;
use model::{Amount, Answer, Batch, Effect, Fate, LimitAnswer};

/// The answer for people.
pub(crate) fn text(answer: &Answer, verbose: bool) -> String {
    let mut text = format!(
        "{}\n{}\n\n",
        paint(headline_style(answer.verdict), &answer.headline),
        answer.workload,
    );
    let shown: Vec<&LimitAnswer> = shown(answer, verbose).collect();
    let rows: Vec<Row> = shown.iter().map(|limit| row(limit)).collect();
    let head = ["", "LIMIT", "PLACE", "CEILING", "USED", "NODES"];
    text.push_str(&table(&head, &rows));
    text.push_str(&left_out(answer, shown.len()));
    text.push_str(&in_turn(answer));
    for limit in shown {
        if is_open(limit) || verbose {
            text.push_str(&details(limit, verbose));
        }
    }
    if let Some(change) = &answer.compose {
        text.push_str(&format!(
            "\n{}\n",
            paint(STRONG, "a Compose project with more bridges:")
        ));
        let indented = change.lines().map(|line| format!("  {line}\n"));
        text.push_str(&indented.collect::<String>());
    }
    if let Some(size) = &answer.batch {
        text.push_str(&format!("\n{}\n", batch(size)));
    }
    text
}

/// Limits that leave room and come soonest, shown to say how far the host is from them.
const SPARE: usize = 5;

/// What is worth a line: what breaks or could not be told, the start path, and the first that come after.
fn shown(answer: &Answer, verbose: bool) -> impl Iterator<Item = &LimitAnswer> {
    let open = answer.limits.iter().filter(|limit| is_open(limit)).count();
    let mut spare = if open > SPARE * 2 { 0 } else { SPARE };
    answer.limits.iter().filter(move |limit| {
        let of_starts = limit.cost.is_of_starts() && limit.starts_fit.is_some();
        let counts = verbose || is_open(limit) || of_starts;
        let fits = !counts && limit.verdict == Fate::Fits && spare > 0;
        spare -= usize::from(fits);
        counts || fits
    })
}

/// Whether the operator has something to decide about it.
pub(crate) fn is_open(limit: &LimitAnswer) -> bool {
    matches!(limit.verdict, Fate::Stops | Fate::Degrades | Fate::Unknown)
}

/// How many rows are not shown, by what they come to.
fn left_out(answer: &Answer, shown: usize) -> String {
    match answer.limits.len() - shown {
        0 => String::new(),
        hidden => format!("{hidden} more fit or do not apply (--verbose)\n"),
    }
}

/// What stops or degrades next once each is raised.
fn in_turn(answer: &Answer) -> String {
    let nodes = answer.workload.nodes;
    let broken = answer
        .chain
        .iter()
        .filter(|link| link.node <= nodes)
        .count();
    if broken < 2 {
        return String::new();
    }
    let mut text = "\nraised one after the other:\n".to_owned();
    for link in answer.chain.iter().take(broken + 1) {
        let verb = match link.effect {
            Effect::Stops => "stops",
            Effect::Degrades => "degrades",
        };
        let latest = if link.at_latest { " at the latest" } else { "" };
        text.push_str(&format!(
            "  node {}{latest}: {} on {} {verb}\n",
            link.node, link.id, link.place
        ));
    }
    text
}

/// How many starts the host takes together, as advice.
pub(crate) fn batch(batch: &Batch) -> String {
    format!(
        "start at most {} containers at once, {} nodes ({}): \
         `docker compose up -d --no-recreate --scale SERVICE={}`, then {}, and so on",
        batch.starts,
        batch.nodes,
        batch.by,
        batch.nodes,
        batch.nodes.saturating_mul(2),
    )
}

pub(crate) fn headline_style(verdict: Fate) -> Style {
    match verdict {
        Fate::Stops => BAD,
        Fate::Degrades | Fate::Unknown => UNSURE.bold(),
        _ => GOOD.bold(),
    }
}

pub(crate) fn style(verdict: Fate) -> Style {
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

pub(crate) fn nodes(limit: &LimitAnswer) -> String {
    let starts = limit.starts_fit.filter(|_| limit.cost.is_of_starts());
    let together = starts.map(|starts| format!("with more than {starts} starts at once"));
    let nodes = match (limit.stops_at, limit.degrades_at, limit.nodes_at_most) {
        (Some(node), ..) => format!("{} fit, node {node} is refused", node - 1),
        (None, Some(node), _) => format!("degrades from node {node}"),
        (None, None, Some(most)) => format!("at most {most}"),
        (None, None, None) => "-".to_owned(),
    };
    match (together, limit.verdict, limit.effect) {
        (None, ..) => nodes,
        // How many nodes it is then is of no interest: they can start one after the other.
        (Some(together), Fate::Fits, Effect::Stops) => format!("refuses {together}"),
        (Some(together), Fate::Fits, Effect::Degrades) => format!("degrades {together}"),
        (Some(together), Fate::Unknown, _) => format!("may refuse {together}"),
        (Some(together), ..) => format!("{nodes}, {together}"),
    }
}

fn details(limit: &LimitAnswer, verbose: bool) -> String {
    let mut lines = Vec::new();
    if verbose {
        let terms = limit.terms.iter();
        let products = terms.map(|term| format!("{} {} x {}", term.count, term.name, term.each));
        let products: Vec<String> = products.collect();
        if let Some(need) = limit.need.filter(|_| !products.is_empty()) {
            lines.push(format!("need    {need} = {}", products.join(" + ")));
        }
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

//! A rehearsal: how it ended, what was predicted and seen, and what was not rehearsed.

use super::{Row, table};
use crate::duration;
use crate::ui::{BAD, FAINT, GOOD, STRONG, UNSURE, paint};
use rehearse::{Clip, Comparison, Ending, Hundred, Latency, Matter, NotCompared, Plan, Report};
use std::time::Duration;

/// The report for people.
pub(crate) fn text(report: &Report, verbose: bool) -> String {
    let style = match (report.ended, report.model_wrong) {
        (Ending::AtTarget, false) => GOOD,
        (Ending::AtTarget, true) | (Ending::Refused, _) => BAD,
        _ => UNSURE,
    };
    let mut text = format!(
        "{}\n{} up in {:.1} s, down in {:.1} s, nothing is left\n",
        paint(style, &report.headline),
        report.reached,
        report.seconds_up,
        report.seconds_down
    );
    if let Some(together) = report.starts_at_once {
        text.push_str(&format!(
            "reckoned with {together} starts at once (--starts-at-once)\n"
        ));
    }
    for lost in &report.degraded {
        let limit = lost.limit.as_deref().unwrap_or("an unknown limit");
        text.push_str(&format!(
            "from stand-in {} on {limit} degrades: {}\n",
            lost.count, lost.message
        ));
    }
    if let Some(latency) = &report.starts {
        text.push_str(&format!("\n{}\n", starts(latency)));
    }
    text.push_str(&compared(&report.comparisons, verbose));
    text.push_str(&not_compared(&report.not_compared, verbose));
    if report.model_wrong {
        text.push_str(&format!(
            "\n{}: please report it with\n  hosttune facts --output facts.json\n  \
             the same rehearsal with --format json\n",
            paint(BAD, "the model is wrong here")
        ));
    }
    if !report.apart.is_empty() {
        let apart = report.apart.join(", ");
        text.push_str(&format!("\nmet apart from the host's own: {apart}\n"));
    }
    let not = report.not_rehearsed.join(", ");
    text.push_str(&paint(FAINT, format!("not rehearsed: {not}\n")));
    text
}

fn compared(rows: &[Comparison], verbose: bool) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let (shown, hidden): (Vec<_>, Vec<_>) = rows
        .iter()
        .partition(|row| verbose || !row.agrees || row.matter == Matter::Stop);
    let cells = |row: &&Comparison| {
        let what = match row.matter {
            Matter::Stop => "stand-ins until",
            Matter::Use => "taken of",
        };
        let style = if row.agrees { GOOD } else { BAD };
        let word = if row.agrees { "agrees" } else { "differs" };
        let cells = [
            word.to_owned(),
            format!("{what} {}", row.name),
            predicted(row),
            row.observed.to_string(),
            format!("{:+}", row.difference),
        ];
        Row {
            style,
            cells: cells.to_vec(),
        }
    };
    let mut text = String::from("\n");
    if !shown.is_empty() {
        let rows: Vec<Row> = shown.iter().map(cells).collect();
        text.push_str(&table(
            &["", "WHAT", "PREDICTED", "OBSERVED", "DIFFERENCE"],
            &rows,
        ));
    }
    if !hidden.is_empty() {
        let said = format!(
            "{} predictions agree (--verbose lists them)\n",
            hidden.len()
        );
        text.push_str(&paint(FAINT, said));
    }
    text
}

/// The number, and between which the cost lets it be.
fn predicted(row: &Comparison) -> String {
    match (row.between.least, row.between.most) {
        (least, most) if least == most => row.predicted.to_string(),
        (least, most) => format!("{} ({least} to {most})", row.predicted),
    }
}

/// Uses that tell nothing of the model: how many, or each with its reason.
fn not_compared(rows: &[NotCompared], verbose: bool) -> String {
    if rows.is_empty() {
        return String::new();
    }
    if !verbose {
        let said = format!(
            "{} predictions were not compared (--verbose says why)\n",
            rows.len()
        );
        return paint(FAINT, said);
    }
    let line = |row: &NotCompared| format!("  {}: {}\n", row.name, row.why);
    let lines: String = rows.iter().map(line).collect();
    format!("\nnot compared:\n{lines}")
}

fn starts(latency: &Latency) -> String {
    let mut text = format!(
        "{} half within {:.0} ms, 90 % within {:.0} ms, 99 % within {:.0} ms, the longest {:.0} ms",
        paint(STRONG, "starts:"),
        latency.p50,
        latency.p90,
        latency.p99,
        latency.max
    );
    text.push('\n');
    text.push_str(&curve(&latency.hundreds));
    text
}

/// A line a hundred: half of its starts as a bar, and where 95 and 99 of 100 were done.
fn curve(hundreds: &[Hundred]) -> String {
    const WIDE: f64 = 40.0;
    let most = hundreds.iter().map(|part| part.p99).fold(1.0, f64::max);
    let cells = |milliseconds: f64| (milliseconds / most * WIDE).round() as usize;
    let line = |part: &Hundred| {
        let (half, near, last) = (cells(part.p50), cells(part.p95), cells(part.p99));
        let bar = "#".repeat(half) + &"=".repeat(near - half) + &"-".repeat(last - near);
        format!(
            "  up to {:>6}: {:>6.0} {:>6.0} {:>6.0} ms  {bar}",
            part.count, part.p50, part.p95, part.p99
        )
    };
    let lines: Vec<String> = hundreds.iter().map(line).collect();
    let head = "  running         p50    p95    p99";
    format!("{head}\n{}", lines.join("\n"))
}

/// Why fewer stand-ins are meant to run than were asked for.
pub(crate) fn clipped(plan: &Plan, clip: &Clip) -> String {
    format!(
        "{} of {} stand-ins: {} % of what is free at {} is left to everybody else (--to-the-limit goes on)",
        plan.target, plan.asked, clip.leaves_percent, clip.by
    )
}

/// How far it is.
pub(crate) fn progress(running: u64, target: u64, took: Duration) -> String {
    let rate = running as f64 / took.as_secs_f64().max(0.001);
    let left =
        left(running, target, took).map_or_else(String::new, |left| format!(", {left} left"));
    format!("{running} of {target} stand-ins, {rate:.0} a second{left}")
}

/// How long is left at the pace so far, in words.
fn left(running: u64, target: u64, took: Duration) -> Option<String> {
    let rate = running as f64 / took.as_secs_f64().max(0.001);
    let seconds = target.saturating_sub(running) as f64 / rate;
    (running > 0).then(|| duration::words(seconds.ceil() as u64))
}

/// What `--clean` took away.
pub(crate) fn cleaned(gone: &[String]) -> String {
    match gone {
        [] => "nothing of a rehearsal is left\n".to_owned(),
        gone => gone
            .iter()
            .map(|what| format!("removed {what}\n"))
            .collect(),
    }
}

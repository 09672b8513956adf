//! Messages explained: what is behind each, how that is known, and what to do.

use crate::ui::{BAD, FAINT, GOOD, STRONG, UNSURE, paint};
use explain::{Confidence, Fix, Live, Match, NONE};
use messages::Message;
use std::fmt::Write;

/// Longer messages are shortened where people read them, unless they ask for more.
const LONGEST: usize = 400;

/// The messages for people.
pub(crate) fn text(told: &[Message<Vec<Match>>], verbose: bool) -> String {
    let all = told.iter().map(|message| of_message(message, verbose));
    all.collect::<Vec<String>>().join("\n")
}

/// What else is in a log.
pub(crate) fn log(told: usize, lines: u64, other: u64) -> String {
    let messages = match told {
        0 => "no message is a sign of a limit".to_owned(),
        1 => "1 message".to_owned(),
        told => format!("{told} messages"),
    };
    let line = match lines {
        1 => "1 line".to_owned(),
        lines => format!("{lines} lines"),
    };
    let gap = if told == 0 { "" } else { "\n" };
    format!("{gap}{messages} in {line}; {other} say nothing of a limit\n")
}

fn of_message(message: &Message<Vec<Match>>, verbose: bool) -> String {
    let mut text = head(message, verbose);
    match message.found.split_first() {
        None => label(
            &mut text,
            UNSURE,
            "unknown",
            "no limit is known to print this, and nothing else either",
        ),
        Some((first, others)) => {
            whole(&mut text, first);
            for other in others {
                match verbose {
                    true => whole(&mut text, other),
                    false => brief(&mut text, other, first),
                }
            }
            if first.limit != NONE {
                label(
                    &mut text,
                    FAINT,
                    "more",
                    &format!("hosttune explain {}", first.limit),
                );
            }
        }
    }
    text
}

fn head(message: &Message<Vec<Match>>, verbose: bool) -> String {
    let mut shown: String = message.text.lines().collect::<Vec<_>>().join("\n  ");
    if !verbose && shown.chars().count() > LONGEST {
        shown = shown.chars().take(LONGEST).collect::<String>() + " …";
    }
    let place = match (message.first_line, message.count) {
        (1, 1) => String::new(),
        (line, 1) => format!("line {line}: "),
        (line, count) => format!("{count} times, first in line {line}: "),
    };
    format!("{}{}\n", paint(FAINT, place), paint(STRONG, shown))
}

/// Everything about one cause.
fn whole(text: &mut String, found: &Match) {
    let style = match found.confidence {
        Confidence::Proven | Confidence::Certain => BAD,
        Confidence::Likely | Confidence::Possible => UNSURE,
    };
    label(text, style, confidence(found), &name(found));
    label(text, FAINT, "because", &found.because);
    for evidence in &found.evidence {
        label(text, FAINT, "seen", evidence);
    }
    if let Some(told_apart) = &found.told_apart {
        label(text, FAINT, "apart", told_apart);
    }
    if let Some(live) = &found.live {
        label(text, FAINT, "here", &here(live));
    }
    for fix in &found.fix {
        let (said, command) = of_fix(fix);
        label(text, GOOD, "fix", &said);
        if let Some(command) = command {
            label(text, FAINT, "", command);
        }
    }
}

fn name(found: &Match) -> String {
    match limits::all().find(|limit| limit.id == found.limit) {
        Some(limit) => format!("{}: {}", limit.id, limit.bounds),
        None if found.limit == NONE => "no limit of the host".to_owned(),
        None => found.limit.clone(),
    }
}

/// A cause among others: what it is, and what would tell. What the first says too is not said again.
fn brief(text: &mut String, found: &Match, first: &Match) {
    let because = beyond(&found.because, &first.because, ": ");
    let said = format!("{} ({}): {because}", found.limit, confidence(found));
    label(text, FAINT, "or", &said);
    if let Some(told_apart) = &found.told_apart {
        let known = first.told_apart.as_deref().unwrap_or_default();
        label(text, FAINT, "", beyond(told_apart, known, ", "));
    }
}

/// A sentence without the parts at its beginning that another begins with too; each ends with `end`.
fn beyond<'a>(sentence: &'a str, other: &str, end: &str) -> &'a str {
    let ends = sentence.match_indices(end).map(|(at, _)| at + end.len());
    let shared = ends
        .take_while(|at| other.get(..*at) == sentence.get(..*at))
        .last();
    &sentence[shared.unwrap_or(0)..]
}

fn confidence(found: &Match) -> &'static str {
    match found.confidence {
        Confidence::Proven => "proven",
        Confidence::Certain => "certain",
        Confidence::Likely => "likely",
        Confidence::Possible => "possible",
    }
}

fn here(live: &Live) -> String {
    let place = &live.place;
    match (live.used, live.ceiling) {
        (Some(used), Some(ceiling)) => format!("{place}: {used} of {ceiling} taken"),
        (Some(used), None) => format!("{place}: {used} taken, and no ceiling that is known"),
        (None, Some(ceiling)) => {
            format!("{place}: a ceiling of {ceiling}, and what is taken of it is not known")
        }
        (None, None) => format!("{place}: neither the ceiling nor what is taken is known"),
    }
}

fn of_fix(fix: &Fix) -> (String, Option<&str>) {
    let setting = fix.setting.as_ref().map(|setting| format!(" ({setting})"));
    (
        format!("{}{}", fix.text, setting.unwrap_or_default()),
        fix.command.as_deref(),
    )
}

/// A line below a message: a word in a column of its own, then the sentence, in lines that fit. What has a
/// command in it stays in one line, to be copied.
fn label(text: &mut String, style: anstyle::Style, word: &str, sentence: &str) {
    const COLUMN: usize = 9;
    const WIDTH: usize = 86;
    let word = format!("{word:<COLUMN$}");
    let mut lines = vec![String::new()];
    for part in sentence.split(' ') {
        let line = lines.last().map_or(0, |line| line.chars().count());
        let whole = sentence.contains('`') || word.trim().is_empty() || line == 0;
        match lines.last_mut() {
            Some(last) if whole || line + part.chars().count() < WIDTH => {
                last.push_str(if line == 0 { "" } else { " " });
                last.push_str(part);
            }
            _ => lines.push(part.to_owned()),
        }
    }
    let indented = lines.join(&format!("\n{:1$}", "", COLUMN + 3));
    // Writing to memory does not fail.
    let _ = writeln!(text, "  {} {indented}", paint(style, word));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_not_said_again() {
        let first = "it was cut off, which may be: a: b";
        assert_eq!(
            beyond("it was cut off, which may be: c: d", first, ": "),
            "c: d"
        );
        assert_eq!(beyond("it is known", first, ": "), "it is known");
        assert_eq!(
            beyond(
                "`x` prints it, `z` shows it",
                "`x` prints it, `y` shows it",
                ", "
            ),
            "`z` shows it"
        );
    }

    #[test]
    fn sentences_are_folded_and_commands_are_not() {
        let (mut folded, mut whole) = (String::new(), String::new());
        label(&mut folded, FAINT, "because", &"word ".repeat(40));
        label(
            &mut whole,
            FAINT,
            "apart",
            &format!("`{}`", "word ".repeat(40)),
        );
        assert_eq!((folded.lines().count(), whole.lines().count()), (3, 1));
    }
}

//! A whole log: each of its messages that is a sign of something, with how often it was said.

use super::message::{Told, one, report, sure};
use crate::commands::Outcome;
use crate::duration;
use crate::failure::Failure;
use crate::render::explained;
use crate::ui::Ui;
use explain::Match;
use host::{Journal, Seen};
use messages::{LONGEST_INPUT, Log, MOST_MESSAGES};
use model::{Host, Problem};
use serde_json::json;
use std::io::Read;

/// Longer texts are logs, shorter ones may be one message.
const MOST_LINES_OF_A_MESSAGE: u64 = 20;
/// A look at the host takes milliseconds for each message.
const MOST_HELD_AGAINST_THE_HOST: usize = 100;

pub(super) fn of_file(path: &str, host: Option<&dyn Host>, ui: &Ui) -> Outcome {
    let mut file = host::log_file(path)?;
    Ok(explained_log(read(&mut file, path)?, host, ui))
}

pub(super) fn of_input(host: Option<&dyn Host>, ui: &Ui) -> Outcome {
    let (mut input, typed) = host::log_input();
    if typed {
        ui.progress("paste the message; an empty line does not end it, ctrl-d does");
    }
    Ok(explained_log(read(&mut input, "standard input")?, host, ui))
}

pub(super) fn of_journal(since: &str, host: Option<&dyn Host>, ui: &Ui) -> Outcome {
    // `2h` as everywhere else; the rest is as journalctl has it (systemd.time(7)).
    let ago = duration::parse(since).map(|ago| format!("-{}s", ago.as_secs()));
    let mut journal = Journal::since(ago.as_deref().unwrap_or(since))?;
    let log = read(&mut journal, "the journal")?;
    let cut_off = log.ended_early;
    let mut report = explained_log(log, host, ui);
    let seen = match cut_off {
        true => Seen::All,
        false => journal.end()?,
    };
    if let Seen::OwnOnly(needs) = seen {
        let problem = Problem::new("denied", "only a part of the journal could be read");
        report
            .problems
            .push(problem.help(format!("run as {needs}")));
    }
    Ok(report)
}

/// Reads to the end; what the words alone make a sign of is kept.
fn read(source: &mut dyn Read, what: &str) -> Result<Log<Vec<Match>>, Failure> {
    let judge = |text: &str| Some(explain::judge(text, None)).filter(|found| !found.is_empty());
    let read = messages::read(source, explain::may_be_sign, judge);
    read.map_err(|error| host::broke_off(what, &error).into())
}

fn explained_log(
    log: Log<Vec<Match>>,
    host: Option<&dyn Host>,
    ui: &Ui,
) -> crate::envelope::Report {
    let mut notes = notes(&log);
    if host.is_some() && log.messages.len() > MOST_HELD_AGAINST_THE_HOST {
        let message = format!(
            "only the first {MOST_HELD_AGAINST_THE_HOST} messages were held against the host"
        );
        notes.push(Problem::new("log", message).help("give one of the others with --text"));
    }
    let counts = json!({
        "lines": log.lines,
        "other": log.other,
        "cut": log.cut,
        "beyond": log.beyond,
        "ended_early": log.ended_early,
    });
    let (lines, other) = (log.lines, log.other);
    let single = as_one(&log, host);
    let told = match &single {
        Some(whole) => std::slice::from_ref(whole),
        None => &in_view_of(log.messages, host)[..],
    };
    let mut report = report(told, ui);
    report.payload["log"] = counts;
    if single.is_none() {
        report
            .text
            .push_str(&explained::log(told.len(), lines, other));
    }
    report.problems = notes;
    report
}

/// The first messages as the host shows them too.
fn in_view_of(mut messages: Vec<Told>, host: Option<&dyn Host>) -> Vec<Told> {
    let Some(host) = host else {
        return messages;
    };
    for message in messages.iter_mut().take(MOST_HELD_AGAINST_THE_HOST) {
        let found = explain::judge(&message.text, Some(host));
        if !found.is_empty() {
            message.found = found;
        }
    }
    messages
}

/// The whole text as one message, where it is short and its lines alone say less.
fn as_one(log: &Log<Vec<Match>>, host: Option<&dyn Host>) -> Option<Told> {
    let whole = log.whole.as_ref().filter(|whole| !whole.is_empty())?;
    if log.lines > MOST_LINES_OF_A_MESSAGE {
        return None;
    }
    let best = log
        .messages
        .iter()
        .map(|message| sure(&message.found))
        .max()
        .flatten();
    let by_words = one(whole, None);
    let one_line = whole.lines().count() == 1 && best.is_none();
    (one_line || sure(&by_words.found) > best).then(|| one(whole, host))
}

/// What was left out, in words.
fn notes(log: &Log<Vec<Match>>) -> Vec<Problem> {
    let mut notes = Vec::new();
    let mut note = |message: String, help: &str| {
        notes.push(Problem::new("log", message).help(help));
    };
    if log.cut > 0 {
        note(
            format!(
                "{} lines were longer than 96 KiB and cut off there",
                log.cut
            ),
            "give the message itself with --text",
        );
    }
    if log.beyond > 0 {
        note(
            format!(
                "{} lines came after the first {MOST_MESSAGES} different messages and are counted only",
                log.beyond
            ),
            "give a shorter piece of the log",
        );
    }
    if log.ended_early {
        note(
            format!("only the first {} MiB were read", LONGEST_INPUT >> 20),
            "give a later piece of it: `tail -c 1G`",
        );
    }
    notes
}

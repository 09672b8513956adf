//! One message, and what is said of several: which limit is behind each.

use crate::envelope::Report;
use crate::exit::Exit;
use crate::render::explained;
use crate::ui::Ui;
use explain::{Confidence, Match, NONE};
use messages::{LONGEST_MESSAGE, Message, printable, unwrap};
use model::Host;
use serde_json::{Value, json};

/// A message with its causes.
pub(super) type Told = Message<Vec<Match>>;

/// Explains one message, known or not.
pub(super) fn of_text(text: &str, host: Option<&dyn Host>, ui: &Ui) -> Report {
    report(&[one(text, host)], ui)
}

/// One message; where it has several lines, each alone may say more than all together.
pub(super) fn one(text: &str, host: Option<&dyn Host>) -> Told {
    let text = printable(text.trim());
    let lines: Vec<String> = text
        .lines()
        .map(unwrap)
        .filter(|line| !line.is_empty())
        .collect();
    let whole = lines.join("\n");
    let alone = lines.iter().filter(|_| lines.len() > 1).map(String::as_str);
    let readings = [whole.as_str(), &text].into_iter().chain(alone);
    let judged = readings.map(|words| explain::judge(words, host));
    // Of equals the first counts, which is all of it.
    let found = judged.fold(Vec::new(), |best, next| match sure(&next) > sure(&best) {
        true => next,
        false => best,
    });
    Told {
        text: shortened(&text),
        count: 1,
        first_line: 1,
        found,
    }
}

/// How sure the best of several causes is.
pub(super) fn sure(found: &[Match]) -> Option<Confidence> {
    found.first().map(|first| first.confidence)
}

fn shortened(text: &str) -> String {
    let mut end = text.len().min(LONGEST_MESSAGE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}

/// What is said of messages; the first of them decides.
pub(super) fn report(told: &[Told], ui: &Ui) -> Report {
    let first = told
        .first()
        .map_or(&[][..], |message| message.found.as_slice());
    let (verdict, exit) = match first.first() {
        None => ("unknown", Exit::Unknown),
        Some(found) if found.limit == NONE => ("no-limit", Exit::Findings),
        Some(_) => ("limit", Exit::Good),
    };
    let mut report = Report::new(verdict, exit);
    report.payload = json!({
        "messages": told.iter().map(as_json).collect::<Vec<_>>(),
        "matches": first,
    });
    report.text = explained::text(told, ui.verbose);
    report
}

fn as_json(message: &Told) -> Value {
    json!({
        "text": message.text,
        "count": message.count,
        "first_line": message.first_line,
        "matches": message.found,
    })
}

//! Writing profiles: entries as text that reads back as the same entries, each below what is
//! remarked about it.

use crate::lines::{self, Kind};
use crate::{ini, text};
use model::{Entry, Rejection};
use std::fmt::Write;

/// Far below what a line may hold, and still a line.
const WIDEST: usize = 1000;

/// An entry to write, and the comments to put above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The entry.
    pub entry: Entry,
    /// What is to be said about it: where it comes from, for example.
    pub remarks: Vec<String>,
}

/// The text of a profile. Sections come in the order in which the first of their entries does.
/// Entries that [`refuse`] has a word against must not be among them.
pub fn write(head: &[String], summary: Option<&str>, entries: &[Written]) -> String {
    let mut text = String::new();
    for line in head {
        comment(&mut text, line);
    }
    if let Some(summary) = summary.filter(|summary| holds("profile", "summary", summary)) {
        let _ = write!(text, "\n[profile]\nsummary = {summary}\n");
    }
    let mut headers: Vec<String> = Vec::new();
    for written in entries {
        let header = header(&written.entry);
        if !headers.contains(&header) {
            headers.push(header);
        }
    }
    for section in headers {
        let _ = write!(text, "\n{section}\n");
        for written in entries.iter().filter(|w| header(&w.entry) == section) {
            for remark in &written.remarks {
                comment(&mut text, remark);
            }
            reason(
                &mut text,
                written.entry.reason.as_deref().unwrap_or_default(),
            );
            let _ = writeln!(text, "{} = {}", written.entry.key, written.entry.value);
        }
    }
    text.trim_start().to_owned()
}

/// Why an entry has no place in a profile: its line would be refused, or read as another.
pub fn refuse(entry: &Entry) -> Option<Rejection> {
    let line = format!("{}\n{} = {}", header(entry), entry.key, entry.value);
    let file = "".into();
    let split = text::split(&file, line.as_bytes());
    let at = |mut rejection: Rejection| {
        rejection.span = entry.span.clone();
        rejection
    };
    if let Some(fault) = split.faults.into_iter().next() {
        return Some(at(fault));
    }
    let read = lines::read(split.lines);
    if let Some(rejection) = read.iter().find_map(|line| line.kind.as_ref().err()) {
        return Some(at(rejection.clone()));
    }
    let same = match read.as_slice() {
        [head, pair] => {
            let name = entry.name.as_deref();
            matches!(&head.kind, Ok(Kind::Section(h)) if h.kind == entry.kind && h.name == name)
                && matches!(&pair.kind, Ok(Kind::Pair(p)) if p.key == entry.key && p.value == entry.value)
        }
        _ => false,
    };
    match same {
        true => ini::cross_check(&read).err().map(at),
        false => {
            let message = format!(
                "`{}` has no place in a profile",
                crate::clip::clip(&entry.key)
            );
            Some(Rejection::new(&entry.span, message))
        }
    }
}

fn holds(kind: &str, key: &str, value: &str) -> bool {
    refuse(&Entry {
        kind: kind.to_owned(),
        name: None,
        key: key.to_owned(),
        value: value.to_owned(),
        reason: None,
        span: model::Span::new("", 1),
    })
    .is_none()
}

fn header(entry: &Entry) -> String {
    match &entry.name {
        Some(name) => format!("[{} {name}]", entry.kind),
        None => format!("[{}]", entry.kind),
    }
}

/// A comment, with what no reader could see spelled out; a `:` at its start would make it a reason.
fn comment(text: &mut String, line: &str) {
    text.push_str("# ");
    for character in line.chars().take(WIDEST) {
        let escaped = character.escape_debug().to_string();
        match escaped.starts_with("\\u") || character.is_control() {
            true => text.push_str(&escaped),
            false => text.push(character),
        }
    }
    text.push('\n');
}

/// A reason in lines that read back as the same sentence.
fn reason(text: &mut String, reason: &str) {
    let mut line = String::new();
    for word in reason.split(' ').filter(|word| !word.is_empty()) {
        if !line.is_empty() && line.len() + word.len() > WIDEST {
            let _ = writeln!(text, "#: {line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        let _ = writeln!(text, "#: {line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Span;

    fn entry(kind: &str, name: Option<&str>, key: &str, value: &str) -> Entry {
        Entry {
            kind: kind.to_owned(),
            name: name.map(str::to_owned),
            key: key.to_owned(),
            value: value.to_owned(),
            reason: None,
            span: Span::new("there", 7),
        }
    }

    #[test]
    fn sections_are_written_once_with_remarks_above_reasons() {
        let mut first = entry("sysctl", None, "vm.swappiness", "5");
        first.reason = Some("a host that swaps late".to_owned());
        let unit = entry("unit", Some("a.service"), "TasksMax", "infinity");
        let last = entry("sysctl", None, "fs.nr_open", "9");
        let written = [first, unit, last].map(|entry| Written {
            remarks: vec![format!("{}\n", entry.span)],
            entry,
        });
        assert_eq!(
            write(&["merged".to_owned()], Some("a \"summary\""), &written),
            "# merged\n\n[profile]\nsummary = a \"summary\"\n\n[sysctl]\n# there:7\\n\n\
             #: a host that swaps late\nvm.swappiness = 5\n# there:7\\n\nfs.nr_open = 9\n\n\
             [unit a.service]\n# there:7\\n\nTasksMax = infinity\n"
        );
    }

    #[test]
    fn what_would_not_read_back_is_refused_where_it_comes_from() {
        for (name, key, value) in [
            (None, "a b", "1"),
            (None, "a", "1 # why"),
            (None, "a", ""),
            (None, "a", "1\n[unit b]"),
            (None, "a", "\u{202e}1"),
            (None, "a", " 1"),
            (None, "a:b", "1"),
            (None, "a", "\"quoted\""),
            (Some("a b"), "a", "1"),
            (Some(""), "a", "1"),
        ] {
            let refused = refuse(&entry("unit", name, key, value));
            assert_eq!(
                refused.map(|r| r.span.line),
                Some(7),
                "{name:?} {key} {value}"
            );
        }
        assert_eq!(
            refuse(&entry("ulimit", Some("*"), "nofile", "exact 5")),
            None
        );
    }
}

//! Pages: what there is to know of one limit or one setting, put together from the tables of the program.

mod cost;
mod elsewhere;
mod here;
mod known;
mod limit;
mod nobody;
mod profiles;
mod setting;
mod signs;

use crate::ui::{STRONG, paint};
use model::Host;
use nobody::Nobody;
use serde::Serialize;
use std::fmt::Write;

/// The columns that a page for people takes.
const WIDTH: usize = 98;

/// A page.
#[derive(Debug, Serialize)]
pub(crate) struct Page {
    /// The limit's or the setting's name.
    pub(crate) id: String,
    /// `limit` or `setting`.
    pub(crate) kind: &'static str,
    /// What it is.
    pub(crate) summary: String,
    /// The rest; none of them is empty.
    pub(crate) sections: Vec<Section>,
}

/// A part of a page.
#[derive(Debug, Serialize)]
pub(crate) struct Section {
    /// What it is about.
    pub(crate) heading: &'static str,
    /// Its sentences.
    pub(crate) lines: Vec<String>,
}

/// The page of a limit or a setting; where there is none, the name that is nearest.
pub(crate) fn find(id: &str, host: Option<&dyn Host>) -> Result<Page, Option<String>> {
    if let Some(limit) = limits::all().find(|limit| limit.id == id) {
        return Ok(limit::page(limit, host));
    }
    match known::setting(id, host) {
        Some(key) => Ok(setting::page(&key, host)),
        None => Err(known::nearest(id)),
    }
}

/// The pages of all limits, of no host in particular.
pub(crate) fn of_limits() -> impl Iterator<Item = Page> {
    limits::all().map(|limit| limit::page(limit, None))
}

impl Page {
    fn new(id: impl Into<String>, kind: &'static str, summary: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            kind,
            summary: summary.into(),
            sections: Vec::new(),
        }
    }

    /// The same with a part, unless there is nothing in it.
    fn with(mut self, heading: &'static str, lines: Vec<String>) -> Self {
        if !lines.is_empty() {
            self.sections.push(Section { heading, lines });
        }
        self
    }

    /// The page for people.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("{}: {}\n", paint(STRONG, &self.id), self.summary);
        for section in &self.sections {
            // Writing to memory does not fail.
            let _ = write!(text, "\n{}\n", paint(STRONG, section.heading));
            for line in &section.lines {
                text.push_str(&folded(line));
            }
        }
        text
    }

    /// The page as a document.
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("# {}\n\n{}.\n", self.id, escaped(&self.summary));
        for section in &self.sections {
            let heading = section.heading;
            let (first, rest) = heading.split_at(1);
            let _ = write!(text, "\n## {}{rest}\n\n", first.to_uppercase());
            for line in &section.lines {
                let _ = writeln!(text, "- {}", escaped(line));
            }
        }
        text
    }
}

/// A sentence below a heading, in lines that fit.
fn folded(sentence: &str) -> String {
    let (mut text, mut line) = (String::new(), String::from("  -"));
    for word in sentence.split(' ') {
        if line.chars().count() + 1 + word.chars().count() > WIDTH && line.trim() != "-" {
            let _ = writeln!(text, "{line}");
            line = "   ".to_owned();
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(text, "{line}");
    text
}

/// What Markdown would take for a sign of its own.
fn escaped(sentence: &str) -> String {
    let mut text = String::new();
    let mut quoted = false;
    for letter in sentence.chars() {
        quoted ^= letter == '`';
        if !quoted && matches!(letter, '*' | '_' | '<' | '>' | '[' | ']') {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_has_a_page_that_says_where_it_is_from() {
        for page in of_limits() {
            let headings: Vec<&str> = page
                .sections
                .iter()
                .map(|section| section.heading)
                .collect();
            for needed in ["who uses it", "what raises it", "sources"] {
                assert!(headings.contains(&needed), "{}: {headings:?}", page.id);
            }
            assert!(!headings.contains(&"here"), "{}", page.id);
        }
    }

    #[test]
    fn a_slip_of_the_hand_is_told_apart_from_a_stranger() {
        let slip = find("kernel.pid_mx", None).unwrap_err();
        assert_eq!(slip.as_deref(), Some("kernel.pid_max"));
        assert_eq!(find("wholly-unknown-thing", None).unwrap_err(), None);
    }

    #[test]
    fn long_sentences_are_folded_and_signs_of_markdown_are_not_taken_for_any() {
        let text = folded(&"word ".repeat(40));
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
        assert!(text.lines().skip(1).all(|line| line.starts_with("    ")));
        assert_eq!(escaped("a_b `c_d` <e>"), "a\\_b `c_d` \\<e\\>");
    }
}

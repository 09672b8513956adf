//! The strict line pass: what each physical line is, before rust-ini is asked.
//!
//! rust-ini reads far more than a profile should say: it joins a line without `=` to the next one,
//! divides at `:`, and takes an indented comment for a key. So every line is judged here first, by
//! itself, and rust-ini sees only what is left to agree on.

use crate::header::{self, Header};
use crate::pair::{self, BLANKS, Pair};
use crate::text::Raw;
use model::{Rejection, Span};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind<'a> {
    Blank,
    Comment,
    /// A `#:` line: why the pair below it is there.
    Reason(&'a str),
    Section(Header<'a>),
    Pair(Pair<'a>),
}

/// One physical line, and what it is or why it is nothing.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    pub(crate) span: Span,
    pub(crate) text: &'a str,
    pub(crate) kind: Result<Kind<'a>, Rejection>,
    /// Whether it was to begin a section, if a broken one: what follows is then not out of place.
    pub(crate) opens_section: bool,
}

/// Judges each line by itself.
pub(crate) fn read(raw: Vec<Raw<'_>>) -> Vec<Line<'_>> {
    raw.into_iter()
        .map(|raw| {
            let first = raw.bytes.iter().find(|byte| !matches!(byte, b' ' | b'\t'));
            let (text, kind) = match raw.text {
                Ok(text) => (text, judge(text, &raw.span)),
                Err(rejection) => ("", Err(rejection)),
            };
            Line {
                span: raw.span,
                text,
                kind,
                opens_section: first == Some(&b'['),
            }
        })
        .collect()
}

fn judge<'a>(text: &'a str, span: &Span) -> Result<Kind<'a>, Rejection> {
    let line = text.trim_matches(BLANKS);
    if line.is_empty() {
        return Ok(Kind::Blank);
    }
    if let Some(reason) = line.strip_prefix("#:") {
        return reason_of(reason.trim_matches(BLANKS), span).map(Kind::Reason);
    }
    if line.starts_with(['#', ';']) {
        return Ok(Kind::Comment);
    }
    // rust-ini trims every Unicode white space, so a no-break blank would vanish without a word.
    let wide = |c: char| c.is_whitespace() && !BLANKS.contains(&c);
    if let Some((index, odd)) = text.chars().enumerate().find(|(_, c)| wide(*c)) {
        let message = format!(
            "white space U+{:04X} at column {}",
            u32::from(odd),
            index + 1
        );
        return Err(Rejection::new(span, message).help("put a plain blank in its place"));
    }
    if line.starts_with('[') {
        return header::read(line, span).map(Kind::Section);
    }
    pair::read(line, span).map(Kind::Pair)
}

fn reason_of<'a>(reason: &'a str, span: &Span) -> Result<&'a str, Rejection> {
    if reason.is_empty() {
        let refusal = Rejection::new(span, "`#:` begins a reason, but none follows");
        return Err(refusal.help("write `#` for a comment"));
    }
    if reason.contains('\t') {
        let refusal = Rejection::new(span, "a tab inside a reason");
        return Err(refusal.help("put a blank in its place"));
    }
    Ok(reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    fn kinds(content: &str) -> Vec<String> {
        let lines = read(text::split(&"a.ini".into(), content.as_bytes()).lines);
        let told = |line: Line<'_>| match line.kind {
            Ok(kind) => format!("{kind:?}"),
            Err(rejection) => rejection.to_string(),
        };
        lines.into_iter().map(told).collect()
    }

    #[test]
    fn comments_may_be_indented_and_hold_anything_visible() {
        assert_eq!(
            kinds("# a = b\n\t; [c\n  #\n \t \n#!x\ty"),
            ["Comment", "Comment", "Comment", "Blank", "Comment"]
        );
    }

    #[test]
    fn reasons_are_told_from_comments() {
        assert_eq!(
            kinds("  #: twelve threads  "),
            ["Reason(\"twelve threads\")"]
        );
        assert_eq!(kinds("# : no\n;: no"), ["Comment", "Comment"]);
        assert_eq!(
            kinds("#:"),
            ["a.ini:1: `#:` begins a reason, but none follows"]
        );
        assert_eq!(kinds("#: a\tb"), ["a.ini:1: a tab inside a reason"]);
    }

    #[test]
    fn a_no_break_blank_is_seen() {
        assert_eq!(
            kinds("k = 5\u{a0}"),
            ["a.ini:1: white space U+00A0 at column 6"]
        );
        assert_eq!(kinds("# a\u{a0}b"), ["Comment"]);
    }

    #[test]
    fn a_broken_header_is_still_known_as_one() {
        let lines = read(text::split(&"a.ini".into(), b" [sys\xff]\nk = 5").lines);
        assert!(lines[0].opens_section && lines[0].kind.is_err());
        assert!(!lines[1].opens_section);
    }
}

//! A section header: `[kind]` or `[kind NAME]`.

use crate::clip::clip;
use crate::pair::BLANKS;
use model::{Rejection, Span};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header<'a> {
    /// What stands between the brackets, trimmed: the section's name to rust-ini.
    pub(crate) inner: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) name: Option<&'a str>,
}

/// Reads a trimmed line that begins with `[`.
pub(crate) fn read<'a>(line: &'a str, span: &Span) -> Result<Header<'a>, Rejection> {
    let refuse = |message: String| Rejection::new(span, message);
    let inside = line.strip_prefix('[').unwrap_or(line);
    let Some((inside, after)) = inside.split_once(']') else {
        return Err(refuse(format!(
            "section header `{}` lacks its `]`",
            clip(line)
        )));
    };
    let inner = inside.trim_matches(BLANKS);
    if let Some(odd) = inner.chars().find(|c| !allowed(*c)) {
        return Err(refuse(format!(
            "`{}` does not belong in a section header",
            odd
        )));
    }
    if !after.is_empty() {
        let message = format!(
            "`{}` follows the `]` of a section header",
            clip(after.trim_matches(BLANKS))
        );
        return Err(refuse(message).help("put it on a line of its own"));
    }
    // systemd escapes unit names as `\x2d`, so the character is allowed, but as the last one it
    // would take the bracket with it: rust-ini reads `\]` as text.
    if inner.ends_with('\\') {
        return Err(refuse("a section header cannot end in `\\`".to_owned()));
    }
    let mut words = inner.split(BLANKS).filter(|word| !word.is_empty());
    match (words.next(), words.next(), words.next()) {
        (None, ..) => Err(refuse("a section header without a word in it".to_owned())),
        (Some(kind), name, None) => Ok(Header { inner, kind, name }),
        _ => Err(refuse(format!(
            "section header `{}` has more than two words",
            clip(line)
        ))
        .help("a section is `[kind]` or `[kind NAME]`")),
    }
}

fn allowed(character: char) -> bool {
    BLANKS.contains(&character)
        || (character.is_ascii_graphic()
            && !matches!(character, '[' | '"' | '\'' | '`' | '#' | ';' | '='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> String {
        match read(line, &Span::new("a.ini", 1)) {
            Ok(header) => format!("{} {:?}", header.kind, header.name),
            Err(rejection) => rejection.message,
        }
    }

    #[test]
    fn one_word_or_two() {
        assert_eq!(told("[sysctl]"), "sysctl None");
        assert_eq!(
            told("[ unit\tvar-lib\\x2ddocker.mount ]"),
            "unit Some(\"var-lib\\\\x2ddocker.mount\")"
        );
        assert_eq!(
            told("[unit a b]"),
            "section header `[unit a b]` has more than two words"
        );
    }

    #[test]
    fn brackets_are_closed_once_and_last() {
        assert_eq!(told("[sysctl"), "section header `[sysctl` lacks its `]`");
        assert_eq!(told("[ ]"), "a section header without a word in it");
        assert_eq!(
            told("[sysctl] # mine"),
            "`# mine` follows the `]` of a section header"
        );
        assert_eq!(
            told("[[sysctl]]"),
            "`[` does not belong in a section header"
        );
        assert_eq!(told("[[sysctl]"), "`[` does not belong in a section header");
        assert_eq!(told("[a\\]"), "a section header cannot end in `\\`");
        assert_eq!(told("[sуsctl]"), "`у` does not belong in a section header");
    }
}

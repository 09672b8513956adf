//! Text that no terminal obeys: colours are taken off, every other control is spelled out.

use std::borrow::Cow;
use std::fmt::Write;

const ESCAPE: char = '\u{1b}';

/// The same without anything that a terminal acts on. Line ends and tabs stay.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some(after) = colour(rest) {
            rest = after;
            continue;
        }
        match acts(letter) {
            // Writing to memory does not fail. The spelling is that of less(1).
            true => drop(write!(clean, "<U+{:04X}>", u32::from(letter))),
            false => clean.push(letter),
        }
        rest = &rest[letter.len_utf8()..];
    }
    Cow::Owned(clean)
}

/// Whether a terminal does something else with a character than to show it: the controls of both halves of
/// ISO/IEC 6429, and those of Unicode that turn the direction of what follows (UAX #9) or end a line.
fn acts(letter: char) -> bool {
    match letter {
        '\n' | '\t' => false,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' => true,
        '\u{feff}' => true,
        letter => letter.is_control(),
    }
}

/// What follows on a sequence that sets a colour or a weight (`ESC [ … m`).
fn colour(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(ESCAPE)?.strip_prefix('[')?;
    let rest = rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ';');
    rest.strip_prefix('m')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn colours_go_and_controls_are_spelled_out() {
        let seen =
            printable("\u{1b}[1;31mred\u{1b}[0m \u{1b}]0;title\u{7} \u{9b}2J \u{202e}x\0\ty\n");
        let expected = "red <U+001B>]0;title<U+0007> <U+009B>2J <U+202E>x<U+0000>\ty\n";
        assert_eq!(seen, expected);
        assert!(matches!(printable("plain, größer"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn nothing_that_acts_is_left(text in any::<String>()) {
            prop_assert!(!printable(&text).chars().any(acts));
        }
    }
}

//! The text of a message without what its carriers did to it: escapes, colours, capitals.

/// More of a message than this is not looked at.
const LONGEST: usize = 32 * 1024;

/// In lower case, one kind of quote, without terminal sequences; what a log line or a Go error escaped is
/// as it was before.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len().min(LONGEST));
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if plain.len() >= LONGEST {
            break;
        }
        match letter {
            '\u{1b}' => {
                if letters.next_if_eq(&'[').is_some() {
                    while letters.next().is_some_and(|c| !c.is_ascii_alphabetic()) {}
                }
            }
            '\\' => {
                while letters.next_if_eq(&'\\').is_some() {}
                match letters.peek() {
                    Some('n') => {
                        letters.next();
                        plain.push('\n');
                    }
                    Some('t') => {
                        letters.next();
                        plain.push(' ');
                    }
                    _ => {}
                }
            }
            '‘' | '’' | '`' | '´' => plain.push('\''),
            '“' | '”' => plain.push('"'),
            '\t' | '\r' | '\u{a0}' => plain.push(' '),
            '\n' => plain.push('\n'),
            letter if letter.is_control() => {}
            letter => plain.push(letter.to_ascii_lowercase()),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn escapes_of_every_depth_are_gone() {
        let text = r#"caused \"mounting \\\"/Run\\\" failed\"\nNext"#;
        assert_eq!(plain(text), "caused \"mounting \"/run\" failed\"\nnext");
        assert_eq!(plain("\u{1b}[31mred\u{1b}[0m ‘x’"), "red 'x'");
    }

    #[test]
    fn a_message_without_end_has_one() {
        assert!(plain(&"é".repeat(100_000)).len() < 40_000);
        assert_eq!(plain("\u{1b}[1;2"), "");
    }
}

//! A word of a shell script: its quotes, and what they keep together.

use super::expansion::COMMAND;
use super::lexer::{Lexer, Part, Word};

impl Lexer {
    pub(super) fn word(&mut self) -> Word {
        let mut word = Word {
            line: self.line,
            ..Word::default()
        };
        while let Some(next) = self.peek(0) {
            match next {
                ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | ')' => break,
                '(' if word.ends_with_equals() => {
                    let part = self.enclosed(0, '(', ')', "is a list");
                    word.push(part);
                }
                '<' | '>' if word.parts.is_empty() && self.peek(1) == Some('(') => {
                    let part = self.enclosed(1, '(', ')', COMMAND);
                    word.push(part);
                }
                '(' | '<' | '>' => break,
                '\\' => {
                    self.skip(1);
                    word.quoted = true;
                    match self.next() {
                        Some('\n') | None => {}
                        Some(escaped) => word.put(escaped),
                    }
                }
                '\'' => self.single_quoted(&mut word),
                '"' => self.double_quoted(&mut word),
                '$' if self.peek(1) == Some('\'') => {
                    self.skip(1);
                    self.ansi_quoted(&mut word);
                }
                '$' if self.peek(1) == Some('"') => self.skip(1),
                '$' | '`' => {
                    let part = self.expansion();
                    word.push(part);
                }
                _ => {
                    self.skip(1);
                    word.put(next);
                }
            }
        }
        if word.parts.is_empty() && !word.quoted {
            // A lone `(` behind a word, as in a definition of a function, is an operator; anything
            // else that stops a word at once must not stop the reader.
            self.skip(1);
        }
        word
    }

    pub(super) fn single_quoted(&mut self, word: &mut Word) {
        word.quoted = true;
        self.skip(1);
        while let Some(next) = self.next().filter(|next| *next != '\'') {
            word.put(next);
        }
    }

    pub(super) fn ansi_quoted(&mut self, word: &mut Word) {
        word.quoted = true;
        self.skip(1);
        let mut text = String::new();
        while let Some(next) = self.next().filter(|next| *next != '\'') {
            text.push(next);
            if next == '\\' {
                text.extend(self.next());
            }
        }
        word.push(Part::Text(super::output::unescaped(&text)));
    }

    pub(super) fn double_quoted(&mut self, word: &mut Word) {
        word.quoted = true;
        self.skip(1);
        while let Some(next) = self.peek(0) {
            match (next, self.peek(1)) {
                ('"', _) => return self.skip(1),
                ('\\', Some('\n')) => self.skip(2),
                ('\\', Some(escaped @ ('$' | '`' | '"' | '\\'))) => {
                    self.skip(2);
                    word.put(escaped);
                }
                ('$' | '`', _) => {
                    let part = self.expansion();
                    word.push(part);
                }
                _ => {
                    self.skip(1);
                    word.put(next);
                }
            }
        }
    }
}

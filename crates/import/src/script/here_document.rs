//! Here-documents: where their bodies lie, and what of them is literal.

use super::lexer::{Lexer, Lines, Part, Pending, Token, Word};

impl Lexer {
    pub(super) fn here_document(&mut self) {
        let strip_tabs = self.peek(0) == Some('-');
        self.skip(usize::from(strip_tabs));
        while matches!(self.peek(0), Some(' ' | '\t')) {
            self.skip(1);
        }
        let word = self.word();
        let delimiter = word.parts.iter().map(|part| match part {
            Part::Text(text) => text.as_str(),
            Part::Variable { written, .. } | Part::Computed { written, .. } => written,
        });
        self.pending.push(Pending {
            document: self.documents.len(),
            delimiter: delimiter.collect(),
            literal: word.quoted,
            strip_tabs,
        });
        self.tokens.push(Token::HereDocument(self.documents.len()));
        self.documents.push(Vec::new());
    }

    /// The bodies that begin on the line that was just reached.
    pub(super) fn here_documents(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            let first = self.line;
            let mut body: Vec<String> = Vec::new();
            while self.at < self.text.len() {
                let rest = &self.text[self.at..];
                let length = rest.iter().position(|c| *c == '\n').unwrap_or(rest.len());
                let raw: String = rest[..length].iter().collect();
                self.skip((length + 1).min(rest.len()));
                let raw = match pending.strip_tabs {
                    true => raw.trim_start_matches('\t').to_owned(),
                    false => raw,
                };
                if raw.trim_end_matches('\r') == pending.delimiter {
                    break;
                }
                body.push(raw);
            }
            self.documents[pending.document] = match pending.literal {
                true => body
                    .into_iter()
                    .enumerate()
                    .map(|(index, line)| (first + index, vec![Part::Text(line)]))
                    .collect(),
                false => Self::new(&body.join("\n"), first).body(),
            };
        }
    }

    /// The lines of a here-document whose delimiter is not quoted.
    pub(super) fn body(&mut self) -> Lines {
        let mut lines = Vec::new();
        let (mut first, mut word) = (self.line, Word::default());
        while let Some(next) = self.peek(0) {
            match (next, self.peek(1)) {
                ('\\', Some('\n')) => self.skip(2),
                ('\\', Some(escaped @ ('$' | '`' | '\\'))) => {
                    self.skip(2);
                    word.put(escaped);
                }
                ('$' | '`', _) => {
                    let part = self.expansion();
                    word.push(part);
                }
                ('\n', _) => {
                    self.skip(1);
                    lines.push((first, std::mem::take(&mut word.parts)));
                    first = self.line;
                }
                _ => {
                    self.skip(1);
                    word.put(next);
                }
            }
        }
        lines.push((first, word.parts));
        lines
    }
}

//! Expansions: variables by name, and everything else as what only a run would tell.

use super::lexer::{Lexer, Part};

pub(super) const COMMAND: &str = "is the output of a command, which import does not run";

impl Lexer {
    /// What begins at a `$` or a backquote.
    pub(super) fn expansion(&mut self) -> Part {
        if self.sees("`") {
            return self.backquoted();
        }
        if self.sees("$((") {
            return self.enclosed(1, '(', ')', "is arithmetic, which import does not do");
        }
        if self.sees("$(") {
            return self.enclosed(1, '(', ')', COMMAND);
        }
        if self.sees("${") {
            return braced(self.enclosed(
                1,
                '{',
                '}',
                "is an expansion that import does not follow",
            ));
        }
        self.skip(1);
        let mut name = String::new();
        match self.peek(0) {
            Some(special) if special.is_ascii_digit() || "@*#?!$-".contains(special) => {
                self.skip(1);
                name.push(special);
            }
            _ => {
                while let Some(letter) = self.peek(0).filter(|c| is_letter(*c)) {
                    self.skip(1);
                    name.push(letter);
                }
            }
        }
        match name.is_empty() {
            true => Part::Text("$".to_owned()),
            false => Part::Variable {
                written: format!("${name}"),
                name,
                fallback: None,
            },
        }
    }

    pub(super) fn backquoted(&mut self) -> Part {
        let rest = &self.text[self.at + 1..];
        let length = rest.iter().take(self.patience).position(|c| *c == '`');
        self.patience = self.patience.saturating_sub(length.unwrap_or(rest.len()));
        let end = length.map_or(self.at, |length| self.at + 1 + length);
        self.computed(end, COMMAND)
    }

    /// What stands between brackets, the first of which is `ahead` characters away; without its
    /// end, the opening alone.
    pub(super) fn enclosed(
        &mut self,
        ahead: usize,
        open: char,
        close: char,
        why: &'static str,
    ) -> Part {
        self.at += ahead;
        let end = self.closing(open, close);
        let last = end.unwrap_or(self.at);
        self.at -= ahead;
        self.computed(last, why)
    }

    pub(super) fn computed(&mut self, last: usize, why: &'static str) -> Part {
        let written: String = self.text[self.at..=last].iter().collect();
        self.skip(last + 1 - self.at);
        Part::Computed { written, why }
    }

    /// Where the bracket that opens here is closed, quotes and escapes regarded.
    pub(super) fn closing(&mut self, open: char, close: char) -> Option<usize> {
        let end = self.matching(open, close);
        let looked = end.unwrap_or(self.text.len()) - self.at;
        self.patience = self.patience.saturating_sub(looked);
        end
    }

    pub(super) fn matching(&self, open: char, close: char) -> Option<usize> {
        let mut depth = 0_usize;
        let mut at = self.at;
        while let Some(next) = self.text.get(at).copied() {
            match next {
                '\\' => at += 1,
                '\'' | '"' => {
                    let ends = |c: &char| *c == next;
                    at += 1 + self.text[at + 1..].iter().position(ends).unwrap_or(0);
                }
                _ if next == open => depth += 1,
                _ if next == close => depth -= 1,
                _ => {}
            }
            if depth == 0 && next == close {
                return Some(at);
            }
            at += 1;
            if at - self.at > self.patience {
                break;
            }
        }
        None
    }
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// `${NAME}` and `${NAME:-literal}`; anything else stays what only a run would tell.
fn braced(part: Part) -> Part {
    let Part::Computed { written, why } = part else {
        return part;
    };
    let inside = written
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'));
    let inside = inside.unwrap_or_default();
    let end = inside.find(|c| !is_letter(c)).unwrap_or(inside.len());
    let (name, rest) = inside.split_at(end);
    let fallback = rest.strip_prefix(":-").or_else(|| rest.strip_prefix('-'));
    let fallback = fallback.map(|text| text.trim_matches(['"', '\'']));
    let plain = fallback.is_none_or(|text| !text.contains(['$', '`', '\\', '"', '\'']));
    match !name.is_empty() && (rest.is_empty() || fallback.is_some()) && plain {
        true => Part::Variable {
            name: name.to_owned(),
            fallback: fallback.map(str::to_owned),
            written,
        },
        false => Part::Computed { written, why },
    }
}

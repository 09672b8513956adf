//! What `echo` and `printf` print, worked out from their words alone.

use super::lexer::{Lines, Part, Word};

/// As many lines as anybody writes settings with one `printf`.
const MOST: usize = 4096;

/// The lines that `echo` prints.
pub(crate) fn of_echo(words: &[Word]) -> Lines {
    let mut words = words;
    let mut escapes = false;
    while let Some((first, rest)) = words.split_first() {
        match first.literal() {
            Some(flags) if is_flags(flags) => {
                escapes |= flags.contains('e');
                words = rest;
            }
            _ => break,
        }
    }
    let mut sheet = Sheet::default();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            sheet.text(" ", word.line, false);
        }
        sheet.word(word, escapes);
    }
    sheet.finish()
}

fn is_flags(word: &str) -> bool {
    word.strip_prefix('-')
        .is_some_and(|flags| !flags.is_empty() && flags.chars().all(|c| "neE".contains(c)))
}

/// The lines that `printf` prints; none where its format is not a plain one.
pub(crate) fn of_printf(words: &[Word]) -> Option<Lines> {
    let words = match words.split_first() {
        Some((dashes, rest)) if dashes.literal() == Some("--") => rest,
        _ => words,
    };
    let (format, mut rest) = words.split_first()?;
    let pieces: Vec<String> = split_format(&unescaped(format.literal()?))?;
    let mut sheet = Sheet::default();
    loop {
        for (index, piece) in pieces.iter().enumerate() {
            if index > 0
                && let Some((word, others)) = rest.split_first()
            {
                sheet.word(word, false);
                rest = others;
            }
            let line = rest.first().map_or(format.line, |word| word.line);
            sheet.text(piece, line, false);
        }
        if rest.is_empty() || pieces.len() < 2 || sheet.lines.len() > MOST {
            return Some(sheet.finish());
        }
    }
}

/// The text around `%s` and `%d`; none where there is another conversion.
fn split_format(format: &str) -> Option<Vec<String>> {
    let mut pieces = vec![String::new()];
    let mut characters = format.chars();
    while let Some(next) = characters.next() {
        if next != '%' {
            pieces.last_mut()?.push(next);
            continue;
        }
        match characters.next() {
            Some('%') => pieces.last_mut()?.push('%'),
            Some('s' | 'd' | 'i' | 'u') => pieces.push(String::new()),
            _ => return None,
        }
    }
    Some(pieces)
}

/// The text with `\n`, `\t` and `\\` as what they stand for.
pub(crate) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(next) = characters.next() {
        match (next, next == '\\') {
            (_, false) => plain.push(next),
            _ => match characters.next() {
                Some('n') => plain.push('\n'),
                Some('t') => plain.push('\t'),
                Some(quote @ ('\\' | '\'' | '"')) => plain.push(quote),
                Some(other) => plain.extend(['\\', other]),
                None => plain.push('\\'),
            },
        }
    }
    plain
}

/// Lines being written.
#[derive(Default)]
struct Sheet {
    lines: Lines,
    parts: Vec<Part>,
    first: Option<usize>,
}

impl Sheet {
    fn word(&mut self, word: &Word, escapes: bool) {
        let mut line = word.line;
        for part in &word.parts {
            match part {
                Part::Text(text) if escapes => self.text(&unescaped(text), line, false),
                Part::Text(text) => {
                    self.text(text, line, true);
                    line += text.matches('\n').count();
                }
                open => {
                    self.first.get_or_insert(line);
                    self.parts.push(open.clone());
                }
            }
        }
    }

    /// Text that begins in a line of the script. Its line ends count on from there if they are the
    /// script's own, and not written as `\n`.
    fn text(&mut self, text: &str, line: usize, own: bool) {
        for (index, piece) in text.split('\n').enumerate() {
            let line = if own { line + index } else { line };
            if index > 0 {
                let first = self.first.take().unwrap_or(line);
                self.lines.push((first, std::mem::take(&mut self.parts)));
            }
            if !piece.is_empty() {
                self.first.get_or_insert(line);
                self.parts.push(Part::Text(piece.to_owned()));
            }
        }
    }

    fn finish(mut self) -> Lines {
        if !self.parts.is_empty() {
            self.lines.push((self.first.unwrap_or(1), self.parts));
        }
        self.lines
    }
}

//! A foreign file as lines of text, each with the number it has in the file that the operator named.

use model::Span;
use std::sync::Arc;

/// Lines and where they stand.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) file: Arc<str>,
    pub(crate) lines: Vec<(usize, String)>,
}

impl Text {
    /// The lines of a file; bytes that are no UTF-8 are replaced, and so are private-use
    /// characters, which stand for what a script leaves open.
    pub(crate) fn of(path: &str, content: &[u8]) -> Self {
        let text = String::from_utf8_lossy(content);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let lines = text.lines().enumerate();
        Self {
            file: path.into(),
            lines: lines
                .map(|(index, line)| (index + 1, line.replace(crate::holes::is_hole, "\u{fffd}")))
                .collect(),
        }
    }

    /// Other lines of the same file.
    pub(crate) fn part(&self, lines: Vec<(usize, String)>) -> Self {
        let file = Arc::clone(&self.file);
        Self { file, lines }
    }

    /// Where a line stands.
    pub(crate) fn span(&self, line: usize) -> Span {
        Span::new(Arc::clone(&self.file), line)
    }

    /// The lines that are neither empty nor a comment, trimmed.
    pub(crate) fn said(&self) -> impl Iterator<Item = (Span, &str)> {
        self.lines
            .iter()
            .map(|(number, line)| (self.span(*number), line.trim()))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with(['#', ';']))
    }

    /// All of it; its lines are in the order of `lines`.
    pub(crate) fn whole(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|(_, line)| line.as_str()).collect();
        lines.join("\n")
    }
}

/// A value with every run of white space made one blank: a profile has no tabs in its values.
pub(crate) fn blanks(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The beginning of a text, for a message.
pub(crate) fn clip(text: &str) -> String {
    let mut clipped: String = text.chars().take(60).collect();
    if text.chars().nth(60).is_some() {
        clipped.push('…');
    }
    clipped.replace(char::is_control, " ")
}

//! An entry: one `key = value` of a profile, as written, before anybody knows what it means.

use crate::Span;
use std::fmt;

/// One line of a profile with everything needed to complain about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The section's first word: the kind (`sysctl`, `unit`, …).
    pub kind: String,
    /// The section's second word, where the kind has one (`unit docker.service`).
    pub name: Option<String>,
    /// The key, trimmed.
    pub key: String,
    /// The value, trimmed.
    pub value: String,
    /// The reason given in the `#:` lines directly above.
    pub reason: Option<String>,
    /// Where the key stands.
    pub span: Span,
}

/// Why an entry was refused: a sentence, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The file and line at fault.
    pub span: Span,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do instead.
    pub help: Option<String>,
}

impl Rejection {
    /// A rejection of what stands at `span`.
    pub fn new(span: &Span, message: impl Into<String>) -> Self {
        Self {
            span: span.clone(),
            message: message.into(),
            help: None,
        }
    }

    /// The same with a next step.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.span, self.message)
    }
}

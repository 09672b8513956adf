//! A span: the file and line that a value was written at.

use std::fmt;
use std::sync::Arc;

/// Where a value was written; `line` counts from 1.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file as the operator would name it.
    pub file: Arc<str>,
    /// The line in that file, from 1.
    pub line: usize,
}

impl Span {
    /// The span of `line` in `file`.
    pub fn new(file: impl Into<Arc<str>>, line: usize) -> Self {
        Self {
            file: file.into(),
            line,
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

//! The library: where profiles come from, as far as this crate needs to know.

/// One profile as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file as the operator would name it; two sources with one path are the same profile.
    pub path: String,
    /// Its bytes, as they are.
    pub content: Vec<u8>,
}

/// Finds profiles: by name along a search path, or by path. It also decides whose files to trust.
pub trait Library {
    /// The profile called `reference`, as written by an operator or in the file `from`.
    fn open(&self, reference: &str, from: Option<&str>) -> Result<Source, LibraryError>;

    /// The names that can be opened, for suggestions.
    fn names(&self) -> Vec<String>;
}

/// Why a profile could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LibraryError {
    /// There is none of that name or at that path.
    #[error("not found")]
    NotFound,
    /// There is one, but it was not read: unreadable, or not to be trusted.
    #[error("{path}: {message}")]
    Refused {
        /// The file.
        path: String,
        /// Why, in lower case.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
}

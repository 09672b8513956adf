//! A setting: a key and what a profile wants of it.

use crate::{Desired, Shape, Span};
use std::fmt;

/// The name of a setting everywhere: `kind:name`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The kind, as the profile's section spells it.
    pub kind: &'static str,
    /// The name within the kind (`vm.swappiness`, `docker.service/TasksMax`).
    pub name: String,
}

impl Key {
    /// The key `kind:name`.
    pub fn new(kind: &'static str, name: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.name)
    }
}

/// What a profile wants of one key, and where it says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The key.
    pub key: Key,
    /// The wish.
    pub desired: Desired,
    /// How the key's values read and compare.
    pub shape: Shape,
    /// Written with a leading `-`: a host without the key is fine.
    pub optional: bool,
    /// Why the profile wants it.
    pub reason: Option<String>,
    /// Where the profile wants it.
    pub span: Span,
}

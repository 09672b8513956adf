//! What was derived: from which value to which, by which rule, and where the rule is written.

use super::Assumption;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// One value that no host has shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derived {
    /// The file, or what stands for one.
    pub reading: String,
    /// What the host shows.
    pub from: String,
    /// What it would show.
    pub value: String,
    /// The rule.
    pub rule: String,
    /// Where it is written.
    pub source: String,
}

/// What a host was assumed to have, and what was derived from that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supposed {
    /// What was assumed.
    pub assumption: Assumption,
    /// What was derived, of what was read.
    pub derived: Vec<Derived>,
}

/// A text that follows, and why.
pub(crate) struct Follows {
    /// The whole text of the reading.
    pub(crate) text: String,
    /// The rule.
    pub(crate) rule: &'static str,
    /// Where it is written.
    pub(crate) source: &'static str,
}

/// Everything that was derived, each reading once.
#[derive(Default)]
pub(crate) struct Log(Mutex<BTreeMap<String, Derived>>);

impl Log {
    /// Notes that the text of a reading follows; long texts are left to the rule.
    pub(crate) fn note(&self, reading: &str, from: &str, follows: &Follows) {
        let short = |text: &str| match text.trim() {
            text if text.contains('\n') || text.len() > 60 => "-".to_owned(),
            text => text.split_whitespace().collect::<Vec<_>>().join(" "),
        };
        let derived = Derived {
            reading: reading.to_owned(),
            from: short(from),
            value: short(&follows.text),
            rule: follows.rule.to_owned(),
            source: follows.source.to_owned(),
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(reading.to_owned(), derived);
    }

    /// All of it.
    pub(crate) fn entries(&self) -> Vec<Derived> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.values().cloned().collect()
    }
}

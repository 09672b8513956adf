//! What was seen when a value was looked for.

use crate::{Shape, Value};

/// The outcome of one look; unreadable is never taken for a difference, nor for agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observed {
    /// There is a value.
    Value(Value),
    /// There is none.
    Absent,
    /// It could not be read; the reason says why and what right is needed.
    Unreadable(String),
    /// The question does not arise here; the reason says why.
    NotApplicable(String),
}

impl Observed {
    /// The value, if one was seen.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The look in words.
    pub fn describe(&self, shape: &Shape) -> String {
        match self {
            Self::Value(value) => shape.describe(value),
            Self::Absent => "absent".to_owned(),
            Self::Unreadable(why) => format!("unreadable: {why}"),
            Self::NotApplicable(why) => why.clone(),
        }
    }
}

//! The ending: why a rehearsal started no more stand-ins.

use serde::Serialize;

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// All stand-ins that were meant to run did.
    AtTarget,
    /// The next one was refused.
    Refused,
    /// The time was over.
    Budget,
    /// A signal asked for the end.
    Interrupted,
    /// The host came under pressure.
    Pressure,
}

impl Ending {
    /// The word for it in text and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::AtTarget => "at-target",
            Self::Refused => "refused",
            Self::Budget => "budget",
            Self::Interrupted => "interrupted",
            Self::Pressure => "pressure",
        }
    }
}

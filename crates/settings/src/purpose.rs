//! What a record of the journal is of, and who undid it where nobody asked.

use serde::{Deserialize, Serialize};

/// What a record is of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// An apply of a profile.
    #[default]
    Apply,
    /// An install of hosttune itself.
    Install,
}

impl Purpose {
    /// The purpose's name in text and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Install => "install",
        }
    }

    pub(crate) fn is_apply(&self) -> bool {
        *self == Self::Apply
    }
}

/// Who undid an apply, where nobody asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// Its timer: nobody had confirmed it in time.
    Timer,
    /// A boot before it was confirmed.
    Boot,
}

impl By {
    /// The name in text and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Timer => "timer",
            Self::Boot => "boot",
        }
    }
}

//! What a message was found to say: a limit, how sure that is, and what to do.

use model::{Amount, Key};
use serde::{Serialize, Serializer};

/// The limit of a message that is not about a limit of the host.
pub const NONE: &str = "none";

/// How sure a match is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Among others.
    Possible,
    /// More than any other.
    Likely,
    /// The words decide.
    Certain,
    /// The live ceiling leaves no room now.
    Proven,
}

/// A cause that a message may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Match {
    /// The limit's id, or [`NONE`].
    pub limit: String,
    /// How sure that is.
    pub confidence: Confidence,
    /// Why.
    pub because: String,
    /// What of the message says so, and what of the host.
    pub evidence: Vec<String>,
    /// What told it from what prints the same, or the command that would.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told_apart: Option<String>,
    /// The ceiling on this host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<Live>,
    /// What to do.
    pub fix: Vec<Fix>,
}

/// A ceiling as the host shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Live {
    /// Where.
    pub place: String,
    /// How much there is; none where it is unlimited or not known.
    pub ceiling: Option<Amount>,
    /// How much is taken; none where that is not known.
    pub used: Option<Amount>,
}

/// Something that helps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// The setting, as a profile names it.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    pub setting: Option<Key>,
    /// The command that does it now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// What it is, as a sentence.
    pub text: String,
}

fn as_text<S: Serializer>(key: &Option<Key>, serializer: S) -> Result<S::Ok, S::Error> {
    match key {
        Some(key) => serializer.collect_str(key),
        None => serializer.serialize_none(),
    }
}

//! A refusal: the one call that failed, and for which stand-in.

use serde::{Deserialize, Serialize};

/// What an engine was told instead of another stand-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The stand-in that was refused, counted from 1.
    pub count: u64,
    /// What was tried: a system call with its object, or a request.
    pub call: String,
    /// The kernel's error by its symbol; none where something else refused.
    pub errno: Option<String>,
    /// The same as programs print it: `clone: resource temporarily unavailable`.
    pub message: String,
    /// The limit that was met, as `id@place`; none where it could not be told.
    pub limit: Option<String>,
    /// Limits that it can be, where there are several.
    pub candidates: Vec<String>,
}

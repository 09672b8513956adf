//! What a container was seen to take on this host, beside what the catalog says of it.

use crate::Amount;
use serde::Serialize;

/// A cost that was measured on this host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Here {
    /// What was counted.
    pub what: &'static str,
    /// On how many containers.
    pub containers: u64,
    /// What each takes.
    pub each: Amount,
    /// The least that it can be.
    pub least: Amount,
    /// The most that it can be.
    pub most: Amount,
    /// What the catalog says instead.
    pub catalog: Amount,
    /// How it was measured.
    pub how: &'static str,
    /// Why the catalog's is reckoned with all the same.
    pub not_used: Option<&'static str>,
}

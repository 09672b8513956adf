//! A row of the table: what a limit is, and how it is read on a host.

use crate::Scene;
use model::{Ceiling, Limit};

/// One limit with its reading.
pub struct Row {
    /// What is known about it before any host is asked.
    pub limit: Limit,
    /// Every place of this host where it can run out, with what the workload adds there. What
    /// cannot be read is a ceiling too, and says why; no answer is never no ceiling.
    pub read: fn(&Scene<'_>) -> Vec<Ceiling>,
}

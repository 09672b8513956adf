//! What keeps a rehearsal from being one: nothing is known of the host's limits then.

use model::HostError;
use thiserror::Error;

/// Why stand-ins could not be started, other than by a limit, or not be taken away.
#[derive(Debug, Error)]
pub enum RehearseError {
    /// A right or a part of the host that the engine cannot do without.
    #[error("{what}: {why}")]
    Missing {
        /// What was tried.
        what: String,
        /// Why it did not work.
        why: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// What runs the stand-ins went away or said something else than was agreed.
    #[error("the rehearsal's guard: {0}")]
    Guard(String),
    /// Something of the rehearsal is still there.
    #[error("{0} of the rehearsal is still there")]
    Left(String),
    /// The host could not be asked.
    #[error(transparent)]
    Host(#[from] HostError),
}

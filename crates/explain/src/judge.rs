//! Judging one message.

use crate::Match;
use model::Host;

/// Whether a line can be a sign of anything at all; what this refuses, [`judge`] does not know.
pub fn may_be_sign(_line: &str) -> bool {
    true
}

/// What is behind a message, best first; empty where that is not known. Without a host the words
/// alone decide.
pub fn judge(_text: &str, _host: Option<&dyn Host>) -> Vec<Match> {
    Vec::new()
}

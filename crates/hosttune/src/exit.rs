//! Exit codes: what a script learns without reading.

use model::{Fate, Verdict};
use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: met, fits, done, nothing to do.
    Good = 0,
    /// 1: drifted, pending, would change, stops or degrades.
    Findings = 1,
    /// 2: usage, profile or environment error; nothing was changed.
    Usage = 2,
    /// 3: cannot tell.
    Unknown = 3,
    /// 4: apply failed and everything is as before.
    Failed = 4,
    /// 5: not everything is as before.
    NotRestored = 5,
}

impl Exit {
    /// The code.
    pub(crate) fn code(self) -> u8 {
        self as u8
    }

    /// The graver of two results of looking: 1 before 3 before 0.
    pub(crate) fn or_worse(self, other: Self) -> Self {
        let rank = |exit: Self| match exit {
            Self::Good => 0,
            Self::Unknown => 1,
            Self::Findings => 2,
            Self::Usage => 3,
            Self::Failed => 4,
            Self::NotRestored => 5,
        };
        if rank(other) > rank(self) {
            other
        } else {
            self
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl From<Verdict> for Exit {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Met | Verdict::NotApplicable => Self::Good,
            Verdict::Unknown => Self::Unknown,
            Verdict::Pending | Verdict::Drifted => Self::Findings,
        }
    }
}

impl From<Fate> for Exit {
    fn from(fate: Fate) -> Self {
        match fate {
            Fate::Fits | Fate::NotApplicable | Fate::NotEnforced => Self::Good,
            Fate::Unknown => Self::Unknown,
            Fate::Degrades | Fate::Stops => Self::Findings,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_come_before_cannot_tell_before_good() {
        assert_eq!(Exit::Good.or_worse(Exit::Unknown), Exit::Unknown);
        assert_eq!(Exit::Findings.or_worse(Exit::Unknown), Exit::Findings);
        assert_eq!(Exit::Unknown.or_worse(Exit::Findings), Exit::Findings);
    }
}

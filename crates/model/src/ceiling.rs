//! A ceiling: one place where a limit can run out, how much there is and how much is taken.

use crate::{Amount, Cost, Effect, HostError, Key, Whom};

/// Why a number is not known, and the right that would show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// What stands in the way.
    pub why: String,
    /// The right that would help, if a right would.
    pub needs: Option<String>,
}

impl Unread {
    /// Not known for this reason, whoever asks.
    pub fn because(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            needs: None,
        }
    }
}

impl From<HostError> for Unread {
    fn from(error: HostError) -> Self {
        let needs = match &error {
            HostError::Denied { needs, .. } => Some(needs.clone()),
            _ => None,
        };
        Self {
            why: error.to_string(),
            needs,
        }
    }
}

/// How much there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// So much.
    Finite(Amount),
    /// No bound is set.
    Unlimited,
    /// It could not be read.
    Unread(Unread),
}

/// How much is taken already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Used {
    /// So much.
    Known(Amount),
    /// It could not be read; it is at least nothing, so the ceiling still bounds.
    Unknown(Unread),
}

/// Whether the ceiling holds for this workload at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Enforced,
    /// It is there, but whoever would meet it is exempt; the reason says why.
    NotEnforced(String),
    /// The workload does not use what it bounds, or the host does not have it.
    NotApplicable(String),
}

/// What raises a ceiling, and how much more than the bare need is wise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lever {
    /// The setting.
    pub setting: Key,
    /// Kept free above the need, besides the share that every raise keeps.
    pub reserve: Amount,
    /// What of the setting's value is no part of the ceiling (`kernel.pty.reserve` of
    /// `kernel.pty.max`).
    pub withheld: Amount,
}

/// One place where a limit can run out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ceiling {
    /// The host, a bridge, a cgroup, a user, a process.
    pub place: String,
    /// Whether it holds here.
    pub standing: Standing,
    /// What running out does.
    pub effect: Effect,
    /// How much there is.
    pub max: Bound,
    /// Where that was read.
    pub max_source: String,
    /// How much is taken.
    pub used: Used,
    /// Where that was read.
    pub used_source: String,
    /// What the workload adds here.
    pub cost: Cost,
    /// Whose containers count here.
    pub whom: Whom,
    /// How many such places share the nodes evenly; this is each of them.
    pub places: u64,
    /// What raises it; empty where only another shape of the workload helps.
    pub levers: Vec<Lever>,
    /// Which other shape of the workload helps.
    pub reshape: Option<String>,
    /// What else must be known to read this.
    pub note: Option<String>,
}

impl Ceiling {
    /// A ceiling that stops, with nothing known about it yet.
    pub fn new(place: impl Into<String>, cost: Cost) -> Self {
        Self {
            place: place.into(),
            standing: Standing::Enforced,
            effect: Effect::Stops,
            max: Bound::Unlimited,
            max_source: String::new(),
            used: Used::Known(Amount::ZERO),
            used_source: String::new(),
            cost,
            whom: Whom::All,
            places: 1,
            levers: Vec::new(),
            reshape: None,
            note: None,
        }
    }

    /// A ceiling that does not concern this workload or this host.
    pub fn not_applicable(place: impl Into<String>, why: impl Into<String>) -> Self {
        let mut ceiling = Self::new(place, Cost::NOTHING);
        ceiling.standing = Standing::NotApplicable(why.into());
        ceiling
    }

    /// A ceiling of which neither height nor use could be read.
    pub fn unread(place: impl Into<String>, cost: Cost, why: impl Into<Unread>) -> Self {
        let why = why.into();
        Self::new(place, cost)
            .max(Bound::Unread(why.clone()), "")
            .used(Used::Unknown(why), "")
    }

    /// The same where only the containers of `whom` count.
    #[must_use]
    pub fn of(mut self, whom: Whom) -> Self {
        self.whom = whom;
        self
    }

    /// The same for each of so many places that share the nodes evenly.
    #[must_use]
    pub fn each_of(mut self, places: u64) -> Self {
        self.places = places.max(1);
        self
    }

    /// The same with another effect.
    #[must_use]
    pub fn effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// The same with how much there is, and where that stands.
    #[must_use]
    pub fn max(mut self, max: Bound, source: impl Into<String>) -> Self {
        self.max = max;
        self.max_source = source.into();
        self
    }

    /// The same with how much is taken, and where that stands.
    #[must_use]
    pub fn used(mut self, used: Used, source: impl Into<String>) -> Self {
        self.used = used;
        self.used_source = source.into();
        self
    }

    /// The same with a setting that raises it.
    #[must_use]
    pub fn lever(mut self, setting: Key, reserve: Amount) -> Self {
        self.levers.push(Lever {
            setting,
            reserve,
            withheld: Amount::ZERO,
        });
        self
    }

    /// The same with a setting of which so much is no part of the ceiling.
    #[must_use]
    pub fn lever_less(mut self, setting: Key, reserve: Amount, withheld: Amount) -> Self {
        self.levers.push(Lever {
            setting,
            reserve,
            withheld,
        });
        self
    }

    /// The same with a shape of the workload that helps.
    #[must_use]
    pub fn reshape(mut self, reshape: impl Into<String>) -> Self {
        self.reshape = Some(reshape.into());
        self
    }

    /// The same with something that must be known.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denied_look_names_the_right() {
        let denied = HostError::Denied {
            what: "/proc/1/fd".to_owned(),
            needs: "root".to_owned(),
        };
        assert_eq!(Unread::from(denied).needs.as_deref(), Some("root"));
    }
}

//! A ceiling: one place where a limit can run out, how much there is and how much is taken.

use crate::{Cost, Effect, HostError, Key};
use serde::{Serialize, Serializer};
use std::fmt;

/// How much of something there is: counts are whole, measured averages are not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(u128);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// A whole number of things.
    pub const fn whole(number: u64) -> Self {
        Self(number as u128 * 1000)
    }

    /// So many thousandths of a thing: `11_100` is 11.1.
    pub const fn thousandths(number: u64) -> Self {
        Self(number as u128)
    }

    /// In thousandths, wide enough that sums and products of what a host counts do not overflow.
    pub const fn as_thousandths(self) -> u128 {
        self.0
    }

    /// The smallest whole number that is not less.
    pub fn ceil(self) -> u64 {
        u64::try_from(self.0.div_ceil(1000)).unwrap_or(u64::MAX)
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// What is left after taking `other` away, none if that is more.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// So many times as much.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(u128::from(count)))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1000, self.0 % 1000);
        if rest == 0 {
            write!(f, "{whole}")
        } else {
            let text = format!("{whole}.{rest:03}");
            f.write_str(text.trim_end_matches('0'))
        }
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (u64::try_from(self.0 / 1000), self.0 % 1000) {
            (Ok(whole), 0) => serializer.serialize_u64(whole),
            _ => serializer.serialize_f64(self.0 as f64 / 1000.0),
        }
    }
}

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
        self.levers.push(Lever { setting, reserve });
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
    fn amounts_show_no_more_digits_than_they_have() {
        assert_eq!(Amount::whole(1023).to_string(), "1023");
        assert_eq!(Amount::thousandths(11_100).to_string(), "11.1");
        assert_eq!(Amount::thousandths(11_100).ceil(), 12);
        assert_eq!(Amount::whole(u64::MAX).ceil(), u64::MAX);
    }

    #[test]
    fn a_denied_look_names_the_right() {
        let denied = HostError::Denied {
            what: "/proc/1/fd".to_owned(),
            needs: "root".to_owned(),
        };
        assert_eq!(Unread::from(denied).needs.as_deref(), Some("root"));
    }
}

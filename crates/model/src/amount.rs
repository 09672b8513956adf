//! An amount: how much of something there is, exact to the thousandth.

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
}

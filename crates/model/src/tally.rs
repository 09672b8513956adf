//! A tally: how much several like things have together, and the least and the most that one of them has.

use serde::{Deserialize, Serialize};

/// A sum over like things, with its spread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// How many things were counted.
    pub count: u64,
    /// What they have together.
    pub sum: u64,
    /// What the one with the least has.
    pub least: u64,
    /// What the one with the most has.
    pub most: u64,
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, amount: u64) {
        self.join(Self {
            count: 1,
            sum: amount,
            least: amount,
            most: amount,
        });
    }

    /// Adds what was counted apart.
    pub fn join(&mut self, other: Self) {
        if other.count == 0 {
            return;
        }
        self.least = match self.count {
            0 => other.least,
            _ => self.least.min(other.least),
        };
        self.most = self.most.max(other.most);
        self.count = self.count.saturating_add(other.count);
        self.sum = self.sum.saturating_add(other.sum);
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether its numbers can be those of one counting.
    pub fn adds_up(&self) -> bool {
        let least = u128::from(self.least) * u128::from(self.count);
        let most = u128::from(self.most) * u128::from(self.count);
        (least..=most).contains(&u128::from(self.sum))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_to_the_same_as_one_counting() {
        let amounts = [11, 13, 11, 12];
        let mut whole = Tally::default();
        amounts.iter().for_each(|amount| whole.add(*amount));
        let mut parts = [Tally::default(), Tally::default()];
        parts[0].add(amounts[0]);
        amounts[1..].iter().for_each(|amount| parts[1].add(*amount));
        let mut joined = Tally::default();
        parts.iter().for_each(|part| joined.join(*part));
        assert_eq!(joined, whole);
        assert_eq!(
            (whole.count, whole.sum, whole.least, whole.most),
            (4, 47, 11, 13)
        );
        assert!(whole.adds_up() && Tally::default().adds_up());
        assert!(!Tally { sum: 99, ..whole }.adds_up());
    }
}

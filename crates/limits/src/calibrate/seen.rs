//! What was seen of one measure, and whether that is enough to reckon with.

use super::measures::Measure;
use model::{Amount, Here, Tally};

/// Fewer containers than this are no ground for a number: one that does something else moves the
/// average of 20 by a twentieth.
pub(super) const ENOUGH: u64 = 20;
/// A number that can be off by more than this, in per cent of it, is no better than the catalog's.
pub(super) const WIDE_PERCENT: u128 = 25;

const FEW: &str = "fewer than 20 containers are too few";
const WIDE: &str = "what they take differs too much: the least and the most are further apart than a \
                    quarter of it";

/// What each of so many containers takes, and the least and the most that it can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) containers: u64,
    pub(super) each: Amount,
    pub(super) least: Amount,
    pub(super) most: Amount,
    pub(super) how: &'static str,
    /// Why it is not to be used, if that is known already.
    pub(super) refused: Option<&'static str>,
}

impl Seen {
    /// The average of a tally. Amounts between `least` and `most` have a standard deviation of at most
    /// half of what lies between (Popoviciu's inequality), so two standard errors of the average
    /// are at most that range over the root of the count.
    pub(super) fn average(tally: Tally, how: &'static str) -> Option<Self> {
        let count = u128::from(tally.count);
        let thousandths =
            |number: u128| Amount::thousandths(u64::try_from(number).unwrap_or(u64::MAX));
        let each = (u128::from(tally.sum) * 1000).checked_div(count)?;
        let range = u128::from(tally.most.saturating_sub(tally.least)) * 1000;
        let off = range / count.isqrt().max(1);
        Some(Self {
            containers: tally.count,
            each: thousandths(each),
            least: thousandths(each.saturating_sub(off)),
            most: thousandths(each + off),
            how,
            refused: None,
        })
    }

    /// What lies between two counts of so many containers; the higher is reckoned with.
    pub(super) fn between(
        least: u64,
        most: u64,
        containers: u64,
        how: &'static str,
    ) -> Option<Self> {
        let each = |sum: u64| {
            let each = (u128::from(sum) * 1000).checked_div(u128::from(containers))?;
            Some(Amount::thousandths(u64::try_from(each).unwrap_or(u64::MAX)))
        };
        Some(Self {
            containers,
            each: each(most)?,
            least: each(least)?,
            most: each(most)?,
            how,
            refused: None,
        })
    }

    /// As it stands beside the catalog's.
    pub(super) fn here(self, measure: &Measure) -> Here {
        let scaled = |amount: Amount| amount.times(measure.scale);
        let (each, least, most) = (scaled(self.each), scaled(self.least), scaled(self.most));
        let apart = most.minus(least).as_thousandths() * 100;
        let not_used = match self.refused {
            Some(why) => Some(why),
            None if self.containers < ENOUGH => Some(FEW),
            None if apart > each.as_thousandths() * WIDE_PERCENT => Some(WIDE),
            None => None,
        };
        Here {
            what: measure.what,
            containers: self.containers,
            each,
            least,
            most,
            catalog: measure.catalog,
            how: self.how,
            not_used,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_is_known_the_better_the_more_there_are() {
        let tally = |count: u64| Tally {
            count,
            sum: count * 11,
            least: 10,
            most: 13,
        };
        let off = |count| {
            let seen = Seen::average(tally(count), "").unwrap();
            seen.most.minus(seen.each).as_thousandths()
        };
        assert_eq!((off(1), off(9), off(900)), (3000, 1000, 100));
        assert_eq!(Seen::average(Tally::default(), ""), None);
    }
}

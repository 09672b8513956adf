//! The cost: what a workload takes at a ceiling, and how that is known.

use crate::{Amount, Basis, Charge, Here, Load, Term};
use serde::Serialize;

/// What a workload adds at one ceiling, and how that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// The amounts to reckon with.
    #[serde(flatten)]
    pub charge: Charge,
    /// What the first container takes, and all others share.
    pub once: Amount,
    /// Whether that is only there while a start is in flight.
    #[serde(skip)]
    pub once_passes: bool,
    /// What each pair of containers adds: this times their number squared.
    pub squared: Amount,
    /// How the amounts make up the need.
    pub formula: &'static str,
    /// The least and the most that was seen, where the amounts are averages.
    #[serde(skip)]
    pub spread: Option<(Charge, Charge)>,
    /// Where the amounts come from.
    #[serde(skip)]
    pub basis: Basis,
    /// What they were measured on, or the rule they follow from.
    pub source: &'static str,
    /// What was measured on this host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub here: Option<Here>,
}

/// The need of a workload that adds a fixed amount of each sort of thing.
pub const RUNNING: &str = "used + the sum of count x amount, over everything that runs <= ceiling";

/// The need where a start takes more than a running container: the last starts in flight find the
/// rest of the workload running, so their peak comes on top of all that runs.
pub const RUNNING_AND_IN_FLIGHT: &str = "used + the sum of count x amount, over everything that runs \
     + min(starts at once, containers) x in_flight <= ceiling";

/// The need where the first container takes something that all others share.
pub const RUNNING_AND_ONCE: &str =
    "used + once + the sum of count x amount, over everything that runs <= ceiling";

/// The need where each container makes every other one dearer.
pub const RUNNING_AND_SQUARED: &str = "used + the sum of count x amount, over everything that runs \
     + squared x containers^2 <= ceiling";

impl Cost {
    /// No cost: nothing that the workload does meets the ceiling.
    pub const NOTHING: Self = Self {
        charge: Charge::NOTHING,
        once: Amount::ZERO,
        once_passes: false,
        squared: Amount::ZERO,
        formula: RUNNING,
        spread: None,
        basis: Basis::Derived,
        source: "",
        here: None,
    };

    /// A cost that is known to the unit.
    pub const fn exact(charge: Charge, source: &'static str) -> Self {
        Self {
            charge,
            source,
            ..Self::NOTHING
        }
    }

    /// A cost of which a start in flight takes a part only for its duration.
    pub const fn peaking(charge: Charge, source: &'static str) -> Self {
        Self {
            formula: RUNNING_AND_IN_FLIGHT,
            ..Self::exact(charge, source)
        }
    }

    /// The same with what the first container takes for all.
    #[must_use]
    pub const fn once(mut self, once: Amount) -> Self {
        self.once = once;
        self.formula = RUNNING_AND_ONCE;
        self
    }

    /// The same with what the last start needs for its duration, however many are in flight.
    #[must_use]
    pub const fn once_in_flight(mut self, once: Amount) -> Self {
        self.once_passes = true;
        self.once(once)
    }

    /// What is taken once every start is done.
    #[must_use]
    pub fn at_rest(&self) -> Self {
        let rest = |charge: &Charge| Charge {
            in_flight: Amount::ZERO,
            ..*charge
        };
        let mut cost = self.clone();
        cost.charge = rest(&self.charge);
        cost.spread = (self.spread.as_ref()).map(|(least, most)| (rest(least), rest(most)));
        if self.once_passes {
            cost.once = Amount::ZERO;
        }
        cost
    }

    /// The same with what each pair of containers adds.
    #[must_use]
    pub const fn squared(mut self, squared: Amount) -> Self {
        self.squared = squared;
        self.formula = RUNNING_AND_SQUARED;
        self
    }

    /// The same, measured once on another host and carried in the program.
    #[must_use]
    pub const fn catalog(mut self) -> Self {
        self.basis = Basis::Catalog;
        self
    }

    /// A measured average, with the least and the most that was seen.
    pub const fn measured(
        charge: Charge,
        least: Charge,
        most: Charge,
        source: &'static str,
    ) -> Self {
        Self {
            charge,
            formula: RUNNING_AND_IN_FLIGHT,
            spread: Some((least, most)),
            basis: Basis::Catalog,
            source,
            ..Self::NOTHING
        }
    }

    /// Whether nothing that runs takes anything, and only starts in flight do.
    pub fn is_of_starts(&self) -> bool {
        let running = Charge {
            in_flight: Amount::ZERO,
            ..self.charge
        };
        let beside = [self.once, self.squared] == [Amount::ZERO; 2];
        self.charge.in_flight != Amount::ZERO && running == Charge::NOTHING && beside
    }

    /// What a load takes in all, by `charge` instead of the average.
    pub fn need(&self, charge: &Charge, load: &Load) -> Amount {
        let beside = self.beside(load).into_iter();
        let beside = beside.map(|term| term.each.times(term.count));
        beside.fold(charge.of(load), Amount::plus)
    }

    /// Everything that takes something of a load, with its count.
    pub fn terms(&self, load: &Load) -> Vec<Term> {
        let all = self.charge.terms(load).into_iter().chain(self.beside(load));
        all.filter(|term| term.count > 0 && term.each != Amount::ZERO)
            .collect()
    }

    fn beside(&self, load: &Load) -> [Term; 2] {
        let containers = load
            .node
            .saturating_add(load.job)
            .saturating_add(load.inner);
        [
            Term {
                name: "once",
                count: containers.min(1),
                each: self.once,
            },
            Term {
                name: "squared",
                count: load.squared,
                each: self.squared,
            },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_need_is_the_sum_over_all_that_takes_something() {
        let charge = Charge {
            published: Amount::whole(8),
            ..Charge::outer(Amount::whole(2))
        };
        let load = Load {
            node: 3,
            job: 4,
            inner: 100,
            published: 5,
            squared: 1000,
            ..Load::default()
        };
        assert_eq!(charge.of(&load), Amount::whole(14 + 40));
        let cost = Cost::exact(charge, "").squared(Amount::thousandths(1));
        let shared = cost.once(Amount::whole(7));
        assert_eq!(shared.need(&charge, &load), Amount::whole(14 + 40 + 1 + 7));
        let names: Vec<&str> = shared.terms(&load).iter().map(|term| term.name).collect();
        assert_eq!(names, ["node", "job", "published", "once", "squared"]);
        assert_eq!(Charge::each(Amount::whole(1)).of(&load), Amount::whole(107));
    }

    #[test]
    fn what_a_start_takes_is_gone_at_rest() {
        let mut charge = Charge::each(Amount::whole(2));
        charge.in_flight = Amount::whole(9);
        let load = Load {
            node: 3,
            in_flight: 2,
            ..Load::default()
        };
        let need = |cost: &Cost| cost.need(&cost.charge, &load);
        let peaking = Cost::measured(charge, charge, charge, "");
        assert_eq!(need(&peaking), Amount::whole(6 + 18));
        assert_eq!(need(&peaking.at_rest()), Amount::whole(6));
        assert_eq!(peaking.at_rest().spread.unwrap().1.in_flight, Amount::ZERO);
        let stays = Cost::exact(Charge::each(Amount::whole(2)), "").once(Amount::whole(7));
        assert_eq!(need(&stays.at_rest()), Amount::whole(6 + 7));
        let passes =
            Cost::exact(Charge::each(Amount::whole(2)), "").once_in_flight(Amount::whole(7));
        assert_eq!(need(&passes), Amount::whole(6 + 7));
        assert_eq!(need(&passes.at_rest()), Amount::whole(6));
    }
}

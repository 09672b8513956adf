//! The cost: what a workload takes at a ceiling, for each sort of thing that it consists of.

use crate::{Amount, Basis, Load};
use serde::{Serialize, Serializer, ser::SerializeMap};

/// How much each sort of thing takes of a limit; `Load` has the counts of the same names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Charge {
    /// A node's own container, running.
    pub node: Amount,
    /// One of its jobs beside it, running.
    pub job: Amount,
    /// Any container of the host's own Docker on top of that, for as long as its start is in flight.
    pub in_flight: Amount,
    /// A job inside a DinD node, running.
    pub inner: Amount,
    /// What a DinD node takes beyond a container: its own dockerd and containerd.
    pub dind: Amount,
    /// A bridge network.
    pub network: Amount,
    /// A published port.
    pub published: Amount,
    /// A container with a terminal.
    pub terminal: Amount,
    /// A process beside the first of a container.
    pub process: Amount,
    /// A file that a program holds open.
    pub file: Amount,
    /// A MiB of memory of the containers' own programs.
    pub memory: Amount,
    /// A thousandth of a processor.
    pub cpu: Amount,
    /// A MiB of an image store inside a DinD node.
    pub image: Amount,
}

/// One sort of thing at a ceiling: how many, and what each takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Term {
    /// Its name, in `Charge` and in `Load`.
    pub name: &'static str,
    /// How many there are.
    pub count: u64,
    /// What each takes.
    pub each: Amount,
}

impl Charge {
    /// The same for a container wherever it runs, inside a DinD node too, and nothing in flight.
    pub const fn each(amount: Amount) -> Self {
        let mut charge = Self::NOTHING;
        charge.node = amount;
        charge.job = amount;
        charge.inner = amount;
        charge
    }

    /// The same for a container that the host's own Docker runs; those inside a DinD node take
    /// nothing, since what they take is the node's.
    pub const fn outer(amount: Amount) -> Self {
        let mut charge = Self::each(amount);
        charge.inner = Amount::ZERO;
        charge
    }

    /// Nothing at all.
    pub const NOTHING: Self = Self {
        node: Amount::ZERO,
        job: Amount::ZERO,
        in_flight: Amount::ZERO,
        inner: Amount::ZERO,
        dind: Amount::ZERO,
        network: Amount::ZERO,
        published: Amount::ZERO,
        terminal: Amount::ZERO,
        process: Amount::ZERO,
        file: Amount::ZERO,
        memory: Amount::ZERO,
        cpu: Amount::ZERO,
        image: Amount::ZERO,
    };

    /// Every sort of thing with its count, those that take nothing too.
    pub const fn terms(&self, load: &Load) -> [Term; 13] {
        const fn term(name: &'static str, count: u64, each: Amount) -> Term {
            Term { name, count, each }
        }
        [
            term("node", load.node, self.node),
            term("job", load.job, self.job),
            term("in_flight", load.in_flight, self.in_flight),
            term("inner", load.inner, self.inner),
            term("dind", load.dind, self.dind),
            term("network", load.network, self.network),
            term("published", load.published, self.published),
            term("terminal", load.terminal, self.terminal),
            term("process", load.process, self.process),
            term("file", load.file, self.file),
            term("memory", load.memory, self.memory),
            term("cpu", load.cpu, self.cpu),
            term("image", load.image, self.image),
        ]
    }

    /// What a load takes in all.
    pub fn of(&self, load: &Load) -> Amount {
        let terms = self.terms(load).into_iter();
        let amounts = terms.map(|term| term.each.times(term.count));
        amounts.fold(Amount::ZERO, Amount::plus)
    }
}

/// What every limit charges, then what only some do.
impl Serialize for Charge {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const ALWAYS: usize = 3;
        let mut object = serializer.serialize_map(None)?;
        for (index, term) in self.terms(&Load::default()).iter().enumerate() {
            if index < ALWAYS || term.each != Amount::ZERO {
                object.serialize_entry(term.name, &term.each)?;
            }
        }
        object.end()
    }
}

/// What a workload adds at one ceiling, and how that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// The amounts to reckon with.
    #[serde(flatten)]
    pub charge: Charge,
    /// What the first container takes, and all others share.
    pub once: Amount,
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
        squared: Amount::ZERO,
        formula: RUNNING,
        spread: None,
        basis: Basis::Derived,
        source: "",
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
}

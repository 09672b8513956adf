//! A limit: something on a host that can run out, and what a workload takes of it.

use crate::Amount;
use serde::Serialize;

/// What running out does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The next container is refused.
    Stops,
    /// Containers start, and something else is lost.
    Degrades,
}

/// Where a cost comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Measured or counted once, and carried in the program.
    Catalog,
    /// Measured on this host, from containers that run here.
    Calibrated,
    /// Follows from a rule of the kernel, systemd or Docker and what this host shows.
    Derived,
}

/// What there is to know about a limit before any host is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Its name in code, JSON and documents.
    pub id: &'static str,
    /// What runs out.
    pub bounds: &'static str,
    /// What running out does, where a place does not say otherwise.
    pub effect: Effect,
    /// Why a container takes of it.
    pub why: &'static str,
    /// The settings that raise it, as `kind:name`; none where only another shape helps.
    pub raise: &'static [&'static str],
    /// Where the rule is written or was seen.
    pub source: &'static str,
}

/// How much a container of each sort adds, while it runs and while it starts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Charge {
    /// A node's own container, running.
    pub node: Amount,
    /// One of its jobs, running.
    pub job: Amount,
    /// Any container on top of that, for as long as its start is in flight.
    pub in_flight: Amount,
}

impl Charge {
    /// The same for both sorts of container, and nothing in flight.
    pub const fn each(amount: Amount) -> Self {
        Self {
            node: amount,
            job: amount,
            in_flight: Amount::ZERO,
        }
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

/// The need of a workload that adds a fixed amount a container.
pub const RUNNING: &str = "used + nodes x (node + jobs x job) <= ceiling";

/// The need where a start takes more than a running container: the last starts in flight find the
/// rest of the workload running, so their peak comes on top of all that runs.
pub const RUNNING_AND_IN_FLIGHT: &str = "used + nodes x (node + jobs x job) \
     + min(starts at once, nodes x (1 + jobs)) x in_flight <= ceiling";

/// The need where the first container takes something that all others share.
pub const RUNNING_AND_ONCE: &str = "used + once + nodes x (node + jobs x job) <= ceiling";

/// The need where each container makes every other one dearer.
pub const RUNNING_AND_SQUARED: &str = "used + nodes x (node + jobs x job) \
     + squared x (nodes x (1 + jobs))^2 <= ceiling";

impl Cost {
    /// No cost: nothing that the workload does meets the ceiling.
    pub const NOTHING: Self = Self {
        charge: Charge {
            node: Amount::ZERO,
            job: Amount::ZERO,
            in_flight: Amount::ZERO,
        },
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
}

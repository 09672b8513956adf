//! The expected: what so many containers should take at a ceiling, and between which bounds if the cost is an
//! average.

use crate::{Engine, Needs, Place};
use model::{Amount, Cost, Workload};
use serde::Serialize;

/// A number that is predicted, and between what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Between {
    /// By the average cost.
    #[serde(skip)]
    pub usual: Amount,
    /// By the least that was seen.
    pub least: Amount,
    /// By the most that was seen.
    pub most: Amount,
}

impl Between {
    /// One number alone.
    pub fn one(amount: Amount) -> Self {
        Self {
            usual: amount,
            least: amount,
            most: amount,
        }
    }

    /// Whether a number is within it, or beside it by no more than `tolerance`.
    pub fn holds(&self, amount: Amount, tolerance: Amount) -> bool {
        amount.plus(tolerance) >= self.least && amount <= self.most.plus(tolerance)
    }

    /// From one of the same sort to this.
    pub fn since(&self, earlier: &Self) -> Self {
        Self {
            usual: self.usual.minus(earlier.usual),
            least: self.least.minus(earlier.least),
            most: self.most.minus(earlier.most),
        }
    }
}

/// Needs at one ceiling by the average, the least and the most that a cost can be.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    usual: Needs,
    edges: Option<(Needs, Needs)>,
}

impl Expected {
    /// What an engine's stand-ins should take while they run.
    pub(crate) fn while_they_run(workload: &Workload, place: &Place, engine: &dyn Engine) -> Self {
        match engine.holds_peaks() {
            true => Self::averages(place),
            false => Self::by(workload, place, &place.takes.at_rest()),
        }
    }

    /// What they should take while the last of them starts.
    pub(crate) fn while_they_start(
        workload: &Workload,
        place: &Place,
        engine: &dyn Engine,
    ) -> Self {
        match engine.holds_peaks() {
            true => Self::averages(place),
            false => Self::by(workload, place, &place.takes),
        }
    }

    /// An engine that makes them by the costs takes the average and nothing else.
    fn averages(place: &Place) -> Self {
        Self {
            usual: place.needs.clone(),
            edges: None,
        }
    }

    fn by(workload: &Workload, place: &Place, cost: &Cost) -> Self {
        let needs = |charge| Needs::by(workload, &place.ceiling, cost, charge);
        let edges = cost.spread.as_ref();
        Self {
            usual: needs(&cost.charge),
            edges: edges.map(|(least, most)| (needs(least), needs(most))),
        }
    }

    /// Of the first so many containers.
    pub(crate) fn at(&self, containers: u64) -> Between {
        let whole = |needs: &Needs| Amount::whole(needs.at(containers).ceil());
        let usual = whole(&self.usual);
        match &self.edges {
            Some((least, most)) => Between {
                usual,
                least: whole(least).min(usual),
                most: whole(most).max(usual),
            },
            None => Between::one(usual),
        }
    }

    /// Containers that `room` is enough for, at most `target`.
    pub(crate) fn fit(&self, place: &Place, target: u64) -> Option<Between> {
        let room = place.room()?;
        let fit = |needs: &Needs| {
            let shared = needs.fit(room)?;
            Some(shared.saturating_mul(place.ceiling.places))
        };
        let whole = |needs: &Needs| Amount::whole(fit(needs).unwrap_or(target).min(target));
        let usual = whole(&self.usual);
        Some(match &self.edges {
            Some((least, most)) => Between {
                usual,
                least: whole(most).min(usual),
                most: whole(least).max(usual),
            },
            None => Between::one(usual),
        })
    }
}

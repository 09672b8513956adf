//! How many nodes fit: the one piece of arithmetic that all limits share.

use model::{Amount, Ceiling, Charge, Cost, Load, Loads, Workload};

/// More nodes than any host has; a need that is within the room even then has no bound.
const BEYOND_ALL: u64 = 1 << 48;

/// A workload as one place sees it.
pub(crate) struct Fit<'a> {
    loads: Loads,
    cost: &'a Cost,
    places: u64,
}

impl<'a> Fit<'a> {
    /// The workload at a ceiling.
    pub(crate) fn new(workload: &Workload, ceiling: &'a Ceiling) -> Self {
        Self {
            loads: Loads::of(workload, &ceiling.whom),
            cost: &ceiling.cost,
            places: ceiling.places.max(1),
        }
    }

    /// What so many nodes of the workload add: all of their containers running, and on top the peak
    /// of the starts that are in flight at the end. Of several places that share the nodes it is the
    /// fullest.
    pub(crate) fn need(&self, nodes: u64) -> Amount {
        self.cost.need(&self.cost.charge, &self.load(nodes))
    }

    /// The counts behind that need.
    pub(crate) fn load(&self, nodes: u64) -> Load {
        self.loads.at(nodes.div_ceil(self.places))
    }

    /// The most nodes whose need is within `room` by `charge`, which is the average or an end of the
    /// spread; none where no number of nodes fills it. Since a need never shrinks as nodes are added,
    /// halving the interval finds it.
    pub(crate) fn nodes_in(&self, room: Amount, charge: &Charge) -> Option<u64> {
        let fits = |nodes: u64| self.cost.need(charge, &self.loads.at(nodes)) <= room;
        if fits(BEYOND_ALL) {
            return None;
        }
        let (mut fitting, mut too_many) = (0, 1);
        while fits(too_many) {
            (fitting, too_many) = (too_many, too_many * 2);
        }
        while too_many - fitting > 1 {
            let middle = fitting + (too_many - fitting) / 2;
            match fits(middle) {
                true => fitting = middle,
                false => too_many = middle,
            }
        }
        Some(fitting.saturating_mul(self.places))
    }

    /// The most starts in flight together with which so many nodes are still within `room`; none
    /// where a start takes no more than what runs, or where what runs is too much already.
    pub(crate) fn starts_in(&self, room: Amount, charge: &Charge, nodes: u64) -> Option<u64> {
        let mut load = self.load(nodes);
        load.in_flight = 0;
        let running = self.cost.need(charge, &load);
        let each = charge.in_flight.as_thousandths();
        if running > room || each == 0 {
            return None;
        }
        let starts = room.minus(running).as_thousandths() / each;
        Some(u64::try_from(starts).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
#[path = "fit/tests.rs"]
mod tests;

//! How many nodes fit: the one piece of arithmetic that all limits share.

use model::{Amount, Ceiling, Charge, Loads, Workload};

/// More nodes than any host has; a need that is within the room even then has no bound.
const BEYOND_ALL: u64 = 1 << 48;

/// A workload as one place sees it.
pub(crate) struct Fit {
    loads: Loads,
    places: u64,
}

impl Fit {
    /// The workload at a ceiling.
    pub(crate) fn new(workload: &Workload, ceiling: &Ceiling) -> Self {
        Self {
            loads: Loads::of(workload, &ceiling.whom),
            places: ceiling.places.max(1),
        }
    }

    /// What so many nodes of the workload add: all of their containers running, and on top the peak
    /// of the starts that are in flight at the end. Of several places that share the nodes it is the
    /// fullest.
    pub(crate) fn need(&self, nodes: u64, charge: &Charge) -> Amount {
        charge.of(&self.load(nodes))
    }

    /// The counts behind that need.
    pub(crate) fn load(&self, nodes: u64) -> model::Load {
        self.loads.at(nodes.div_ceil(self.places))
    }

    /// The most nodes whose need is within `room`; none where no number of nodes fills it. Since a
    /// need never shrinks as nodes are added, halving the interval finds it.
    pub(crate) fn nodes_in(&self, room: Amount, charge: &Charge) -> Option<u64> {
        let fits = |nodes: u64| charge.of(&self.loads.at(nodes)) <= room;
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
        let running = charge.of(&load);
        let each = charge.in_flight.as_thousandths();
        if running > room || each == 0 {
            return None;
        }
        let starts = room.minus(running).as_thousandths() / each;
        Some(u64::try_from(starts).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Cost, NodeKind, Order};
    use proptest::prelude::*;

    fn workload(jobs: u64, starts: Option<u64>) -> Workload {
        Workload {
            jobs_per_node: jobs,
            starts_at_once: starts,
            ..Workload::default()
        }
    }

    fn charge(node: u64, job: u64, in_flight: u64) -> Charge {
        Charge {
            node: Amount::thousandths(node),
            job: Amount::thousandths(job),
            in_flight: Amount::thousandths(in_flight),
            ..Charge::NOTHING
        }
    }

    fn of(workload: &Workload) -> Fit {
        Fit::new(workload, &Ceiling::new("here", Cost::NOTHING))
    }

    #[test]
    fn the_last_starts_need_room_for_their_peak() {
        let tasks = charge(11_000, 11_000, 10_000);
        let fit = |starts| of(&workload(0, starts)).nodes_in(Amount::whole(100), &tasks);
        assert_eq!(fit(Some(1)), Some(8));
        assert_eq!(fit(Some(2)), Some(7));
        assert_eq!(fit(None), Some(4));
        assert_eq!(fit(Some(50)), Some(4));
    }

    #[test]
    fn what_only_a_start_takes_bounds_the_starts_at_once_and_nothing_else() {
        let (cpu, room) = (charge(0, 0, 100), Amount::whole(30));
        let fit = |starts| of(&workload(1, starts)).nodes_in(room, &cpu);
        assert_eq!(fit(None), Some(150));
        assert_eq!(fit(Some(300)), None);
        assert_eq!(fit(Some(301)), Some(150));
        assert_eq!(
            of(&workload(1, None)).nodes_in(room, &charge(0, 0, 0)),
            None
        );
        assert_eq!(of(&workload(1, None)).starts_in(room, &cpu, 600), Some(300));
    }

    #[test]
    fn places_that_share_the_nodes_are_filled_by_whole_nodes() {
        let ports = charge(1_000, 1_000, 0);
        let fit = |places| {
            let ceiling = Ceiling::new("each", Cost::NOTHING).each_of(places);
            Fit::new(&workload(1, None), &ceiling).nodes_in(Amount::whole(1023), &ports)
        };
        assert_eq!(
            (fit(1), fit(2), fit(3)),
            (Some(511), Some(1022), Some(1533))
        );
    }

    #[test]
    fn a_mix_fills_the_room_in_its_order() {
        let mut mix = workload(0, None);
        mix.mix = vec![(NodeKind::Host, 300), (NodeKind::Dind, 100)];
        mix.nodes = 400;
        let dind = Charge {
            dind: Amount::whole(10),
            ..Charge::each(Amount::whole(1))
        };
        let fit = |mix: &Workload| of(mix).nodes_in(Amount::whole(400), &dind);
        assert_eq!(fit(&mix), Some(309));
        mix.order = Order::Interleaved;
        // Four nodes take 14, and 113 nodes are 84 and 29.
        assert_eq!(fit(&mix), Some(112));
    }

    proptest! {
        #[test]
        fn the_answer_fits_and_the_next_node_does_not(
            room in 0u64..10_000_000, node in 0u64..50_000, job in 0u64..50_000,
            in_flight in 0u64..50_000, inner in 0u64..50_000, squared in 0u64..3, jobs in 0u64..4,
            starts in proptest::option::of(1u64..2_000),
            host in 0u64..50, dind in 0u64..50, interleaved in any::<bool>(),
        ) {
            let mut charge = charge(node, job, in_flight);
            charge.inner = Amount::thousandths(inner);
            charge.squared = Amount::thousandths(squared);
            let room = Amount::thousandths(room);
            let mut workload = workload(jobs, starts);
            workload.mix = vec![(NodeKind::Host, host), (NodeKind::Dind, dind)];
            workload.nodes = host + dind;
            if interleaved {
                workload.order = Order::Interleaved;
            }
            if workload.nodes == 0 {
                workload.mix.clear();
                workload.nodes = 1;
            }
            let fit = of(&workload);
            match fit.nodes_in(room, &charge) {
                Some(nodes) => {
                    prop_assert!(fit.need(nodes, &charge) <= room);
                    prop_assert!(fit.need(nodes + 1, &charge) > room);
                }
                None => prop_assert!(fit.need(1 << 40, &charge) <= room),
            }
        }

        #[test]
        fn no_amount_overflows(
            room in any::<u64>(), node in any::<u64>(), in_flight in any::<u64>(),
            jobs in any::<u64>(), starts in any::<u64>(),
        ) {
            let charge = Charge {
                node: Amount::whole(node), job: Amount::whole(node),
                in_flight: Amount::whole(in_flight), squared: Amount::whole(node),
                ..Charge::NOTHING
            };
            let fit = of(&workload(jobs, Some(starts)));
            let _ = fit.nodes_in(Amount::whole(room), &charge);
            let _ = fit.need(u64::MAX, &charge);
        }
    }
}

//! Room filled by nodes, by starts, by mixes and by what grows with the square.

use super::*;
use model::{NodeKind, Order};
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

fn place(charge: Charge) -> Ceiling {
    Ceiling::new("here", Cost::exact(charge, ""))
}

fn most(workload: &Workload, room: Amount, ceiling: &Ceiling) -> Option<u64> {
    Fit::new(workload, ceiling).nodes_in(room, &ceiling.cost.charge)
}

#[test]
fn the_last_starts_need_room_for_their_peak() {
    let tasks = place(charge(11_000, 11_000, 10_000));
    let fit = |starts| most(&workload(0, starts), Amount::whole(100), &tasks);
    assert_eq!(fit(Some(1)), Some(8));
    assert_eq!(fit(Some(2)), Some(7));
    assert_eq!(fit(None), Some(4));
    assert_eq!(fit(Some(50)), Some(4));
}

#[test]
fn what_only_a_start_takes_bounds_the_starts_at_once_and_nothing_else() {
    let (cpu, room) = (place(charge(0, 0, 100)), Amount::whole(30));
    let fit = |starts| most(&workload(1, starts), room, &cpu);
    assert_eq!(fit(None), Some(150));
    assert_eq!(fit(Some(300)), None);
    assert_eq!(fit(Some(301)), Some(150));
    assert_eq!(
        most(&workload(1, None), room, &place(charge(0, 0, 0))),
        None
    );
    let workload = workload(1, None);
    let starts = Fit::new(&workload, &cpu).starts_in(room, &cpu.cost.charge, 600);
    assert_eq!(starts, Some(300));
}

#[test]
fn what_is_shared_is_paid_once_and_pairs_are_paid_squared() {
    let one = Charge::each(Amount::whole(10));
    let fit = |cost: Cost, room| {
        let ceiling = Ceiling::new("here", cost);
        most(&workload(0, None), Amount::whole(room), &ceiling)
    };
    let shared = |room| fit(Cost::exact(one, "").once(Amount::whole(5)), room);
    assert_eq!(
        (shared(4), shared(34), shared(35)),
        (Some(0), Some(2), Some(3))
    );
    // 10 n + 2 n^2 is 72 for four and 100 for five.
    let pairs = |room| fit(Cost::exact(one, "").squared(Amount::whole(2)), room);
    assert_eq!((pairs(99), pairs(100)), (Some(4), Some(5)));
    assert_eq!(pairs(u64::MAX), Some(3_037_000_497));
}

#[test]
fn places_that_share_the_nodes_are_filled_by_whole_nodes() {
    let fit = |places| {
        let ceiling = place(charge(1_000, 1_000, 0)).each_of(places);
        most(&workload(1, None), Amount::whole(1023), &ceiling)
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
    let dind = place(Charge {
        dind: Amount::whole(10),
        ..Charge::each(Amount::whole(1))
    });
    assert_eq!(most(&mix, Amount::whole(400), &dind), Some(309));
    mix.order = Order::Interleaved;
    // Four nodes take 14, and 113 nodes are 84 and 29.
    assert_eq!(most(&mix, Amount::whole(400), &dind), Some(112));
}

proptest! {
    #[test]
    fn the_answer_fits_and_the_next_node_does_not(
        room in 0u64..10_000_000, node in 0u64..50_000, job in 0u64..50_000,
        in_flight in 0u64..50_000, inner in 0u64..50_000, squared in 0u64..3, jobs in 0u64..4,
        starts in proptest::option::of(1u64..2_000),
        host in 0u64..50, dind in 1u64..50, interleaved in any::<bool>(),
    ) {
        let mut charge = charge(node, job, in_flight);
        charge.inner = Amount::thousandths(inner);
        let cost = Cost::exact(charge, "").squared(Amount::thousandths(squared));
        let (room, ceiling) = (Amount::thousandths(room), Ceiling::new("here", cost));
        let mut workload = workload(jobs, starts);
        workload.mix = vec![(NodeKind::Host, host), (NodeKind::Dind, dind)];
        workload.nodes = host + dind;
        if interleaved {
            workload.order = Order::Interleaved;
        }
        let fit = Fit::new(&workload, &ceiling);
        match fit.nodes_in(room, &charge) {
            Some(nodes) => {
                prop_assert!(fit.need(nodes) <= room);
                prop_assert!(fit.need(nodes + 1) > room);
            }
            None => prop_assert!(fit.need(1 << 40) <= room),
        }
    }

    #[test]
    fn no_amount_overflows(
        room in any::<u64>(), node in any::<u64>(), in_flight in any::<u64>(),
        jobs in any::<u64>(), starts in any::<u64>(),
    ) {
        let charge = Charge {
            node: Amount::whole(node), job: Amount::whole(node),
            in_flight: Amount::whole(in_flight),
            ..Charge::NOTHING
        };
        let ceiling = Ceiling::new("here", Cost::exact(charge, "").squared(Amount::whole(node)));
        let workload = workload(jobs, Some(starts));
        let fit = Fit::new(&workload, &ceiling);
        let _ = fit.nodes_in(Amount::whole(room), &charge);
        let _ = fit.need(u64::MAX);
    }
}

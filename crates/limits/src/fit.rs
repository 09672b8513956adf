//! How many nodes fit: the one piece of arithmetic that all limits share.

use model::{Amount, Charge, Cost, Workload};

/// What so many nodes of a workload add: all of their containers running, and on top the peak of
/// the starts that are in flight at the end.
pub(crate) fn need(nodes: u64, charge: &Charge, workload: &Workload) -> Amount {
    let containers = nodes.saturating_mul(workload.containers_per_node());
    let in_flight = workload.starts_at_once.unwrap_or(u64::MAX).min(containers);
    node(charge, workload)
        .times(nodes)
        .plus(charge.in_flight.times(in_flight))
}

/// The same with what a cost has beside its charge: what the first container takes for all, and what
/// each pair of containers adds.
pub(crate) fn whole_need(nodes: u64, cost: &Cost, charge: &Charge, workload: &Workload) -> Amount {
    let containers = nodes.saturating_mul(workload.containers_per_node());
    need(nodes, charge, workload)
        .plus(cost.once.times(containers.min(1)))
        .plus(cost.squared.times(containers).times(containers))
}

/// The most nodes whose whole need is within `room`; none where no number of nodes fills it.
pub(crate) fn most(room: Amount, cost: &Cost, charge: &Charge, workload: &Workload) -> Option<u64> {
    if cost.once > room {
        return Some(0);
    }
    let linear = nodes_in(room.minus(cost.once), charge, workload);
    if cost.squared == Amount::ZERO {
        return linear;
    }
    // The need grows with the nodes, so halving finds the last that fits.
    let (mut fits, mut too_many) = (0, linear.unwrap_or(u64::MAX - 1).saturating_add(1));
    while too_many - fits > 1 {
        let middle = fits + (too_many - fits) / 2;
        match whole_need(middle, cost, charge, workload) <= room {
            true => fits = middle,
            false => too_many = middle,
        }
    }
    Some(fits)
}

/// The most nodes whose need is within `room`; none where no number of nodes fills it.
///
/// With `s` starts at once and `c` containers a node the need of `n` nodes is the lesser of two
/// lines, `n x (node + c x in flight)` and `n x node + s x in flight`; it is within the room where
/// either is, so the answer is the greater of the two answers.
pub(crate) fn nodes_in(room: Amount, charge: &Charge, workload: &Workload) -> Option<u64> {
    let unit = node(charge, workload);
    let all_in_flight = unit.plus(charge.in_flight.times(workload.containers_per_node()));
    let all_at_once = quotient(room, all_in_flight)?;
    let Some(starts) = workload.starts_at_once else {
        return Some(all_at_once);
    };
    let peak = charge.in_flight.times(starts);
    if peak > room {
        return Some(all_at_once);
    }
    let in_batches = quotient(room.minus(peak), unit)?;
    Some(all_at_once.max(in_batches))
}

/// One node, running.
fn node(charge: &Charge, workload: &Workload) -> Amount {
    charge.node.plus(charge.job.times(workload.jobs_per_node))
}

fn quotient(room: Amount, each: Amount) -> Option<u64> {
    let nodes = room.as_thousandths().checked_div(each.as_thousandths())?;
    Some(u64::try_from(nodes).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
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
        }
    }

    #[test]
    fn the_last_starts_need_room_for_their_peak() {
        let tasks = charge(11_000, 11_000, 10_000);
        let room = Amount::whole(100);
        assert_eq!(nodes_in(room, &tasks, &workload(0, Some(1))), Some(8));
        assert_eq!(nodes_in(room, &tasks, &workload(0, Some(2))), Some(7));
        assert_eq!(nodes_in(room, &tasks, &workload(0, None)), Some(4));
        assert_eq!(nodes_in(room, &tasks, &workload(0, Some(50))), Some(4));
    }

    #[test]
    fn what_only_a_start_takes_bounds_the_starts_at_once_and_nothing_else() {
        let cpu = charge(0, 0, 100);
        let room = Amount::whole(30);
        assert_eq!(nodes_in(room, &cpu, &workload(1, None)), Some(150));
        assert_eq!(nodes_in(room, &cpu, &workload(1, Some(300))), None);
        assert_eq!(nodes_in(room, &cpu, &workload(1, Some(301))), Some(150));
        assert_eq!(nodes_in(room, &charge(0, 0, 0), &workload(1, None)), None);
    }

    #[test]
    fn what_is_shared_is_paid_once_and_pairs_are_paid_squared() {
        let one = Charge::each(Amount::whole(10));
        let shared = Cost::exact(one, "").once(Amount::whole(5));
        let most =
            |cost: &Cost, room| super::most(Amount::whole(room), cost, &one, &workload(0, None));
        assert_eq!(most(&shared, 4), Some(0));
        assert_eq!(most(&shared, 34), Some(2));
        assert_eq!(most(&shared, 35), Some(3));
        // 10 n + 2 n^2 is 72 for four and 100 for five.
        let pairs = Cost::exact(one, "").squared(Amount::whole(2));
        assert_eq!(most(&pairs, 99), Some(4));
        assert_eq!(most(&pairs, 100), Some(5));
        assert_eq!(most(&pairs, u64::MAX), Some(3_037_000_497));
    }

    proptest! {
        #[test]
        fn the_answer_fits_and_the_next_node_does_not(
            room in 0u64..10_000_000, node in 0u64..50_000, job in 0u64..50_000,
            in_flight in 0u64..50_000, jobs in 0u64..4,
            starts in proptest::option::of(1u64..2_000),
        ) {
            let (room, charge) = (Amount::thousandths(room), charge(node, job, in_flight));
            let workload = workload(jobs, starts);
            match nodes_in(room, &charge, &workload) {
                Some(nodes) => {
                    prop_assert!(need(nodes, &charge, &workload) <= room);
                    prop_assert!(need(nodes + 1, &charge, &workload) > room);
                }
                None => prop_assert!(need(1 << 40, &charge, &workload) <= room),
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
            };
            let workload = workload(jobs, Some(starts));
            let _ = nodes_in(Amount::whole(room), &charge, &workload);
            let _ = need(u64::MAX, &charge, &workload);
        }
    }
}

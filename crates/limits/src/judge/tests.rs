//! One ceiling against workloads, and the laws that hold for any.

use super::*;
use model::{Charge, Cost, Key};
use proptest::prelude::*;

const LIMIT: Limit = Limit {
    id: "test.limit",
    bounds: "things",
    defaults: &[],
    effect: Effect::Stops,
    why: "",
    raise: &[],
    source: "",
    signs: &[],
};

fn ceiling(max: u64, used: Used) -> Ceiling {
    let cost = Cost::exact(Charge::each(Amount::whole(1)), "");
    let max = Bound::Finite(Amount::whole(max));
    Ceiling::new("here", cost).max(max, "").used(used, "")
}

fn known(used: u64) -> Used {
    Used::Known(Amount::whole(used))
}

fn nodes(nodes: u64) -> Workload {
    Workload {
        nodes,
        ..Workload::default()
    }
}

#[test]
fn the_node_after_the_last_that_fits_is_refused() {
    let answer = judge(&LIMIT, ceiling(1023, known(0)), &nodes(600));
    assert_eq!((answer.nodes_fit, answer.stops_at), (Some(511), Some(512)));
    assert_eq!(answer.verdict, Fate::Stops);
    assert_eq!(
        judge(&LIMIT, ceiling(1023, known(0)), &nodes(511)).verdict,
        Fate::Fits
    );
    let spent = judge(&LIMIT, ceiling(10, known(12)), &nodes(1));
    assert_eq!((spent.nodes_fit, spent.verdict), (Some(0), Fate::Stops));
}

#[test]
fn an_unknown_use_bounds_but_never_fits() {
    let unknown = || Used::Unknown(Unread::because("closed"));
    let answer = judge(&LIMIT, ceiling(1023, unknown()), &nodes(600));
    assert_eq!(
        (answer.nodes_at_most, answer.verdict),
        (Some(511), Fate::Stops)
    );
    assert_eq!((answer.nodes_fit, answer.stops_at), (None, None));
    let answer = judge(&LIMIT, ceiling(1023, unknown()), &nodes(10));
    assert_eq!(answer.verdict, Fate::Unknown);
    assert_eq!(answer.note.as_deref(), Some("closed"));
}

#[test]
fn a_raise_covers_use_need_and_reserve() {
    let ceiling = ceiling(10, known(20)).lever(Key::new("sysctl", "a.b"), Amount::whole(5));
    let answer = judge(&LIMIT, ceiling, &nodes(100));
    assert_eq!(answer.raise[0].value, "247");
    assert_eq!(answer.raise[0].setting.to_string(), "sysctl:a.b");
}

#[test]
fn what_the_measured_cost_leaves_open_is_unknown() {
    let charge = |number| Charge::each(Amount::whole(number));
    let narrow = || {
        let mut narrow = ceiling(100, known(0));
        narrow.cost = Cost::measured(charge(10), charge(9), charge(12), "");
        narrow
    };
    let answer = judge(&LIMIT, narrow(), &nodes(5));
    assert_eq!(
        (answer.nodes_at_most, answer.nodes_fit_between),
        (Some(5), Some((4, 5)))
    );
    assert_eq!((answer.verdict, answer.nodes_fit), (Fate::Unknown, None));
    let note = answer.note.unwrap();
    assert!(note.contains("highest cost seen 4 nodes"), "{note}");
    assert_eq!(judge(&LIMIT, narrow(), &nodes(4)).verdict, Fate::Fits);
    assert_eq!(judge(&LIMIT, narrow(), &nodes(6)).verdict, Fate::Stops);
}

#[test]
fn what_does_not_apply_has_no_numbers() {
    let answer = judge(
        &LIMIT,
        Ceiling::not_applicable("here", "no bridge"),
        &nodes(5),
    );
    assert_eq!(
        (answer.verdict, answer.used, answer.unlimited),
        (Fate::NotApplicable, None, false)
    );
}

proptest! {
    #[test]
    fn raising_a_ceiling_never_lowers_the_answer(
        max in 0u64..5_000, more in 0u64..5_000, used in 0u64..5_000, count in 1u64..2_000,
    ) {
        let low = judge(&LIMIT, ceiling(max, known(used)), &nodes(count));
        let high = judge(&LIMIT, ceiling(max + more, known(used)), &nodes(count));
        prop_assert!(high.nodes_fit >= low.nodes_fit);
        prop_assert!(high.verdict <= low.verdict);
    }

    #[test]
    fn more_nodes_never_turn_stops_into_fits(
        max in 0u64..5_000, used in 0u64..5_000, count in 1u64..2_000, more in 0u64..2_000,
    ) {
        let few = judge(&LIMIT, ceiling(max, known(used)), &nodes(count));
        let many = judge(&LIMIT, ceiling(max, known(used)), &nodes(count + more));
        prop_assert!(many.verdict >= few.verdict);
    }
}

//! The conclusion: who breaks first, and how many nodes that leaves.

use crate::headline::headline;
use crate::judge::RESERVE_PERCENT;
use crate::reshape;
use model::{Answer, Batch, Effect, Fate, LimitAnswer, Link, Workload};

/// Puts the rows of all limits together. Rows come in table order, which decides between equals.
pub fn conclude(workload: &Workload, mut rows: Vec<LimitAnswer>) -> Answer {
    rows.sort_by_key(breaks_first);
    let stopping = || rows.iter().filter(|row| row.effect == Effect::Stops);
    let undecided = |row: &LimitAnswer| {
        let read = row.unlimited || (row.ceiling.is_some() && row.used.is_some());
        holds(row) && (!read || row.verdict == Fate::Unknown)
    };
    let unknown = rows.iter().filter(|row| row.verdict == Fate::Unknown);
    let verdict = rows.iter().map(|row| row.verdict).max();
    let mut answer = Answer {
        workload: workload.clone(),
        nodes_fit: fewest(stopping()),
        nodes_fit_undegraded: fewest(rows.iter()),
        at_most: stopping().any(undecided),
        undegraded_at_most: rows.iter().any(undecided),
        unknown: unknown.map(LimitAnswer::name).collect(),
        headline: String::new(),
        reserve_percent: RESERVE_PERCENT,
        // Rows that do not concern the workload leave it whole.
        verdict: verdict.unwrap_or(Fate::Unknown).max(Fate::Fits),
        chain: chain(&rows),
        batch: batch(workload, &rows),
        compose: None,
        limits: rows,
    };
    answer.compose = reshape::compose(&answer);
    answer.headline = headline(&answer);
    answer
}

/// The rows that break at some node, in that order.
fn chain(rows: &[LimitAnswer]) -> Vec<Link> {
    let breaking = || rows.iter().filter(|row| row.whole_up_to().is_some());
    let next = breaking().skip(1).map(LimitAnswer::whole_up_to);
    let next = next.chain([None]);
    let link = |(row, then): (&LimitAnswer, Option<u64>)| Link {
        id: row.id,
        place: row.place.clone(),
        effect: row.effect,
        node: row.whole_up_to().unwrap_or(0).saturating_add(1),
        at_latest: row.stops_at.or(row.degrades_at).is_none(),
        then,
    };
    breaking().zip(next).map(link).collect()
}

/// The fewest starts at once that some row takes, if the workload could start more together.
fn batch(workload: &Workload, rows: &[LimitAnswer]) -> Option<Batch> {
    let holding = rows.iter().filter(|row| holds(row));
    let tightest =
        holding.filter_map(|row| Some((row.starts_fit.filter(|starts| *starts > 0)?, row)));
    let (starts, row) = tightest.min_by_key(|(starts, _)| *starts)?;
    let parts = workload.parts();
    let widest = parts.iter().map(model::Part::outer_per_node).max();
    (starts < workload.outer_containers()).then(|| Batch {
        starts,
        nodes: (starts / widest.unwrap_or(1).max(1)).max(1),
        by: row.name(),
        effect: row.effect,
    })
}

fn fewest<'a>(rows: impl Iterator<Item = &'a LimitAnswer>) -> Option<u64> {
    rows.filter_map(LimitAnswer::whole_up_to).min()
}

fn holds(row: &LimitAnswer) -> bool {
    !matches!(row.verdict, Fate::NotApplicable | Fate::NotEnforced)
}

/// By the node at which a row breaks; then what could not be read, what has no bound, and what
/// does not concern the workload.
fn breaks_first(row: &LimitAnswer) -> (u8, u64) {
    match (row.whole_up_to(), row.verdict) {
        (Some(nodes), _) => (0, nodes),
        (None, Fate::NotApplicable) => (4, 0),
        (None, Fate::NotEnforced) => (3, 0),
        (None, Fate::Unknown) => (1, 0),
        (None, _) => (2, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge;
    use model::{Amount, Bound, Ceiling, Charge, Cost, Limit, Unread, Used};
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

    fn row(place: usize, max: u64, used: Option<u64>, effect: Effect, nodes: u64) -> LimitAnswer {
        let cost = Cost::exact(Charge::each(Amount::whole(1)), "");
        let used = match used {
            Some(used) => Used::Known(Amount::whole(used)),
            None => Used::Unknown(Unread::because("closed")),
        };
        let ceiling = Ceiling::new(place.to_string(), cost)
            .effect(effect)
            .max(Bound::Finite(Amount::whole(max)), "")
            .used(used, "");
        judge(&LIMIT, ceiling, &workload(nodes))
    }

    fn workload(nodes: u64) -> Workload {
        Workload {
            nodes,
            ..Workload::default()
        }
    }

    #[test]
    fn equals_keep_the_order_of_the_table() {
        let rows = (0..3)
            .map(|place| row(place, 8, Some(0), Effect::Stops, 9))
            .collect();
        let answer = conclude(&workload(9), rows);
        let places: Vec<&str> = answer.limits.iter().map(|row| row.place.as_str()).collect();
        assert_eq!(places, ["0", "1", "2"]);
    }

    #[test]
    fn a_degrading_limit_lowers_only_the_second_count() {
        let rows = vec![
            row(0, 1023, Some(0), Effect::Stops, 600),
            row(1, 128, Some(23), Effect::Degrades, 600),
        ];
        let answer = conclude(&workload(600), rows);
        assert_eq!(
            (answer.nodes_fit, answer.nodes_fit_undegraded),
            (Some(511), Some(52))
        );
        assert_eq!((answer.verdict, answer.at_most), (Fate::Stops, false));
        assert_eq!(answer.limits[0].place, "1");
    }

    #[test]
    fn nothing_to_say_is_not_a_bound() {
        let answer = conclude(&workload(600), Vec::new());
        assert_eq!((answer.nodes_fit, answer.verdict), (None, Fate::Unknown));
        let spared = judge(&LIMIT, Ceiling::not_applicable("x", "y"), &workload(1));
        let answer = conclude(&workload(1), vec![spared]);
        assert_eq!((answer.nodes_fit, answer.verdict), (None, Fate::Fits));
        assert!(!answer.at_most);
    }

    #[test]
    fn a_row_that_was_not_read_leaves_an_upper_bound() {
        let unread = Ceiling::unread("y", Cost::NOTHING, Unread::because("closed"));
        let unread = judge(&LIMIT, unread, &workload(5));
        let rows = vec![unread, row(0, 1023, Some(0), Effect::Stops, 5)];
        let answer = conclude(&workload(5), rows);
        assert_eq!((answer.nodes_fit, answer.at_most), (Some(511), true));
        assert_eq!(
            (answer.verdict, answer.unknown),
            (Fate::Unknown, vec!["test.limit@y".to_owned()])
        );
    }

    proptest! {
        #[test]
        fn the_answer_is_that_of_whoever_breaks_first(
            ceilings in proptest::collection::vec(
                (0u64..3_000, proptest::option::weighted(0.8, 0u64..3_000), any::<bool>()), 1..8,
            ),
            nodes in 1u64..2_000,
        ) {
            let rows = ceilings.iter().enumerate().map(|(place, (max, used, stops))| {
                let effect = if *stops { Effect::Stops } else { Effect::Degrades };
                row(place, *max, *used, effect, nodes)
            });
            let answer = conclude(&workload(nodes), rows.collect());
            let count = |stops: bool| ceilings.iter()
                .filter(|(_, _, this)| *this || !stops)
                .map(|(max, used, _)| max.saturating_sub(used.unwrap_or(0)) / 2).min();
            prop_assert_eq!(answer.nodes_fit, count(true));
            prop_assert_eq!(answer.nodes_fit_undegraded, count(false));
            prop_assert_eq!(answer.limits[0].whole_up_to(), count(false));
            let refused = count(true).is_some_and(|most| most < nodes);
            prop_assert_eq!(answer.verdict == Fate::Stops, refused);
        }
    }
}

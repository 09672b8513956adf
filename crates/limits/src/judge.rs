//! What one ceiling says about a workload: where it stops or degrades, and what would raise it.

use crate::fit::Fit;
use model::{
    Amount, Bound, Ceiling, Effect, Fate, Limit, LimitAnswer, Raise, Standing, Unread, Used, Whom,
    Workload,
};

/// What every raise keeps free above the need, in per cent of it.
pub const RESERVE_PERCENT: u64 = 10;

/// Holds a workload against one ceiling.
pub fn judge(limit: &Limit, ceiling: Ceiling, workload: &Workload) -> LimitAnswer {
    let fit = Fit::new(workload, &ceiling);
    let mut answer = blank(limit, &ceiling);
    answer.reckon(&fit, &ceiling, workload);
    match &ceiling.standing {
        Standing::NotApplicable(why) => answer.settle(Fate::NotApplicable, why),
        Standing::NotEnforced(why) => answer.settle(Fate::NotEnforced, why),
        Standing::Enforced => {
            match (&ceiling.max, &ceiling.used) {
                (Bound::Unlimited, _) => answer.row.verdict = Fate::Fits,
                (Bound::Unread(why), _) => answer.not_read(why),
                (Bound::Finite(max), Used::Known(used)) => {
                    answer.known(max.minus(*used), &fit, &ceiling, workload);
                }
                (Bound::Finite(max), Used::Unknown(why)) => {
                    answer.not_read(why);
                    answer.bounded(*max, &fit, &ceiling, workload);
                }
            }
            if ceiling.max != Bound::Unlimited {
                // What is enough needs no raise; a number below the ceiling would lower it.
                if answer.row.verdict != Fate::Fits {
                    answer.row.raise = raises(&fit, &ceiling, workload);
                }
                answer.row.reshape = ceiling.reshape;
            }
        }
    }
    answer.row
}

/// An answer under way.
struct Draft {
    row: LimitAnswer,
}

impl Draft {
    fn settle(&mut self, fate: Fate, why: &str) {
        self.row.verdict = fate;
        self.say(why);
    }

    fn not_read(&mut self, unread: &Unread) {
        self.settle(Fate::Unknown, &unread.why);
        self.row.needs.clone_from(&unread.needs);
    }

    /// What the workload takes here, and of what it is made up.
    fn reckon(&mut self, fit: &Fit, ceiling: &Ceiling, workload: &Workload) {
        if ceiling.standing != Standing::Enforced {
            return;
        }
        let terms = ceiling.cost.charge.terms(&fit.load(workload.nodes));
        let taking = terms.into_iter().filter(|term| term.each != Amount::ZERO);
        self.row.terms = taking.collect();
        self.row.need = Some(fit.need(workload.nodes, &ceiling.cost.charge));
    }

    /// The use is known, so the count is.
    fn known(&mut self, room: Amount, fit: &Fit, ceiling: &Ceiling, workload: &Workload) {
        self.row.verdict = Fate::Fits;
        let (fewest, most) = interval(room, fit, ceiling);
        let worst = ceiling.cost.spread.as_ref();
        let worst = worst.map_or(&ceiling.cost.charge, |(_, most)| most);
        self.row.starts_fit = fit.starts_in(room, worst, workload.nodes);
        self.row.nodes_fit_between = fewest.zip(most);
        let breaks = |nodes: Option<u64>| nodes.is_some_and(|nodes| nodes < workload.nodes);
        if breaks(fewest) && !breaks(most) {
            // The cost that was measured leaves it open.
            self.row.verdict = Fate::Unknown;
            self.row.nodes_at_most = most;
            let fewest = fewest.unwrap_or(0);
            self.say(&format!(
                "at the highest cost seen {fewest} nodes start, at the lowest all of them"
            ));
            return;
        }
        let Some(nodes) = fit.nodes_in(room, &ceiling.cost.charge) else {
            return;
        };
        let breaks_at = Some(nodes.saturating_add(1));
        match ceiling.effect {
            Effect::Stops => {
                self.row.nodes_fit = Some(nodes);
                self.row.stops_at = breaks_at;
            }
            Effect::Degrades => self.row.degrades_at = breaks_at,
        }
        if nodes < workload.nodes {
            self.row.verdict = breaking(ceiling.effect);
        }
    }

    /// The use is not known but at least nothing, so the count is an upper bound: enough to be
    /// certain of the bad news, never of the good.
    fn bounded(&mut self, max: Amount, fit: &Fit, ceiling: &Ceiling, workload: &Workload) {
        self.row.nodes_at_most = fit.nodes_in(max, &ceiling.cost.charge);
        if self
            .row
            .nodes_at_most
            .is_some_and(|most| most < workload.nodes)
        {
            self.row.verdict = breaking(ceiling.effect);
        }
    }

    fn say(&mut self, more: &str) {
        self.row.note = Some(match self.row.note.take() {
            Some(note) => format!("{more}; {note}"),
            None => more.to_owned(),
        });
    }
}

fn breaking(effect: Effect) -> Fate {
    match effect {
        Effect::Stops => Fate::Stops,
        Effect::Degrades => Fate::Degrades,
    }
}

/// The counts under the most and the least that a container was seen to take; none where no number
/// of nodes fills the room.
fn interval(room: Amount, fit: &Fit, ceiling: &Ceiling) -> (Option<u64>, Option<u64>) {
    match &ceiling.cost.spread {
        Some((least, most)) => (fit.nodes_in(room, most), fit.nodes_in(room, least)),
        None => (None, None),
    }
}

/// The whole need and what is taken already, a share on top, and what the lever keeps besides.
fn raises(fit: &Fit, ceiling: &Ceiling, workload: &Workload) -> Vec<Raise> {
    let used = match &ceiling.used {
        Used::Known(used) => *used,
        Used::Unknown(_) => Amount::ZERO,
    };
    let need = used
        .plus(fit.need(workload.nodes, &ceiling.cost.charge))
        .ceil();
    let share = need.saturating_mul(RESERVE_PERCENT).div_ceil(100);
    let raise = |lever: &model::Lever| Raise {
        setting: lever.setting.clone(),
        value: need
            .saturating_add(share)
            .saturating_add(lever.reserve.ceil())
            .saturating_add(lever.withheld.ceil())
            .to_string(),
    };
    ceiling.levers.iter().map(raise).collect()
}

fn blank(limit: &Limit, ceiling: &Ceiling) -> Draft {
    let row = LimitAnswer {
        id: limit.id,
        place: ceiling.place.clone(),
        bounds: limit.bounds,
        effect: if not_here(ceiling) {
            limit.effect
        } else {
            ceiling.effect
        },
        ceiling: match ceiling.max {
            Bound::Finite(max) if !not_here(ceiling) => Some(max),
            _ => None,
        },
        unlimited: ceiling.max == Bound::Unlimited && !not_here(ceiling),
        ceiling_source: ceiling.max_source.clone(),
        used: match ceiling.used {
            Used::Known(used) if !not_here(ceiling) => Some(used),
            _ => None,
        },
        used_source: ceiling.used_source.clone(),
        cost: ceiling.cost.clone(),
        stops_at: None,
        degrades_at: None,
        nodes_fit: None,
        nodes_fit_between: None,
        nodes_at_most: None,
        starts_fit: None,
        need: None,
        terms: Vec::new(),
        places: ceiling.places,
        network: match &ceiling.whom {
            Whom::On(network) => Some(network.to_string()),
            Whom::All => None,
        },
        verdict: Fate::Unknown,
        basis: ceiling.cost.basis,
        raise: Vec::new(),
        reshape: None,
        note: ceiling.note.clone(),
        needs: None,
    };
    Draft { row }
}

fn not_here(ceiling: &Ceiling) -> bool {
    matches!(ceiling.standing, Standing::NotApplicable(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Charge, Cost, Key};
    use proptest::prelude::*;

    const LIMIT: Limit = Limit {
        id: "test.limit",
        bounds: "things",
        effect: Effect::Stops,
        why: "",
        raise: &[],
        source: "",
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
}

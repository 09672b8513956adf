//! What one ceiling says about a workload: where it stops or degrades, and what would raise it.

use crate::fit::Fit;
use model::{
    Amount, Bound, Ceiling, Edge, Effect, Fate, Limit, LimitAnswer, Raise, Standing, Unread, Used,
    Whom, Workload,
};

/// What every raise keeps free above the need, in per cent of it.
pub const RESERVE_PERCENT: u64 = 10;

/// Holds a workload against one ceiling.
pub fn judge(limit: &Limit, ceiling: Ceiling, workload: &Workload) -> LimitAnswer {
    let fit = Fit::new(workload, &ceiling);
    let mut answer = blank(limit, &ceiling);
    answer.reckon(&fit, &ceiling, workload.nodes);
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
                answer.row.reshape.clone_from(&ceiling.reshape);
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
    fn reckon(&mut self, fit: &Fit<'_>, ceiling: &Ceiling, nodes: u64) {
        if ceiling.standing == Standing::Enforced {
            self.row.terms = ceiling.cost.terms(&fit.load(nodes));
            self.row.need = Some(fit.need(nodes));
        }
    }

    /// The use is known, so the count is.
    fn known(&mut self, room: Amount, fit: &Fit<'_>, ceiling: &Ceiling, workload: &Workload) {
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
            self.row.nodes_sure = fewest;
            let fewest = fewest.unwrap_or(0);
            self.say(&format!(
                "at the highest cost seen {fewest} nodes start, at the lowest all of them"
            ));
            return;
        }
        let Some(nodes) = fit.nodes_in(room, &ceiling.cost.charge) else {
            return;
        };
        self.edge(nodes, fit);
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
    fn bounded(&mut self, max: Amount, fit: &Fit<'_>, ceiling: &Ceiling, workload: &Workload) {
        self.row.nodes_at_most = fit.nodes_in(max, &ceiling.cost.charge);
        if let Some(nodes) = self.row.nodes_at_most {
            self.edge(nodes, fit);
        }
        if self
            .row
            .nodes_at_most
            .is_some_and(|most| most < workload.nodes)
        {
            self.row.verdict = breaking(ceiling.effect);
        }
    }

    fn edge(&mut self, nodes: u64, fit: &Fit<'_>) {
        self.row.edge = Some(Edge {
            nodes,
            need: fit.need(nodes),
            next: fit.need(nodes.saturating_add(1)),
        });
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
fn interval(room: Amount, fit: &Fit<'_>, ceiling: &Ceiling) -> (Option<u64>, Option<u64>) {
    match &ceiling.cost.spread {
        Some((least, most)) => (fit.nodes_in(room, most), fit.nodes_in(room, least)),
        None => (None, None),
    }
}

/// The whole need and what is taken already, a share on top, and what the lever keeps besides.
fn raises(fit: &Fit<'_>, ceiling: &Ceiling, workload: &Workload) -> Vec<Raise> {
    let used = match &ceiling.used {
        Used::Known(used) => *used,
        Used::Unknown(_) => Amount::ZERO,
    };
    let added = fit.need(workload.nodes);
    if added == Amount::ZERO {
        // Whatever its height, the workload does not come near it.
        return Vec::new();
    }
    let need = used.plus(added).ceil();
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
        nodes_sure: None,
        starts_fit: None,
        need: None,
        terms: Vec::new(),
        edge: None,
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
#[path = "judge/tests.rs"]
mod tests;

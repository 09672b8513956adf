//! The comparison: what preflight said and what the stand-ins showed, side by side.
//!
//! A use differs only where nothing else explains it: neither the bounds of the cost, nor what others take
//! and give back meanwhile. What cannot be told is no agreement either, and stands apart with its reason.

use crate::expected::{Between, Expected};
use crate::observe::{Observation, Others, Seen};
use crate::{Course, Engine, Plan};
use model::Amount;
use serde::Serialize;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Matter {
    /// How many containers run before one is refused.
    Stop,
    /// How much of a limit the stand-ins took.
    Use,
}

/// One number that was predicted and seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// What is compared.
    pub matter: Matter,
    /// Where, as `id@place`.
    pub name: String,
    /// What preflight's rows say, by the usual cost.
    pub predicted: Amount,
    /// By the least and by the most that the cost can be.
    pub between: Between,
    /// What was seen.
    pub observed: Amount,
    /// Observed less predicted.
    pub difference: f64,
    /// How far beside these bounds it may be.
    pub tolerance: Amount,
    /// Whether it is no farther.
    pub agrees: bool,
}

/// A use that tells nothing of the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotCompared {
    /// Where, as `id@place`.
    pub name: String,
    /// Why.
    pub why: String,
}

/// Everything that was predicted and seen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Compared {
    /// What tells whether the model is right.
    pub rows: Vec<Comparison>,
    /// What does not.
    pub not: Vec<NotCompared>,
}

/// A share of what was predicted, and of what others have, may come and go while stand-ins run.
const TOLERANCE_PERCENT: u64 = 2;
/// So many of anything may, wherever others are.
const COMES_AND_GOES: Amount = Amount::whole(64);

const TOO_FEW: &str =
    "so little of it was to be taken that it is lost in what others take and give back";
const IN_ONE_HALF: &str =
    "it differs in one half of the rehearsal and not in the other, as what others take does";
const NOT_GIVEN_BACK: &str = "it agrees with what is left now that all stand-ins are gone, so others took or gave back the rest";

impl Comparison {
    fn new(
        matter: Matter,
        name: &str,
        predicted: Between,
        observed: Amount,
        tolerance: Amount,
    ) -> Self {
        let thousandths = |amount: Amount| amount.as_thousandths() as f64 / 1000.0;
        Self {
            matter,
            name: name.to_owned(),
            predicted: predicted.usual,
            between: predicted,
            observed,
            difference: thousandths(observed) - thousandths(predicted.usual),
            tolerance,
            agrees: predicted.holds(observed, tolerance),
        }
    }
}

/// Holds a course and what was seen while the stand-ins ran against the plan. `gone` tells what is taken at a
/// place now that they are gone; it is asked only of a use that differs.
pub fn compare(
    plan: &Plan,
    course: &Course,
    engine: &dyn Engine,
    observations: &[Observation],
    gone: &mut dyn FnMut(&str) -> Option<Amount>,
) -> Compared {
    let mut all = Compared {
        rows: stop(plan, course, engine).into_iter().collect(),
        not: Vec::new(),
    };
    for Observation { name, seen } in observations {
        let judged = seen.clone().and_then(|seen| judge(name, &seen, gone));
        match judged {
            Ok(row) => all.rows.push(row),
            Err(why) => all.not.push(NotCompared {
                name: name.clone(),
                why,
            }),
        }
    }
    all
}

/// Where it stopped; none where neither side says that it does.
fn stop(plan: &Plan, course: &Course, engine: &dyn Engine) -> Option<Comparison> {
    let fits = |place| {
        let expected = Expected::while_they_start(&plan.workload, place, engine);
        expected.fit(place, plan.target)
    };
    let predicted = plan.first_stop().filter(|(_, fits)| *fits < plan.target);
    let predicted = predicted.and_then(|(place, _)| Some((place.name(), fits(place)?)));
    let observed = Amount::whole(course.reached);
    let (name, predicted) = match (predicted, &course.refusal) {
        (Some(predicted), Some(_)) => predicted,
        // It was to be refused and was not.
        (Some((name, fits)), None) if observed > fits.usual => (name, fits),
        (None, Some(refusal)) => {
            let place = refusal.limit.as_ref().and_then(|limit| plan.place(limit));
            let all = Between::one(Amount::whole(plan.target));
            let name = refusal.limit.as_deref().unwrap_or("unknown");
            (name.to_owned(), place.and_then(fits).unwrap_or(all))
        }
        _ => return None,
    };
    let tolerance = Amount::whole(1);
    Some(Comparison::new(
        Matter::Stop,
        &name,
        predicted,
        observed,
        tolerance,
    ))
}

/// A row, or why there is none.
fn judge(
    name: &str,
    seen: &Seen,
    gone: &mut dyn FnMut(&str) -> Option<Amount>,
) -> Result<Comparison, String> {
    let Seen {
        predicted,
        observed,
        ..
    } = *seen;
    let tolerance = tolerance(seen, &predicted);
    let row = Comparison::new(Matter::Use, name, predicted, observed, tolerance);
    let takes = predicted.least > Amount::ZERO;
    if row.agrees && takes && predicted.least <= tolerance && seen.others != Others::Nobody {
        return Err(TOO_FEW.to_owned());
    }
    let Others::Host { with_all, .. } = seen.others else {
        return Ok(row);
    };
    if row.agrees {
        return Ok(row);
    }
    if one_half_agrees(seen) {
        return Err(IN_ONE_HALF.to_owned());
    }
    match gone(name) {
        Some(left) if predicted.holds(with_all.minus(left), tolerance) => {
            Err(NOT_GIVEN_BACK.to_owned())
        }
        _ => Ok(row),
    }
}

/// How far beside what is predicted a use may be: a share of it, two containers' worth, and what others
/// take and give back.
fn tolerance(seen: &Seen, predicted: &Between) -> Amount {
    let own = share(predicted.usual).max(seen.each.times(2));
    match seen.others {
        Others::Nobody => own,
        Others::Few => own.max(COMES_AND_GOES),
        Others::Host { before, .. } => own.max(COMES_AND_GOES).max(share(before)),
    }
}

/// Whether one half of the stand-ins took what they should, and only the other did not.
fn one_half_agrees(seen: &Seen) -> bool {
    let Others::Host {
        before,
        with_all,
        half: Some((predicted, with_half)),
    } = seen.others
    else {
        return false;
    };
    let second = seen.predicted.since(&predicted);
    // A cost that is wrong for each of them is off by half as much in each half.
    let tolerance = Amount::thousandths(
        u64::try_from(tolerance(seen, &seen.predicted).as_thousandths() / 2).unwrap_or(u64::MAX),
    );
    let agrees = |predicted: Between, observed: Amount| {
        predicted.least > tolerance && predicted.holds(observed, tolerance)
    };
    agrees(predicted, with_half.minus(before)) || agrees(second, with_all.minus(with_half))
}

fn share(amount: Amount) -> Amount {
    let share = amount.as_thousandths() * u128::from(TOLERANCE_PERCENT) / 100;
    Amount::thousandths(u64::try_from(share).unwrap_or(u64::MAX))
}

#[cfg(test)]
#[path = "compare/tests.rs"]
mod tests;

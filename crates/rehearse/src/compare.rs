//! The comparison: what preflight said and what the stand-ins showed, side by side.

use crate::resolve::now;
use crate::{Course, Engine, Place, Plan};
use limits::Readings;
use model::{Amount, Effect, Used};
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
    /// What preflight's rows say.
    pub predicted: Amount,
    /// What was seen.
    pub observed: Amount,
    /// Observed less predicted.
    pub difference: f64,
    /// How much they may differ.
    pub tolerance: Amount,
    /// Whether they differ by no more.
    pub agrees: bool,
}

/// Beside the one that is in doubt, a share of what was predicted may come and go with everything
/// else that runs on the host.
const TOLERANCE_PERCENT: u64 = 2;
/// Whatever else the host does meanwhile may take or give back so many of anything.
const COMES_AND_GOES: Amount = Amount::whole(64);
/// Nothing counts what these bound; preflight reads something else that is at least as much.
const FOLLOWS_ANOTHER: [&str; 1] = ["fs.epoll.max_user_watches"];

impl Comparison {
    /// `each` is what one container takes.
    fn new(
        matter: Matter,
        name: String,
        predicted: Amount,
        observed: Amount,
        each: Amount,
    ) -> Self {
        let share = predicted.as_thousandths() * u128::from(TOLERANCE_PERCENT) / 100;
        let share = Amount::thousandths(u64::try_from(share).unwrap_or(u64::MAX));
        let tolerance = match matter {
            Matter::Stop => Amount::whole(1),
            Matter::Use => share.max(COMES_AND_GOES).max(each.times(2)),
        };
        let apart = observed.minus(predicted).max(predicted.minus(observed));
        let thousandths = |amount: Amount| amount.as_thousandths() as f64 / 1000.0;
        Self {
            matter,
            name,
            predicted,
            observed,
            difference: thousandths(observed) - thousandths(predicted),
            tolerance,
            agrees: apart <= tolerance,
        }
    }
}

/// Holds a course against the plan. `after` is what the host shows while the stand-ins run.
pub fn compare(
    plan: &Plan,
    course: &Course,
    engine: &mut dyn Engine,
    after: &Readings,
) -> Vec<Comparison> {
    let mut all: Vec<Comparison> = stop(plan, course).into_iter().collect();
    for place in plan.met() {
        if let Some((predicted, observed)) = taken(place, course, engine, after) {
            let next = place.needs.at(course.reached + 1);
            let each = next.minus(place.needs.at(course.reached));
            let name = place.name();
            all.push(Comparison::new(
                Matter::Use,
                name,
                predicted,
                observed,
                each,
            ));
        }
    }
    all
}

/// Where it stopped; none where neither side says that it does.
fn stop(plan: &Plan, course: &Course) -> Option<Comparison> {
    let observed = Amount::whole(course.reached);
    let refused = course.refusal.as_ref();
    let predicted = plan.first_stop().filter(|(_, fits)| *fits < plan.target);
    let (name, predicted) = match (predicted, refused) {
        (Some((place, fits)), Some(_)) => (place.name(), fits),
        // It was to be refused and was not.
        (Some((place, fits)), None) if course.reached > fits => (place.name(), fits),
        (None, Some(refusal)) => {
            let name = refusal.limit.clone();
            (name.unwrap_or_else(|| "unknown".to_owned()), plan.target)
        }
        _ => return None,
    };
    Some(Comparison::new(
        Matter::Stop,
        name,
        Amount::whole(predicted),
        observed,
        Amount::whole(1),
    ))
}

/// What the stand-ins took at a place, by preflight's costs and by what the host shows.
fn taken(
    place: &Place,
    course: &Course,
    engine: &mut dyn Engine,
    after: &Readings,
) -> Option<(Amount, Amount)> {
    let predicted = Amount::whole(place.needs.at(course.reached).ceil());
    if let Some(observed) = engine.taken(place) {
        return Some((predicted, observed));
    }
    if FOLLOWS_ANOTHER.contains(&place.limit.id) {
        return None;
    }
    if place.exercise.is_apart() || place.ceiling.effect == Effect::Degrades {
        return None;
    }
    let Used::Known(before) = &place.ceiling.used else {
        return None;
    };
    let used = now(place, after)?;
    Some((predicted, used.minus(*before)))
}

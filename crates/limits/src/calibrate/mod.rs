//! Calibration: what containers take on this host itself, measured from those that run or in a
//! rehearsal, and where it takes the place of the catalog's.
//!
//! A measure is a row of [`MEASURES`]. What runs here has been started by this very kernel, containerd and
//! Docker, so it tells more than a catalog; but only what is the containers' own is counted, and only
//! where there are enough of them and they agree.

mod counters;
mod look;
mod measures;
mod rehearsed;
mod seen;

pub use counters::Counters;
pub use rehearsed::{COSTS, Moment, costs};

use look::Look;
use measures::{MEASURES, Measure, Slot};
use model::{Amount, Basis, Ceiling, Charge, Here, Host, Limit};
use rehearsed::Rehearsed;

/// Puts what was measured here in the place of the catalog's, and beside it where it may not be used.
pub(crate) fn calibrate(host: &dyn Host, rows: &mut [(&'static Limit, Ceiling)]) {
    let look = Look::take(host);
    let rehearsed = Rehearsed::read(host);
    for measure in MEASURES {
        let before = rehearsed.seen(measure);
        let now = (measure.look)(&look);
        // What a rehearsal counted from nothing is surer than what runs, as long as it holds.
        let seen = match rehearsed.holds() {
            true => before.or(now),
            false => now.or(before),
        };
        let seen = seen.map(|seen| seen.here(measure));
        let Some(here) = seen else { continue };
        for (limit, ceiling) in rows.iter_mut() {
            let slot = measure.slot(limit.id, ceiling);
            let free = ceiling.cost.basis != Basis::Calibrated;
            if let Some(slot) = slot.filter(|_| free) {
                put(ceiling, measure, slot, here);
            }
        }
    }
}

fn put(ceiling: &mut Ceiling, measure: &Measure, slot: Slot, here: Here) {
    let catalog = ceiling.cost.clone();
    ceiling.cost.here = Some(here);
    if here.not_used.is_some() {
        return;
    }
    let by = |amount| move |old: Amount| old.plus(amount).minus(measure.catalog);
    match slot {
        Slot::Once => ceiling.cost.once = by(here.most)(catalog.once),
        Slot::Running | Slot::Same => {
            let moved = |charge: &Charge, amount| shifted(charge, slot, measure, by(amount));
            let Some(charge) = moved(&catalog.charge, here.each) else {
                // The workload's containers are not like those that the measure is about.
                ceiling.cost.here = None;
                return;
            };
            ceiling.cost.charge = charge;
            let (least, most) = match &catalog.spread {
                // What is not measured here keeps its own spread.
                Some((least, most)) => (like(least, &catalog.charge), like(most, &catalog.charge)),
                None => (catalog.charge, catalog.charge),
            };
            let spread = (moved(&least, here.least), moved(&most, here.most));
            ceiling.cost.spread =
                match (spread, here.least == here.most && catalog.spread.is_none()) {
                    ((Some(least), Some(most)), false) => Some((least, most)),
                    _ => None,
                };
        }
    }
    ceiling.cost.basis = Basis::Calibrated;
}

/// The edge of a spread with what runs as it is on average.
fn like(edge: &Charge, average: &Charge) -> Charge {
    Charge {
        node: average.node,
        job: average.job,
        ..*edge
    }
}

/// The same with another amount for the host's own containers; what runs inside a DinD node is started
/// by another Docker, and keeps what the catalog says.
fn shifted(
    charge: &Charge,
    slot: Slot,
    measure: &Measure,
    by: impl Fn(Amount) -> Amount,
) -> Option<Charge> {
    let fits = |old: Amount| match slot {
        Slot::Same => old == measure.catalog || old == Amount::ZERO,
        _ => true,
    };
    if !fits(charge.node) || !fits(charge.job) {
        return None;
    }
    let moved = |old: Amount| match old == Amount::ZERO {
        true => old,
        false => by(old),
    };
    Some(Charge {
        node: moved(charge.node),
        job: moved(charge.job),
        ..*charge
    })
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

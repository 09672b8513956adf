//! The observation: what a place showed while the stand-ins ran, and half of them.

use crate::expected::{Between, Expected};
use crate::resolve::now;
use crate::unseen::{ends_there, unseen};
use crate::{Course, Engine, Place, Plan};
use limits::Readings;
use model::{Amount, Standing, Used};

/// What the host shows when so many stand-ins run.
pub type Moment = (u64, Readings);

/// A use that was predicted and seen, or why it was not seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Where, as `id@place`.
    pub name: String,
    /// What was seen there.
    pub seen: Result<Seen, String>,
}

/// What was seen of one use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// What the stand-ins should take.
    pub(crate) predicted: Between,
    /// What they took.
    pub(crate) observed: Amount,
    /// What the last of them should take.
    pub(crate) each: Amount,
    /// Who else takes of it.
    pub(crate) others: Others,
}

/// Who else takes of what the stand-ins take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Others {
    /// Nobody.
    Nobody,
    /// Others, who come and go, though the engine knows what is its own.
    Few,
    /// Whoever runs on the host; what is read is the sum.
    Host {
        /// Before the first stand-in.
        before: Amount,
        /// With all of them.
        with_all: Amount,
        /// With half of them: what these should take, and the sum.
        half: Option<(Between, Amount)>,
    },
}

/// Looks at every place that the stand-ins meet. `after` is what the host shows while they run.
pub fn observe(
    plan: &Plan,
    course: &Course,
    engine: &mut dyn Engine,
    half: Option<&Moment>,
    after: &Readings,
) -> Vec<Observation> {
    // Without a stand-in nothing was to be taken, and agreement would mean nothing.
    if course.reached == 0 {
        return Vec::new();
    }
    let concerns = |place: &&Place| !matches!(place.ceiling.standing, Standing::NotApplicable(_));
    let places = plan.met().filter(concerns);
    let look = |place: &Place| Observation {
        name: place.name(),
        seen: see(plan, place, course.reached, engine, half, after),
    };
    places.map(look).collect()
}

fn see(
    plan: &Plan,
    place: &Place,
    reached: u64,
    engine: &mut dyn Engine,
    half: Option<&Moment>,
    after: &Readings,
) -> Result<Seen, String> {
    let counted = engine.taken(place);
    if let Some(why) = unseen(place, counted.is_some()) {
        return Err(why);
    }
    if let Some(why) = engine.hidden(place, reached) {
        return Err(why);
    }
    if ends_there(place, reached) {
        return Err("stand-ins that run all the same lose what is beyond the ceiling".to_owned());
    }
    let expected = Expected::while_they_run(&plan.workload, place, engine);
    let predicted = expected.at(reached);
    // The last that ran, since beyond the last of the workload there is none.
    let last = predicted.since(&expected.at(reached.saturating_sub(1)));
    let (observed, others) = match (counted, &place.ceiling.used) {
        (Some(observed), _) if place.exercise.is_apart() => (observed, Others::Nobody),
        (Some(observed), _) => (observed, Others::Few),
        (None, Used::Known(before)) => {
            let unread = || "it could not be read any more".to_owned();
            let with_all = now(place, after).ok_or_else(unread)?;
            let half = half
                .and_then(|(count, readings)| Some((expected.at(*count), now(place, readings)?)));
            let others = Others::Host {
                before: *before,
                with_all,
                half,
            };
            (with_all.minus(*before), others)
        }
        (None, Used::Unknown(unread)) => return Err(unread.why.clone()),
    };
    Ok(Seen {
        predicted,
        observed,
        each: last.most.max(last.usual),
        others,
    })
}

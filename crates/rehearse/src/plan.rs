//! The plan: how many stand-ins are meant to run, and what they take at each ceiling.

use crate::{Engine, Exercise, Needs};
use limits::Readings;
use model::{Amount, Bound, Ceiling, Effect, Limit, Standing, Used, Workload};
use serde::Serialize;

/// Of what is free at a ceiling, the share that is left to everybody else, in per cent.
const LEFT_FREE_PERCENT: u64 = 20;

/// One ceiling of the host, and what the workload takes there.
#[derive(Debug, Clone)]
pub struct Place {
    /// The limit.
    pub limit: &'static Limit,
    /// The ceiling as it was before the first stand-in.
    pub ceiling: Ceiling,
    /// What the containers take.
    pub needs: Needs,
    /// Whether the engine's stand-ins meet it.
    pub exercise: Exercise,
}

impl Place {
    /// `id@place`, as preflight names it.
    pub fn name(&self) -> String {
        format!("{}@{}", self.limit.id, self.ceiling.place)
    }

    /// What is free here, where that is known and holds.
    pub fn room(&self) -> Option<Amount> {
        match (
            &self.ceiling.standing,
            &self.ceiling.max,
            &self.ceiling.used,
        ) {
            (Standing::Enforced, Bound::Finite(max), Used::Known(used)) => Some(max.minus(*used)),
            _ => None,
        }
    }

    /// Containers that are whole here, the next is refused or degrades; none where all are or where
    /// it cannot be told.
    pub fn fits(&self) -> Option<u64> {
        let shared = self.needs.fit(self.room()?)?;
        Some(shared.saturating_mul(self.ceiling.places))
    }
}

/// Why fewer stand-ins are meant to run than were asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clip {
    /// The ceiling of which a share is left free, as `id@place`.
    pub by: String,
    /// What of it is left to everybody else, in per cent of what was free.
    pub leaves_percent: u64,
}

/// What is meant to run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What was asked for.
    pub workload: Workload,
    /// Containers that were asked for.
    pub asked: u64,
    /// Stand-ins that are meant to run.
    pub target: u64,
    /// Why these are fewer.
    pub clip: Option<Clip>,
    /// Every ceiling that preflight knows.
    pub places: Vec<Place>,
}

impl Plan {
    /// What is meant to run of a workload; all of it where the engine may go `to_the_limit`, else so
    /// much that others keep a share of what is free now.
    pub fn new(readings: &Readings, engine: &dyn Engine, to_the_limit: bool) -> Self {
        let workload = readings.workload().clone();
        let places = readings.ceilings().map(|(limit, ceiling)| {
            let mut place = Place {
                limit,
                ceiling: ceiling.clone(),
                needs: Needs::of(&workload, ceiling),
                exercise: Exercise::Not,
            };
            place.exercise = engine.exercises(&place);
            if place.exercise == Exercise::Fresh {
                place.ceiling.used = Used::Known(Amount::ZERO);
            }
            place
        });
        let places: Vec<Place> = places.collect();
        let asked = workload.containers();
        let mut plan = Self {
            workload,
            asked,
            target: asked,
            clip: None,
            places,
        };
        if !to_the_limit {
            plan.clip();
        }
        plan
    }

    fn clip(&mut self) {
        let of_host = |place: &&Place| place.exercise == Exercise::OfHost;
        for place in self.places.iter().filter(of_host) {
            let Some(room) = place.room() else { continue };
            let spared = room.as_thousandths() * u128::from(100 - LEFT_FREE_PERCENT) / 100;
            let spared = Amount::thousandths(u64::try_from(spared).unwrap_or(u64::MAX));
            let Some(fits) = place.needs.fit(spared) else {
                continue;
            };
            if fits < self.target {
                self.target = fits;
                self.clip = Some(Clip {
                    by: place.name(),
                    leaves_percent: LEFT_FREE_PERCENT,
                });
            }
        }
    }

    /// The ceilings that the stand-ins meet.
    pub fn met(&self) -> impl Iterator<Item = &Place> {
        let met = |place: &&Place| place.exercise != Exercise::Not;
        self.places.iter().filter(met)
    }

    /// The place of that name.
    pub fn place(&self, name: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.name() == name)
    }

    /// The ceiling that preflight says refuses first among those that the stand-ins meet, and how many
    /// containers it leaves.
    pub fn first_stop(&self) -> Option<(&Place, u64)> {
        let stops = |place: &&Place| place.ceiling.effect == Effect::Stops;
        let fits = |place| Place::fits(place).map(|fits| (place, fits));
        let all = self.met().filter(stops).filter_map(fits);
        all.min_by_key(|(_, fits)| *fits)
    }

    /// Limits that no stand-in meets although the workload takes of them, by id.
    pub fn not_rehearsed(&self) -> Vec<&'static str> {
        let mut ids = Vec::new();
        for place in &self.places {
            let id = place.limit.id;
            let met = self.met().any(|met| met.limit.id == id);
            let concerns = !matches!(place.ceiling.standing, Standing::NotApplicable(_));
            if concerns && !met && !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }
}

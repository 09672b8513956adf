//! The plan: how many stand-ins are meant to run, and what they take at each ceiling.

use crate::{Engine, Exercise, Needs};
use limits::Readings;
use model::{Amount, Bound, Ceiling, Cost, Effect, Limit, Standing, Used, Workload};
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
    /// What each of the engine's stand-ins takes.
    pub takes: Cost,
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

/// What readings say of the same place.
fn cost<'a>(readings: &'a Readings, limit: &Limit, ceiling: &Ceiling) -> Option<&'a Cost> {
    let mut all = readings.ceilings();
    let same = |(other, at): &(&Limit, &Ceiling)| other.id == limit.id && at.place == ceiling.place;
    Some(&all.find(same)?.1.cost)
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
    /// much that others keep a share of what is free now. `as_made` is what the limits say of the workload as the
    /// engine makes it, where that is another.
    pub fn new(
        readings: &Readings,
        as_made: Option<&Readings>,
        engine: &dyn Engine,
        to_the_limit: bool,
    ) -> Self {
        let workload = readings.workload().clone();
        let places = readings.ceilings().map(|(limit, ceiling)| {
            let mut place = Place {
                limit,
                ceiling: ceiling.clone(),
                needs: Needs::of(&workload, ceiling),
                takes: as_made
                    .and_then(|made| cost(made, limit, ceiling))
                    .unwrap_or(&ceiling.cost)
                    .clone(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::Fake;
    use testkit::FakeHost;

    const BOTH: &[(&str, Exercise)] = &[
        ("kernel.threads-max", Exercise::OfHost),
        ("kernel.keys.maxkeys", Exercise::OfHost),
    ];

    /// A host with room for a thousand keys, 900 of them free, and more threads than anybody needs.
    fn plan(nodes: u64, meets: &'static [(&str, Exercise)], to_the_limit: bool) -> Plan {
        let host = FakeHost::new()
            .file("/proc/sys/kernel/threads-max", "2000000\n")
            .file("/proc/loadavg", "0.1 0.1 0.1 1/300 9\n")
            .file("/proc/sys/kernel/keys/root_maxkeys", "1000\n")
            .file("/proc/sys/kernel/keys/root_maxbytes", "25000000\n")
            .file(
                "/proc/key-users",
                "    0:   101 100/100 100/1000 2000/25000000\n",
            );
        let workload = Workload {
            nodes,
            jobs_per_node: 0,
            starts_at_once: Some(4),
            ..Workload::default()
        };
        let engine = Fake {
            meets,
            ..Fake::default()
        };
        Plan::new(
            &Readings::take(&host, &workload),
            None,
            &engine,
            to_the_limit,
        )
    }

    #[test]
    fn a_fifth_of_what_is_free_is_left_to_others() {
        let clipped = plan(1000, BOTH, false);
        assert_eq!((clipped.asked, clipped.target), (1000, 720));
        let clip = clipped.clip.unwrap();
        assert_eq!(
            (clip.by.as_str(), clip.leaves_percent),
            ("kernel.keys.maxkeys@uid 0", 20)
        );
        let fits = plan(720, BOTH, false);
        assert_eq!((fits.target, fits.clip), (720, None));
    }

    #[test]
    fn to_the_limit_and_where_nobody_else_is_nothing_is_left() {
        let all = plan(1000, BOTH, true);
        assert_eq!((all.target, &all.clip), (1000, &None));
        let (place, fits) = all.first_stop().unwrap();
        assert_eq!(
            (place.name().as_str(), fits),
            ("kernel.keys.maxkeys@uid 0", 900)
        );
        // In a namespace of the rehearsal's own nobody else wants any, and it begins empty.
        let fresh = plan(1001, &[("kernel.keys.maxkeys", Exercise::Fresh)], false);
        assert_eq!((fresh.target, &fresh.clip), (1001, &None));
        assert_eq!(fresh.first_stop().unwrap().1, 1000);
        // In a copy of the host's as much is taken as there.
        let apart = plan(1001, &[("kernel.keys.maxkeys", Exercise::Apart)], false);
        assert_eq!((apart.target, &apart.clip), (1001, &None));
        assert_eq!(apart.first_stop().unwrap().1, 900);
        let unmet = plan(1000, &[], false);
        assert_eq!(
            (
                unmet.target,
                unmet.not_rehearsed().contains(&"kernel.keys.maxkeys")
            ),
            (1000, true)
        );
    }
}

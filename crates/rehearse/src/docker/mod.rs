//! The engine docker: a container of Docker's for each of the workload's, of an image that hosttune carries.

mod exercise;
mod shape;
mod state;

use crate::{Batch, Engine, Exercise, Place, Plan, Refusal, RehearseError};
use host::{Door, Like, StandIns, said};
use model::{Amount, Host, HostError, Workload};
use shape::{Shape, Where, as_made, shapes};
use state::State;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Starts in flight together, where nobody said.
const AT_ONCE: u64 = 4;
/// Between two looks at the host.
const BATCH: u64 = 25;
/// What the program is called with in a stand-in, and as a guard.
const STAY: &[&str] = &["inside", "--stay"];
const GUARD: &[&str] = &["rehearse-sweep"];

/// Containers through Docker's API.
pub struct Docker<'a> {
    door: &'a Door,
    stand_ins: StandIns<'a>,
    shapes: Vec<Shape>,
    networks: Vec<String>,
    at_once: u64,
    /// Places by the names that refusals are told by.
    places: Vec<(&'static str, String)>,
    /// What the host had before the first stand-in.
    before: State,
    /// Namespaces that are new since, once they were looked at.
    new: BTreeMap<&'static str, u64>,
}

impl<'a> Docker<'a> {
    /// Nothing is started yet.
    pub fn new(door: &'a Door) -> Result<Self, RehearseError> {
        Ok(Self {
            door,
            stand_ins: door.stand_ins()?,
            shapes: Vec::new(),
            networks: Vec::new(),
            at_once: AT_ONCE,
            places: Vec::new(),
            before: State::default(),
            new: BTreeMap::new(),
        })
    }

    fn start_one(&self, index: u64) -> Result<Duration, HostError> {
        let shape = usize::try_from(index)
            .ok()
            .and_then(|at| self.shapes.get(at));
        let shape = shape.copied().unwrap_or(Shape {
            at: Where::Nowhere,
            terminal: false,
        });
        let own = |number| {
            usize::try_from(number)
                .ok()
                .and_then(|at: usize| self.networks.get(at))
        };
        let like = Like {
            number: index + 1,
            network: match shape.at {
                Where::Host => "host",
                Where::Nowhere => "none",
                Where::Own(number) => own(number).map_or("none", String::as_str),
            },
            terminal: shape.terminal,
        };
        let begun = Instant::now();
        self.stand_ins.start(&like)?;
        Ok(begun.elapsed())
    }

    /// What the daemon's words mean, by the signs of the limits, on this host.
    fn explained(&self, count: u64, words: &str) -> Refusal {
        let matches = explain::judge(words, Some(self.door));
        let known = |limit: &str| self.places.iter().find(|(id, _)| *id == limit);
        let names = matches
            .iter()
            .filter_map(|one| Some(known(&one.limit)?.1.clone()));
        let mut names: Vec<String> = names.collect();
        let limit = match names.len() {
            0 => None,
            _ => Some(names.remove(0)),
        };
        Refusal {
            count,
            call: "docker POST /containers/ID/start".to_owned(),
            errno: None,
            message: words.to_owned(),
            limit,
            candidates: names,
        }
    }

    /// Ports of all bridges of the rehearsal.
    fn ports(&self) -> Option<u64> {
        let count = |id: &String| {
            let path = format!("/sys/class/net/br-{}/brif", id.get(..12)?);
            self.door.list(&path).ok().map(|ports| ports.len() as u64)
        };
        self.networks.iter().map(count).sum()
    }
}

impl Engine for Docker<'_> {
    fn name(&self) -> &'static str {
        "docker"
    }

    fn exercises(&self, place: &Place) -> Exercise {
        exercise::exercises(place)
    }

    fn holds_peaks(&self) -> bool {
        false
    }

    fn as_made(&self, workload: &Workload) -> Workload {
        as_made(workload)
    }

    fn with_name_server(&self, count: u64) -> u64 {
        let first = usize::try_from(count).unwrap_or(usize::MAX);
        let own = |shape: &&Shape| matches!(shape.at, Where::Own(_));
        self.shapes.iter().take(first).filter(own).count() as u64
    }

    fn at_once(&self) -> u64 {
        AT_ONCE
    }

    fn batch(&self) -> u64 {
        BATCH.max(self.at_once)
    }

    fn open(&mut self, plan: &Plan) -> Result<(), RehearseError> {
        self.shapes = shapes(&plan.workload)?;
        self.at_once = plan.workload.starts_at_once.unwrap_or(AT_ONCE).max(1);
        let name = |place: &Place| (place.limit.id, place.name());
        self.places = plan.places.iter().map(name).collect();
        self.stand_ins.sweep()?;
        self.before = State::read(self.door);
        self.stand_ins.open(STAY, GUARD)?;
        let target = usize::try_from(plan.target).unwrap_or(usize::MAX);
        let wanted = self.shapes.iter().take(target);
        let last = wanted.filter_map(|shape| match shape.at {
            Where::Own(number) => Some(number),
            _ => None,
        });
        let count = last.max().map_or(0, |last| last + 1);
        for number in 0..count {
            self.networks.push(self.stand_ins.network(number)?);
        }
        Ok(())
    }

    fn start(&mut self, wanted: Range<u64>) -> Result<Batch, RehearseError> {
        self.start_until(wanted, &|| false)
    }

    fn start_until(
        &mut self,
        wanted: Range<u64>,
        over: &(dyn Fn() -> bool + Sync),
    ) -> Result<Batch, RehearseError> {
        self.new.clear();
        let engine = &*self;
        let next = AtomicU64::new(wanted.start);
        let failed = AtomicBool::new(false);
        let done: Mutex<Vec<(u64, Result<Duration, HostError>)>> = Mutex::default();
        let work = || {
            while !failed.load(Ordering::Relaxed) && !over() {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= wanted.end {
                    return;
                }
                let result = engine.start_one(index);
                if result.is_err() {
                    failed.store(true, Ordering::Relaxed);
                }
                done.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push((index, result));
            }
        };
        thread::scope(|scope| {
            for _ in 0..engine.at_once.min(wanted.end - wanted.start) {
                scope.spawn(work);
            }
        });
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|(index, _)| *index);
        let mut batch = Batch {
            running: wanted.start,
            ..Batch::default()
        };
        let mut refused = None;
        for (_, result) in done {
            match result {
                Ok(took) => {
                    batch.running += 1;
                    batch.starts.push(took);
                }
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        if let Some(error) = refused {
            let Some(words) = said(&error) else {
                return Err(error.into());
            };
            batch.refused = Some(engine.explained(batch.running + 1, words));
        }
        Ok(batch)
    }

    fn taken(&mut self, place: &Place) -> Option<Amount> {
        match place.limit.id {
            "bridge.ports" => self.ports().map(Amount::whole),
            "user.max_namespaces" => {
                let kind = place.ceiling.place.split(' ').next()?;
                if self.new.is_empty() {
                    self.new = self.before.new_namespaces(self.door);
                }
                self.new.get(kind).copied().map(Amount::whole)
            }
            _ => None,
        }
    }

    fn hidden(&self, place: &Place, running: u64) -> Option<String> {
        self.before.hides(self.door, place, running)
    }

    fn close(&mut self) -> Result<(), RehearseError> {
        let at_once = usize::try_from(self.at_once).unwrap_or(1).max(2);
        let closed = self.stand_ins.close(at_once);
        closed.map_err(|error| RehearseError::Left(format!("what Docker did not remove ({error})")))
    }

    fn clean(&mut self) -> Result<Vec<String>, RehearseError> {
        self.stand_ins.sweep().map_err(RehearseError::from)
    }
}

/// Waits for the end of the rehearsal that `owner` is the name of, and takes away what it leaves.
pub fn sweep(door: &Door, owner: &str, told: &mut dyn std::io::Read) -> Result<(), RehearseError> {
    let stand_ins = door.stand_ins()?;
    stand_ins.guard(owner, told).map_err(RehearseError::from)
}

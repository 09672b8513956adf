//! The drive: batch after batch of stand-ins, until the target, a refusal or another end.

use crate::{Ending, Engine, Plan, Pressure, Refusal, RehearseError};
use model::Host;
use std::time::{Duration, Instant};

/// What ends a rehearsal before its target.
pub struct Bounds<'a> {
    /// How long stand-ins may be started.
    pub budget: Option<Duration>,
    /// Whether a signal has asked for the end.
    pub interrupted: &'a (dyn Fn() -> bool + Sync),
    /// Hears how many run after each batch, and for how long stand-ins have been started.
    pub progress: &'a mut dyn FnMut(u64, Duration),
}

/// How it went.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Stand-ins that ran together at the end.
    pub reached: u64,
    /// Why there were no more.
    pub ending: Ending,
    /// What refused the next one.
    pub refusal: Option<Refusal>,
    /// What was lost while stand-ins still started; of each sort the first.
    pub degraded: Vec<Refusal>,
    /// What was too much for the host.
    pub pressure: Option<String>,
    /// How long each start took, in the order in which they were asked for.
    pub starts: Vec<Duration>,
    /// How long it took to start them all.
    pub took: Duration,
}

/// Starts stand-ins. They run when this returns; the engine's `close` takes them away.
pub fn drive(
    host: &dyn Host,
    engine: &mut dyn Engine,
    plan: &Plan,
    bounds: &mut Bounds<'_>,
) -> Result<Course, RehearseError> {
    let mut course = Course::begun();
    let begun = Instant::now();
    course.pressure = Pressure::look(host)?.too_much();
    if course.pressure.is_some() {
        course.ending = Ending::Pressure;
        return Ok(course);
    }
    engine.open(plan)?;
    let (interrupted, budget) = (bounds.interrupted, bounds.budget);
    let is_over = || budget.is_some_and(|budget| begun.elapsed() >= budget);
    while course.reached < plan.target {
        if interrupted() {
            course.ending = Ending::Interrupted;
            break;
        }
        if is_over() {
            course.ending = Ending::Budget;
            break;
        }
        course.pressure = Pressure::look(host)?.too_much();
        if course.pressure.is_some() {
            course.ending = Ending::Pressure;
            break;
        }
        let until = next(plan.target, course.reached, engine.batch());
        let over = || interrupted() || is_over();
        let batch = engine.start_until(course.reached..until, &over)?;
        course.reached = batch.running;
        course.starts.extend(batch.starts);
        course.add(batch.degraded);
        (bounds.progress)(course.reached, begun.elapsed());
        if let Some(refusal) = batch.refused {
            course.ending = Ending::Refused;
            course.refusal = Some(refusal);
            break;
        }
        if course.reached < until && !over() {
            let why = format!(
                "{until} stand-ins were asked for and {} run",
                course.reached
            );
            return Err(RehearseError::Guard(why));
        }
    }
    course.took = begun.elapsed();
    Ok(course)
}

/// How many shall run after the next batch. One ends where half of them run, since they are counted there.
fn next(target: u64, reached: u64, batch: u64) -> u64 {
    let until = target.min(reached + batch.max(1));
    let half = target.div_ceil(2);
    match reached < half {
        true => until.min(half),
        false => until,
    }
}

impl Course {
    /// One in which nothing has happened yet.
    pub(crate) fn begun() -> Self {
        Self {
            reached: 0,
            ending: Ending::AtTarget,
            refusal: None,
            degraded: Vec::new(),
            pressure: None,
            starts: Vec::new(),
            took: Duration::ZERO,
        }
    }

    /// Of what was lost, the first of each sort is enough.
    fn add(&mut self, lost: Vec<Refusal>) {
        for refusal in lost {
            if self.degraded.iter().all(|known| known.call != refusal.call) {
                self.degraded.push(refusal);
            }
        }
    }
}

#[cfg(test)]
#[path = "drive/tests.rs"]
mod tests;

//! A fake engine: stand-ins that are only counted, for tests.

use crate::{Batch, Engine, Exercise, Place, Plan, Refusal, RehearseError};
use model::Amount;
use std::ops::Range;
use std::thread::sleep;
use std::time::Duration;

/// Containers, of which so many are counted.
#[derive(Default)]
pub(crate) struct Fake<'a> {
    /// Limits that they meet.
    pub(crate) meets: &'static [(&'static str, Exercise)],
    /// The first that is refused, counted from 1.
    pub(crate) refused: Option<u64>,
    /// How long a batch takes.
    pub(crate) takes: Duration,
    /// Hears how many run after a batch.
    pub(crate) hears: Option<&'a dyn Fn(u64)>,
    /// Whether it was opened.
    pub(crate) opened: bool,
}

impl Engine for Fake<'_> {
    fn name(&self) -> &'static str {
        "docker"
    }

    fn exercises(&self, place: &Place) -> Exercise {
        let meets = self.meets.iter().find(|(id, _)| *id == place.limit.id);
        meets.map_or(Exercise::Not, |(_, exercise)| *exercise)
    }

    fn holds_peaks(&self) -> bool {
        false
    }

    fn at_once(&self) -> u64 {
        4
    }

    fn batch(&self) -> u64 {
        25
    }

    fn open(&mut self, _: &Plan) -> Result<(), RehearseError> {
        self.opened = true;
        Ok(())
    }

    fn start(&mut self, wanted: Range<u64>) -> Result<Batch, RehearseError> {
        sleep(self.takes);
        let refused = self.refused.filter(|number| *number <= wanted.end);
        let running = refused.map_or(wanted.end, |number| number - 1);
        if let Some(hears) = self.hears {
            hears(running);
        }
        Ok(Batch {
            running,
            refused: refused.map(|count| refusal(count, "bridge.ports@docker0")),
            ..Batch::default()
        })
    }

    fn taken(&mut self, _: &Place) -> Option<Amount> {
        None
    }

    fn close(&mut self) -> Result<(), RehearseError> {
        Ok(())
    }

    fn clean(&mut self) -> Result<Vec<String>, RehearseError> {
        Ok(Vec::new())
    }
}

/// A refusal of stand-in number `count` by a limit.
pub(crate) fn refusal(count: u64, limit: &str) -> Refusal {
    Refusal {
        count,
        call: "docker POST /containers/ID/start".to_owned(),
        errno: None,
        message: "exchange full".to_owned(),
        limit: Some(limit.to_owned()),
        candidates: Vec::new(),
    }
}

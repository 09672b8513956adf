//! The kernel engine: a container's footprint by kernel calls alone.

use crate::{Batch, Engine, Exercise, Place, Plan, RehearseError};
use model::{Amount, Host};
use std::ops::Range;

/// Stand-ins made of processes, threads, namespaces and descriptors.
pub struct Kernel<'a> {
    #[expect(dead_code, reason = "under construction")]
    host: &'a dyn Host,
}

impl<'a> Kernel<'a> {
    /// Nothing is started yet.
    pub fn new(host: &'a dyn Host) -> Result<Self, RehearseError> {
        Ok(Self { host })
    }
}

fn missing() -> RehearseError {
    RehearseError::Missing {
        what: "kernel engine".to_owned(),
        why: "under construction".to_owned(),
        help: None,
    }
}

impl Engine for Kernel<'_> {
    fn name(&self) -> &'static str {
        "kernel"
    }

    fn exercises(&self, _: &Place) -> Exercise {
        Exercise::Not
    }

    fn batch(&self) -> u64 {
        64
    }

    fn open(&mut self, _: &Plan) -> Result<(), RehearseError> {
        Err(missing())
    }

    fn start(&mut self, _: Range<u64>) -> Result<Batch, RehearseError> {
        Err(missing())
    }

    fn taken(&mut self, _: &Place) -> Option<Amount> {
        None
    }

    fn close(&mut self) -> Result<(), RehearseError> {
        Ok(())
    }

    fn clean(&mut self) -> Result<Vec<String>, RehearseError> {
        Err(missing())
    }
}

/// Holds stand-ins for the program at the other end of a connection.
pub fn guard(_: Option<&str>) -> Result<(), RehearseError> {
    Err(missing())
}

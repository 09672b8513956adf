//! The engine: what starts stand-ins for containers and takes them away again.

use crate::{Place, Plan, Refusal, RehearseError};
use model::{Amount, Workload};
use std::ops::Range;
use std::time::Duration;

/// Whether a limit is met by an engine's stand-ins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exercise {
    /// They do not take what it bounds.
    Not,
    /// They take it where nobody else does: in a namespace or a group of the rehearsal's own, under
    /// the same bound, and as much of it is taken there from the start.
    Apart,
    /// The same, but it begins empty.
    Fresh,
    /// They take it of what the host has, so that others have less meanwhile.
    OfHost,
}

impl Exercise {
    /// Whether what they take is nobody else's.
    pub fn is_apart(self) -> bool {
        matches!(self, Self::Apart | Self::Fresh)
    }
}

/// What came of a request for stand-ins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// How many run now, those from before included.
    pub running: u64,
    /// Why no more do, if one was refused.
    pub refused: Option<Refusal>,
    /// What was lost by stand-ins that run all the same.
    pub degraded: Vec<Refusal>,
    /// How long each start took.
    pub starts: Vec<Duration>,
}

/// Starts stand-ins in the order of a plan. Whatever happens to the caller, what it started goes away.
pub trait Engine {
    /// Its name on the command line.
    fn name(&self) -> &'static str;

    /// Whether its stand-ins meet the limit of this place.
    fn exercises(&self, place: &Place) -> Exercise;

    /// Whether its stand-ins take what the costs say and hold on to what a start in flight takes; else what
    /// they take is theirs, and a start's part is gone once it is done.
    fn holds_peaks(&self) -> bool {
        true
    }

    /// A workload as its stand-ins are: what is not possible as it was asked is as near to it as can be.
    fn as_made(&self, workload: &Workload) -> Workload {
        workload.clone()
    }

    /// Of the first so many stand-ins, how many Docker answers names for.
    fn with_name_server(&self, count: u64) -> u64 {
        let _ = count;
        0
    }

    /// Starts in flight together where nobody said: as many as it makes itself, since no machine boots.
    fn at_once(&self) -> u64;

    /// How many to start between two looks at the host.
    fn batch(&self) -> u64;

    /// Brings up what all stand-ins share.
    fn open(&mut self, plan: &Plan) -> Result<(), RehearseError>;

    /// Starts the stand-ins `wanted`, counted from 0; those below its start run already. It ends at
    /// the first that is refused.
    fn start(&mut self, wanted: Range<u64>) -> Result<Batch, RehearseError>;

    /// The same, and none is started any more once `over` says so; what runs by then is the batch.
    fn start_until(
        &mut self,
        wanted: Range<u64>,
        over: &(dyn Fn() -> bool + Sync),
    ) -> Result<Batch, RehearseError> {
        let _ = over;
        self.start(wanted)
    }

    /// What is taken at a place while the stand-ins run, where the host does not show it by itself: in
    /// a namespace of the engine's own.
    fn taken(&mut self, place: &Place) -> Option<Amount>;

    /// Why what so many stand-ins take does not show at a place that they meet; none where it does.
    fn hidden(&self, place: &Place, running: u64) -> Option<String> {
        let _ = (place, running);
        None
    }

    /// Takes everything away; nothing is left when it returns without an error.
    fn close(&mut self) -> Result<(), RehearseError>;

    /// Takes away what a rehearsal before this one left, and says what that was.
    fn clean(&mut self) -> Result<Vec<String>, RehearseError>;
}

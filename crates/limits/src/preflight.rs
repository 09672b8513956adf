//! Preflight: every limit is asked, and the answers are put together.

use crate::calibrate::calibrate;
use crate::{LIMITS, Scene, conclude, containerd, engine, judge, pace, processors};
use model::{Answer, Ceiling, Host, Limit, TIMED_UNITS, Unread, Workload};

/// The units that the readings may ask for, so that one round of calls fetches them all.
const UNITS: [&str; TIMED_UNITS] = [containerd::UNIT, engine::UNIT, crate::limits::BUS_UNIT];

/// Containers that dockerd starts at once for each processor when it starts itself
/// (moby daemon/daemon.go, restore: `adjustParallelLimit(len(dir), 128*runtime.NumCPU())`).
const STARTS_A_PROCESSOR: u64 = 128;

/// The pace of this host's PID 1: taken once, for it is taken from the first calls on the bus.
pub(crate) fn pace(host: &dyn Host) -> Result<u64, Unread> {
    host.expect_units(&UNITS);
    pace::pace(host, &UNITS)
}

/// What every limit showed for a workload; it can be asked again as if settings were raised.
#[derive(Debug, Clone)]
pub struct Readings {
    pub(crate) workload: Workload,
    pub(crate) rows: Vec<(&'static Limit, Ceiling)>,
}

impl Readings {
    /// Asks every limit.
    pub fn take(host: &dyn Host, workload: &Workload) -> Self {
        host.expect_census();
        Self::take_at(host, workload, pace(host))
    }

    /// The same where the pace of PID 1 is known.
    pub(crate) fn take_at(host: &dyn Host, workload: &Workload, pace: Result<u64, Unread>) -> Self {
        let mut workload = workload.clone();
        workload.starts_at_boot = processors::online(host)
            .ok()
            .map(|count| count.saturating_mul(STARTS_A_PROCESSOR));
        let scene = Scene::new(host, &workload, pace);
        // The kernel takes a while to write this list out: better before a row waits for the census.
        let _ = scene.sockets();
        let rows = LIMITS.iter().flat_map(|row| {
            let ceilings = (row.read)(&scene).into_iter();
            ceilings.map(|ceiling| (&row.limit, ceiling))
        });
        let mut rows: Vec<_> = rows.collect();
        calibrate(host, &mut rows);
        Self { workload, rows }
    }

    /// The workload that was asked about.
    pub fn workload(&self) -> &Workload {
        &self.workload
    }

    /// Every ceiling with its limit, in the order of the table.
    pub fn ceilings(&self) -> impl Iterator<Item = (&'static Limit, &Ceiling)> {
        self.rows.iter().map(|(limit, ceiling)| (*limit, ceiling))
    }

    /// What they come to.
    pub fn answer(&self) -> Answer {
        let rows = self.rows.iter();
        let judged = rows.map(|(limit, ceiling)| judge(limit, ceiling.clone(), &self.workload));
        conclude(&self.workload, judged.collect())
    }
}

/// Which limit stops or degrades a workload on a host, and at which node.
pub fn preflight(host: &dyn Host, workload: &Workload) -> Answer {
    Readings::take(host, workload).answer()
}

#[cfg(test)]
#[path = "preflight/tests.rs"]
mod tests;

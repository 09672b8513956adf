//! What can run out on a host: the table of limits, and which of them stops or degrades a workload.
//!
//! Nothing here touches a machine; every reading comes through `model::Host`.

mod calibrate;
mod cgroup;
mod conclude;
mod containerd;
mod demand;
mod derive;
mod engine;
mod fit;
mod fleet;
mod headline;
mod judge;
mod limits;
mod look;
mod mount_table;
mod others;
mod pace;
mod preflight;
mod processes;
mod processors;
mod raised;
mod reading;
mod refused_thread;
mod reshape;
mod row;
mod run_state;
mod scene;
mod service_mounts;
mod sockets;
#[cfg(test)]
mod stock;
mod subnets;
mod swarm;
mod task_groups;
mod why;

pub use calibrate::{COSTS, Counters, Moment, costs};
pub use conclude::conclude;
pub use derive::{Derived, Needed};
pub use engine::told_root;
pub use fleet::{Degrades, Member, Room, Share, can_be_shared, shares};
pub use judge::{RESERVE_PERCENT, judge};
pub use limits::LIMITS;
pub use look::look;
pub use others::OTHERS;
pub use preflight::{Readings, preflight};
pub use raised::Change;
pub use row::Row;
pub use run_state::{run_is_a_mount, tasks_below_run};
pub use scene::{Scene, containers_parent};
pub use swarm::{LABEL, Service, Swarm, swarm};
pub use task_groups::task_groups;
pub use why::{Number, Why, WhyError, why};

/// Every limit that is known, those that are read first.
pub fn all() -> impl Iterator<Item = &'static model::Limit> {
    LIMITS.iter().map(|row| &row.limit).chain(OTHERS)
}

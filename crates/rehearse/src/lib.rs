//! The rehearsal: a workload's footprint taken for real, to find where a host stops.
//!
//! An [`Engine`] starts stand-ins for containers; how many, in which steps, when to stop and what it
//! all comes to is the same for every engine and is here.

#![expect(
    clippy::disallowed_methods,
    reason = "stand-ins are made here; what is known of the host comes through model::Host"
)]

mod compare;
mod docker;
mod drive;
mod ending;
mod engine;
mod error;
mod expected;
#[cfg(test)]
mod fake;
mod kernel;
mod namespaces;
mod needs;
mod observe;
mod plan;
mod pressure;
mod refusal;
mod report;
mod resolve;
mod unseen;

pub use compare::{Compared, Comparison, Matter, NotCompared, compare};
pub use docker::{Docker, sweep};
pub use drive::{Bounds, Course, drive};
pub use ending::Ending;
pub use engine::{Batch, Engine, Exercise};
pub use error::RehearseError;
pub use expected::Between;
pub use kernel::{Kernel, guard};
pub use needs::Needs;
pub use observe::{Moment, Observation, observe};
pub use plan::{Clip, Place, Plan};
pub use pressure::Pressure;
pub use refusal::Refusal;
pub use report::{Hundred, Latency, Report};
pub use resolve::{resolve, taken_now};

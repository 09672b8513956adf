//! Facts: what was read of a host, kept in one file, and a host that answers from it.
//!
//! Nothing here touches a machine. A [`Recorder`] keeps the readings that go through it, reduced to
//! what hosttune uses of them; [`Facts`] are the file; a [`Replay`] is a host like any other.

mod assume;
mod facts;
mod kept;
mod recorder;
mod replay;
mod seen;
mod told;
mod unique;
mod wrong;

pub use assume::{Assumed, Assumption, AssumptionError, Derived, Supposed};
pub use facts::{Facts, FactsError, SCHEMA};
pub use recorder::Recorder;
pub use replay::Replay;

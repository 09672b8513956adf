//! The vocabulary of hosttune: one word per idea, and the one door to the machine.
//!
//! Nothing here touches a host. Every other crate speaks in these types, so that a live machine, a
//! file tree and a host made for a test are the same thing to whoever asks.

mod action;
mod answer;
mod ceiling;
mod census;
mod conf;
mod desired;
mod entry;
mod finding;
mod host;
mod image;
mod limit;
mod observed;
mod problem;
mod quantity;
mod setting;
mod shape;
mod span;
mod suggest;
mod unit;
mod version;
mod workload;

pub use action::*;
pub use answer::*;
pub use ceiling::*;
pub use census::*;
pub use conf::*;
pub use desired::*;
pub use entry::*;
pub use finding::*;
pub use host::*;
pub use image::*;
pub use limit::*;
pub use observed::*;
pub use problem::*;
pub use quantity::*;
pub use setting::*;
pub use shape::*;
pub use span::*;
pub use suggest::*;
pub use unit::*;
pub use workload::*;

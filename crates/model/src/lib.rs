//! The vocabulary of hosttune: one word per idea, and the one door to the machine.
//!
//! Nothing here touches a host. Every other crate speaks in these types, so that a live machine, a
//! file tree and a host made for a test are the same thing to whoever asks.

mod action;
mod amount;
mod answer;
mod ceiling;
mod census;
mod conf;
mod cost;
mod desired;
mod entry;
mod fault;
mod finding;
mod host;
mod image;
mod inside;
mod limit;
mod load;
mod network;
mod observed;
mod part;
mod problem;
mod quantity;
mod setting;
mod shape;
mod sign;
mod span;
mod suggest;
mod unit;
mod version;
mod workload;
mod workload_keys;
mod workload_words;

pub use action::*;
pub use amount::*;
pub use answer::*;
pub use ceiling::*;
pub use census::*;
pub use conf::*;
pub use cost::*;
pub use desired::*;
pub use entry::*;
pub use fault::*;
pub use finding::*;
pub use host::*;
pub use image::*;
pub use inside::*;
pub use limit::*;
pub use load::*;
pub use network::Network;
pub use observed::*;
pub use part::*;
pub use problem::*;
pub use quantity::*;
pub use setting::*;
pub use shape::*;
pub use sign::*;
pub use span::*;
pub use suggest::*;
pub use unit::*;
pub use workload::*;
pub use workload_keys::*;
pub use workload_words::WorkloadError;

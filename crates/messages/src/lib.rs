//! Logs in, messages out: what was said, how often, and where first.
//!
//! This crate is handed bytes; it opens no file and knows no limit. Whoever calls it says which lines
//! could matter and what a message is judged to be. Whatever the bytes are, time and memory are bounded.

mod frame;
mod lines;
mod log;
mod printable;
mod same;

pub use frame::unwrap;
pub use log::{LONGEST_INPUT, LONGEST_MESSAGE, Log, MOST_MESSAGES, Message, read};
pub use printable::printable;

//! The door to the machine: files below a root, the bus, Docker's socket, locks and rights.
//!
//! Only this crate touches a host, and it knows what no value means. Everything else asks it
//! through [`model::Host`] and acts through [`model::Machine`].

#![expect(
    clippy::disallowed_methods,
    reason = "this crate is the one window to the machine"
)]

mod attributes;
mod bus;
mod census;
mod command;
mod compose;
mod copy;
mod deadline;
mod directories;
mod docker;
mod door;
mod fault;
mod files;
mod held;
pub mod inside;
mod kernel;
mod last_words;
mod library;
mod lock;
mod log;
mod module;
mod mounts;
mod named;
mod process;
pub mod program;
mod replace;
mod rights;
mod root;
mod state;
mod tables;
mod trust;
mod validate;

pub use bus::Transient;
pub use compose::compose_config;
pub use docker::{Like, StandIns, said};
pub use door::Door;
pub use held::Held;
pub use library::{Found, Library, LibraryError, Shelved};
pub use log::{Journal, Seen, broke_off, log_file, log_input};
pub use named::{read_named, read_named_up_to, refuse_existing, write_named, write_private};
pub use trust::trusted;

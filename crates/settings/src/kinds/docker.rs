//! Docker's daemon.json.

mod document;
mod layout;
mod scan;

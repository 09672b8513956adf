//! Hosts for tests: one in memory that can fail on demand, a private bus and a fake Docker.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test's helper fails the test"
)]

pub mod bus;
pub mod docker;
mod fake_census;
mod fake_host;
mod fake_machine;

pub use fake_host::FakeHost;

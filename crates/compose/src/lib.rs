//! Compose projects in, workloads out: what of a project a host's limits are about.
//!
//! This crate is handed text; it opens no file and runs nothing. What `docker compose config` prints
//! and what stands in the file itself are read by the same code, since Compose's long forms are a
//! part of what a file may say.

mod file;
mod network;
mod ports;
mod project;
mod service;
mod sizes;
mod workload;

pub use file::{from_config, from_file};
pub use project::Project;
pub use workload::Scaling;

/// Why a project cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ComposeError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl ComposeError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

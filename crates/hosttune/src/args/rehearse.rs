//! The command line of `rehearse`: the workload, who starts the stand-ins, and how far to go.

use super::AskedArgs;
use crate::duration;
use clap::{Args, ValueEnum};
use std::time::Duration;

/// Flags of `rehearse`.
#[derive(Debug, Args)]
pub(crate) struct RehearseArgs {
    /// What is going to run.
    #[command(flatten)]
    pub(crate) asked: AskedArgs,
    /// What stands in for a container.
    #[arg(long, value_enum, default_value_t = EngineKind::Kernel)]
    pub(crate) engine: EngineKind,
    /// Go on until something is refused. Without it a fifth of what is free at each ceiling is left to
    /// everybody else.
    #[arg(long)]
    pub(crate) to_the_limit: bool,
    /// Start nothing more after TIME (30s, 5m).
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub(crate) budget: Option<Duration>,
    /// Keep what the stand-ins took on this host, for preflight to reckon with.
    #[arg(long)]
    pub(crate) calibrate: bool,
    /// Take away what an earlier rehearsal left, and start nothing.
    #[arg(long, conflicts_with_all = ["to_the_limit", "budget", "calibrate", "profile", "nodes"])]
    pub(crate) clean: bool,
}

/// What stands in for a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineKind {
    /// The same footprint by kernel calls alone: no Docker, no image.
    Kernel,
    /// Containers of Docker's.
    Docker,
}

/// Flags of the program that watches over a rehearsal.
#[derive(Debug, Args)]
pub(crate) struct GuardArgs {
    /// Where hosttune listens; without it, standard input is the connection.
    #[arg(long, value_name = "SOCKET")]
    pub(crate) socket: Option<String>,
}

/// Flags of the program that watches over a rehearsal with Docker's containers.
#[derive(Debug, Args)]
pub(crate) struct SweepArgs {
    /// Whose containers they are, as their label says.
    pub(crate) owner: String,
}

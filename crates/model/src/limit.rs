//! A limit: something on a host that can run out, and what a workload takes of it.

use crate::Sign;
use serde::Serialize;

/// What running out does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The next container is refused.
    Stops,
    /// Containers start, and something else is lost.
    Degrades,
}

/// Where a cost comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Measured or counted once, and carried in the program.
    Catalog,
    /// Measured on this host, from containers that run here.
    Calibrated,
    /// Follows from a rule of the kernel, systemd or Docker and what this host shows.
    Derived,
}

/// What there is to know about a limit before any host is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Its name in code, JSON and documents.
    pub id: &'static str,
    /// What runs out.
    pub bounds: &'static str,
    /// What kernels, distributions and daemons set it to, a sentence each, with where that is written.
    pub defaults: &'static [&'static str],
    /// What running out does, where a place does not say otherwise.
    pub effect: Effect,
    /// Why a container takes of it.
    pub why: &'static str,
    /// The settings that raise it, as `kind:name`; none where only another shape helps.
    pub raise: &'static [&'static str],
    /// Where the rule is written or was seen.
    pub source: &'static str,
    /// What those who run into it get to see.
    pub signs: &'static [Sign],
}

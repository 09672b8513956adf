//! The number: one of an arithmetic, with where it comes from.

use model::{Amount, Term, Workload};
use serde::Serialize;

/// One number of the arithmetic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Number {
    /// What it is.
    pub what: String,
    /// The number, or why there is none.
    pub value: String,
    /// Its sort: `file`, `property`, `constant`, `catalog`, `calibrated`, `derived`, `option`, `sum`.
    pub origin: &'static str,
    /// Where it stands, what it was measured on, or how it comes about.
    pub source: String,
}

/// A count, and the words that made it so.
pub(super) fn count(term: &Term, workload: &Workload) -> Number {
    let keys: &[&str] = match term.name {
        "node" | "dind" => &["nodes"],
        "job" | "inner" => &["nodes", "jobs-per-node"],
        "in_flight" => &["starts-at-once", "restart"],
        "network" => &["nodes", "node-network", "job-network"],
        "published" => &["nodes", "published-ports"],
        "terminal" => &["nodes", "tty"],
        "process" => &["nodes", "node-processes", "job-processes"],
        "file" => &["nodes", "node-files", "job-files"],
        "memory" => &["nodes", "node-memory", "job-memory"],
        "cpu" => &["nodes", "node-cpus", "job-cpus"],
        "image" => &["nodes", "image-size"],
        _ => &["nodes", "jobs-per-node"],
    };
    let said = keys.iter().map(|key| match workload.origin(key) {
        "default" => format!("{key} by default"),
        origin if origin.starts_with("--") => origin.to_owned(),
        origin => format!("{key} in {origin}"),
    });
    let source = said.collect::<Vec<String>>().join(", ");
    number(
        format!("count of {}", term.name),
        term.count.to_string(),
        "option",
        source,
    )
}

/// A reading by where it stands.
pub(super) fn read(what: &str, value: String, source: &str) -> Number {
    let origin = match source {
        _ if source.contains("constant") => "constant",
        _ if source.starts_with('/') || source.contains(" /") => "file",
        _ if source.contains(".service") || source.contains("systemd's manager") => "property",
        _ => "derived",
    };
    number(what, value, origin, source)
}

pub(super) fn sum(what: impl Into<String>, amount: Amount, how: impl Into<String>) -> Number {
    number(what, amount.to_string(), "sum", how)
}

pub(super) fn number(
    what: impl Into<String>,
    value: String,
    origin: &'static str,
    source: impl Into<String>,
) -> Number {
    Number {
        what: what.into(),
        value,
        origin,
        source: source.into(),
    }
}

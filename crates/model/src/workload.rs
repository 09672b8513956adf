//! The workload: what is going to run on the host.

use crate::{Entry, Rejection, nearest};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use std::fmt;

/// The network of a container.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Network {
    /// Docker's default bridge.
    Bridge,
    /// A network of Docker's by its name.
    Named(String),
    /// The host's own.
    Host,
    /// None but the loopback.
    None,
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bridge => "bridge",
            Self::Named(name) => name,
            Self::Host => "host",
            Self::None => "none",
        })
    }
}

/// Nodes, each a container of its own and the jobs it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    /// How many nodes.
    pub nodes: u64,
    /// Job containers beside each node's own.
    pub jobs_per_node: u64,
    /// Network of a node's own container.
    pub node_network: Network,
    /// Network of its jobs.
    pub job_network: Network,
    /// Containers whose starts are in flight together; `None` is all of them, as with
    /// `docker compose up`, which sets no limit of its own.
    pub starts_at_once: Option<u64>,
}

impl Default for Workload {
    /// One node with one job. A node needs the network; a job has none unless it asks for it, as
    /// Bacalhau runs them.
    fn default() -> Self {
        Self {
            nodes: 1,
            jobs_per_node: 1,
            node_network: Network::Bridge,
            job_network: Network::None,
            starts_at_once: None,
        }
    }
}

/// Why a workload cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct WorkloadError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// The keys of `[workload]`.
pub const WORKLOAD_KEYS: &[&str] = &[
    "nodes",
    "jobs-per-node",
    "node-network",
    "job-network",
    "starts-at-once",
];

const MAX_NODES: u64 = 1_000_000;
const MAX_JOBS_PER_NODE: u64 = 1_000;
const MAX_STARTS: u64 = MAX_NODES * (1 + MAX_JOBS_PER_NODE);

impl Workload {
    /// Containers of one node: its own and its jobs.
    pub fn containers_per_node(&self) -> u64 {
        self.jobs_per_node.saturating_add(1)
    }

    /// Containers of the whole workload.
    pub fn containers(&self) -> u64 {
        self.nodes.saturating_mul(self.containers_per_node())
    }

    /// Reads the entries of `[workload]`; a later one wins, and every mistake is named.
    pub fn parse(entries: &[Entry]) -> Result<Self, Vec<Rejection>> {
        let mut workload = Self::default();
        let mut rejections = Vec::new();
        for entry in entries {
            if let Err(error) = workload.set(&entry.key, &entry.value) {
                let mut rejection = Rejection::new(&entry.span, error.message);
                rejection.help = error.help;
                rejections.push(rejection);
            }
        }
        if rejections.is_empty() {
            Ok(workload)
        } else {
            Err(rejections)
        }
    }

    /// Sets one key, from a profile or from the command line.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), WorkloadError> {
        match key {
            "nodes" => self.nodes = number(key, value, 1, MAX_NODES)?,
            "jobs-per-node" => self.jobs_per_node = number(key, value, 0, MAX_JOBS_PER_NODE)?,
            "node-network" => self.node_network = network(key, value)?,
            "job-network" => self.job_network = network(key, value)?,
            "starts-at-once" if value == "all" => self.starts_at_once = None,
            "starts-at-once" => self.starts_at_once = Some(number(key, value, 1, MAX_STARTS)?),
            _ => return Err(unknown(key)),
        }
        Ok(())
    }
}

fn number(key: &str, value: &str, min: u64, max: u64) -> Result<u64, WorkloadError> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    match value.parse() {
        Ok(number) if digits && (min..=max).contains(&number) => Ok(number),
        _ if digits => Err(error(
            format!("`{key}` takes {min} to {max}, not `{value}`"),
            None,
        )),
        _ => Err(error(
            format!("`{key}` takes a whole number, not `{value}`"),
            None,
        )),
    }
}

fn network(key: &str, value: &str) -> Result<Network, WorkloadError> {
    match value {
        // The engine takes `default` for its default bridge too.
        "bridge" | "default" => Ok(Network::Bridge),
        "host" => Ok(Network::Host),
        "none" => Ok(Network::None),
        name if is_network_name(name) => Ok(Network::Named(name.to_owned())),
        _ => Err(error(
            format!("`{key}` takes a network, not `{value}`"),
            Some("write `bridge`, `host`, `none` or the name of a Docker network".to_owned()),
        )),
    }
}

/// Docker's own rule for names; it also keeps a name inside the path of the request.
fn is_network_name(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    name.len() <= 255
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.bytes().all(inner)
}

fn unknown(key: &str) -> WorkloadError {
    let help = match (key, nearest(key, WORKLOAD_KEYS.iter().copied())) {
        ("containers-per-node" | "containers_per_node", _) => Some(
            "write `jobs-per-node`: a node has its own container and so many jobs beside it"
                .to_owned(),
        ),
        (_, Some(known)) => Some(format!("did you mean `{known}`?")),
        (_, None) => Some(format!("known keys: {}", WORKLOAD_KEYS.join(", "))),
    };
    error(format!("unknown key `{key}` in [workload]"), help)
}

fn error(message: String, help: Option<String>) -> WorkloadError {
    WorkloadError { message, help }
}

impl Serialize for Workload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let starts = self
            .starts_at_once
            .unwrap_or(u64::MAX)
            .min(self.containers());
        let mut object = serializer.serialize_struct("Workload", 6)?;
        object.serialize_field("nodes", &self.nodes)?;
        object.serialize_field("jobs_per_node", &self.jobs_per_node)?;
        object.serialize_field("containers", &self.containers())?;
        object.serialize_field("node_network", &self.node_network.to_string())?;
        object.serialize_field("job_network", &self.job_network.to_string())?;
        object.serialize_field("starts_at_once", &starts)?;
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    fn entry(line: usize, key: &str, value: &str) -> Entry {
        Entry {
            kind: "workload".to_owned(),
            name: None,
            key: key.to_owned(),
            value: value.to_owned(),
            reason: None,
            span: Span::new("dense.ini", line),
        }
    }

    #[test]
    fn a_node_is_its_container_and_its_jobs() {
        let workload = Workload::parse(&[
            entry(2, "nodes", "600"),
            entry(3, "jobs-per-node", "2"),
            entry(4, "job-network", "jobs_0"),
            entry(5, "starts-at-once", "16"),
        ])
        .unwrap();
        assert_eq!(workload.containers(), 1800);
        assert_eq!(workload.node_network, Network::Bridge);
        assert_eq!(workload.job_network, Network::Named("jobs_0".to_owned()));
        assert_eq!(workload.starts_at_once, Some(16));
    }

    #[test]
    fn every_mistake_has_its_line_and_a_way_out() {
        let rejections = Workload::parse(&[
            entry(2, "nodes", "0"),
            entry(3, "job-per-node", "1"),
            entry(4, "containers-per-node", "2"),
            entry(5, "node-network", "../x"),
            entry(6, "starts-at-once", "some"),
            entry(7, "nodes", "+5"),
            entry(8, "nodes", "99999999999999999999999"),
        ])
        .unwrap_err();
        let lines: Vec<usize> = rejections.iter().map(|r| r.span.line).collect();
        assert_eq!(lines, [2, 3, 4, 5, 6, 7, 8]);
        let help = |at: usize| rejections[at].help.clone().unwrap();
        assert!(help(1).contains("jobs-per-node"));
        assert!(help(2).contains("jobs-per-node"));
        assert!(help(3).contains("bridge"));
    }
}

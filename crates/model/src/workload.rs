//! The workload: what is going to run on the host.

use crate::{Container, Load, Loads, Network, NodeKind, Part, Restart, Whom};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// In which order the nodes of a mix start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// One kind after the other, as they are written.
    #[default]
    InTurn,
    /// Evenly mixed.
    Interleaved,
}

/// Nodes, each a container of its own and the jobs it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    /// How many nodes.
    pub nodes: u64,
    /// How many of each kind, in the order in which they start; empty where all are host nodes.
    pub mix: Vec<(NodeKind, u64)>,
    /// How the kinds of a mix follow each other.
    pub order: Order,
    /// Job containers beside each node's own.
    pub jobs_per_node: u64,
    /// The same of a DinD node, where it has another number.
    pub jobs_per_dind_node: Option<u64>,
    /// Network of a node's own container.
    pub node_network: Network,
    /// Network of its jobs.
    pub job_network: Network,
    /// What a node's own container is like.
    pub node: Container,
    /// What a job is like.
    pub job: Container,
    /// Bytes of the images of a node, unpacked.
    pub image: Option<u64>,
    /// When Docker starts the containers by itself.
    pub restart: Restart,
    /// Containers whose starts are in flight together; `None` is all of them, as with
    /// `docker compose up`, which sets no limit of its own.
    pub starts_at_once: Option<u64>,
    /// How many starts dockerd has in flight together when it starts itself; `None` is all.
    pub starts_at_boot: Option<u64>,
    /// The services of a Compose project, which say what the fields above say otherwise.
    pub services: Vec<Part>,
    /// Where each key was said; what is missing here is a default.
    pub origins: BTreeMap<String, String>,
}

impl Default for Workload {
    /// One node with one job. A node needs the network; a job has none unless it asks for it, as
    /// Bacalhau runs them.
    fn default() -> Self {
        Self {
            nodes: 1,
            mix: Vec::new(),
            order: Order::default(),
            jobs_per_node: 1,
            jobs_per_dind_node: None,
            node_network: Network::Bridge,
            job_network: Network::None,
            node: Container::default(),
            job: Container::default(),
            image: None,
            restart: Restart::default(),
            starts_at_once: None,
            starts_at_boot: None,
            services: Vec::new(),
            origins: BTreeMap::new(),
        }
    }
}

impl Workload {
    /// The parts, in the order in which they start.
    pub fn parts(&self) -> Vec<Part> {
        if !self.services.is_empty() {
            return self.services.clone();
        }
        let all_host = [(NodeKind::Host, self.nodes)];
        let mix: &[(NodeKind, u64)] = match self.mix.is_empty() {
            true => &all_host,
            false => &self.mix,
        };
        let part = |(kind, nodes): &(NodeKind, u64)| Part {
            name: kind.name().to_owned(),
            kind: *kind,
            nodes: *nodes,
            beside: false,
            jobs_per_node: match kind {
                NodeKind::Host => self.jobs_per_node,
                NodeKind::Dind => self.jobs_per_dind_node.unwrap_or(self.jobs_per_node),
            },
            node_networks: vec![self.node_network.clone()],
            job_networks: vec![self.job_network.clone()],
            node: self.node.clone(),
            job: self.job.clone(),
            image: self.image,
            restart: self.restart,
        };
        mix.iter().map(part).collect()
    }

    /// The containers of the whole workload, inner ones included.
    pub fn containers(&self) -> u64 {
        let load = self.load(self.nodes, &Whom::All);
        let outer = load.node.saturating_add(load.job);
        outer.saturating_add(load.inner)
    }

    /// Those that the host's own Docker starts.
    pub fn outer_containers(&self) -> u64 {
        let load = self.load(self.nodes, &Whom::All);
        load.node.saturating_add(load.job)
    }

    /// Starts in flight together at the worst moment; `None` is all of them. A boot starts what
    /// restarts by itself as dockerd likes, whatever the first start was told.
    pub fn starts(&self) -> Option<u64> {
        let at_boot = self.parts().iter().any(|part| part.restart.at_boot());
        match at_boot {
            true => Some(self.starts_at_once?.max(self.starts_at_boot?)),
            false => self.starts_at_once,
        }
    }

    /// What adds at every ceiling when so many of its nodes run.
    pub fn load(&self, nodes: u64, whom: &Whom) -> Load {
        Loads::of(self, whom).at(nodes)
    }

    /// Every network of the host that a container is on, once, in the order of the parts.
    pub fn networks(&self) -> Vec<Network> {
        let mut seen = BTreeSet::new();
        let parts = self.parts();
        let all = parts.iter().flat_map(Part::networks);
        let fresh = all.filter(|network| seen.insert((*network).clone()));
        fresh.cloned().collect()
    }

    /// Whether a container of it runs a Docker of its own.
    pub fn has_dind(&self) -> bool {
        let parts = self.parts();
        parts.iter().any(|part| part.kind == NodeKind::Dind)
    }

    /// Where a key was said.
    pub fn origin(&self, key: &str) -> &str {
        self.origins.get(key).map_or("default", String::as_str)
    }
}

impl fmt::Display for Workload {
    /// What it is, in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} nodes, {} containers", self.nodes, self.containers())?;
        let parts = self.parts();
        if let [part] = parts.as_slice()
            && part.kind == NodeKind::Host
        {
            let words = (words(&part.node_networks), words(&part.job_networks));
            return write!(
                f,
                " (network of a node: {}, of a job: {})",
                words.0, words.1
            );
        }
        for (index, part) in parts.iter().enumerate() {
            let opening = if index == 0 { ": " } else { "; " };
            let (name, nodes) = (&part.name, part.nodes);
            write!(
                f,
                "{opening}{nodes} {name} on {}",
                words(&part.node_networks)
            )?;
            match (part.jobs_per_node, part.kind) {
                (0, _) => {}
                (jobs, NodeKind::Dind) => write!(f, " with {jobs} inside each")?,
                (jobs, NodeKind::Host) => {
                    write!(f, " with {jobs} each on {}", words(&part.job_networks))?;
                }
            }
            if part.beside {
                f.write_str(", beside the nodes")?;
            }
        }
        Ok(())
    }
}

fn words(networks: &[Network]) -> String {
    let words: Vec<String> = networks.iter().map(ToString::to_string).collect();
    match words.is_empty() {
        true => "none".to_owned(),
        false => words.join(" and "),
    }
}

impl Serialize for Workload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let outer = self.outer_containers();
        let starts = self.starts().unwrap_or(u64::MAX).min(outer);
        let mut object = serializer.serialize_struct("Workload", 9)?;
        object.serialize_field("nodes", &self.nodes)?;
        object.serialize_field("jobs_per_node", &self.jobs_per_node)?;
        object.serialize_field("containers", &self.containers())?;
        object.serialize_field("node_network", &self.node_network.to_string())?;
        object.serialize_field("job_network", &self.job_network.to_string())?;
        object.serialize_field("starts_at_once", &starts)?;
        object.serialize_field("order", &self.order)?;
        object.serialize_field("parts", &self.parts())?;
        object.serialize_field("load", &self.load(self.nodes, &Whom::All))?;
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mixed() -> Workload {
        Workload {
            nodes: 400,
            mix: vec![(NodeKind::Host, 300), (NodeKind::Dind, 100)],
            jobs_per_dind_node: Some(4),
            ..Workload::default()
        }
    }

    #[test]
    fn jobs_of_a_dind_node_are_inside_it() {
        let load = mixed().load(400, &Whom::All);
        assert_eq!(
            (load.node, load.job, load.inner, load.dind),
            (400, 300, 400, 100)
        );
        assert_eq!(
            (mixed().containers(), mixed().outer_containers()),
            (1100, 700)
        );
    }

    #[test]
    fn a_boot_starts_what_restarts_whatever_the_first_start_was_told() {
        let mut workload = Workload {
            starts_at_once: Some(8),
            starts_at_boot: Some(256),
            ..Workload::default()
        };
        assert_eq!(workload.starts(), Some(8));
        workload.restart = Restart::Always;
        assert_eq!(workload.starts(), Some(256));
        workload.starts_at_boot = None;
        assert_eq!(workload.starts(), None);
    }

    #[test]
    fn a_workload_says_what_it_is() {
        let plain = Workload {
            nodes: 600,
            ..Workload::default()
        };
        assert_eq!(
            plain.to_string(),
            "600 nodes, 1200 containers (network of a node: bridge, of a job: none)"
        );
        assert_eq!(
            mixed().to_string(),
            "400 nodes, 1100 containers: 300 host on bridge with 1 each on none; \
             100 dind on bridge with 4 inside each"
        );
    }
}

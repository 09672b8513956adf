//! A part of a workload: nodes of one kind, and what the containers of a node are like.

use crate::Network;
use serde::{Serialize, Serializer};
use std::fmt;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeKind {
    /// A container whose jobs are containers beside it, started by the host's own Docker.
    Host,
    /// A privileged container with a Docker of its own, in which its jobs run.
    Dind,
}

impl NodeKind {
    /// The kinds, as they are spelled.
    pub const ALL: [Self; 2] = [Self::Host, Self::Dind];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Dind => "dind",
        }
    }
}

impl fmt::Display for NodeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// When Docker starts a container by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Restart {
    /// Never.
    #[default]
    No,
    /// When it ends with an error; not when the daemon starts.
    OnFailure,
    /// When it ends and when the daemon starts, unless it was stopped by hand.
    UnlessStopped,
    /// When it ends and when the daemon starts.
    Always,
}

impl Restart {
    /// The policies, as Docker spells them.
    pub const ALL: [(&'static str, Self); 4] = [
        ("no", Self::No),
        ("on-failure", Self::OnFailure),
        ("unless-stopped", Self::UnlessStopped),
        ("always", Self::Always),
    ];

    /// Reads Docker's spelling; `on-failure` may carry a count.
    pub fn parse(text: &str) -> Option<Self> {
        let word = text.split(':').next().unwrap_or_default();
        let counted = word != text && word != "on-failure";
        let mut all = Self::ALL.iter();
        let found = all.find(|(name, _)| *name == word && !counted);
        found.map(|(_, policy)| *policy)
    }

    /// Whether dockerd starts the container when it starts itself, all of them together
    /// (moby daemon/daemon.go, restore).
    pub fn at_boot(self) -> bool {
        matches!(self, Self::UnlessStopped | Self::Always)
    }
}

/// What one container is like, beside its network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Container {
    /// Its processes.
    pub processes: u64,
    /// Files that its programs hold open, beside those of an idle container.
    pub files: u64,
    /// Whether it has a terminal (`-t`).
    pub tty: bool,
    /// Ports of the host that are published for it.
    pub published_ports: u64,
    /// Bytes of memory that its programs use; none where nobody said.
    pub memory: Option<u64>,
    /// Thousandths of a processor that it uses on average; none where nobody said.
    pub cpu: Option<u64>,
    /// Its own bound of tasks (`--pids-limit`).
    pub pids_limit: Option<u64>,
    /// Its own bound of open files, soft (`--ulimit nofile`).
    pub nofile: Option<u64>,
}

impl Default for Container {
    /// One idle process.
    fn default() -> Self {
        Self {
            processes: 1,
            files: 0,
            tty: false,
            published_ports: 0,
            memory: None,
            cpu: None,
            pids_limit: None,
            nofile: None,
        }
    }
}

/// Nodes of one kind with their jobs, or a service that runs beside the nodes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Its name: the kind of its nodes, or the service.
    pub name: String,
    /// What its nodes are.
    pub kind: NodeKind,
    /// How many.
    pub nodes: u64,
    /// Whether it runs beside the nodes and is there before the first of them.
    pub beside: bool,
    /// Jobs beside each node's own container, or inside it.
    pub jobs_per_node: u64,
    /// Networks of a node's own container.
    #[serde(serialize_with = "as_words")]
    pub node_networks: Vec<Network>,
    /// Networks of its jobs; jobs of a DinD node are on none of the host's.
    #[serde(serialize_with = "as_words")]
    pub job_networks: Vec<Network>,
    /// What a node's own container is like.
    pub node: Container,
    /// What a job is like.
    pub job: Container,
    /// Bytes of the images of a node, unpacked; a DinD node keeps its own copy.
    pub image: Option<u64>,
    /// When Docker starts it by itself.
    pub restart: Restart,
}

fn as_words<S: Serializer>(networks: &[Network], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(networks.iter().map(ToString::to_string))
}

impl Part {
    /// Containers of one node that the host's own Docker starts.
    pub fn outer_per_node(&self) -> u64 {
        match self.kind {
            NodeKind::Host => self.jobs_per_node.saturating_add(1),
            NodeKind::Dind => 1,
        }
    }

    /// Containers of one node, inner ones included.
    pub fn containers_per_node(&self) -> u64 {
        self.jobs_per_node.saturating_add(1)
    }

    /// Every network of the host that a container of it is on.
    pub fn networks(&self) -> impl Iterator<Item = &Network> {
        let jobs = self.kind == NodeKind::Host && self.jobs_per_node > 0;
        let of_jobs = self.job_networks.iter().filter(move |_| jobs);
        self.node_networks.iter().chain(of_jobs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_spelled_as_docker_does() {
        for (word, policy) in Restart::ALL {
            assert_eq!(Restart::parse(word), Some(policy));
        }
        assert_eq!(Restart::parse("on-failure:3"), Some(Restart::OnFailure));
        assert_eq!(Restart::parse("always:3"), None);
        assert_eq!(Restart::parse("yes"), None);
        assert!(Restart::Always.at_boot() && !Restart::OnFailure.at_boot());
    }
}

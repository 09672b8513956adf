//! The load: how many of everything that costs something so many nodes of a workload add.

use crate::{Container, Network, NodeKind, Order, Part, Workload};
use serde::Serialize;

/// Whose containers count at a ceiling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// Everybody's.
    All,
    /// Those that are on this network of the host.
    On(Network),
}

impl Whom {
    fn counts(&self, networks: &[Network]) -> bool {
        match self {
            Self::All => true,
            Self::On(network) => networks.contains(network),
        }
    }
}

/// Counts of what costs something; each has an amount of the same name in a `Charge`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Load {
    /// Nodes' own containers, services beside them included.
    pub node: u64,
    /// Jobs that the host's own Docker runs.
    pub job: u64,
    /// Jobs inside DinD nodes.
    pub inner: u64,
    /// DinD nodes.
    pub dind: u64,
    /// Bridge networks that the nodes have to themselves or share: `per-node` and `bridges:N`.
    pub network: u64,
    /// Published ports.
    pub published: u64,
    /// Containers with a terminal.
    pub terminal: u64,
    /// Processes beside the first of each container.
    pub process: u64,
    /// Files that programs hold open beside those of an idle container.
    pub file: u64,
    /// MiB of memory of the containers' programs.
    pub memory: u64,
    /// Thousandths of a processor that they use on average.
    pub cpu: u64,
    /// MiB of image stores inside DinD nodes.
    pub image: u64,
    /// The square of the number of containers.
    pub squared: u64,
    /// Starts of the host's own Docker in flight together.
    pub in_flight: u64,
}

impl Load {
    fn plus(&mut self, unit: &Self, times: u64) {
        for (sum, each) in [
            (&mut self.node, unit.node),
            (&mut self.job, unit.job),
            (&mut self.inner, unit.inner),
            (&mut self.dind, unit.dind),
            (&mut self.network, unit.network),
            (&mut self.published, unit.published),
            (&mut self.terminal, unit.terminal),
            (&mut self.process, unit.process),
            (&mut self.file, unit.file),
            (&mut self.memory, unit.memory),
            (&mut self.cpu, unit.cpu),
            (&mut self.image, unit.image),
        ] {
            *sum = sum.saturating_add(each.saturating_mul(times));
        }
    }

    fn plus_containers(&mut self, like: &Container, count: u64) {
        let unit = Self {
            published: like.published_ports,
            terminal: u64::from(like.tty),
            process: like.processes.saturating_sub(1),
            file: like.files,
            memory: mebibytes(like.memory),
            cpu: like.cpu.unwrap_or(0),
            ..Self::default()
        };
        self.plus(&unit, count);
    }

    /// What one node of a part adds.
    fn of_node(part: &Part, whom: &Whom) -> Self {
        let mut load = Self::default();
        let inside = part.kind == NodeKind::Dind;
        if whom.counts(&part.node_networks) {
            load.node = 1;
            load.plus_containers(&part.node, 1);
            if inside {
                load.dind = 1;
                load.image = mebibytes(part.image);
            }
        }
        let own = part.networks().any(|network| *network == Network::PerNode);
        load.network = u64::from(own && !part.beside);
        match inside {
            true if *whom == Whom::All => load.inner = part.jobs_per_node,
            false if whom.counts(&part.job_networks) => load.job = part.jobs_per_node,
            _ => return load,
        }
        load.plus_containers(&part.job, part.jobs_per_node);
        load
    }
}

/// The loads of a workload, ready to be asked for many numbers of nodes.
#[derive(Debug, Clone)]
pub struct Loads {
    shares: Vec<Share>,
    units: Vec<Load>,
    order: Order,
    networks: u64,
    starts: u64,
}

/// A part as far as its order goes.
#[derive(Debug, Clone, Copy)]
struct Share {
    nodes: u64,
    beside: bool,
}

impl Loads {
    /// What the containers of `whom` add.
    pub fn of(workload: &Workload, whom: &Whom) -> Self {
        let parts = workload.parts();
        let all = parts.iter().flat_map(Part::networks);
        let bridges = all.map(|network| match network {
            Network::Bridges(count) => *count,
            _ => 0,
        });
        let bridges = bridges.max().unwrap_or(0);
        let share = |part: &Part| Share {
            nodes: part.nodes,
            beside: part.beside,
        };
        Self {
            shares: parts.iter().map(share).collect(),
            units: parts.iter().map(|part| Load::of_node(part, whom)).collect(),
            order: workload.order,
            networks: bridges,
            starts: workload.starts().unwrap_or(u64::MAX),
        }
    }

    /// What the first `nodes` nodes add.
    pub fn at(&self, nodes: u64) -> Load {
        let mut load = Load::default();
        for (unit, nodes) in self
            .units
            .iter()
            .zip(first(&self.shares, self.order, nodes))
        {
            load.plus(unit, nodes);
        }
        load.network = load.network.saturating_add(self.networks);
        let outer = load.node.saturating_add(load.job);
        load.in_flight = self.starts.min(outer);
        let all = outer.saturating_add(load.inner);
        load.squared = all.saturating_mul(all);
        load
    }
}

fn mebibytes(bytes: Option<u64>) -> u64 {
    bytes.unwrap_or(0).div_ceil(1 << 20)
}

/// How many nodes of each part are among the first `count`. Beyond the workload its mix goes on as it
/// began; what runs beside the nodes is there before the first. Each number grows with `count`.
fn first(parts: &[Share], order: Order, count: u64) -> Vec<u64> {
    let size = |part: &Share| if part.beside { 0 } else { part.nodes };
    let total = parts.iter().map(size).fold(0, u64::saturating_add);
    let (mut before, mut left, mut rest) = (0, count, total);
    let mut counts = Vec::with_capacity(parts.len());
    for part in parts {
        let nodes = size(part);
        counts.push(match (part.beside, order) {
            (true, _) => part.nodes,
            (false, _) if total == nodes => count,
            (false, Order::InTurn) => {
                let (rounds, more) = (count / total.max(1), count % total.max(1));
                let of_last = more.saturating_sub(before).min(nodes);
                before += nodes;
                rounds.saturating_mul(nodes).saturating_add(of_last)
            }
            (false, Order::Interleaved) => {
                // Cut off one part after the other, so that each share grows and all make the sum.
                let share = u128::from(left) * u128::from(nodes) / u128::from(rest.max(1));
                let share = u64::try_from(share).unwrap_or(u64::MAX);
                (left, rest) = (left - share, rest - nodes);
                share
            }
        });
    }
    counts
}

#[cfg(test)]
#[path = "load/tests.rs"]
mod tests;

//! The keys of a workload: what a profile and the command line may say of it, and what each means.

use crate::workload_words::{
    WorkloadError, error, network, not_among, number, pairs, size, thousandths, word,
};
use crate::{Container, Entry, NodeKind, Order, Part, Rejection, Restart, Workload, nearest};

/// The keys of `[workload]`; each is a flag of `preflight` too.
pub const WORKLOAD_KEYS: &[&str] = &[
    "nodes",
    "order",
    "jobs-per-node",
    "node-network",
    "job-network",
    "published-ports",
    "tty",
    "restart",
    "node-processes",
    "job-processes",
    "node-files",
    "job-files",
    "node-memory",
    "job-memory",
    "node-cpus",
    "job-cpus",
    "image-size",
    "starts-at-once",
];

const MAX_NODES: u64 = 1_000_000;
const MAX_JOBS_PER_NODE: u64 = 1_000;
const MAX_STARTS: u64 = MAX_NODES * (1 + MAX_JOBS_PER_NODE);
/// There are no more ports to publish.
const MAX_PORTS: u64 = 65_535;
const MAX_PROCESSES: u64 = 1 << 22;
const MAX_FILES: u64 = 1 << 30;

impl Workload {
    /// Reads the entries of `[workload]`; a later one wins, and every mistake is named.
    pub fn parse(entries: &[Entry]) -> Result<Self, Vec<Rejection>> {
        let mut workload = Self::default();
        let mut rejections = Vec::new();
        for entry in entries {
            match workload.set(&entry.key, &entry.value) {
                Ok(()) => {
                    let origin = entry.span.to_string();
                    workload.origins.insert(entry.key.clone(), origin);
                }
                Err(error) => {
                    let mut rejection = Rejection::new(&entry.span, error.message);
                    rejection.help = error.help;
                    rejections.push(rejection);
                }
            }
        }
        if rejections.is_empty() {
            Ok(workload)
        } else {
            Err(rejections)
        }
    }

    /// Sets one key, from a profile or from the command line. What a Compose file said of the services
    /// that are nodes is overruled; those beside them stay as they are.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), WorkloadError> {
        match key {
            "nodes" if self.services.is_empty() => self.set_nodes(value)?,
            "nodes" => {
                let help = "write `--scale SERVICE=N`".to_owned();
                let message = "the Compose file says how many nodes there are".to_owned();
                return Err(error(message, Some(help)));
            }
            "order" => self.order = word(key, value, &ORDERS)?,
            "jobs-per-node" => self.set_jobs(value)?,
            "node-network" => {
                self.node_network = network(key, value)?;
                let chosen = self.node_network.clone();
                self.each_service(|part| part.node_networks = vec![chosen.clone()]);
            }
            "job-network" => {
                self.job_network = network(key, value)?;
                let chosen = self.job_network.clone();
                self.each_service(|part| part.job_networks = vec![chosen.clone()]);
            }
            "published-ports" => {
                let ports = number(key, value, 0, MAX_PORTS)?;
                self.each_node(|node| node.published_ports = ports);
            }
            "tty" => {
                let (nodes, jobs) = word(key, value, &TERMINALS)?;
                self.each_node(|node| node.tty = nodes);
                self.each_job(|job| job.tty = jobs);
            }
            "restart" => {
                let policy = Restart::parse(value);
                let policy = policy.ok_or_else(|| not_among(key, value, &Restart::ALL))?;
                self.restart = policy;
                self.each_service(|part| part.restart = policy);
            }
            "image-size" => {
                let size = Some(size(key, value)?);
                self.image = size;
                self.each_service(|part| part.image = size);
            }
            "starts-at-once" if value == "all" => self.starts_at_once = None,
            "starts-at-once" => self.starts_at_once = Some(number(key, value, 1, MAX_STARTS)?),
            _ => return self.set_container(key, value),
        }
        Ok(())
    }

    /// The keys of one container, `node-…` and `job-…`.
    fn set_container(&mut self, key: &str, value: &str) -> Result<(), WorkloadError> {
        let Some((whose, what)) = key.split_once('-') else {
            return Err(unknown(key));
        };
        let set: Box<dyn Fn(&mut Container)> = match what {
            "processes" => {
                let processes = number(key, value, 1, MAX_PROCESSES)?;
                Box::new(move |container| container.processes = processes)
            }
            "files" => {
                let files = number(key, value, 0, MAX_FILES)?;
                Box::new(move |container| container.files = files)
            }
            "memory" => {
                let memory = Some(size(key, value)?);
                Box::new(move |container| container.memory = memory)
            }
            "cpus" => {
                let cpu = Some(thousandths(key, value)?);
                Box::new(move |container| container.cpu = cpu)
            }
            _ => return Err(unknown(key)),
        };
        match whose {
            "node" => self.each_node(set),
            "job" => self.each_job(set),
            _ => return Err(unknown(key)),
        }
        Ok(())
    }

    fn set_nodes(&mut self, value: &str) -> Result<(), WorkloadError> {
        let mut mix = Vec::new();
        if value.contains('=') {
            for (kind, count) in pairs("nodes", value)? {
                if mix.iter().any(|(known, _)| *known == kind) {
                    return Err(error(format!("`nodes` names {kind} twice"), None));
                }
                mix.push((kind, number("nodes", count, 0, MAX_NODES)?));
            }
            self.nodes = mix.iter().map(|(_, count)| count).sum();
            if !(1..=MAX_NODES).contains(&self.nodes) {
                let sum = self.nodes;
                return Err(error(
                    format!("`nodes` takes 1 to {MAX_NODES} in all, not {sum}"),
                    None,
                ));
            }
        } else {
            self.nodes = number("nodes", value, 1, MAX_NODES)?;
        }
        self.mix = mix;
        Ok(())
    }

    fn set_jobs(&mut self, value: &str) -> Result<(), WorkloadError> {
        let key = "jobs-per-node";
        let jobs = |count| number(key, count, 0, MAX_JOBS_PER_NODE);
        let of_kinds: Vec<(NodeKind, u64)> = if value.contains('=') {
            let pairs = pairs(key, value)?.into_iter();
            let read = pairs.map(|(kind, count)| Ok((kind, jobs(count)?)));
            read.collect::<Result<_, WorkloadError>>()?
        } else {
            let count = jobs(value)?;
            NodeKind::ALL.iter().map(|kind| (*kind, count)).collect()
        };
        for (kind, count) in of_kinds {
            match kind {
                NodeKind::Host => self.jobs_per_node = count,
                NodeKind::Dind => self.jobs_per_dind_node = Some(count),
            }
            self.each_service(|part| {
                if part.kind == kind {
                    part.jobs_per_node = count;
                }
            });
        }
        Ok(())
    }

    fn each_service(&mut self, set: impl Fn(&mut Part)) {
        let nodes = self.services.iter_mut().filter(|part| !part.beside);
        nodes.for_each(set);
    }

    fn each_node(&mut self, set: impl Fn(&mut Container)) {
        set(&mut self.node);
        self.each_service(|part| set(&mut part.node));
    }

    fn each_job(&mut self, set: impl Fn(&mut Container)) {
        set(&mut self.job);
        self.each_service(|part| set(&mut part.job));
    }
}

const ORDERS: [(&str, Order); 2] = [
    ("in-turn", Order::InTurn),
    ("interleaved", Order::Interleaved),
];

/// Whether nodes and whether jobs have a terminal.
const TERMINALS: [(&str, (bool, bool)); 4] = [
    ("none", (false, false)),
    ("nodes", (true, false)),
    ("jobs", (false, true)),
    ("all", (true, true)),
];

fn unknown(key: &str) -> WorkloadError {
    let help = match (key, nearest(key, WORKLOAD_KEYS.iter().copied())) {
        ("containers-per-node" | "containers_per_node", _) => Some(
            "write `jobs-per-node`: a node has its own container and so many jobs beside it"
                .to_owned(),
        ),
        ("dind-nodes" | "host-nodes", _) => {
            Some("write `nodes = host=300,dind=100`, in the order in which they start".to_owned())
        }
        (_, Some(known)) => Some(format!("did you mean `{known}`?")),
        (_, None) => Some(format!("known keys: {}", WORKLOAD_KEYS.join(", "))),
    };
    error(format!("unknown key `{key}` in [workload]"), help)
}

#[cfg(test)]
#[path = "workload_keys/tests.rs"]
mod tests;

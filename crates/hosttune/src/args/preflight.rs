//! The command line of `preflight`: the workload, and what to say of it.

use super::HostArgs;
use clap::Args;

/// Flags of `preflight`.
#[derive(Debug, Args)]
pub(crate) struct PreflightArgs {
    /// What is going to run.
    #[command(flatten)]
    pub(crate) asked: AskedArgs,
    /// Set before and after side by side, as if this profile held; nothing is applied.
    #[arg(long, value_name = "PROFILE")]
    pub(crate) with_profile: Option<String>,
    /// Show the arithmetic of one limit, at one place or at all, with every number's origin.
    #[arg(long, value_name = "ID[@PLACE]", conflicts_with = "with_profile")]
    pub(crate) why: Option<String>,
    /// The host.
    #[command(flatten)]
    pub(crate) host: HostArgs,
}

/// Flags that say where the workload is told.
#[derive(Debug, Args)]
pub(crate) struct AskedArgs {
    /// The profile whose workload section is asked about. Without it, the one in force.
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
    /// Read a Compose project instead: its services, networks, ports, bounds and restart policies.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["profile", "nodes"])]
    pub(crate) compose: Option<String>,
    /// So many containers of a service, which makes it a node: host-nodes=600. May be given again.
    #[arg(long, value_name = "SERVICE=N", requires = "compose")]
    pub(crate) scale: Vec<String>,
    /// Containers of this service run a Docker of their own. May be given again.
    #[arg(long, value_name = "SERVICE", requires = "compose")]
    pub(crate) dind: Vec<String>,
    /// The workload.
    #[command(flatten)]
    pub(crate) workload: WorkloadArgs,
}

/// Flags that say what is going to run; each is a key of `[workload]` too.
#[derive(Debug, Args)]
pub(crate) struct WorkloadArgs {
    /// How many nodes; or of each kind, in the order in which they start: host=300,dind=100.
    #[arg(long, value_name = "N")]
    pub(crate) nodes: Option<String>,
    /// How the kinds of a mix follow each other: in-turn or interleaved.
    #[arg(long, value_name = "ORDER")]
    pub(crate) order: Option<String>,
    /// Job containers beside each node's own, or inside it: N, or host=N,dind=N.
    #[arg(long, value_name = "N")]
    pub(crate) jobs_per_node: Option<String>,
    /// Network of a node's own container: bridge, host, none, per-node, bridges:N or the name of a
    /// Docker network.
    #[arg(long, value_name = "NETWORK")]
    pub(crate) node_network: Option<String>,
    /// Network of its jobs; those of a DinD node are inside it.
    #[arg(long, value_name = "NETWORK")]
    pub(crate) job_network: Option<String>,
    /// Ports of the host published for each node.
    #[arg(long, value_name = "N")]
    pub(crate) published_ports: Option<String>,
    /// Who has a terminal (-t): none, nodes, jobs or all.
    #[arg(long, value_name = "WHO")]
    pub(crate) tty: Option<String>,
    /// Restart policy; always and unless-stopped start everything together at boot.
    #[arg(long, value_name = "POLICY")]
    pub(crate) restart: Option<String>,
    /// Processes of a node's own container.
    #[arg(long, value_name = "N")]
    pub(crate) node_processes: Option<String>,
    /// Processes of a job.
    #[arg(long, value_name = "N")]
    pub(crate) job_processes: Option<String>,
    /// Files that a node's programs hold open.
    #[arg(long, value_name = "N")]
    pub(crate) node_files: Option<String>,
    /// Files that a job's programs hold open.
    #[arg(long, value_name = "N")]
    pub(crate) job_files: Option<String>,
    /// Memory that a node's programs use, such as 270M.
    #[arg(long, value_name = "SIZE")]
    pub(crate) node_memory: Option<String>,
    /// Memory that a job's programs use.
    #[arg(long, value_name = "SIZE")]
    pub(crate) job_memory: Option<String>,
    /// Processors that a node uses on average, such as 0.04.
    #[arg(long, value_name = "N")]
    pub(crate) node_cpus: Option<String>,
    /// Processors that a job uses on average.
    #[arg(long, value_name = "N")]
    pub(crate) job_cpus: Option<String>,
    /// Images of a node, unpacked; a DinD node keeps its own copy.
    #[arg(long, value_name = "SIZE")]
    pub(crate) image_size: Option<String>,
    /// Containers whose starts are in flight together, or `all`.
    #[arg(long, value_name = "N")]
    pub(crate) starts_at_once: Option<String>,
}

impl WorkloadArgs {
    /// The flags with their keys, in the order in which they are read.
    pub(crate) fn all(&self) -> [(&'static str, &Option<String>); 18] {
        [
            ("nodes", &self.nodes),
            ("order", &self.order),
            ("jobs-per-node", &self.jobs_per_node),
            ("node-network", &self.node_network),
            ("job-network", &self.job_network),
            ("published-ports", &self.published_ports),
            ("tty", &self.tty),
            ("restart", &self.restart),
            ("node-processes", &self.node_processes),
            ("job-processes", &self.job_processes),
            ("node-files", &self.node_files),
            ("job-files", &self.job_files),
            ("node-memory", &self.node_memory),
            ("job-memory", &self.job_memory),
            ("node-cpus", &self.node_cpus),
            ("job-cpus", &self.job_cpus),
            ("image-size", &self.image_size),
            ("starts-at-once", &self.starts_at_once),
        ]
    }
}

#[cfg(test)]
mod tests {
    use crate::args::{Arguments, Command};
    use clap::Parser;

    #[test]
    fn a_project_says_how_many_nodes_there_are() {
        for words in [
            &["--compose", "c.yaml", "--nodes", "5"][..],
            &["--compose", "c.yaml", "--profile", "x"],
            &["--scale", "a=5"],
            &["--dind", "a"],
        ] {
            let words = [&["hosttune", "preflight"], words].concat();
            assert!(Arguments::try_parse_from(&words).is_err(), "{words:?}");
        }
    }

    #[test]
    fn every_key_of_a_workload_is_a_flag() {
        for key in model::WORKLOAD_KEYS {
            let words = ["hosttune", "preflight", &format!("--{key}"), "x"];
            let Command::Preflight(args) = Arguments::try_parse_from(words).unwrap().command else {
                panic!("{key}");
            };
            let all = args.asked.workload.all();
            let said: Vec<_> = all.iter().filter(|(_, value)| value.is_some()).collect();
            assert_eq!((said.len(), said[0].0), (1, *key));
        }
    }
}

//! What a workload asks for, where more than one limit wants to know it.

use crate::Scene;
use model::{Amount, Charge, HostError, Network, NodeKind, Part, Unread, Workload};

/// So much of each container by its network; nothing of those inside a DinD node. Where the nodes of a
/// Compose project are on several networks, the one that takes most counts for all.
pub(crate) fn by_network(workload: &Workload, amount: impl Fn(&Network) -> Amount) -> Charge {
    let parts = workload.parts();
    let nodes = || parts.iter().filter(|part| !part.beside);
    let most = |networks: &[Network]| networks.iter().map(&amount).max();
    let of_nodes = nodes().filter_map(|part| most(&part.node_networks)).max();
    let hosts = nodes().filter(|part| part.kind == NodeKind::Host);
    let of_jobs = hosts
        .filter_map(|part: &Part| most(&part.job_networks))
        .max();
    Charge {
        node: of_nodes.unwrap_or_default(),
        job: of_jobs.unwrap_or_default(),
        ..Charge::NOTHING
    }
}

/// Files of dockerd for a container that it answers names for: on every network but the default bridge, the
/// host's and none (docs.docker.com/engine/network, DNS services), a socket for UDP and one for TCP (moby
/// libnetwork/resolver.go).
pub(crate) const NAME_SERVER: u64 = 2;

/// What of it a container on a network takes.
pub(crate) fn name_server(network: &Network) -> Amount {
    match network {
        Network::Named(_) | Network::Bridges(_) | Network::PerNode => Amount::whole(NAME_SERVER),
        _ => Amount::ZERO,
    }
}

/// Terminals of a container: `docker run --tty` takes one.
pub(crate) fn terminals() -> Charge {
    Charge {
        terminal: Amount::whole(1),
        ..Charge::NOTHING
    }
}

/// Published ports; none where the workload publishes none.
pub(crate) fn published_ports(workload: &Workload) -> Option<Charge> {
    let load = workload.load(workload.nodes, &model::Whom::All);
    (load.published > 0).then_some(Charge {
        published: Amount::whole(1),
        ..Charge::NOTHING
    })
}

/// Processes of the programs in containers, inner ones included.
pub(crate) fn processes() -> Charge {
    Charge {
        process: Amount::whole(1),
        ..Charge::each(Amount::whole(1))
    }
}

/// The most processes that one container has; those inside a DinD node are below its own.
pub(crate) fn processes_of_one(workload: &Workload) -> u64 {
    let of_part = |part: &Part| {
        let (node, job) = (part.node.processes, part.job.processes);
        match part.kind {
            NodeKind::Host => node.max(job),
            NodeKind::Dind => node.saturating_add(job.saturating_mul(part.jobs_per_node)),
        }
    };
    workload.parts().iter().map(of_part).max().unwrap_or(0)
}

/// Networks that the workload has and Docker does not yet: each is cut from a pool. Those of which each
/// node has its own, or of which there are several, are in the load.
pub(crate) fn new_networks(scene: &Scene<'_>) -> Result<u64, Unread> {
    let mut count = 0;
    for network in scene.workload.networks() {
        let Network::Named(name) = network else {
            continue;
        };
        match scene.host.docker(&format!("/networks/{name}")) {
            Ok(_) => {}
            Err(HostError::NotFound(_)) => count += 1,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dearest_network_of_the_nodes_counts_for_all() {
        let mut workload = Workload {
            job_network: Network::Host,
            ..Workload::default()
        };
        let bridged = |network: &Network| Amount::whole(u64::from(network.is_bridged()));
        let charge = by_network(&workload, bridged);
        assert_eq!((charge.node, charge.job), (Amount::whole(1), Amount::ZERO));
        let mut beside = workload.parts().remove(0);
        beside.beside = true;
        let mut inside = workload.parts().remove(0);
        inside.kind = NodeKind::Dind;
        inside.node_networks = vec![Network::Host];
        inside.job_networks = vec![Network::Bridge];
        workload.services = vec![beside, inside];
        let charge = by_network(&workload, bridged);
        assert_eq!((charge.node, charge.job), (Amount::ZERO, Amount::ZERO));
    }

    #[test]
    fn a_scope_holds_what_runs_inside_its_node() {
        let mut workload = Workload::default();
        workload.set("nodes", "host=1,dind=1").unwrap();
        workload.set("jobs-per-node", "host=1,dind=4").unwrap();
        workload.set("job-processes", "5").unwrap();
        assert_eq!(processes_of_one(&workload), 21);
    }
}

//! What a workload asks for, where more than one limit wants to know it.

use crate::Scene;
use model::{Amount, Charge, HostError, Network, Unread, Workload};

/// So much of each container by its network.
pub(crate) fn by_network(workload: &Workload, amount: impl Fn(&Network) -> Amount) -> Charge {
    Charge {
        node: amount(&workload.node_network),
        job: amount(&workload.job_network),
        ..Charge::default()
    }
}

/// Whether a container of the network has an interface of its own on the host.
pub(crate) fn is_bridged(network: &Network) -> bool {
    matches!(network, Network::Bridge | Network::Named(_))
}

/// The networks of the containers that the workload has.
pub(crate) fn networks(workload: &Workload) -> Vec<&Network> {
    let jobs = (workload.jobs_per_node > 0).then_some(&workload.job_network);
    let mut networks: Vec<&Network> = vec![&workload.node_network];
    networks.extend(jobs);
    networks.dedup();
    networks
}

/// Terminals of a container: `docker run --tty` takes one.
pub(crate) fn terminals(_workload: &Workload) -> Charge {
    Charge::default()
}

/// Published ports of a container, counted once for each address family.
pub(crate) fn published_ports(_workload: &Workload) -> Charge {
    Charge::default()
}

/// Processes of the program in a container.
pub(crate) fn processes(_workload: &Workload) -> Charge {
    Charge::each(Amount::whole(1))
}

/// Bytes of the program in a container.
pub(crate) fn memory(_workload: &Workload) -> Charge {
    Charge::default()
}

/// Thousandths of a processor of the program in a container, on average.
pub(crate) fn processors(_workload: &Workload) -> Charge {
    Charge::default()
}

/// Networks that the workload has and Docker does not yet: each is cut from a pool.
pub(crate) fn new_networks(scene: &Scene<'_>) -> Result<u64, Unread> {
    let mut count = 0;
    for network in networks(scene.workload) {
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

//! The shape of stand-ins: on which network each is and whether it has a terminal, in the order in which a
//! workload's containers start.

use crate::RehearseError;
use model::{Container, Network, NodeKind, Part, Workload};
use std::collections::BTreeMap;

/// What stands for the default bridge; its number is told when it is made.
const OWN: &str = "hosttune-rehearse";

/// Where a stand-in is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Where {
    /// On the host's own network.
    Host,
    /// On none.
    Nowhere,
    /// On a bridge network of the rehearsal's own, by number.
    Own(u64),
}

/// A stand-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) at: Where,
    pub(super) terminal: bool,
}

/// All of them. A network of the workload's that is a bridge becomes one of the rehearsal's own, so that the
/// ports and addresses of those that are there stay free for whoever they are for.
pub(super) fn shapes(workload: &Workload) -> Result<Vec<Shape>, RehearseError> {
    let mut places = Places::default();
    let mut all = Vec::new();
    for part in workload.parts() {
        if part.kind == NodeKind::Dind {
            return Err(cannot(
                "a DinD node has a Docker of its own, which no stand-in has",
            ));
        }
        for node in 0..part.nodes {
            let own = place(&mut places, &part, &part.node_networks, node)?;
            all.push(shape(own, &part.node));
            for _ in 0..part.jobs_per_node {
                let at = place(&mut places, &part, &part.job_networks, node)?;
                all.push(shape(at, &part.job));
            }
        }
    }
    Ok(all)
}

/// The workload as it stands in: whoever is on Docker's default bridge is on a network of the rehearsal's own,
/// where Docker answers names.
pub(super) fn as_made(workload: &Workload) -> Workload {
    let mut made = workload.clone();
    let services = made.services.iter_mut();
    let of_services =
        services.flat_map(|part| part.node_networks.iter_mut().chain(&mut part.job_networks));
    let own = [&mut made.node_network, &mut made.job_network];
    for network in of_services.chain(own) {
        if *network == Network::Bridge {
            *network = Network::Named(OWN.to_owned());
        }
    }
    made
}

fn shape(at: Where, container: &Container) -> Shape {
    Shape {
        at,
        terminal: container.tty,
    }
}

fn cannot(why: &str) -> RehearseError {
    RehearseError::Missing {
        what: "the engine docker".to_owned(),
        why: why.to_owned(),
        help: Some("use `--engine kernel`".to_owned()),
    }
}

/// Networks by what they stand for.
#[derive(Default)]
struct Places {
    known: BTreeMap<String, u64>,
}

impl Places {
    fn own(&mut self, name: String) -> Where {
        let next = self.known.len() as u64;
        Where::Own(*self.known.entry(name).or_insert(next))
    }
}

/// Of several networks of one container, the first.
fn place(
    places: &mut Places,
    part: &Part,
    networks: &[Network],
    node: u64,
) -> Result<Where, RehearseError> {
    Ok(match networks.first() {
        None | Some(Network::None) => Where::Nowhere,
        Some(Network::Host) => Where::Host,
        Some(Network::Bridge) => places.own("bridge".to_owned()),
        Some(Network::Named(name)) => places.own(format!("named {name}")),
        Some(Network::Bridges(count)) => places.own(format!("one of {}", node % (*count).max(1))),
        Some(Network::PerNode) => places.own(format!("of node {node} of {}", part.name)),
        Some(Network::Other(_)) => {
            return Err(cannot(
                "a container is on a network that is no bridge of the host",
            ));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(lines: &[(&str, &str)]) -> Workload {
        let mut workload = Workload::default();
        for (key, value) in lines {
            workload.set(key, value).unwrap();
        }
        workload
    }

    #[test]
    fn nobody_is_on_the_default_bridge() {
        let made = as_made(&asked(&[("job-network", "host")]));
        assert_eq!(made.node_network, Network::Named(OWN.to_owned()));
        assert_eq!(made.job_network, Network::Host);
    }

    #[test]
    fn a_nodes_jobs_follow_it() {
        let workload = asked(&[
            ("nodes", "2"),
            ("jobs-per-node", "2"),
            ("job-network", "host"),
        ]);
        let at: Vec<Where> = shapes(&workload)
            .unwrap()
            .iter()
            .map(|one| one.at)
            .collect();
        let node = [Where::Own(0), Where::Host, Where::Host];
        assert_eq!(at, [node, node].concat());
    }

    #[test]
    fn each_network_of_the_workload_is_one_of_the_rehearsal() {
        let own = |lines: &[(&str, &str)]| {
            let shapes = shapes(&asked(lines)).unwrap();
            let number = |one: &Shape| match one.at {
                Where::Own(number) => number,
                at => panic!("{at:?}"),
            };
            shapes.iter().map(number).collect::<Vec<u64>>()
        };
        let jobless = ("jobs-per-node", "0");
        assert_eq!(
            own(&[("nodes", "3"), jobless, ("node-network", "bridges:2")]),
            [0, 1, 0]
        );
        let shared = [
            ("nodes", "2"),
            ("node-network", "per-node"),
            ("job-network", "per-node"),
        ];
        assert_eq!(own(&shared), [0, 0, 1, 1]);
        assert!(shapes(&asked(&[("nodes", "dind=2")])).is_err());
    }
}

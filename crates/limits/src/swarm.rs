//! Swarm's words for a fleet: a label a host, and a service for each sort of host.
//!
//! `max_replicas_per_node` is a bound of one service (swarmkit manager/scheduler/filter.go,
//! MaxReplicasFilter), so hosts that take different numbers need a service each; a constraint on the label
//! keeps it there. Among hosts of one label Swarm spreads a service evenly, and what finds no place waits.

use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The label that says how many nodes a host takes.
pub const LABEL: &str = "hosttune.nodes";

/// How a fleet is told to Swarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Swarm {
    /// The commands that label the hosts, in their order.
    pub labels: Vec<String>,
    /// The services, the largest hosts first.
    pub services: Vec<Service>,
    /// The same as a change of the Compose project.
    pub compose: String,
}

/// A service for all hosts that take the same number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Its constraint.
    pub constraint: String,
    /// Its replicas.
    pub replicas: u64,
    /// What each of its hosts takes.
    pub max_replicas_per_node: u64,
    /// How many hosts there are.
    pub hosts: u64,
}

/// `name` is the service's own; of each host its name, how many nodes it takes and how many it is given.
/// Hosts that take none, or of which that is not known, are not labelled: no service is placed there.
pub fn swarm(name: &str, hosts: &[(String, u64, u64)]) -> Swarm {
    let mut groups: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
    let taking = || hosts.iter().filter(|(_, fit, _)| *fit > 0);
    for (_, fit, given) in taking() {
        let (count, replicas) = groups.entry(*fit).or_default();
        *count += 1;
        *replicas += given;
    }
    let label = |(host, fit, _): &(String, u64, u64)| {
        format!("docker node update --label-add {LABEL}={fit} {host}")
    };
    let one = groups.len() == 1;
    let service = |(fit, (hosts, replicas)): (&u64, &(u64, u64))| Service {
        name: if one {
            name.to_owned()
        } else {
            format!("{name}-{fit}")
        },
        constraint: format!("node.labels.{LABEL}=={fit}"),
        replicas: *replicas,
        max_replicas_per_node: *fit,
        hosts: *hosts,
    };
    let services: Vec<Service> = groups.iter().rev().map(service).collect();
    Swarm {
        labels: taking().map(label).collect(),
        compose: compose(name, &services),
        services,
    }
}

fn compose(name: &str, services: &[Service]) -> String {
    let mut text = String::from("services:\n");
    for (index, service) in services.iter().enumerate() {
        let like = match (index, services.len()) {
            (0, 1) => format!("{}:  # as it is now, and\n", service.name),
            (0, _) => format!("{}: &{name}  # as {name} is now, and\n", service.name),
            _ => format!("{}:\n    <<: *{name}\n", service.name),
        };
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "  {like}    deploy:\n      replicas: {}\n      placement:\n        \
             max_replicas_per_node: {}\n        constraints: [\"{}\"]\n",
            service.replicas, service.max_replicas_per_node, service.constraint
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &str, fit: u64, given: u64) -> (String, u64, u64) {
        (name.to_owned(), fit, given)
    }

    #[test]
    fn hosts_that_take_the_same_number_share_a_service() {
        let hosts = [
            host("a", 511, 400),
            host("b", 148, 116),
            host("c", 511, 400),
            host("d", 0, 0),
        ];
        let told = swarm("host", &hosts);
        assert_eq!(
            told.labels,
            [
                "docker node update --label-add hosttune.nodes=511 a",
                "docker node update --label-add hosttune.nodes=148 b",
                "docker node update --label-add hosttune.nodes=511 c",
            ]
        );
        let services = told.services.iter();
        let services: Vec<_> = services
            .map(|s| {
                (
                    s.name.as_str(),
                    s.replicas,
                    s.max_replicas_per_node,
                    s.hosts,
                )
            })
            .collect();
        assert_eq!(
            services,
            [("host-511", 800, 511, 2), ("host-148", 116, 148, 1)]
        );
        assert_eq!(
            told.compose,
            "services:\n\
             \x20 host-511: &host  # as host is now, and\n\
             \x20   deploy:\n\
             \x20     replicas: 800\n\
             \x20     placement:\n\
             \x20       max_replicas_per_node: 511\n\
             \x20       constraints: [\"node.labels.hosttune.nodes==511\"]\n\
             \x20 host-148:\n\
             \x20   <<: *host\n\
             \x20   deploy:\n\
             \x20     replicas: 116\n\
             \x20     placement:\n\
             \x20       max_replicas_per_node: 148\n\
             \x20       constraints: [\"node.labels.hosttune.nodes==148\"]\n"
        );
    }

    #[test]
    fn one_sort_of_host_needs_no_second_name() {
        let told = swarm("web", &[host("a", 5, 5)]);
        assert_eq!(told.services[0].name, "web");
        assert!(told.compose.contains("  web:  # as it is now, and\n"));
        assert!(swarm("web", &[]).services.is_empty());
    }
}

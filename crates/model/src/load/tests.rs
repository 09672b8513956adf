//! Counts of mixes, networks and containers.

use super::*;
use crate::Restart;

fn part(kind: NodeKind, nodes: u64) -> Part {
    Part {
        name: kind.name().to_owned(),
        kind,
        nodes,
        beside: false,
        jobs_per_node: 2,
        node_networks: vec![Network::Bridge],
        job_networks: vec![Network::None],
        node: Container::default(),
        job: Container::default(),
        image: None,
        restart: Restart::No,
    }
}

fn parts() -> [Part; 3] {
    let mut service = part(NodeKind::Host, 1);
    service.beside = true;
    [service, part(NodeKind::Host, 3), part(NodeKind::Dind, 1)]
}

fn shares() -> Vec<Share> {
    let share = |part: &Part| Share {
        nodes: part.nodes,
        beside: part.beside,
    };
    parts().iter().map(share).collect()
}

#[test]
fn a_mix_starts_as_it_is_written_and_goes_on_so() {
    let of = |order, count| first(&shares(), order, count);
    assert_eq!(of(Order::InTurn, 3), [1, 3, 0]);
    assert_eq!(of(Order::InTurn, 4), [1, 3, 1]);
    assert_eq!(of(Order::InTurn, 6), [1, 5, 1]);
    assert_eq!(of(Order::Interleaved, 2), [1, 1, 1]);
    assert_eq!(of(Order::Interleaved, 8), [1, 6, 2]);
}

#[test]
fn every_count_grows_and_none_is_lost() {
    for order in [Order::InTurn, Order::Interleaved] {
        let mut last = vec![0; 3];
        for count in 0..50 {
            let now = first(&shares(), order, count);
            assert!(
                now.iter().zip(&last).all(|(now, last)| now >= last),
                "{now:?}"
            );
            assert_eq!(now[1..].iter().sum::<u64>(), count);
            last = now;
        }
    }
}

#[test]
fn a_network_counts_only_who_is_on_it() {
    let mut workload = Workload {
        services: parts().into(),
        nodes: 4,
        ..Workload::default()
    };
    let on = workload.load(4, &Whom::On(Network::Bridge));
    assert_eq!((on.node, on.job, on.inner, on.dind), (5, 0, 0, 1));
    workload.services[1].job_networks = vec![Network::Bridge];
    assert_eq!(workload.load(4, &Whom::On(Network::Bridge)).job, 6);
    assert_eq!(workload.load(4, &Whom::All).inner, 2);
}

#[test]
fn what_containers_are_like_adds_up() {
    let mut dind = part(NodeKind::Dind, 2);
    dind.image = Some((1 << 30) + 1);
    dind.node.memory = Some(270 << 20);
    dind.job.processes = 3;
    dind.job.tty = true;
    let workload = Workload {
        services: vec![dind],
        nodes: 2,
        ..Workload::default()
    };
    let load = workload.load(2, &Whom::All);
    assert_eq!((load.memory, load.image), (540, 2050));
    assert_eq!((load.process, load.terminal, load.squared), (8, 4, 36));
}

#[test]
fn networks_are_made_once_or_for_each_node() {
    let of = |network: &str, nodes| {
        let network = Network::parse(network).unwrap();
        let workload = Workload {
            nodes: 9,
            node_network: network,
            ..Workload::default()
        };
        workload.load(nodes, &Whom::All).network
    };
    assert_eq!(
        [of("per-node", 5), of("bridges:4", 5), of("bridge", 5)],
        [5, 4, 0]
    );
}

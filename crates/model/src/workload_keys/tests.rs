//! Every key, and every mistake that can be made with it.

use super::*;
use crate::{Network, Span, Whom};

fn entry(line: usize, key: &str, value: &str) -> Entry {
    Entry {
        kind: "workload".to_owned(),
        name: None,
        key: key.to_owned(),
        value: value.to_owned(),
        reason: None,
        span: Span::new("dense.ini", line),
    }
}

fn set(pairs: &[(&str, &str)]) -> Workload {
    let mut workload = Workload::default();
    for (key, value) in pairs {
        workload.set(key, value).unwrap();
    }
    workload
}

fn refused(key: &str, value: &str) -> WorkloadError {
    Workload::default().set(key, value).unwrap_err()
}

#[test]
fn a_node_is_its_container_and_its_jobs() {
    let workload = Workload::parse(&[
        entry(2, "nodes", "600"),
        entry(3, "jobs-per-node", "2"),
        entry(4, "job-network", "jobs_0"),
        entry(5, "starts-at-once", "16"),
    ])
    .unwrap();
    assert_eq!(workload.containers(), 1800);
    assert_eq!(workload.node_network, Network::Bridge);
    assert_eq!(workload.job_network, Network::Named("jobs_0".to_owned()));
    assert_eq!(workload.starts_at_once, Some(16));
    assert_eq!(workload.origin("nodes"), "dense.ini:2");
    assert_eq!(workload.origin("tty"), "default");
}

#[test]
fn kinds_have_their_order_and_their_jobs() {
    let workload = set(&[
        ("nodes", "dind=100, host=300"),
        ("jobs-per-node", "host=1,dind=4"),
        ("order", "interleaved"),
    ]);
    let parts = workload.parts();
    let short: Vec<_> = parts
        .iter()
        .map(|p| (p.kind, p.nodes, p.jobs_per_node))
        .collect();
    assert_eq!(short, [(NodeKind::Dind, 100, 4), (NodeKind::Host, 300, 1)]);
    assert_eq!((workload.nodes, workload.containers()), (400, 1100));
    let again = set(&[("nodes", "dind=5"), ("nodes", "7")]);
    assert_eq!((again.nodes, again.has_dind()), (7, false));
}

#[test]
fn containers_are_what_is_said_of_them() {
    let workload = set(&[
        ("nodes", "10"),
        ("node-cpus", "0.04"),
        ("node-memory", "270M"),
        ("job-processes", "3"),
        ("job-files", "100"),
        ("tty", "jobs"),
        ("published-ports", "2"),
        ("restart", "unless-stopped"),
        ("image-size", "1G"),
    ]);
    let load = workload.load(10, &Whom::All);
    assert_eq!((load.cpu, load.memory, load.process), (400, 2700, 20));
    assert_eq!((load.file, load.terminal, load.published), (1000, 10, 20));
    assert_eq!((load.image, workload.starts()), (0, None));
}

#[test]
fn every_key_is_taken_and_every_other_is_not() {
    for key in WORKLOAD_KEYS {
        let taken = ["3", "host", "no", "none", "in-turn"]
            .iter()
            .any(|value| Workload::default().set(key, value).is_ok());
        assert!(taken, "{key}");
        let error = refused(key, "?");
        assert!(error.message.contains(key), "{key}: {error}");
    }
    for key in ["", "node", "node-", "nodex-files", "node-tty", "job-port"] {
        assert!(refused(key, "1").message.contains("unknown key"), "{key}");
    }
}

#[test]
fn every_mistake_has_its_line_and_a_way_out() {
    let rejections = Workload::parse(&[
        entry(2, "nodes", "0"),
        entry(3, "job-per-node", "1"),
        entry(4, "containers-per-node", "2"),
        entry(5, "node-network", "../x"),
        entry(6, "starts-at-once", "some"),
        entry(7, "nodes", "+5"),
        entry(8, "nodes", "99999999999999999999999"),
    ])
    .unwrap_err();
    let lines: Vec<usize> = rejections.iter().map(|r| r.span.line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 7, 8]);
    let help = |at: usize| rejections[at].help.clone().unwrap();
    assert!(help(1).contains("jobs-per-node"));
    assert!(help(2).contains("jobs-per-node"));
    assert!(help(3).contains("bridge"));
}

#[test]
fn what_cannot_be_meant_is_refused() {
    for (key, value) in [
        ("nodes", "host=1,host=2"),
        ("nodes", "host=0,dind=0"),
        ("nodes", "host=1000000,dind=1"),
        ("nodes", "kind=3"),
        ("nodes", "host=,dind=1"),
        ("nodes", "host=1;dind=1"),
        ("jobs-per-node", "host=1001"),
        ("node-cpus", "1e3"),
        ("node-cpus", ".5"),
        ("node-cpus", "0.0001"),
        ("node-cpus", "-1"),
        ("node-cpus", "8192"),
        ("node-memory", "-1"),
        ("node-memory", "1.5G"),
        ("node-processes", "0"),
        ("published-ports", "65536"),
        ("restart", "always:3"),
        ("tty", "yes"),
    ] {
        refused(key, value);
    }
    assert!(refused("dind-nodes", "3").help.unwrap().contains("dind="));
}

#[test]
fn what_compose_said_of_nodes_is_overruled_and_what_runs_beside_is_not() {
    let mut workload = set(&[("nodes", "1")]);
    let mut beside = workload.parts().remove(0);
    beside.beside = true;
    workload.services = vec![beside, workload.parts().remove(0)];
    workload.set("job-network", "host").unwrap();
    workload.set("jobs-per-node", "5").unwrap();
    let jobs: Vec<u64> = workload.parts().iter().map(|p| p.jobs_per_node).collect();
    assert_eq!(jobs, [1, 5]);
    assert_eq!(workload.services[0].job_networks, [Network::None]);
    assert_eq!(workload.services[1].job_networks, [Network::Host]);
    assert!(
        workload
            .set("nodes", "3")
            .unwrap_err()
            .help
            .unwrap()
            .contains("--scale")
    );
}

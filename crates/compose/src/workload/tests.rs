//! Whole projects, as operators write them.

use super::*;
use crate::{from_config, from_file};
use model::{Network, Restart, Whom};
use proptest::prelude::*;

const FILE: &str = "\
x-limits: &limits
  mem_limit: 270m
  cpus: 0.04
services:
  host-nodes:
    <<: *limits
    image: node:1
    tty: true
    restart: unless-stopped
    ports: ['8000-8001']
    ulimits: {nofile: {soft: 1024, hard: 4096}}
    networks: [mesh]
  dind-nodes:
    image: docker:27-dind
    privileged: true
    deploy:
      replicas: 3
      resources: {reservations: {memory: 1g}, limits: {memory: 2g, pids: 500}}
    networks: [mesh, edge]
  orchestrator:
    image: orchestrator:1
    network_mode: host
  tools:
    image: tools:1
    profiles: [debug]
networks:
  mesh: {}
  edge: {external: true}
  unused: {}
";

fn read(scale: &[(&str, u64)]) -> (Workload, Vec<String>) {
    let scale = scale
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count));
    let scaling = Scaling {
        scale: scale.collect(),
        dind: Vec::new(),
    };
    from_file(FILE, "/srv/cluster/compose.yaml")
        .unwrap()
        .workload(&scaling)
        .unwrap()
}

#[test]
fn six_hundred_nodes_and_an_orchestrator_are_read_right() {
    let (workload, notes) = read(&[("host-nodes", 600), ("dind-nodes", 0)]);
    assert_eq!((workload.nodes, workload.containers()), (600, 601));
    let parts = workload.parts();
    let names: Vec<_> = parts
        .iter()
        .map(|p| (p.name.as_str(), p.nodes, p.beside))
        .collect();
    assert_eq!(
        names,
        [("host-nodes", 600, false), ("orchestrator", 1, true)]
    );
    let mesh = Network::Named("cluster_mesh".to_owned());
    assert_eq!(parts[0].node_networks, std::slice::from_ref(&mesh));
    assert_eq!(parts[1].node_networks, [Network::Host]);
    assert_eq!(workload.load(600, &Whom::On(mesh)).node, 600);
    let load = workload.load(600, &Whom::All);
    assert_eq!(
        (load.published, load.terminal, load.cpu),
        (1200, 600, 24_000)
    );
    assert_eq!((load.memory, parts[0].node.nofile), (270 * 600, Some(1024)));
    assert_eq!(
        (parts[0].restart, workload.starts()),
        (Restart::UnlessStopped, None)
    );
    assert!(notes[0].contains("tools"), "{notes:?}");
}

#[test]
fn what_the_file_scales_are_nodes_where_nobody_says_otherwise() {
    let (workload, _) = read(&[]);
    let parts = workload.parts();
    let nodes: Vec<_> = parts
        .iter()
        .filter(|p| !p.beside)
        .map(|p| p.name.as_str())
        .collect();
    assert_eq!(nodes, ["dind-nodes"]);
    let dind = &parts[1];
    assert_eq!((dind.kind, dind.nodes), (NodeKind::Dind, 3));
    assert_eq!(
        (dind.node.memory, dind.node.pids_limit),
        (Some(1 << 30), Some(500))
    );
    assert_eq!(dind.node_networks.len(), 2);
    let one = from_config(r#"{"services": {"a": {}, "b": {}}}"#).unwrap();
    let (workload, _) = one.workload(&Scaling::default()).unwrap();
    assert_eq!((workload.nodes, workload.containers()), (2, 2));
}

#[test]
fn jobs_are_what_the_command_line_adds() {
    let (mut workload, _) = read(&[("host-nodes", 600)]);
    workload.set("jobs-per-node", "1").unwrap();
    workload.set("job-network", "bridge").unwrap();
    let load = workload.load(600, &Whom::All);
    // The orchestrator and three DinD services beside the nodes have none.
    assert_eq!((load.node, load.job, load.inner), (604, 600, 0));
}

#[test]
fn hints_are_given_where_the_file_does_not_tell() {
    let text = "services: {a: {privileged: true, scale: 2, ports: ['80:80']}}";
    let project = from_file(text, "c.yaml").unwrap();
    let (workload, notes) = project.workload(&Scaling::default()).unwrap();
    assert!(!workload.has_dind());
    assert!(
        notes[0].contains("--dind a") && notes[1].contains("port 80"),
        "{notes:?}"
    );
    let told = Scaling {
        dind: vec!["a".to_owned()],
        ..Scaling::default()
    };
    let (workload, notes) = project.workload(&told).unwrap();
    assert!(workload.has_dind());
    assert_eq!(notes.len(), 1);
}

#[test]
fn a_service_that_is_not_there_is_named_with_one_that_is() {
    let project = from_file(FILE, "c.yaml").unwrap();
    let scaling = |name: &str| Scaling {
        scale: vec![(name.to_owned(), 5)],
        dind: Vec::new(),
    };
    let error = project.workload(&scaling("host-node")).unwrap_err();
    assert_eq!(error.help.as_deref(), Some("did you mean `host-nodes`?"));
    let none = from_file("services: {a: {scale: 0}}", "c.yaml").unwrap();
    assert!(none.workload(&Scaling::default()).is_err());
}

#[test]
fn what_compose_prints_and_the_file_say_the_same() {
    let printed = r#"{"name": "cluster", "services": {
        "host-nodes": {"command": null, "cpus": 0.04, "mem_limit": "283115520", "tty": true,
            "restart": "unless-stopped", "image": "node:1", "networks": {"mesh": null},
            "ports": [{"mode": "ingress", "target": 8000, "protocol": "tcp"},
                      {"mode": "ingress", "target": 8001, "protocol": "tcp"}],
            "ulimits": {"nofile": {"soft": 1024, "hard": 4096}}},
        "dind-nodes": {"image": "docker:27-dind", "privileged": true,
            "deploy": {"replicas": 3, "resources": {"limits": {"memory": "2147483648", "pids": 500},
                "reservations": {"memory": "1073741824"}}, "placement": {}},
            "networks": {"mesh": null, "edge": null}},
        "orchestrator": {"image": "orchestrator:1", "network_mode": "host"}},
      "networks": {"mesh": {"name": "cluster_mesh", "ipam": {}},
        "edge": {"name": "edge", "external": true}}}"#;
    let printed = from_config(printed).unwrap();
    let file = from_file(FILE, "/srv/cluster/compose.yaml").unwrap();
    assert_eq!(printed.services, file.services);
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,200}") {
        let _ = from_file(&text, "c.yaml");
        let _ = from_file(&format!("services:\n  a:\n    ports: [{text}]\n"), "c.yaml");
    }
}

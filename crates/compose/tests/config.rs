//! Compose files as they stand, against what Compose itself makes of them: the same services, or a refusal.
//!
//! `tests/cases/NAME.json` is what Docker Compose 2.26.1 prints of `NAME.yaml`, `NAME.err` its last words where
//! it refuses the file. With a `docker compose` on this machine, that one is asked too.
//! `BLESS=1 cargo test -p compose --test config` records anew; read the diff.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests read the repository's own files"
)]

use compose::{Project, Scaling, from_config, from_file};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What only Compose can put together: the file as it stands is refused.
const OF_COMPOSE_ALONE: [&str; 4] = ["defaults", "extends", "include", "required"];

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn names() -> Vec<String> {
    let entries = std::fs::read_dir(cases()).unwrap();
    let names = entries.filter_map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        name.strip_suffix(".yaml").map(str::to_owned)
    });
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn kept(name: &str, kind: &str) -> Option<String> {
    std::fs::read_to_string(cases().join(format!("{name}.{kind}"))).ok()
}

/// The services alone, they and their networks sorted: Compose prints them so, and says nothing of those
/// that it leaves out.
fn services(project: &Project) -> Vec<String> {
    let services = project.services.iter().cloned().map(|mut service| {
        service.networks.sort_by_key(ToString::to_string);
        // A range of ports is several of its own in what Compose prints.
        let first = service.fixed_port.as_deref();
        let first = first.and_then(|range| range.split('-').next());
        service.fixed_port = first.map(str::to_owned);
        format!("{service:?}")
    });
    let mut services: Vec<String> = services.collect();
    services.sort();
    services
}

/// What a real Compose prints of a file; none where there is no Compose.
fn live(name: &str) -> Option<Result<String, String>> {
    let there = Command::new("docker")
        .args(["compose", "version"])
        .output()
        .ok()?;
    if !there.status.success() {
        return None;
    }
    let file = cases().join(format!("{name}.yaml")).canonicalize().unwrap();
    let mut command = Command::new("docker");
    let command = command.args(["compose", "-f"]).arg(&file);
    let output = command
        .args(["config", "--format", "json"])
        .output()
        .unwrap();
    let folder = file.parent().unwrap().display().to_string();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&folder, "/cases");
    Some(match output.status.success() {
        true => Ok(text(&output.stdout)),
        false => Err(text(output.stderr.trim_ascii())
            .lines()
            .last()
            .unwrap_or_default()
            .to_owned()),
    })
}

#[test]
fn a_file_as_it_stands_reads_as_compose_reads_it() {
    let names = names();
    assert!(names.len() >= 12, "{names:?}");
    for name in names {
        let text = kept(&name, "yaml").unwrap();
        let ours = from_file(&text, &format!("/srv/cases/{name}.yaml"));
        if OF_COMPOSE_ALONE.contains(&name.as_str()) {
            let error = ours.unwrap_err();
            assert!(
                error.help.unwrap().contains("plugin"),
                "{name}: {}",
                error.message
            );
            continue;
        }
        let ours = ours.unwrap_or_else(|error| panic!("{name}: {error}"));
        let theirs = from_config(&kept(&name, "json").unwrap()).unwrap();
        assert_eq!(services(&ours), services(&theirs), "{name}");
    }
}

#[test]
fn what_compose_put_together_is_read() {
    let project = |name: &str| from_config(&kept(name, "json").unwrap()).unwrap();
    let of = |project: &Project, name: &str| {
        let mut services = project.services.iter();
        services
            .find(|service| service.name == name)
            .unwrap()
            .clone()
    };
    let defaults = of(&project("defaults"), "a");
    assert_eq!(
        (defaults.scale, defaults.container.memory),
        (3, Some(270 << 20))
    );
    let extended = of(&project("extends"), "b");
    assert_eq!(
        (extended.container.memory, extended.container.tty),
        (Some(200 << 20), true)
    );
    assert_eq!(of(&project("include"), "host-nodes").scale, 600);
    let refused = kept("required", "err").unwrap();
    assert!(refused.contains("say how many"), "{refused}");
}

/// 600 nodes and an orchestrator on the network of the host come to the same workload either way.
#[test]
fn a_cluster_on_the_network_of_the_host() {
    let scaling = Scaling {
        scale: vec![("host-nodes".to_owned(), 600)],
        dind: Vec::new(),
    };
    let file = from_file(&kept("cluster", "yaml").unwrap(), "/srv/cases/cluster.yaml").unwrap();
    let config = from_config(&kept("cluster", "json").unwrap()).unwrap();
    for project in [file, config] {
        let (workload, notes) = project.workload(&scaling).unwrap();
        assert_eq!((workload.nodes, notes), (600, Vec::new()));
        let mut parts = workload.parts();
        parts.sort_by_key(|part| part.nodes);
        let [orchestrator, nodes] = parts.as_slice() else {
            panic!("{parts:?}");
        };
        assert_eq!((orchestrator.beside, orchestrator.nodes), (true, 1));
        assert_eq!(
            (nodes.beside, nodes.nodes, nodes.node.memory),
            (false, 600, Some(270 << 20))
        );
        for part in &parts {
            assert_eq!(part.node_networks, [model::Network::Host]);
            assert!(part.restart.at_boot());
        }
    }
}

#[test]
fn a_compose_that_is_here_reads_them_as_the_recorded_one() {
    for name in names() {
        let Some(live) = live(&name) else {
            eprintln!("left out: there is no docker compose here");
            return;
        };
        if std::env::var_os("BLESS").is_some() {
            let (kind, text) = match &live {
                Ok(json) => ("json", format!("{}\n", json.trim_end())),
                Err(words) => ("err", format!("{words}\n")),
            };
            std::fs::write(cases().join(format!("{name}.{kind}")), text).unwrap();
        }
        match (live, kept(&name, "json")) {
            (Ok(json), Some(recorded)) => {
                let read = |text: &str| services(&from_config(text).unwrap());
                assert_eq!(read(&json), read(&recorded), "{name}");
            }
            (Err(_), None) => {}
            (live, recorded) => panic!("{name}: {live:?}, and recorded was {recorded:?}"),
        }
    }
}

//! A project as a workload: which services are nodes, and which run beside them.

use crate::{ComposeError, Project};
use model::{NodeKind, Part, Workload, nearest};

/// What the command line adds to a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scaling {
    /// So many containers of these services, in the order given.
    pub scale: Vec<(String, u64)>,
    /// Services that run a Docker of their own.
    pub dind: Vec<String>,
}

impl Project {
    /// The workload, and notes on how it was read. Nodes are the services that were scaled, else
    /// those of more than one container, else all; what is left runs beside them.
    pub fn workload(&self, scaling: &Scaling) -> Result<(Workload, Vec<String>), ComposeError> {
        let named = scaling.scale.iter().map(|(name, _)| name);
        for name in named.chain(&scaling.dind) {
            self.must_have(name)?;
        }
        let mut notes = self.notes.clone();
        let mut parts: Vec<Part> = Vec::new();
        let plain = Workload::default().parts().remove(0);
        for service in &self.services {
            let mut scaled = scaling.scale.iter().rev();
            let told = scaled.find(|(name, _)| *name == service.name);
            let count = told.map_or(service.scale, |(_, count)| *count);
            let told_dind = scaling.dind.contains(&service.name);
            let dind = told_dind || (service.privileged && service.has_dind_image);
            if service.privileged && !dind {
                notes.push(format!(
                    "service {0} is privileged; if it runs a Docker of its own, say --dind {0}",
                    service.name
                ));
            }
            if let Some(port) = service.fixed_port.as_ref().filter(|_| count > 1) {
                notes.push(format!(
                    "service {}: port {port} of the host goes to one of its {count} containers",
                    service.name
                ));
            }
            if count == 0 {
                continue;
            }
            parts.push(Part {
                name: service.name.clone(),
                kind: if dind { NodeKind::Dind } else { NodeKind::Host },
                nodes: count,
                // A service has no jobs but those that the command line tells of.
                jobs_per_node: 0,
                node_networks: service.networks.clone(),
                node: service.container.clone(),
                restart: service.restart,
                ..plain.clone()
            });
        }
        let told = |part: &Part| scaling.scale.iter().any(|(name, _)| *name == part.name);
        let many = |part: &Part| part.nodes > 1;
        let is_node: &dyn Fn(&Part) -> bool = if parts.iter().any(told) {
            &told
        } else if parts.iter().any(many) {
            &many
        } else {
            &|_| true
        };
        for part in &mut parts {
            part.beside = !is_node(part);
        }
        let nodes: u64 = parts.iter().filter(|p| !p.beside).map(|p| p.nodes).sum();
        if nodes == 0 {
            let message = "no service has a container";
            return Err(ComposeError::new(message).help("write `--scale SERVICE=N`"));
        }
        Ok((Self::assemble(parts, nodes), notes))
    }

    /// The fields that tell of one sort of node tell of the largest.
    fn assemble(parts: Vec<Part>, nodes: u64) -> Workload {
        let mut workload = Workload {
            nodes,
            jobs_per_node: 0,
            ..Workload::default()
        };
        let of_nodes = parts.iter().filter(|part| !part.beside);
        if let Some(largest) = of_nodes.max_by_key(|part| part.nodes) {
            workload.node = largest.node.clone();
            workload.restart = largest.restart;
            if let Some(network) = largest.node_networks.first() {
                workload.node_network = network.clone();
            }
        }
        workload.services = parts;
        workload
    }

    fn must_have(&self, name: &str) -> Result<(), ComposeError> {
        let names = || self.services.iter().map(|service| service.name.as_str());
        if names().any(|known| known == name) {
            return Ok(());
        }
        let help = match nearest(name, names()) {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
        };
        Err(ComposeError::new(format!("the project has no service `{name}`")).help(help))
    }
}

#[cfg(test)]
#[path = "workload/tests.rs"]
mod tests;

//! A project: its services and the networks that they are on.

use crate::ComposeError;
use crate::network::Networks;
use crate::service::{self, Service};
use serde_json::Value;

/// A Compose project, as far as a host's limits go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its services, in the order of the file.
    pub services: Vec<Service>,
    /// What is worth knowing and was not asked for.
    pub notes: Vec<String>,
}

impl Project {
    /// Reads a project; `name` is the one that it has where it does not say.
    pub(crate) fn read(value: &Value, name: &str) -> Result<Self, ComposeError> {
        let Some(all) = value["services"].as_object().filter(|all| !all.is_empty()) else {
            return Err(ComposeError::new("there are no services in it"));
        };
        let name = value["name"].as_str().unwrap_or(name);
        let networks = Networks::read(&value["networks"], name)?;
        let mut project = Self {
            services: Vec::new(),
            notes: Vec::new(),
        };
        for (name, service) in all {
            let profiles = service["profiles"].as_array();
            if profiles.is_some_and(|profiles| !profiles.is_empty()) {
                project.notes.push(format!(
                    "service {name} starts only with a Compose profile and is left out"
                ));
                continue;
            }
            project
                .services
                .push(service::read(name, service, &networks)?);
        }
        Ok(project)
    }
}

//! The networks of a project: which of them Docker already has, and which have a bridge.

use crate::ComposeError;
use crate::file::{has_variable, variable};
use model::Network;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Drivers whose containers plug into no bridge of the host (docs.docker.com, network drivers).
const WITHOUT_BRIDGE: [&str; 2] = ["macvlan", "ipvlan"];

/// The top-level networks, and those of them that services use.
pub(crate) struct Networks {
    known: BTreeMap<String, Known>,
    used: BTreeSet<String>,
    project: String,
}

struct Known {
    network: Network,
    made: bool,
}

impl Networks {
    pub(crate) fn read(value: &Value, project: &str) -> Result<Self, ComposeError> {
        let mut networks = Self {
            known: BTreeMap::new(),
            used: BTreeSet::new(),
            project: project.to_owned(),
        };
        let all = value.as_object().into_iter().flatten();
        for (key, network) in all {
            let known = networks.one(key, network)?;
            networks.known.insert(key.clone(), known);
        }
        Ok(networks)
    }

    fn one(&self, key: &str, value: &Value) -> Result<Known, ComposeError> {
        let external = match &value["external"] {
            Value::Null | Value::Bool(false) => false,
            Value::Bool(true) | Value::Object(_) => true,
            _ => {
                let message = format!("network {key}: `external` is true or false");
                return Err(ComposeError::new(message));
            }
        };
        let named = value["name"]
            .as_str()
            .or(value["external"]["name"].as_str());
        let name = match (named, external) {
            (Some(name), _) => name.to_owned(),
            (None, true) => key.to_owned(),
            (None, false) => format!("{}_{key}", self.project),
        };
        if has_variable(&name) {
            return Err(variable(&format!("network {key}"), &name));
        }
        let driver = value["driver"].as_str().unwrap_or("bridge");
        if WITHOUT_BRIDGE.contains(&driver) {
            let network = Network::Other(driver.to_owned());
            return Ok(Known {
                network,
                made: false,
            });
        }
        let network = Network::parse(&name)
            .ok_or_else(|| ComposeError::new(format!("network {key}: `{name}` is no name")))?;
        // What a network of that name is, Docker knows once it is there.
        Ok(Known {
            network,
            made: !external,
        })
    }

    /// The networks of a service.
    pub(crate) fn of(
        &mut self,
        service: &str,
        value: &Value,
    ) -> Result<Vec<Network>, ComposeError> {
        if let Some(mode) = value["network_mode"]
            .as_str()
            .filter(|mode| !mode.is_empty())
        {
            return Ok(vec![by_mode(service, mode)?]);
        }
        let keys: Vec<String> = match &value["networks"] {
            Value::Null => vec!["default".to_owned()],
            Value::Array(names) => {
                let names: Option<Vec<String>> = names
                    .iter()
                    .map(|name| Some(name.as_str()?.to_owned()))
                    .collect();
                names.ok_or_else(|| unreadable(service))?
            }
            Value::Object(names) => names.keys().cloned().collect(),
            _ => return Err(unreadable(service)),
        };
        if keys.is_empty() {
            return Ok(vec![Network::None]);
        }
        let networks = keys.iter().map(|key| self.find(service, key));
        networks.collect()
    }

    fn find(&mut self, service: &str, key: &str) -> Result<Network, ComposeError> {
        if !self.known.contains_key(key) {
            if key != "default" {
                let message = format!("service {service}: there is no network `{key}`");
                return Err(ComposeError::new(message));
            }
            let known = self.one(key, &Value::Null)?;
            self.known.insert(key.to_owned(), known);
        }
        self.used.insert(key.to_owned());
        Ok(self.known[key].network.clone())
    }

    /// How many of the networks in use `up` makes.
    pub(crate) fn made(&self) -> u64 {
        let used = self.used.iter().filter_map(|key| self.known.get(key));
        used.filter(|known| known.made).count() as u64
    }
}

fn by_mode(service: &str, mode: &str) -> Result<Network, ComposeError> {
    if mode.starts_with("service:") || mode.starts_with("container:") {
        return Ok(Network::Other(mode.to_owned()));
    }
    let what = || format!("service {service}: network_mode");
    if has_variable(mode) {
        return Err(variable(&what(), mode));
    }
    Network::parse(mode).ok_or_else(|| ComposeError::new(format!("{} `{mode}`", what())))
}

fn unreadable(service: &str) -> ComposeError {
    ComposeError::new(format!("service {service}: `networks` is a list of names"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(networks: Value, service: Value) -> (Result<Vec<Network>, ComposeError>, u64) {
        let mut networks = Networks::read(&networks, "p").unwrap();
        let found = networks.of("a", &service);
        (found, networks.made())
    }

    fn named(name: &str) -> Network {
        Network::Named(name.to_owned())
    }

    #[test]
    fn a_service_without_a_word_is_on_the_default_network() {
        assert_eq!(
            of(json!(null), json!({})),
            (Ok(vec![named("p_default")]), 1)
        );
        let renamed = json!({"default": {"name": "mesh"}});
        assert_eq!(of(renamed, json!({})), (Ok(vec![named("mesh")]), 1));
    }

    #[test]
    fn only_networks_in_use_are_made_and_external_ones_are_there() {
        let networks = json!({"a": {}, "b": {"external": true}, "c": {"external": {"name": "x"}},
            "v": {"driver": "macvlan"}, "h": {"external": true, "name": "host"}});
        let ask = |keys: Value| of(networks.clone(), json!({ "networks": keys }));
        assert_eq!(
            ask(json!(["a", "b"])),
            (Ok(vec![named("p_a"), named("b")]), 1)
        );
        assert_eq!(ask(json!({"c": null})), (Ok(vec![named("x")]), 0));
        assert_eq!(
            ask(json!(["v"])),
            (Ok(vec![Network::Other("macvlan".to_owned())]), 0)
        );
        assert_eq!(ask(json!(["h"])), (Ok(vec![Network::Host]), 0));
        assert!(ask(json!(["zz"])).0.unwrap_err().message.contains("zz"));
        assert!(ask(json!([3])).0.is_err());
        assert!(ask(json!("a")).0.is_err());
    }

    #[test]
    fn a_mode_comes_before_networks() {
        let ask = |mode: &str| of(json!(null), json!({ "network_mode": mode })).0;
        assert_eq!(ask("host"), Ok(vec![Network::Host]));
        assert_eq!(ask("none"), Ok(vec![Network::None]));
        assert_eq!(ask("bridge"), Ok(vec![Network::Bridge]));
        assert_eq!(
            ask("service:b"),
            Ok(vec![Network::Other("service:b".to_owned())])
        );
        assert!(ask("${MODE}").unwrap_err().help.is_some());
        assert!(ask("a b").is_err());
    }
}

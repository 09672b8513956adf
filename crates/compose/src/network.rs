//! The networks of a project: which of them Docker already has, and which have a bridge.

use crate::ComposeError;
use crate::file::{has_variable, variable};
use model::Network;
use serde_json::Value;
use std::collections::BTreeMap;

/// Drivers whose containers plug into no bridge of the host (docs.docker.com, network drivers).
const WITHOUT_BRIDGE: [&str; 2] = ["macvlan", "ipvlan"];

/// The top-level networks by their keys.
pub(crate) struct Networks {
    known: BTreeMap<String, Network>,
    project: String,
}

impl Networks {
    pub(crate) fn read(value: &Value, project: &str) -> Result<Self, ComposeError> {
        let mut networks = Self {
            known: BTreeMap::new(),
            project: project.to_owned(),
        };
        let all = value.as_object().into_iter().flatten();
        for (key, network) in all {
            let known = networks.one(key, network)?;
            networks.known.insert(key.clone(), known);
        }
        Ok(networks)
    }

    fn one(&self, key: &str, value: &Value) -> Result<Network, ComposeError> {
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
            return Ok(Network::Other(driver.to_owned()));
        }
        // What a network of that name is, Docker knows once it is there.
        Network::parse(&name)
            .ok_or_else(|| ComposeError::new(format!("network {key}: `{name}` is no name")))
    }

    /// The networks of a service.
    pub(crate) fn of(&self, service: &str, value: &Value) -> Result<Vec<Network>, ComposeError> {
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

    fn find(&self, service: &str, key: &str) -> Result<Network, ComposeError> {
        match self.known.get(key) {
            Some(network) => Ok(network.clone()),
            None if key == "default" => self.one(key, &Value::Null),
            None => {
                let message = format!("service {service}: there is no network `{key}`");
                Err(ComposeError::new(message))
            }
        }
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

    fn of(networks: Value, service: Value) -> Result<Vec<Network>, ComposeError> {
        Networks::read(&networks, "p").unwrap().of("a", &service)
    }

    fn named(name: &str) -> Network {
        Network::Named(name.to_owned())
    }

    #[test]
    fn a_service_without_a_word_is_on_the_default_network() {
        assert_eq!(of(json!(null), json!({})), Ok(vec![named("p_default")]));
        let renamed = json!({"default": {"name": "mesh"}});
        assert_eq!(of(renamed, json!({})), Ok(vec![named("mesh")]));
    }

    #[test]
    fn a_network_has_the_name_that_docker_knows_it_by() {
        let networks = json!({"a": {}, "b": {"external": true}, "c": {"external": {"name": "x"}},
            "v": {"driver": "macvlan"}, "h": {"external": true, "name": "host"}});
        let ask = |keys: Value| of(networks.clone(), json!({ "networks": keys }));
        assert_eq!(ask(json!(["a", "b"])), Ok(vec![named("p_a"), named("b")]));
        assert_eq!(ask(json!({"c": null})), Ok(vec![named("x")]));
        assert_eq!(
            ask(json!(["v"])),
            Ok(vec![Network::Other("macvlan".to_owned())])
        );
        assert_eq!(ask(json!(["h"])), Ok(vec![Network::Host]));
        assert!(ask(json!(["zz"])).unwrap_err().message.contains("zz"));
        assert!(ask(json!([3])).is_err());
        assert!(ask(json!("a")).is_err());
    }

    #[test]
    fn a_mode_comes_before_networks() {
        let ask = |mode: &str| of(json!(null), json!({ "network_mode": mode }));
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

//! Docker's answers: the fields that hosttune uses, and of containers only how many there are.

use model::{HostError, HostResult};
use serde_json::{Map, Value};

/// Of `/info`.
const INFO: &[&str] = &[
    "CgroupDriver",
    "CgroupVersion",
    "Containers",
    "ContainersPaused",
    "ContainersRunning",
    "ContainersStopped",
    "Debug",
    "DefaultAddressPools",
    "DefaultRuntime",
    "DockerRootDir",
    "Driver",
    "ExperimentalBuild",
    "Images",
    "KernelVersion",
    "LiveRestoreEnabled",
    "LoggingDriver",
    "MemTotal",
    "NCPU",
    "OSType",
    "PidsLimit",
    "SecurityOptions",
    "ServerVersion",
];
/// Of `/info`, one field of an object.
const INFO_BELOW: &[(&str, &str)] = &[
    ("Plugins", "Authorization"),
    ("RegistryConfig", "Mirrors"),
    ("Swarm", "LocalNodeState"),
];
/// Of a network.
const NETWORK: &[&str] = &[
    "Driver",
    "EnableIPv6",
    "IPAM",
    "Id",
    "Internal",
    "Name",
    "Options",
    "Scope",
];
/// Of `/version`.
const VERSION: &[&str] = &["ApiVersion", "KernelVersion", "MinAPIVersion", "Version"];

/// What is kept of the answer to a path.
pub(crate) fn docker(path: &str, json: &str) -> HostResult<String> {
    let what = format!("docker {path}");
    let fields = match path {
        "/info" => INFO,
        "/version" => VERSION,
        _ if path.starts_with("/networks/") => NETWORK,
        _ => {
            let why = "not kept in a recording".to_owned();
            return Err(HostError::Unavailable { what, why });
        }
    };
    let answer: Map<String, Value> = serde_json::from_str(json).map_err(|error| {
        let why = format!("the answer is no JSON object: {error}");
        HostError::Failed { what, why }
    })?;
    let mut kept = Map::new();
    for (name, value) in answer {
        let below = INFO_BELOW.iter().find(|(above, _)| *above == name);
        if fields.contains(&name.as_str()) {
            kept.insert(name, value);
        } else if let (Some((_, field)), "/info") = (below, path) {
            let one = value.get(field).cloned();
            let one = one.map(|value| ((*field).to_owned(), value));
            kept.insert(name, Value::Object(one.into_iter().collect()));
        }
    }
    Ok(Value::Object(kept).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_names_and_containers_are_left_out() {
        let info = r#"{"NCPU": 2, "Labels": ["a=b"], "Name": "host", "HttpProxy": "http://u:p@x",
            "Swarm": {"LocalNodeState": "inactive", "NodeAddr": "10.0.0.1"}}"#;
        let kept = docker("/info", info).unwrap();
        assert_eq!(kept, r#"{"NCPU":2,"Swarm":{"LocalNodeState":"inactive"}}"#);
        assert_eq!(docker("/info", &kept), Ok(kept.clone()));
        let network = r#"{"Id": "12", "Containers": {"c": {"Name": "n"}}, "Labels": {"a": "b"}}"#;
        assert_eq!(docker("/networks/x", network).unwrap(), r#"{"Id":"12"}"#);
        assert!(docker("/containers/json", "[]").is_err());
        assert!(docker("/info", "[").is_err());
    }
}

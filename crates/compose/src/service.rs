//! A service: how many containers, and what one of them is like.

use crate::network::Networks;
use crate::{ComposeError, ports, sizes};
use model::{Container, Network, Restart};
use serde_json::Value;

/// More is no service but a slip.
const MOST: u64 = 1_000_000;

/// One service of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// How many containers the file asks for.
    pub scale: u64,
    /// Their networks.
    pub networks: Vec<Network>,
    /// What each is like.
    pub container: Container,
    /// When Docker starts them by itself.
    pub restart: Restart,
    /// Whether they may do what only a Docker of their own needs.
    pub privileged: bool,
    /// Whether their image is one of Docker's own with a Docker inside.
    pub has_dind_image: bool,
    /// A port of the host that each of them wants for itself.
    pub fixed_port: Option<String>,
}

pub(crate) fn read(
    name: &str,
    value: &Value,
    networks: &Networks,
) -> Result<Service, ComposeError> {
    if !value.is_object() {
        let message = format!("service {name}: is not a list of keys and values");
        return Err(ComposeError::new(message));
    }
    let image = value["image"].as_str().unwrap_or_default();
    let ports = ports::read(name, &value["ports"])?;
    let what = |key: &str| format!("service {name}: {key}");
    let resources = &value["deploy"]["resources"];
    let (reserved, limits) = (&resources["reservations"], &resources["limits"]);
    // What is set aside for it is what it is thought to use; a bound is the most that it can.
    let memory = [
        &reserved["memory"],
        &value["mem_reservation"],
        &limits["memory"],
        &value["mem_limit"],
    ];
    let cpus = [&reserved["cpus"], &limits["cpus"], &value["cpus"]];
    let pids = [&limits["pids"], &value["pids_limit"]];
    let nofile = &value["ulimits"]["nofile"];
    let nofile = if nofile.is_object() {
        &nofile["soft"]
    } else {
        nofile
    };
    Ok(Service {
        name: name.to_owned(),
        scale: scale(name, value)?,
        networks: networks.of(name, value)?,
        container: Container {
            tty: sizes::yes(&what("tty"), &value["tty"])?,
            published_ports: ports.count,
            memory: sizes::bytes(&what("memory"), said(&memory))?,
            cpu: sizes::processors(&what("cpus"), said(&cpus))?,
            pids_limit: sizes::count(&what("pids_limit"), said(&pids))?,
            nofile: sizes::count(&what("nofile"), nofile)?,
            ..Container::default()
        },
        restart: restart(name, value)?,
        privileged: sizes::yes(&what("privileged"), &value["privileged"])?,
        has_dind_image: image.contains("dind"),
        fixed_port: ports.fixed,
    })
}

fn said<'a>(values: &[&'a Value]) -> &'a Value {
    let mut said = values.iter().filter(|value| !value.is_null());
    said.next().copied().unwrap_or(&Value::Null)
}

/// `scale`, which Compose itself prefers, else `deploy.replicas`, else one.
fn scale(name: &str, value: &Value) -> Result<u64, ComposeError> {
    let told = said(&[&value["scale"], &value["deploy"]["replicas"]]);
    let what = format!("service {name}: scale");
    let zero = told.as_u64() == Some(0) || told.as_str() == Some("0");
    match sizes::count(&what, told)? {
        _ if zero => Ok(0),
        None => Ok(1),
        Some(count) if count <= MOST => Ok(count),
        Some(count) => Err(ComposeError::new(format!(
            "{what}: {count} is above {MOST}"
        ))),
    }
}

/// `restart`, else what `deploy.restart_policy` says in Swarm's words.
fn restart(name: &str, value: &Value) -> Result<Restart, ComposeError> {
    let word = value["restart"].as_str().filter(|word| !word.is_empty());
    let of_deploy = value["deploy"]["restart_policy"]["condition"].as_str();
    let policy = match (word, of_deploy) {
        (Some(word), _) => Restart::parse(word),
        (None, Some("any")) => Some(Restart::Always),
        (None, Some("on-failure")) => Some(Restart::OnFailure),
        (None, Some("none") | None) => Some(Restart::No),
        (None, Some(_)) => None,
    };
    policy.ok_or_else(|| {
        let said = word.or(of_deploy).unwrap_or_default();
        ComposeError::new(format!("service {name}: `{said}` is no restart policy"))
            .help("write `no`, `on-failure`, `unless-stopped` or `always`")
    })
}

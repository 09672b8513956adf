//! Published ports of a service: how many, and which of them only one container can have.

use crate::ComposeError;
use crate::file::{has_variable, variable};
use serde_json::Value;

/// The ports of one container.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ports {
    /// How many are published.
    pub(crate) count: u64,
    /// The first that names its port of the host.
    pub(crate) fixed: Option<String>,
}

/// Reads `ports`, in the short form and in the long one.
pub(crate) fn read(service: &str, value: &Value) -> Result<Ports, ComposeError> {
    let mut ports = Ports::default();
    let list = match value {
        Value::Null => return Ok(ports),
        Value::Array(list) => list,
        _ => {
            return Err(ComposeError::new(format!(
                "service {service}: `ports` is a list"
            )));
        }
    };
    for port in list {
        let (count, published) = match port {
            Value::Number(_) => (1, None),
            Value::String(text) => short(service, text)?,
            Value::Object(_) => long(port),
            _ => return Err(wrong(service, &port.to_string())),
        };
        ports.count += count;
        ports.fixed = ports.fixed.or(published);
    }
    Ok(ports)
}

/// `[[IP:][HOST]:]CONTAINER[/PROTOCOL]`, each of the two a port or a range.
fn short(service: &str, text: &str) -> Result<(u64, Option<String>), ComposeError> {
    if has_variable(text) {
        return Err(variable(&format!("service {service}: ports"), text));
    }
    let ports = text.split('/').next().unwrap_or_default();
    let (before, container) = match ports.rsplit_once(':') {
        Some((before, container)) => (Some(before), container),
        None => (None, ports),
    };
    let count = range(container).ok_or_else(|| wrong(service, text))?;
    let host = before.map(|before| before.rsplit_once(':').map_or(before, |(_, host)| host));
    let Some(host) = host.filter(|host| !host.is_empty()) else {
        return Ok((count, None));
    };
    let width = range(host).ok_or_else(|| wrong(service, text))?;
    // A range for a single port is one to choose from.
    let chosen = count == 1 && width > 1;
    Ok((count, (!chosen).then(|| host.to_owned())))
}

/// `target`, and `published` as a port, a range to choose from, or none.
fn long(port: &Value) -> (u64, Option<String>) {
    let published = match &port["published"] {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => String::new(),
    };
    let fixed = !published.is_empty() && published != "0" && !published.contains('-');
    (1, fixed.then_some(published))
}

fn range(text: &str) -> Option<u64> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last): (u16, u16) = (first.parse().ok()?, last.parse().ok()?);
    Some(u64::from(last.checked_sub(first)?) + 1)
}

fn wrong(service: &str, text: &str) -> ComposeError {
    let help = "write `8080:80`, `8000-8009:80-89` or `80`";
    ComposeError::new(format!("service {service}: `{text}` is no published port")).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ports(value: Value) -> (u64, Option<String>) {
        let ports = read("a", &value).unwrap();
        (ports.count, ports.fixed)
    }

    #[test]
    fn ranges_are_counted_and_fixed_ports_found() {
        assert_eq!(ports(json!(null)), (0, None));
        assert_eq!(ports(json!([80, "81", "6060/udp"])), (3, None));
        assert_eq!(ports(json!(["3000-3005"])), (6, None));
        assert_eq!(ports(json!(["8080:80"])), (1, Some("8080".to_owned())));
        assert_eq!(ports(json!(["9090-9091:8080-8081"])).0, 2);
        assert_eq!(ports(json!(["127.0.0.1::80"])), (1, None));
        assert_eq!(
            ports(json!(["[::1]:6001:6001"])),
            (1, Some("6001".to_owned()))
        );
        assert_eq!(ports(json!(["8000-9000:80"])), (1, None));
        let long = json!([{"target": 80, "published": "8080"}, {"target": 81}]);
        assert_eq!(ports(long), (2, Some("8080".to_owned())));
    }

    #[test]
    fn what_is_no_port_is_refused() {
        for value in [
            json!(["x"]),
            json!(["90-80"]),
            json!(["99999"]),
            json!([null]),
            json!("80"),
        ] {
            assert!(read("a", &value).is_err(), "{value}");
        }
        assert!(read("a", &json!(["${P}:80"])).unwrap_err().help.is_some());
    }
}

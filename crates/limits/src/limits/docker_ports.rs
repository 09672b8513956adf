//! `docker.ports`: the range that Docker publishes ports from where none is named.

use super::local_ports::{RANGE, range, size};
use crate::demand::published_ports;
use crate::reading::{bound, used};
use crate::{Row, Scene};
use model::{Ceiling, Cost, Effect, Errno, Host, Limit, Sign, Unread};
use std::collections::BTreeSet;

const PLACE: &str = "each address and protocol of the host";
const TABLES: &[&str] = &["/proc/net/tcp", "/proc/net/tcp6"];
/// TCP_LISTEN (include/net/tcp_states.h).
const LISTENS: &str = "0A";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "docker.ports",
        bounds: "ports that Docker chooses from",
        defaults: &[
            "net.ipv4.ip_local_port_range: 32768 to 60999, 28,232 ports; 49153 to 65535 where that cannot \
             be read (moby libnetwork/portallocator)",
        ],
        effect: Effect::Stops,
        why: "a port published without a number is taken from the kernel's range of local ports",
        raise: &["sysctl:net.ipv4.ip_local_port_range"],
        source: "moby libnetwork/portallocator; all ports are allocated",
        signs: &[
            Sign::decides("Docker has given out every port of its range")
                .says(&["all ports are allocated", "all ports allocated"]),
            Sign::suggests("a port that Docker took from its range is an outgoing connection's")
                .errno(&[Errno::AddressInUse])
                .says(&[
                    "-p option",
                    "--publish-all",
                    "random port",
                    "ephemeral port",
                    "ports range",
                    "port range",
                ]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let Some(charge) = published_ports(scene.workload) else {
        let why = "no container of the workload publishes a port";
        return vec![Ceiling::not_applicable(PLACE, why)];
    };
    let range = range(scene.host);
    let taken = range.clone().and_then(|range| listening(scene.host, range));
    vec![
        Ceiling::new(PLACE, Cost::exact(charge, "a port each"))
            .max(bound(range.map(size)), RANGE)
            .used(
                used(taken),
                "/proc/net/tcp and tcp6: ports of the range that are listened on",
            )
            .reshape("a wider net.ipv4.ip_local_port_range, or named ports below it")
            .note("dockerd reads the range when it starts"),
    ]
}

/// Ports of the range that are listened on; one that is for both address families counts once.
fn listening(host: &dyn Host, (first, last): (u64, u64)) -> Result<u64, Unread> {
    let mut ports = BTreeSet::new();
    for path in TABLES {
        match host.read_text(path) {
            Ok(text) => ports.extend(text.lines().filter_map(listener)),
            // No IPv6.
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(ports.range(first..=last).count() as u64)
}

/// The port of a line, where it is of a socket that listens.
fn listener(line: &str) -> Option<u64> {
    let mut words = line.split_whitespace();
    let (_, port) = words.nth(1)?.rsplit_once(':')?;
    (words.nth(1)? == LISTENS).then_some(())?;
    u64::from_str_radix(port, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, ask_one, nodes, stock};
    use model::Fate;

    #[test]
    fn listeners_in_the_range_are_taken_each_port_once() {
        let line =
            |port: &str, state: &str| format!("   0: 0100007F:{port} 00000000:0000 {state} 0:0\n");
        let head = "  sl  local_address rem_address st\n";
        // 32768 listens in both families, 22 is below the range, 40000 is a connection.
        let (first, ssh, open) = (line("8000", "0A"), line("0016", "0A"), line("9C40", "01"));
        let host = stock()
            .file(TABLES[0], &format!("{head}{first}{ssh}{open}"))
            .file(TABLES[1], &format!("{head}{first}"));
        assert_eq!(listening(&host, (32_768, 60_999)), Ok(1));
        assert_eq!(ask_one(&ROW, &stock(), 600).verdict, Fate::NotApplicable);
        let mut publishing = nodes(30_000);
        publishing.node.published_ports = 1;
        let answer = ask(&ROW, &host, &publishing).remove(0);
        assert_eq!(answer.nodes_fit, Some(28_231));
        assert!(listening(&host.denied(TABLES[0]), (1, 9)).is_err());
    }
}

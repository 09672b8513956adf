//! `docker.ports`: the range that Docker publishes ports from where none is named.

use super::local_ports::{RANGE, ports};
use crate::demand::published_ports;
use crate::reading::{bound, used};
use crate::{Row, Scene};
use model::{Ceiling, Cost, Effect, Errno, Host, Limit, Sign, Unread};

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
    vec![
        Ceiling::new(PLACE, Cost::exact(charge, "a port each"))
            .max(bound(ports(scene)), RANGE)
            .used(
                used(listening(scene.host)),
                "/proc/net/tcp and tcp6: at most those that are listened on",
            )
            .reshape("a wider net.ipv4.ip_local_port_range, or named ports below it"),
    ]
}

/// Sockets that listen, whichever their port.
fn listening(host: &dyn Host) -> Result<u64, Unread> {
    let mut count = 0;
    for path in TABLES {
        match host.read_text(path) {
            Ok(text) => {
                let states = text
                    .lines()
                    .filter_map(|line| line.split_whitespace().nth(3));
                count += states.filter(|state| *state == LISTENS).count() as u64;
            }
            // No IPv6.
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock};
    use model::Fate;

    #[test]
    fn listeners_are_told_by_their_state() {
        let line = |state: &str| format!("   0: 0100007F:0CEA 00000000:0000 {state} 0:0\n");
        let table = format!(
            "  sl  local_address rem_address st\n{}{}",
            line("0A"),
            line("01")
        );
        let host = stock().file(TABLES[0], &table);
        assert_eq!(listening(&host), Ok(1));
        assert!(listening(&host.denied(TABLES[0])).is_err());
        assert_eq!(ask_one(&ROW, &stock(), 600).verdict, Fate::NotApplicable);
    }
}

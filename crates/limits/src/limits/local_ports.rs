//! `net.ipv4.ip_local_port_range`: the ports that the host's connections to one destination leave from.

use super::tcp_mem::sockstat;
use crate::reading::{at_most, bound, word};
use crate::{Row, Scene};
use model::{
    Amount, Ceiling, Charge, Cost, Effect, Errno, Host, Limit, Network, Operation, RUN_OUT, Sign,
    Unread,
};

pub(super) const RANGE: &str = "/proc/sys/net/ipv4/ip_local_port_range";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "net.ipv4.ip_local_port_range",
        bounds: "connections of the host to one destination",
        defaults: &["32768 to 60999, 28,232 ports (net/ipv4/af_inet.c inet_init_net)"],
        effect: Effect::Degrades,
        why: "containers on a bridge and on the host's network share the host's ports towards any one \
              address and port",
        raise: &["sysctl:net.ipv4.ip_local_port_range"],
        source: "net/ipv4/inet_hashtables.c __inet_hash_connect, EADDRNOTAVAIL; NAT drops instead",
        signs: &[
            Sign::decides(
                "a connection gets EADDRNOTAVAIL where no port towards that address is \
left",
            )
            .errno(&[Errno::AddressNotAvailable])
            .during(&[Operation::Connect])
            .never(&["listen", "bind:"]),
            Sign::suggests(
                "a connection gets EADDRNOTAVAIL where no port towards that address is \
left",
            )
            .errno(&[Errno::AddressNotAvailable])
            .never(&["listen", "bind", "::1"]),
            Sign::decides("the words name it").says(&[
                "ip_local_port_range",
                "port exhaustion",
                "ephemeral ports exhausted",
                "out of ephemeral ports",
                "ran out of ports",
                "local port exhaustion",
            ]),
            Sign::suggests("the words say that ports of outgoing connections run out")
                .says(&["ephemeral port", "source ports", "local ports", "snat port"])
                .never(&["published"])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let connections = |network: &Network| match network {
        Network::None => Amount::ZERO,
        _ => Amount::whole(1),
    };
    let charge: Charge = crate::demand::by_network(scene.workload, connections);
    let cost = Cost::exact(
        charge,
        "as if each container has one connection to the same destination; more are not known",
    );
    let taken = sockstat(scene.host, "TCP", "inuse")
        .and_then(|open| Ok(open.saturating_add(sockstat(scene.host, "TCP", "tw")?)));
    let max = bound(ports(scene));
    let used = at_most(taken, &max, &cost, scene.workload);
    vec![
        Ceiling::new("host, to one destination", cost)
            .effect(Effect::Degrades)
            .max(max, RANGE)
            .used(
                used,
                "/proc/net/sockstat: at most all connections of the host",
            )
            .reshape("a wider net.ipv4.ip_local_port_range, or several destinations"),
    ]
}

/// How many ports the range has.
fn ports(scene: &Scene<'_>) -> Result<u64, Unread> {
    range(scene.host).map(size)
}

/// The first and the last port of the range.
pub(super) fn range(host: &dyn Host) -> Result<(u64, u64), Unread> {
    let (first, last) = (word(host, RANGE, 0)?, word(host, RANGE, 1)?);
    match first <= last {
        true => Ok((first, last)),
        false => Err(Unread::because(format!("{RANGE}: {first} to {last}"))),
    }
}

/// How many ports lie between these two, both included.
pub(super) fn size((first, last): (u64, u64)) -> u64 {
    last.saturating_sub(first).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, ask_one, nodes_on, stock, whole};
    use model::Fate;

    #[test]
    fn one_connection_each() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (whole(answer.ceiling), whole(answer.used)),
            (Some(28_232), Some(7))
        );
        assert_eq!(answer.degrades_at, Some(28_226));
        let none = ask(&ROW, &stock(), &nodes_on(Network::None, 600));
        assert_eq!(none[0].degrades_at, None);
        let odd = stock().file(RANGE, "9 5\n");
        assert_eq!(ask_one(&ROW, &odd, 1).verdict, Fate::Unknown);
    }
}

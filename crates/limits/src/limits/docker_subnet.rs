//! `docker.subnet`: the addresses of one Docker network.

use super::bridge_ports;
use crate::reading::bound;
use crate::subnets::{ROUTES, Route, pools, routes};
use crate::{Row, Scene};
use model::{Ceiling, Effect, Limit, RUN_OUT, Sign, Standing, Unread};

/// The network's own, the gateway's and the broadcast address.
const NOT_FOR_CONTAINERS: u64 = 3;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "docker.subnet",
        bounds: "addresses of one Docker network",
        defaults: &[
            "a /16 of the built-in pools has 65,533 for containers, a /20 has 4,093, a /24 has 253",
        ],
        effect: Effect::Stops,
        why: "each container on a bridge network takes an address of its subnet",
        raise: &["docker:bip", "docker:default-address-pools"],
        source: "moby libnetwork/ipam: no available IPv4 addresses",
        signs: &[
            Sign::decides("Docker has given out every address of the network's subnet").says(&[
                "no available ipv4 addresses on",
                "no available ipv6 addresses on",
                "no available addresses on this pool",
                "no available ip addresses on this network",
            ]),
            Sign::suggests("Swarm found no free address in the network's subnet")
                .says(&[
                    "available ip while allocating",
                    "no available ip",
                    "find an available ip",
                ])
                .and(&["vip", "swarm", "network", "pool", "find", "task"]),
            Sign::suggests("the words say that addresses of the network run out")
                .says(&[
                    "ip addresses",
                    "ip address space",
                    "available ips",
                    "out of ips",
                    "ips in the subnet",
                    "free ips",
                ])
                .never(&["pod", "cni", "ipam", "pool", "node", "already"])
                .and(RUN_OUT),
        ],
    },
    read,
};

/// Wherever a container plugs into a bridge it takes an address too, so places, use and cost are
/// those of the bridge's ports.
fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let routes = routes(scene.host);
    let ceilings = bridge_ports::read(scene).into_iter();
    let of = |mut ceiling: Ceiling| {
        ceiling.reshape = None;
        if matches!(ceiling.standing, Standing::NotApplicable(_)) {
            return ceiling;
        }
        let max = addresses(scene, &ceiling.place, &routes);
        ceiling
            .max(bound(max), ROUTES)
            .reshape("a network with a larger subnet, or several networks")
    };
    ceilings.map(of).collect()
}

/// Those of the bridge's route; of a bridge to come, those of the first pool's size.
fn addresses(
    scene: &Scene<'_>,
    bridge: &str,
    routes: &Result<Vec<Route>, Unread>,
) -> Result<u64, Unread> {
    let engine = scene.engine()?;
    if let Some(range) = engine.fixed_range().filter(|_| bridge == engine.bridge()) {
        let why = format!("only a part of the subnet is given out: fixed-cidr {range}");
        return Err(Unread::because(why));
    }
    let routes = routes.as_ref().map_err(Clone::clone)?;
    let subnet = routes.iter().find(|route| route.interface == bridge);
    let addresses = match subnet {
        Some(route) => route.to.addresses(),
        None => {
            let first = pools(engine)?.into_iter().next();
            let pool = first.ok_or_else(|| Unread::because("Docker has no IPv4 pool"))?;
            1 << (32 - pool.prefix)
        }
    };
    Ok(addresses.saturating_sub(NOT_FOR_CONTAINERS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, ask_one, nodes_on, stock, whole};
    use model::{Fate, Network};

    #[test]
    fn the_bridges_route_tells_its_subnet() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (whole(answer.ceiling), whole(answer.used)),
            (Some(65_533), Some(0))
        );
        let small = stock()
            .text(ROUTES)
            .unwrap()
            .replace("0000FFFF", "F8FFFFFF");
        let host = stock()
            .file(ROUTES, &small)
            .file("/sys/class/net/docker0/brif/veth0", "");
        let answer = ask_one(&ROW, &host, 600);
        assert_eq!(
            (whole(answer.ceiling), answer.nodes_fit),
            (Some(5), Some(4))
        );
        assert_eq!(answer.verdict, Fate::Stops);
    }

    #[test]
    fn without_a_bridge_there_are_no_addresses_and_a_part_is_unknown() {
        let on_host = ask(&ROW, &stock(), &nodes_on(Network::Host, 600));
        assert_eq!(on_host[0].verdict, Fate::NotApplicable);
        let config = r#"{"fixed-cidr": "172.17.0.0/24"}"#;
        let part = ask_one(&ROW, &stock().file("/etc/docker/daemon.json", config), 600);
        assert_eq!((part.ceiling, part.verdict), (None, Fate::Unknown));
    }
}

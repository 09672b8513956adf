//! `bridge.ports`: the ports of one Linux bridge.

mod signs;

use crate::{Row, Scene};
use model::{
    Amount, Bound, Ceiling, Charge, Cost, Effect, HostError, Limit, Network, Scope, Unread, Used,
    Whom, Workload,
};
use serde_json::Value;

/// A port number has 10 bits and 0 is not given out (br_private.h BR_PORT_BITS, br_if.c
/// find_portno). No kernel has a setting for it.
const PORTS: u64 = 1023;

/// A flooded frame is queued once for each port on one CPU, and 1,000 is that queue's default
/// length (net.core.netdev_max_backlog), so bridges are kept clear of it.
pub(crate) const PORTS_TO_PLAN: u64 = 900;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "bridge.ports",
        bounds: "ports of one Linux bridge",
        defaults: &[
            "1,023, compiled in: 1,024 port numbers of which 0 is reserved, in 5.10, 6.1, 6.12 and later \
             (net/bridge/br_private.h BR_PORT_BITS, br_if.c find_portno)",
        ],
        effect: Effect::Stops,
        why: "each container on a bridge network plugs one veth into the bridge",
        raise: &[],
        source: "net/bridge/br_private.h BR_PORT_BITS; the next one gets EXFULL, exchange full",
        signs: signs::SIGNS,
    },
    read,
};

/// A bridge as far as it could be found.
enum Bridge {
    /// The bridge of that name, which may not exist yet.
    Named(String),
    /// The network will make a bridge when it is created; nothing is on it.
    ToCome,
    /// So many bridges that will be made and share the nodes.
    Each(u64),
    /// A bridge for each node that will be made for it.
    OfNode,
    /// The network has no Linux bridge that this host counts ports on.
    Without(String),
    /// Which one it is could not be told.
    Unread(Unread),
}

pub(super) fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let mut networks = scene.workload.networks();
    networks.retain(Network::is_bridged);
    if networks.is_empty() {
        return vec![Ceiling::not_applicable(
            "host",
            "no container of the workload is on a bridge network",
        )];
    }
    let ceiling = |network: &Network| on(scene, network);
    networks.iter().map(ceiling).collect()
}

fn on(scene: &Scene<'_>, network: &Network) -> Ceiling {
    let charge = Charge::outer(Amount::whole(1));
    let whom = Whom::On(network.clone());
    let load = scene.workload.load(scene.workload.nodes, &whom);
    let containers = charge.of(&load).ceil();
    let cost = Cost::exact(charge, "one veth a container and bridge");
    let ceiling = |place: String| {
        let max = Bound::Finite(Amount::whole(PORTS));
        let ceiling = Ceiling::new(place, cost).of(whom);
        ceiling.max(max, "constant of the kernel")
    };
    let reshaped = |ceiling: Ceiling| match containers.div_ceil(PORTS_TO_PLAN) {
        0 | 1 => ceiling,
        bridges => ceiling.reshape(format!(
            "{containers} containers need {bridges} bridge networks with at most \
             {PORTS_TO_PLAN} each, or none at all (`--network host` or `none`)"
        )),
    };
    match bridge_of(scene, network) {
        Bridge::Without(why) => Ceiling::not_applicable(network.to_string(), why),
        Bridge::Each(places) => ceiling(network.to_string())
            .each_of(places)
            .used(Used::Known(Amount::ZERO), "bridges that are yet to be made")
            .reshape(format!(
                "spread the nodes over more than {places} bridge networks"
            ))
            .note("each of these bridges begins empty"),
        Bridge::OfNode if widest_node(scene.workload) <= PORTS => Ceiling::not_applicable(
            network.to_string(),
            "a bridge a node has ports for the node's own containers, however many nodes there are",
        ),
        Bridge::OfNode => ceiling(network.to_string())
            .used(Used::Known(Amount::ZERO), "a bridge that is yet to be made")
            .reshape("give the jobs of a node another network than the node"),
        Bridge::ToCome => reshaped(ceiling(network.to_string()))
            .used(Used::Known(Amount::ZERO), "no such network yet")
            .note("the network does not exist yet; its bridge will be empty"),
        Bridge::Unread(why) => reshaped(ceiling(network.to_string())).used(Used::Unknown(why), ""),
        Bridge::Named(bridge) => {
            let ports = format!("/sys/class/net/{bridge}/brif");
            let ceiling = reshaped(ceiling(bridge));
            match scene.host.list(&ports) {
                Ok(names) => {
                    let count = Amount::whole(names.len() as u64);
                    ceiling.used(Used::Known(count), ports)
                }
                Err(HostError::NotFound(_)) if scene.host.scope() == Scope::Live => ceiling
                    .used(Used::Known(Amount::ZERO), ports)
                    .note("the bridge does not exist yet; it will be empty"),
                Err(error) => ceiling.used(Used::Unknown(error.into()), ports),
            }
        }
    }
}

/// The most containers that one node can have on its bridge.
fn widest_node(workload: &Workload) -> u64 {
    let parts = workload.parts();
    let outer = parts.iter().map(model::Part::outer_per_node);
    outer.max().unwrap_or(0)
}

fn bridge_of(scene: &Scene<'_>, network: &Network) -> Bridge {
    match network {
        Network::Host | Network::None | Network::Other(_) => {
            Bridge::Without("the network has no bridge".to_owned())
        }
        Network::Bridges(count) => Bridge::Each(*count),
        Network::PerNode => Bridge::OfNode,
        Network::Bridge => match scene.engine().map(|engine| engine.bridge()) {
            Ok("none") => Bridge::Without("Docker has no default bridge here".to_owned()),
            Ok(bridge) => Bridge::Named(bridge.to_owned()),
            Err(why) => Bridge::Unread(why),
        },
        Network::Named(name) => match scene.host.docker(&format!("/networks/{name}")) {
            Ok(json) => named(name, &json),
            Err(HostError::NotFound(_)) => Bridge::ToCome,
            Err(error) => Bridge::Unread(error.into()),
        },
    }
}

fn named(name: &str, json: &str) -> Bridge {
    let network: Value = match serde_json::from_str(json) {
        Ok(network) => network,
        Err(error) => return Bridge::Unread(Unread::because(format!("network {name}: {error}"))),
    };
    match network["Driver"].as_str() {
        Some("bridge") => {}
        // Beside its own bridge in a namespace apart, each of its containers gets a way out.
        Some("overlay") => return Bridge::Named("docker_gwbridge".to_owned()),
        Some(driver) => {
            return Bridge::Without(format!("a network of driver {driver} has no bridge port"));
        }
        None => return Bridge::Unread(Unread::because(format!("network {name}: no driver"))),
    }
    let option = &network["Options"]["com.docker.network.bridge.name"];
    match (option.as_str(), network["Id"].as_str()) {
        (Some(bridge), _) if !bridge.is_empty() => Bridge::Named(bridge.to_owned()),
        // The bridge driver's own rule for the names it makes up.
        (_, Some(id)) if id.len() >= 12 && id.is_ascii() => {
            Bridge::Named(format!("br-{}", &id[..12]))
        }
        _ => Bridge::Unread(Unread::because(format!("network {name}: no id"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge;
    use model::Fate;
    use testkit::FakeHost;

    fn workload(node: Network, job: Network) -> Workload {
        Workload {
            nodes: 600,
            node_network: node,
            job_network: job,
            ..Workload::default()
        }
    }

    fn ask(host: &FakeHost, workload: &Workload) -> Vec<model::LimitAnswer> {
        let ceilings = read(&Scene::new(host, workload, Ok(1))).into_iter();
        ceilings.map(|c| judge(&ROW.limit, c, workload)).collect()
    }

    #[test]
    fn node_512_of_two_containers_each_is_refused() {
        let host = FakeHost::new().directory("/sys/class/net/docker0/brif");
        let rows = ask(&host, &workload(Network::Bridge, Network::Bridge));
        assert_eq!(
            (rows[0].nodes_fit, rows[0].stops_at),
            (Some(511), Some(512))
        );
        assert!(
            rows[0]
                .reshape
                .as_deref()
                .unwrap()
                .contains("need 2 bridge networks")
        );
    }

    #[test]
    fn networks_that_share_the_nodes_or_belong_to_one_have_more_room() {
        let host = FakeHost::new();
        let spread = Network::Bridges(2);
        let rows = ask(&host, &workload(spread.clone(), spread));
        assert_eq!((rows.len(), rows[0].places), (1, 2));
        assert_eq!(
            (rows[0].nodes_fit, rows[0].verdict),
            (Some(1022), Fate::Fits)
        );
        let own = workload(Network::PerNode, Network::PerNode);
        assert_eq!(ask(&host, &own)[0].verdict, Fate::NotApplicable);
        let crowded = Workload {
            jobs_per_node: 1023,
            ..own
        };
        assert_eq!((ask(&host, &crowded)[0].nodes_fit), Some(0));
    }

    #[test]
    fn containers_inside_a_dind_node_are_on_no_bridge_of_the_host() {
        let dind = Workload {
            mix: vec![(model::NodeKind::Dind, 600)],
            ..workload(Network::Bridge, Network::Bridge)
        };
        assert_eq!(ask(&FakeHost::new(), &dind)[0].nodes_fit, Some(1023));
    }

    #[test]
    fn ports_in_use_count_and_jobs_without_a_network_do_not() {
        let mut host = FakeHost::new();
        for port in 0..523 {
            host = host.link(&format!("/sys/class/net/docker0/brif/veth{port:04}"), "x");
        }
        let rows = ask(&host, &workload(Network::Bridge, Network::None));
        assert_eq!(
            (rows[0].nodes_fit, rows[0].verdict),
            (Some(500), Fate::Stops)
        );
        assert_eq!(rows[0].reshape, None);
    }

    #[test]
    fn a_named_network_is_looked_up() {
        let jobs = Network::Named("jobs".to_owned());
        let json = r#"{"Driver": "bridge", "Id": "0123456789abcdef", "Options": {}}"#;
        let host = FakeHost::new()
            .docker_answer("/networks/jobs", json)
            .file("/sys/class/net/br-0123456789ab/brif/veth0", "");
        let rows = ask(&host, &workload(Network::Bridge, jobs.clone()));
        let seen = |at: usize| (rows[at].place.as_str(), rows[at].nodes_fit);
        assert_eq!(seen(0), ("docker0", Some(1023)));
        assert_eq!(seen(1), ("br-0123456789ab", Some(1022)));
        let vlan = FakeHost::new().docker_answer("/networks/jobs", r#"{"Driver": "macvlan"}"#);
        assert_eq!(
            ask(&vlan, &workload(jobs, Network::None))[0].verdict,
            Fate::NotApplicable
        );
    }

    #[test]
    fn a_network_that_cannot_be_looked_up_still_bounds() {
        let jobs = Network::Named("jobs".to_owned());
        let rows = ask(&FakeHost::new(), &workload(jobs.clone(), jobs));
        assert_eq!(
            (rows[0].nodes_at_most, rows[0].verdict),
            (Some(511), Fate::Stops)
        );
    }

    #[test]
    fn the_default_bridge_may_have_another_name_or_none() {
        let config = "/etc/docker/daemon.json";
        let here = workload(Network::Bridge, Network::None);
        let named = FakeHost::new().file(config, r#"{"bridge": "br7"}"#);
        assert_eq!(ask(&named, &here)[0].place, "br7");
        let none = FakeHost::new().file(config, r#"{"bridge": "none"}"#);
        assert_eq!(ask(&none, &here)[0].verdict, Fate::NotApplicable);
        let bare = ask(&named, &workload(Network::Host, Network::None));
        assert_eq!(bare[0].verdict, Fate::NotApplicable);
    }
}

//! `docker.address-pools`: the subnets that Docker cuts new networks from.

use crate::demand::new_networks;
use crate::reading::{bound, used};
use crate::subnets::{ROUTES, pools, routes};
use crate::{Row, Scene};
use model::{Amount, Ceiling, Charge, Cost, Effect, Limit, RUN_OUT, Sign, Unread};

const PLACE: &str = "Docker's pools";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "docker.address-pools",
        bounds: "subnets for new Docker networks",
        defaults: &[
            "31 subnets built in: 172.17.0.0/16 to 172.31.0.0/16 and sixteen /20 of 192.168.0.0/16, of \
             which docker0 takes one; one that overlaps a route or an address of the host is skipped (moby \
             libnetwork/ipamutils/utils.go)",
            "`default-address-pools` of daemon.json takes their place",
        ],
        effect: Effect::Stops,
        why: "each network without a subnet of its own takes one from the pools, docker0 the first",
        raise: &["docker:default-address-pools"],
        source: "moby libnetwork/ipamutils: 31 built in; a subnet that a route overlaps is left out",
        signs: &[
            Sign::decides("Docker has no pool left that no network or route overlaps").says(&[
                "non-overlapping ipv4 address pool",
                "non-overlapping ipv6 address pool",
                "non-overlapping address pool",
                "address pools have been fully subnetted",
                "available predefined network",
                "find an available, non-overlapping",
            ]),
            Sign::suggests("no free subnet is left in the pools for new networks").says(&[
                "find free subnet",
                "no free subnet",
                "find an available subnet",
                "find free network",
                "no available network",
            ]),
            Sign::suggests("the words say that Docker's networks run out")
                .says(&[
                    "number of networks",
                    "docker networks",
                    "bridge networks",
                    "address pool",
                    "many networks",
                    "user-defined networks",
                ])
                .never(&["subnet", "overlaps", "ipam"])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let cost = |new| {
        Cost::exact(
            Charge {
                network: Amount::whole(1),
                ..Charge::NOTHING
            },
            "one for each network that is not there yet",
        )
        .once(Amount::whole(new))
    };
    let pools = match scene.engine().and_then(pools) {
        Ok(pools) => pools,
        Err(why) => return vec![Ceiling::unread(PLACE, cost(0), why)],
    };
    let source = match scene.engine() {
        Ok(engine) if !engine.address_pools().is_empty() => engine.source.clone(),
        _ => "built into Docker".to_owned(),
    };
    let total = pools.iter().map(|pool| pool.subnets()).sum();
    let taken = routes(scene.host).map(|routes| {
        let of = |pool: &crate::subnets::Pool| pool.overlapped(&routes);
        pools.iter().map(of).sum()
    });
    let (new, taken) = match new_networks(scene) {
        Ok(new) => (new, taken),
        Err(why) => (0, Err::<u64, Unread>(why)),
    };
    vec![
        Ceiling::new(PLACE, cost(new))
            .max(bound(Ok(total)), source)
            .used(used(taken), ROUTES)
            .reshape(
                "`default-address-pools` in daemon.json with more and smaller subnets, such as base \
                 10.64.0.0/10 and size 24",
            ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, ask_one, nodes_on, stock, whole};
    use model::{Fate, Network};

    #[test]
    fn docker0_has_one_of_31_and_a_route_takes_what_it_overlaps() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (whole(answer.ceiling), whole(answer.used)),
            (Some(31), Some(1))
        );
        assert_eq!(answer.verdict, Fate::Fits);
        let text = stock().text(ROUTES).unwrap()
            + "tun0\t000010AC\t00000000\t0001\t0\t0\t0\t0000F0FF\t0\t0\t0\n";
        let vpn = stock().file(ROUTES, &text);
        assert_eq!(whole(ask_one(&ROW, &vpn, 600).used), Some(15));
    }

    #[test]
    fn a_network_to_come_takes_one_however_many_join_it() {
        let config = r#"{"default-address-pools": [{"base": "172.17.0.0/16", "size": 16}]}"#;
        let jobs = nodes_on(Network::Named("jobs".to_owned()), 600);
        let host = stock()
            .file("/etc/docker/daemon.json", config)
            .docker_answer("/networks/jobs", r#"{"Driver": "bridge"}"#);
        assert_eq!(ask(&ROW, &host, &jobs)[0].verdict, Fate::Fits);
        // A fake that does not answer is no network that is missing.
        let silent = stock().file("/etc/docker/daemon.json", config);
        assert_eq!(ask(&ROW, &silent, &jobs)[0].used, None);
        let broken = stock().file("/etc/docker/daemon.json", "{");
        assert_eq!(ask_one(&ROW, &broken, 1).verdict, Fate::Unknown);
    }
}

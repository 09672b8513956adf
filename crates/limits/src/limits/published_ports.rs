//! `ports.published`: the host's ports that containers publish.

use crate::demand::published_ports;
use crate::{Row, Scene};
use model::{Amount, Bound, Ceiling, Cost, Effect, Limit, RUN_OUT, Sign, Unread, Used};

/// Port 0 is none.
const PORTS: u64 = 65_535;
const PLACE: &str = "each address and protocol of the host";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "ports.published",
        bounds: "ports of one address of the host",
        defaults: &[
            "65,535 of each protocol and address (TCP and UDP port numbers); one docker-proxy for each \
             binding and family unless `userland-proxy` is false",
        ],
        effect: Effect::Stops,
        why: "a published port is taken on the host, and a program of Docker's with about eight threads \
              listens on it for each address family",
        raise: &[],
        source: "moby libnetwork/portallocator; port is already allocated",
        signs: &[
            Sign::suggests("a proxy for a published port did not come up").says(&[
                "userland proxy*timed out",
                "userland proxy*timeout",
                "docker-proxy*timed out",
                "proxy*unable to start",
            ]),
            Sign::suggests("the words say that published ports run out")
                .says(&[
                    "docker-proxy",
                    "userland-proxy",
                    "userland proxy",
                    "published ports",
                    "publishing ports",
                ])
                .never(&["already", "address in use", "in use"])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let Some(charge) = published_ports(scene.workload) else {
        let why = "no container of the workload publishes a port";
        return vec![Ceiling::not_applicable(PLACE, why)];
    };
    let unseen = Unread::because("which ports are published already is not counted");
    vec![
        Ceiling::new(PLACE, Cost::exact(charge, "a port each"))
            .max(
                Bound::Finite(Amount::whole(PORTS)),
                "constant of the protocol",
            )
            .used(Used::Unknown(unseen), "")
            .reshape("`userland-proxy: false` saves the programs, a second address the ports"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock};
    use model::Fate;

    #[test]
    fn a_workload_that_publishes_nothing_is_not_concerned() {
        assert_eq!(ask_one(&ROW, &stock(), 600).verdict, Fate::NotApplicable);
    }
}

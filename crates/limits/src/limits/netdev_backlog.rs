//! `net.core.netdev_max_backlog`: the packets that wait on one processor, and so the ports that a
//! broadcast on a bridge reaches.

use super::bridge_ports;
use crate::reading::{already, bound, hex_column, number};
use crate::{Row, Scene};
use model::{Amount, Ceiling, Effect, Key, Limit, Sign, Standing};

const MAX: &str = "/proc/sys/net/core/netdev_max_backlog";
/// The second column counts what was dropped for want of room.
const DROPS: &str = "/proc/net/softnet_stat";
const DROPPED: usize = 1;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "net.core.netdev_max_backlog",
        bounds: "ports of a bridge that a broadcast reaches",
        defaults: &["1,000 in every kernel (net/core/dev.c netdev_max_backlog)"],
        effect: Effect::Degrades,
        why: "a broadcast is queued once for each port, all on one processor, before any of them is \
              served; ports beyond the queue's length never get it, and cannot be resolved",
        raise: &["sysctl:net.core.netdev_max_backlog"],
        source: "net/core/dev.c enqueue_to_backlog; drivers/net/veth.c; moby#34098",
        signs: &[
            Sign::decides("the words name it").says(&[
                "netdev_max_backlog",
                "cpu_backlog",
                "softnet_stat",
                "softnet backlog",
            ]),
            Sign::suggests(
                "a broadcast does not reach all ports of a bridge with more than the \
backlog of a processor",
            )
            .says(&["1000", "1001", "1002", "1,000", "1023", "1,023", "1024"])
            .and(&[
                "ping",
                "reachab",
                "network failure",
                "communicat",
                "receive local ip",
                "get an ip",
                "get ip",
                "resolve",
                "connectivity",
            ])
            .never(&["bytes", "rate", "exchange full", "port 10"]),
            Sign::suggests(
                "a broadcast does not reach all ports of a bridge with more than the \
backlog of a processor",
            )
            .says(&[
                "1000 containers",
                "1,000 containers",
                "1001 containers",
                "1023 containers",
                "1000 endpoints",
                "1000 ports",
            ])
            .and(&[
                "ping",
                "resolve",
                "reach",
                "communicat",
                "arp",
                "connectivity",
            ]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let seen = already(
        hex_column(scene.host, DROPS, DROPPED),
        "packets dropped for want of room, for whatever reason",
    );
    // Two broadcasts at a time need twice the ports.
    let reserve = Amount::whole(scene.workload.containers());
    let of = |mut ceiling: Ceiling| {
        ceiling.reshape = None;
        if matches!(ceiling.standing, Standing::NotApplicable(_)) {
            return ceiling.effect(Effect::Degrades);
        }
        ceiling.note = seen.clone();
        ceiling
            .effect(Effect::Degrades)
            .max(bound(number(scene.host, MAX)), MAX)
            .lever(Key::new("sysctl", "net.core.netdev_max_backlog"), reserve)
    };
    bridge_ports::read(scene).into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, ask_one, nodes_on, stock, whole};
    use model::{Fate, Network};

    #[test]
    fn a_thousand_ports_are_reached() {
        let answer = ask_one(&ROW, &stock(), 1020);
        assert_eq!(
            (whole(answer.ceiling), answer.degrades_at),
            (Some(1000), Some(1001))
        );
        assert_eq!((answer.verdict, answer.note), (Fate::Degrades, None));
        let raise: u64 = answer.raise[0].value.parse().unwrap();
        assert!(raise > 2 * 1020);
    }

    #[test]
    fn the_witness_is_heard_and_a_missing_bridge_is_none() {
        let host = stock().file(DROPS, "00001000 0000000a 00000000\n");
        let note = ask_one(&ROW, &host, 5).note.unwrap();
        assert!(
            note.starts_with("already hit 10 times since boot"),
            "{note}"
        );
        let rows = ask(&ROW, &host, &nodes_on(Network::None, 600));
        assert_eq!(rows[0].verdict, Fate::NotApplicable);
        assert_eq!(
            ask_one(&ROW, &stock().denied(MAX), 5).verdict,
            Fate::Unknown
        );
    }
}

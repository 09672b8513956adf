//! `net.neigh.gc_thresh3`: the neighbours (ARP, NDP) that the whole kernel keeps.

use crate::demand::by_network;
use crate::reading::{already, bound, hex_named, number, used};
use crate::{Row, Scene};
use model::{
    Amount, Ceiling, Charge, Cost, Effect, Errno, Key, Limit, Network, RUN_OUT, Sign, Unread,
};

/// One table for each family, in whatever namespace an entry is.
struct Family {
    place: &'static str,
    sysctl: &'static str,
    statistics: &'static str,
    /// Entries of a container.
    entries: u64,
    source: &'static str,
}

const FAMILIES: &[Family] = &[
    Family {
        place: "IPv4",
        sysctl: "net.ipv4.neigh.default.gc_thresh3",
        statistics: "/proc/net/stat/arp_cache",
        entries: 2,
        source: "its own for the gateway and the host's for it, if it talks; one more for each peer",
    },
    Family {
        place: "IPv6",
        sysctl: "net.ipv6.neigh.default.gc_thresh3",
        statistics: "/proc/net/stat/ndisc_cache",
        entries: 3,
        source: "multicast groups of the interface, counted on Debian 13 on a network without IPv6",
    },
];

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "net.neigh.gc_thresh3",
        bounds: "neighbours in the kernel's table",
        defaults: &[
            "128, 512 and 1,024 in 5.10, 6.1 and 6.12, for IPv4 and IPv6 apart (net/ipv4/arp.c, \
             net/ipv6/ndisc.c)",
        ],
        effect: Effect::Degrades,
        why: "a container that talks has an entry for its gateway, and the host one for the container; \
              entries of five seconds ago make room, so a burst fills the table, not idle containers",
        raise: &[
            "sysctl:net.ipv4.neigh.default.gc_thresh3",
            "sysctl:net.ipv6.neigh.default.gc_thresh3",
        ],
        source: "net/core/neighbour.c neigh_alloc: one table a family for all namespaces; ENOBUFS",
        signs: &[
            Sign::decides("the kernel says it").says(&[
                "neighbor table overflow",
                "neighbour table overflow",
                "gc_thresh",
                "arp entry limit",
                "arp cache*overflow",
                "arp table*full",
                "arp table overflow",
                "neighbor table*full",
                "neighbour table*full",
            ]),
            Sign::suggests("adding a neighbour gets ENOBUFS where the table is full")
                .errno(&[Errno::NoBuffers])
                .says(&["rtnetlink answers", "arp", "neigh", "ndisc"]),
            Sign::allows("sending gets ENOBUFS where the neighbour's entry found no room")
                .errno(&[Errno::NoBuffers]),
            Sign::suggests(
                "an address on this host's own bridge is not resolved where the table \
is full",
            )
            .errno(&[Errno::Unreachable])
            .says(&[
                "172.17.", "172.18.", "172.19.", "172.20.", "172.21.", "172.22.", "172.23.",
                "172.24.", "172.25.", "172.26.", "172.27.", "172.28.", "172.29.", "172.30.",
                "172.31.",
            ])
            .never(&["dial tcp"]),
            Sign::suggests("the words say that neighbours run out")
                .says(&[
                    "arp entries",
                    "arp table",
                    "arp cache",
                    "neighbor table",
                    "neighbour table",
                    "neighbor entries",
                ])
                .never(&[])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    FAMILIES
        .iter()
        .map(|family| ceiling(scene, family))
        .collect()
}

fn ceiling(scene: &Scene<'_>, family: &Family) -> Ceiling {
    let path = format!("/proc/sys/{}", family.sysctl.replace('.', "/"));
    let entries = |network: &Network| match network.is_bridged() {
        true => Amount::whole(family.entries),
        false => Amount::ZERO,
    };
    let charge = Charge {
        // One table for the whole kernel, whatever namespace an entry is in.
        inner: Amount::whole(family.entries),
        ..by_network(scene.workload, entries)
    };
    let cost = Cost::exact(charge, family.source);
    // Each line repeats the count of all entries.
    let count = hex_named(scene.host, family.statistics, "entries").and_then(|counts| {
        counts
            .first()
            .copied()
            .ok_or_else(|| Unread::because("no line"))
    });
    let full = hex_named(scene.host, family.statistics, "table_fulls");
    let max = number(scene.host, &path);
    let ceiling = Ceiling::new(family.place, cost)
        .effect(Effect::Degrades)
        .max(bound(max), path)
        .used(used(count), family.statistics)
        .lever(Key::new("sysctl", family.sysctl), Amount::ZERO);
    match already(full, "the table was full and nothing could be dropped") {
        Some(seen) => ceiling.note(seen),
        None => ceiling.note("as if all containers talk within five seconds"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, nodes, nodes_on, stock, whole};
    use model::Fate;

    #[test]
    fn both_families_have_a_table() {
        let rows = ask(&ROW, &stock(), &nodes(600));
        assert_eq!(
            (rows[0].place.as_str(), rows[1].place.as_str()),
            ("IPv4", "IPv6")
        );
        assert_eq!(
            (whole(rows[0].used), rows[0].degrades_at),
            (Some(3), Some(511))
        );
        assert_eq!(
            (whole(rows[1].used), rows[1].degrades_at),
            (Some(4), Some(341))
        );
        let raise = rows[1].raise[0].setting.to_string();
        assert_eq!(raise, "sysctl:net.ipv6.neigh.default.gc_thresh3");
        let without = ask(&ROW, &stock(), &nodes_on(Network::None, 600));
        assert_eq!(without[0].verdict, Fate::Fits);
    }

    #[test]
    fn a_full_table_was_seen() {
        let path = FAMILIES[0].statistics;
        let text = stock().text(path).unwrap();
        let full = text.replacen("0 00000000\n", "0 00000007\n", 1);
        let note = ask(&ROW, &stock().file(path, &full), &nodes(5))
            .remove(0)
            .note;
        assert!(note.unwrap().starts_with("already hit 7 times since boot"));
        let closed = ask(&ROW, &stock().denied(path), &nodes(5));
        assert_eq!((closed[0].used, closed[0].verdict), (None, Fate::Unknown));
    }
}

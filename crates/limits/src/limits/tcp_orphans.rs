//! `net.ipv4.tcp_max_orphans`: closed TCP connections that still have something to send.

use super::tcp_mem::{SOCKETS, sockstat};
use crate::reading::{bound, number, used};
use crate::{Row, Scene};
use model::{Amount, Ceiling, Cost, Effect, Key, Limit, Sign};

const MAX: &str = "/proc/sys/net/ipv4/tcp_max_orphans";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "net.ipv4.tcp_max_orphans",
        bounds: "closed TCP connections of all namespaces that still have something to send",
        defaults: &[
            "half the number of buckets for connections, so 262,144 at most unless the boot line asks for \
             more (net/ipv4/tcp.c tcp_init)",
        ],
        effect: Effect::Degrades,
        why: "a removed container leaves those of its connections that were not done",
        raise: &["sysctl:net.ipv4.tcp_max_orphans"],
        source: "net/ipv4/tcp.c tcp_check_oom; such a connection is reset",
        signs: &[Sign::decides("the kernel says it").says(&["too many orphaned sockets"])],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let cost = Cost {
        source: "traffic makes them, and how many is not known; taken as none",
        ..Cost::NOTHING
    };
    vec![
        Ceiling::new("host", cost)
            .effect(Effect::Degrades)
            .max(bound(number(scene.host, MAX)), MAX)
            .used(used(sockstat(scene.host, "TCP", "orphan")), SOCKETS)
            .lever(Key::new("sysctl", "net.ipv4.tcp_max_orphans"), Amount::ZERO),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn orphans_are_counted() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (whole(answer.ceiling), whole(answer.used)),
            (Some(8192), Some(1))
        );
        assert_eq!(
            ask_one(&ROW, &stock().denied(SOCKETS), 600).verdict,
            Fate::Unknown
        );
    }
}

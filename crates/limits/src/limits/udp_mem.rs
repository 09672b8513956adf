//! `net.ipv4.udp_mem`: the pages that all UDP sockets of the host may hold.

use super::tcp_mem::pages;
use crate::{Row, Scene};
use model::{Ceiling, Effect, Limit, Sign};

const MAX: &str = "/proc/sys/net/ipv4/udp_mem";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "net.ipv4.udp_mem",
        bounds: "pages held by UDP sockets of all namespaces",
        defaults: &["9.4, 12.5 and 18.7 % of free pages at boot (net/ipv4/udp.c udp_init)"],
        effect: Effect::Degrades,
        why: "what waits in the sockets of all containers counts together",
        raise: &["sysctl:net.ipv4.udp_mem"],
        source: "net/ipv4/udp.c __udp_enqueue_schedule_skb; packets are dropped",
        signs: &[Sign::decides("the words name it").says(&["udp_mem"])],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    vec![pages(scene, MAX, "UDP").reshape("a higher third number of net.ipv4.udp_mem")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn pages_are_counted() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (whole(answer.ceiling), whole(answer.used)),
            (Some(88_000), Some(2))
        );
        assert_eq!(
            ask_one(&ROW, &stock().denied(MAX), 600).verdict,
            Fate::Unknown
        );
    }
}

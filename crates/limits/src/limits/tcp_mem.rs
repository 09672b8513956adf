//! `net.ipv4.tcp_mem`: the pages that all TCP connections of the host may hold.

use crate::reading::{bound, used, word};
use crate::{Row, Scene};
use model::{Ceiling, Cost, Effect, Host, Limit, Sign, Unread};

const MAX: &str = "/proc/sys/net/ipv4/tcp_mem";
pub(super) const SOCKETS: &str = "/proc/net/sockstat";
/// Of low, pressure and high the last refuses.
const HIGH: usize = 2;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "net.ipv4.tcp_mem",
        bounds: "pages held by TCP connections of all namespaces",
        defaults: &["4.7, 6.2 and 9.4 % of free pages at boot (net/ipv4/tcp.c tcp_init_mem)"],
        effect: Effect::Degrades,
        why: "what waits in the buffers of all containers' connections counts together; idle ones hold \
              next to nothing",
        raise: &["sysctl:net.ipv4.tcp_mem"],
        source: "net/ipv4/tcp.c tcp_out_of_memory; connections are reset and buffers shrink",
        signs: &[Sign::decides("the kernel says it")
            .says(&["tcp: out of memory -- consider", "tuning tcp_mem"])],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    vec![pages(scene, MAX, "TCP").reshape("a higher third number of net.ipv4.tcp_mem")]
}

/// The pages of one protocol, which only traffic takes.
pub(super) fn pages(scene: &Scene<'_>, max: &str, protocol: &str) -> Ceiling {
    let cost = Cost {
        source: "traffic takes it, and how much is not known; taken as none",
        ..Cost::NOTHING
    };
    Ceiling::new("host", cost)
        .effect(Effect::Degrades)
        .max(bound(word(scene.host, max, HIGH)), max)
        .used(used(sockstat(scene.host, protocol, "mem")), SOCKETS)
}

/// A number of a protocol's line, as in `TCP: inuse 5 orphan 0 tw 2 alloc 9 mem 3`.
pub(super) fn sockstat(host: &dyn Host, protocol: &str, name: &str) -> Result<u64, Unread> {
    let text = host.read_text(SOCKETS)?;
    let line = text.lines().find_map(|line| {
        let (head, rest) = line.split_once(':')?;
        (head == protocol).then_some(rest)
    });
    let mut words = line.unwrap_or_default().split_whitespace();
    words.find(|word| *word == name);
    let number = words.next().and_then(|word| word.parse().ok());
    number.ok_or_else(|| Unread::because(format!("{SOCKETS}: no {name} of {protocol}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn pages_are_counted_and_idle_containers_take_none() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (whole(answer.ceiling), whole(answer.used)),
            (Some(44_000), Some(3))
        );
        assert_eq!(answer.verdict, Fate::Fits);
        let odd = stock().file(SOCKETS, "TCP: inuse 5\n");
        assert_eq!(ask_one(&ROW, &odd, 600).verdict, Fate::Unknown);
    }
}

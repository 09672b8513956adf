//! `iptables.rules`: rules that each change rewrites.

use model::{Effect, Errno, Limit, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "iptables.rules",
    bounds: "rules that each change rewrites",
    defaults: &[],
    effect: Effect::Degrades,
    why: "published ports and networks add rules, and each change reads or writes all of them",
    raise: &[],
    source: "iptables/nft.c; net/ipv4/netfilter/ip_tables.c do_replace",
    signs: &[
        Sign::suggests("a change of rules took too long").says(&[
            "iptables-restore*took",
            "iptables-save*took",
            "iptables*took",
            "iptables*timed out",
            "iptables*timeout",
            "iptables*deadline exceeded",
            "syncproxyrules",
            "iptables*slow",
            "iptables*cpu",
        ]),
        Sign::suggests("the kernel found no memory for the table")
            .says(&["memory allocation problem"]),
        Sign::suggests("the kernel found no memory for the table")
            .errno(&[Errno::NoMemory])
            .says(&["iptables", "nftables", "netfilter rules"]),
    ],
};

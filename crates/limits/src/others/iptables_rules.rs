//! `iptables.rules`: rules that each change rewrites.

use model::{Effect, Limit};

pub(super) const LIMIT: Limit = Limit {
    id: "iptables.rules",
    bounds: "rules that each change rewrites",
    defaults: &[],
    effect: Effect::Degrades,
    why: "published ports and networks add rules, and each change reads or writes all of them",
    raise: &[],
    source: "iptables/nft.c; net/ipv4/netfilter/ip_tables.c do_replace",
    signs: &[],
};

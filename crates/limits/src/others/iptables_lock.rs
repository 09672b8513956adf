//! `iptables.lock`: turns at the xtables lock.

use model::{Effect, Errno, Limit, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "iptables.lock",
    bounds: "turns at the xtables lock",
    defaults: &[],
    effect: Effect::Degrades,
    why: "each published port and each network changes rules, one change at a time",
    raise: &[],
    source: "iptables/xshared.c xtables_lock",
    signs: &[
        Sign::decides("the tools of iptables wait for each other").says(&[
            "xtables lock",
            "xtables contention",
            "xtables.lock",
        ]),
        Sign::decides("the tools of iptables wait for each other")
            .errno(&[Errno::Again])
            .says(&["iptables", "ip6tables"])
            .never(&["fork"]),
    ],
};

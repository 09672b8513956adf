//! `iptables.lock`: rule changes at once.

use model::{Effect, Errno, Limit, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "iptables.lock",
    bounds: "rule changes at once",
    defaults: &[
        "one lock for the host, /run/xtables.lock; iptables without -w gives up at once, Docker waits \
         (iptables(8))",
    ],
    effect: Effect::Degrades,
    why: "Docker changes rules for each published port and each network; whoever else does so at the same \
          time, a kube-proxy or a firewall, waits or gives up",
    raise: &[],
    source: "iptables xshared.c xtables_lock; moby libnetwork/iptables, -w",
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

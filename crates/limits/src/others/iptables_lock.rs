//! `iptables.lock`: rule changes at once.

use model::{Effect, Limit};

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
    signs: &[],
};

//! `iptables.lock`: turns at the xtables lock.

use model::{Effect, Limit};

pub(super) const LIMIT: Limit = Limit {
    id: "iptables.lock",
    bounds: "turns at the xtables lock",
    defaults: &[],
    effect: Effect::Degrades,
    why: "each published port and each network changes rules, one change at a time",
    raise: &[],
    source: "iptables/xshared.c xtables_lock",
    signs: &[],
};

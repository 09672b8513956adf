//! `net.core.rmem_max`: bytes of a socket's receive buffer.

use model::{Effect, Limit};

pub(super) const LIMIT: Limit = Limit {
    id: "net.core.rmem_max",
    bounds: "bytes of a socket's receive buffer",
    defaults: &[],
    effect: Effect::Degrades,
    why: "each interface that comes or goes is told to all who listen on netlink",
    raise: &[],
    source: "net/netlink/af_netlink.c netlink_overrun; net/core/sock.c sock_setsockopt",
    signs: &[],
};

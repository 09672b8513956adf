//! `net.core.rmem_max`: bytes of a socket's receive buffer.

use model::{Effect, Errno, Limit, Operation, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "net.core.rmem_max",
    bounds: "bytes of a socket's receive buffer",
    defaults: &[],
    effect: Effect::Degrades,
    why: "each interface that comes or goes is told to all who listen on netlink",
    raise: &["sysctl:net.core.rmem_max"],
    source: "net/netlink/af_netlink.c netlink_overrun; net/core/sock.c sock_setsockopt",
    signs: &[
        Sign::decides("more came by netlink than the socket's buffer takes")
            .errno(&[Errno::NoBuffers])
            .during(&[Operation::Netlink])
            .says(&[
                "receive", "recv", "read", "subscri", "monitor", "listen", "overrun",
            ])
            .never(&["rtnetlink answers"]),
        Sign::suggests("more came than the socket's buffer takes")
            .errno(&[Errno::NoBuffers])
            .says(&["recvmsg", "recvfrom", "receive"]),
        Sign::decides("the words name it").says(&[
            "rmem_max",
            "receive buffer overrun",
            "receive buffer size",
            "receive buffer*too small",
            "netlink*overrun",
            "rmem_default",
            "receive buffer",
        ]),
    ],
};

//! `net.core.rmem_max`: bytes that wait in a socket for its reader.

use model::{Effect, Errno, Limit, Operation, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "net.core.rmem_max",
    bounds: "bytes that wait in a socket for its reader",
    defaults: &["212,992 bytes, and so is rmem_default (include/net/sock.h SK_RMEM_MAX)"],
    effect: Effect::Degrades,
    why: "netlink tells every listener of every new interface, address and neighbour; a storm of starts \
          fills a small buffer faster than a busy daemon reads it, and what does not fit is lost",
    raise: &["sysctl:net.core.rmem_max"],
    source: "net/netlink/af_netlink.c netlink_overrun, ENOBUFS; net/core/sock.c, SO_RCVBUF is held to it",
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
            .says(&[
                "recvmsg",
                "recvfrom",
                "receive",
                "recv(",
                "recv:",
                "enumerate",
                "dump",
                "overrun",
            ])
            .never(&["rtnetlink answers"]),
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

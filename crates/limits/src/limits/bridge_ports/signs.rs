//! What those who run into it get to see.

use model::{Errno, RUN_OUT, Sign};

pub(super) const SIGNS: &[Sign] = &[
    Sign::decides("only a full bridge answers so").errno(&[Errno::ExchangeFull]),
    Sign::allows("ARP does not reach a container beyond the ports of its bridge")
        .errno(&[Errno::Unreachable])
        .says(&[
            "172.17.", "172.18.", "172.19.", "172.20.", "172.21.", "172.22.", "172.23.", "172.24.",
            "172.25.", "172.26.", "172.27.", "172.28.", "172.29.", "172.30.", "172.31.",
        ])
        .never(&["dial tcp"]),
    Sign::suggests("the number is that of a bridge's ports")
        .says(&[
            "1023",
            "1024 port",
            "1024 container",
            "1024 interface",
            "1024 veth",
            "1024 endpoints",
        ])
        .and(&["bridge"]),
    Sign::suggests("the words say that ports of the bridge run out")
        .says(&[
            "bridge port",
            "ports on a bridge",
            "ports per bridge",
            "bridge interfaces",
            "linux bridge",
        ])
        .never(&["operation not"])
        .and(RUN_OUT),
];

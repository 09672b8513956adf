//! `grpc.max-message`: bytes of one message between containerd and who asks it.

use model::{Effect, Limit, RUN_OUT, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "grpc.max-message",
    bounds: "bytes of one message between containerd and who asks it",
    defaults: &[
        "16 MiB in containerd (defaults/defaults.go DefaultMaxRecvMsgSize), 4 MiB in gRPC itself",
    ],
    effect: Effect::Stops,
    why: "a list of all containers or tasks is one message, and it grows with every container",
    raise: &[],
    source: "containerd defaults/defaults.go; google.golang.org/grpc rpc_util.go, ResourceExhausted",
    signs: &[
        Sign::decides("gRPC and ttrpc refuse a message above their size").says(&[
            "message larger than max",
            "exceed maximum message size",
            "message length*exceed",
            "resourceexhausted*larger than max",
            "message too large",
        ]),
        Sign::suggests("the words say that the size of a message run out")
            .says(&["grpc message", "grpc: message", "ttrpc message"])
            .never(&[])
            .and(RUN_OUT),
    ],
};

//! `grpc.max-message`: bytes of one gRPC message.

use model::{Effect, Limit, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "grpc.max-message",
    bounds: "bytes of one gRPC message",
    defaults: &[],
    effect: Effect::Stops,
    why: "a list of containers is one message, and grows with them",
    raise: &[],
    source: "grpc-go server.go defaultServerMaxReceiveMessageSize (4 MiB); containerd defaults/defaults.go (16 MiB)",
    signs: &[
        Sign::decides("gRPC and ttrpc refuse a message above their size").says(&[
            "message larger than max",
            "exceed maximum message size",
            "message length*exceed",
            "resourceexhausted*larger than max",
            "message too large",
        ]),
    ],
};

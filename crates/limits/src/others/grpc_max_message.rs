//! `grpc.max-message`: bytes of one gRPC message.

use model::{Effect, Limit};

pub(super) const LIMIT: Limit = Limit {
    id: "grpc.max-message",
    bounds: "bytes of one gRPC message",
    defaults: &[],
    effect: Effect::Stops,
    why: "a list of containers is one message, and grows with them",
    raise: &[],
    source: "grpc-go server.go defaultServerMaxReceiveMessageSize (4 MiB); containerd defaults/defaults.go (16 MiB)",
    signs: &[],
};

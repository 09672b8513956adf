//! `cni.subnet`: addresses of a CNI plugin's range.

use model::{Effect, Limit};

pub(super) const LIMIT: Limit = Limit {
    id: "cni.subnet",
    bounds: "addresses of a CNI plugin's range",
    defaults: &[],
    effect: Effect::Stops,
    why: "each pod takes an address of the node's range, and keeps it where its removal was lost",
    raise: &[],
    source: "containernetworking/plugins plugins/ipam/host-local/backend/allocator/allocator.go",
    signs: &[],
};

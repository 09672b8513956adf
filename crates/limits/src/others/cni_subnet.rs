//! `cni.subnet`: addresses of a CNI plugin's range.

use model::{Effect, Limit};

pub(super) const LIMIT: Limit = Limit {
    id: "cni.subnet",
    bounds: "addresses of a CNI plugin's range",
    defaults: &[
        "a /24 for each node with kube-controller-manager's node-cidr-mask-size, 254 addresses \
         (kubernetes.io, kube-controller-manager)",
    ],
    effect: Effect::Stops,
    why: "each pod takes one; host-local keeps a file for each in /var/lib/cni/networks, and one that is \
          left over from a removed pod is never given out again",
    raise: &[],
    source: "containernetworking/plugins plugins/ipam/host-local/backend/allocator/allocator.go",
    signs: &[],
};

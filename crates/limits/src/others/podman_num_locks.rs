//! `podman.num_locks`: locks of podman.

use model::{Effect, Limit};

pub(super) const LIMIT: Limit = Limit {
    id: "podman.num_locks",
    bounds: "locks of podman",
    defaults: &[],
    effect: Effect::Stops,
    why: "each container, pod and volume of podman takes a lock",
    raise: &[],
    source: "containers/common pkg/config num_locks (2048); libpod/lock/shm",
    signs: &[],
};

//! `podman.num_locks`: locks of podman.

use model::{Effect, Limit, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "podman.num_locks",
    bounds: "locks of podman",
    defaults: &[],
    effect: Effect::Stops,
    why: "each container, pod and volume of podman takes a lock",
    raise: &[],
    source: "containers/common pkg/config num_locks (2048); libpod/lock/shm",
    signs: &[Sign::decides("podman has given out every lock").says(&[
        "allocating lock for",
        "num_locks",
        "libpod_lock",
        "libpod_rootless_lock",
        "allocate lock",
        "locks in /",
        "acquiring lock*allocation failed",
        "retrieving lock",
    ])],
};

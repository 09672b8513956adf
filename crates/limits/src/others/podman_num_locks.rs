//! `podman.num_locks`: locks of one podman.

use model::{Effect, Limit, RUN_OUT, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "podman.num_locks",
    bounds: "locks of one podman",
    defaults: &[
        "2,048; another number holds after `podman system renumber` with nothing running (containers.conf(5))",
    ],
    effect: Effect::Stops,
    why: "each container, pod and volume of podman holds one for as long as it exists, running or not",
    raise: &[],
    source: "containers.conf(5) num_locks; libpod/lock",
    signs: &[
        Sign::decides("podman has given out every lock").says(&[
            "allocating lock for",
            "num_locks",
            "libpod_lock",
            "libpod_rootless_lock",
            "allocate lock",
            "locks in /",
            "acquiring lock*allocation failed",
            "retrieving lock",
        ]),
        Sign::suggests("the words say that podman's locks run out")
            .says(&["podman*lock", "lock*podman", "libpod*lock"])
            .never(&["deadlock"])
            .and(RUN_OUT),
    ],
};

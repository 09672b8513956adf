//! `containerd.timeouts`: seconds that containerd waits for a shim.

use model::{Effect, Limit, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "containerd.timeouts",
    bounds: "seconds that containerd waits for a shim",
    defaults: &[
        "5 s to load a shim, 5 s to clean up, 3 s to shut one down (containerd config, [timeouts])",
        "up to 2.1 shims are asked one by one, since 2.2 as many at once as there are processors",
    ],
    effect: Effect::Degrades,
    why: "when containerd starts, it asks the shim of every container; one that does not answer in time is \
          taken for dead and its container is cleaned up",
    raise: &[],
    source: "containerd runtime/v2/shim_load.go, cleaning up after shim disconnected; 344 of these in a \
             minute were seen when 1,945 containers ended together on 2 processors",
    signs: &[
        Sign::suggests("containerd gave a shim up that did not answer in time")
            .says(&["after shim disconnected", "dead shim"]),
        Sign::suggests("containerd or a shim did not answer in time")
            .says(&[
                "context deadline exceeded",
                "deadlineexceeded",
                "i/o timeout",
                "timed out",
                "timeout",
            ])
            .and(&["shim", "containerd", "ttrpc"])
            .never(&["://"]),
        Sign::suggests("the shim's connection closed")
            .says(&["ttrpc: closed", "ttrpc: client shutting down"]),
    ],
};

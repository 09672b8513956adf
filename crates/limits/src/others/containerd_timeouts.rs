//! `containerd.timeouts`: time that containerd gives its shims.

use model::{Effect, Limit, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "containerd.timeouts",
    bounds: "time that containerd gives its shims",
    defaults: &[],
    effect: Effect::Degrades,
    why: "each container has a shim that must answer in time, at a restart of containerd all together",
    raise: &[],
    source: "containerd pkg/timeout, runtime/v2/shim_load.go; io.containerd.timeout.shim.load 5 s",
    signs: &[
        Sign::suggests("containerd gave a shim up that did not answer in time").says(&[
            "after shim disconnected",
            "cleaning up dead shim",
            "shim disconnected",
            "dead shim",
        ]),
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

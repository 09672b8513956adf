//! `containerd.timeouts`: time that containerd gives its shims.

use model::{Effect, Limit};

pub(super) const LIMIT: Limit = Limit {
    id: "containerd.timeouts",
    bounds: "time that containerd gives its shims",
    defaults: &[],
    effect: Effect::Degrades,
    why: "each container has a shim that must answer in time, at a restart of containerd all together",
    raise: &[],
    source: "containerd pkg/timeout, runtime/v2/shim_load.go; io.containerd.timeout.shim.load 5 s",
    signs: &[],
};

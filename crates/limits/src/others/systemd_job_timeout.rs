//! `systemd.job-timeout`: seconds that callers wait for systemd.

use model::{Effect, Limit};

pub(super) const LIMIT: Limit = Limit {
    id: "systemd.job-timeout",
    bounds: "seconds that callers wait for systemd",
    defaults: &[],
    effect: Effect::Stops,
    why: "PID 1 works on one thing at a time: each start, stop and mount is some of it",
    raise: &[],
    source: "opencontainers/cgroups systemd/common.go startUnit (30 s); systemd src/libsystemd sd-bus (25 s)",
    signs: &[],
};

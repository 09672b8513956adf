//! `systemd.job-timeout`: seconds until systemd answers.

use model::{Effect, Limit};

pub(super) const LIMIT: Limit = Limit {
    id: "systemd.job-timeout",
    bounds: "seconds until systemd answers",
    defaults: &[
        "30 s in runc for a scope, compiled in (opencontainers/cgroups systemd/common.go)",
        "25 s for a call on the bus (sd_bus_set_method_call_timeout(3)), 90 s for a unit to start or stop \
         (systemd-system.conf(5) DefaultTimeoutStartSec)",
    ],
    effect: Effect::Stops,
    why: "PID 1 makes every container's scope, one after the other; what else it does meanwhile, reading \
          the mount table above all, takes from the time that a start waits",
    raise: &[],
    source: "opencontainers/cgroups systemd/common.go startUnit; sd-bus(3); systemd src/core/job.c",
    signs: &[],
};

//! `systemd.job-timeout`: seconds until systemd answers.

use model::{Effect, Errno, Limit, Operation, Sign};

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
    signs: &[
        Sign::decides("systemd did not make the scope within runc's 30 seconds").says(&[
            "timeout waiting for systemd",
            "timed out while waiting for starttransientunit",
            "waiting for starttransientunit",
            "timed out waiting for systemd",
        ]),
        Sign::decides("a call to systemd was not answered in time").says(&[
            "unable to start unit*connection timed out",
            "start transient*connection timed out",
            "failed to start*.scope: connection timed out",
            "failed to activate service 'org.freedesktop.systemd1'",
            "unable to start unit*timed out",
            "starttransientunit*timed out",
            "get properties: connection timed out",
            "failed to list units: connection timed out",
            "reload daemon: connection timed out",
        ]),
        Sign::suggests("a call over the bus was not answered in time")
            .errno(&[Errno::TimedOut])
            .during(&[Operation::Bus]),
        Sign::suggests("a call to systemd was not answered in time")
            .during(&[Operation::Bus])
            .says(&[
                "error.noreply",
                "did not receive a reply",
                "method call timed out",
                "error.timedout",
                "looping too fast",
                "looping too long",
            ]),
        Sign::suggests("a call to systemd was not answered in time").says(&[
            "looping too fast",
            "got 'timeout'",
            "got timeout",
            "got 'canceled'",
            "job*timed out",
            "start operation timed out",
            "systemctl*timed out",
            "systemctl*timeout",
            "systemctl*connection timed out",
        ]),
        Sign::allows("systemd left the bus or answered too late").says(&[
            "recipient disconnected from message bus",
            "dbus: connection closed",
        ]),
        Sign::suggests("systemd does not keep up").says(&[
            "systemd*busy",
            "systemd*hang",
            "systemd*hung",
            "systemd*unresponsive",
            "systemd is slow",
            "systemd*stuck",
            "systemd*not respond",
        ]),
        Sign::allows("systemd could not make the scope")
            .says(&["error creating systemd unit*got 'failed'"]),
    ],
};

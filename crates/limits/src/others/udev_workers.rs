//! `udev.workers`: workers of udev.

use model::{Effect, Limit, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "udev.workers",
    bounds: "workers of udev",
    defaults: &[
        "two a processor and 16 more, at most one for each 128 MiB of memory: 96 on 40 processors (systemd \
         src/udev/udevd.c)",
    ],
    effect: Effect::Degrades,
    why: "each container with a network brings two interfaces and eight to ten events; they come late, \
          which holds up systemd's .device units and whoever waits for an interface",
    raise: &[],
    source: "systemd src/udev/udevd.c children_max; udev.conf(5)",
    signs: &[Sign::decides("udev says it")
        .says(&[
            "number*of children reached",
            "is taking a long time",
            "worker*timed out",
            "worker*timeout",
            "udev*timed out",
            "udev*timeout",
            "udev*queue",
            "udevadm settle",
        ])
        .and(&["udev", "/devices/", "worker"])],
};

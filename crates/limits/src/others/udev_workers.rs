//! `udev.workers`: udev's workers.

use model::{Effect, Limit, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "udev.workers",
    bounds: "udev's workers",
    defaults: &[],
    effect: Effect::Degrades,
    why: "each container with a network brings two interfaces, and several events of each",
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

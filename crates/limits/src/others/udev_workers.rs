//! `udev.workers`: udev's workers.

use model::{Effect, Limit};

pub(super) const LIMIT: Limit = Limit {
    id: "udev.workers",
    bounds: "udev's workers",
    defaults: &[],
    effect: Effect::Degrades,
    why: "each container with a network brings two interfaces, and several events of each",
    raise: &[],
    source: "systemd src/udev/udevd.c children_max; udev.conf(5)",
    signs: &[],
};

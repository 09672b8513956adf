//! `overlay.mount-options`: bytes of the options of one mount.

use model::{Effect, Limit};

pub(super) const LIMIT: Limit = Limit {
    id: "overlay.mount-options",
    bounds: "bytes of the options of one mount",
    defaults: &[],
    effect: Effect::Stops,
    why: "the names of all layers stand in the options of the container's mount",
    raise: &[],
    source: "fs/namespace.c copy_mount_options, one page",
    signs: &[],
};

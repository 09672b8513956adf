//! `overlay.max-layers`: layers of one overlay mount.

use model::{Effect, Limit, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "overlay.max-layers",
    bounds: "layers of one overlay mount",
    defaults: &[],
    effect: Effect::Stops,
    why: "each layer of an image is a lower directory of the container's mount",
    raise: &[],
    source: "moby daemon/graphdriver/overlay2 maxDepth (128); fs/overlayfs/params.c OVL_MAX_STACK (500)",
    signs: &[
        Sign::decides("an overlay has no room for another layer").says(&[
            "max depth exceeded",
            "too many lower directories",
            "fs stacking depth exceeded",
            "more than 127 layers",
            "more than 125 layers",
            "more than 128 layers",
            "too many layers",
            "maximum layers",
            "max layers",
        ]),
    ],
};

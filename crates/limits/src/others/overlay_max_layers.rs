//! `overlay.max-layers`: layers of one image or overlay mount.

use model::{Effect, Limit, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "overlay.max-layers",
    bounds: "layers of one image or overlay mount",
    defaults: &[
        "128 in Docker (overlay2.go maxDepth, max depth exceeded)",
        "500 lower directories and 2 overlays on top of each other in the kernel (fs/overlayfs, \
         include/linux/fs.h FILESYSTEM_MAX_STACK_DEPTH)",
    ],
    effect: Effect::Stops,
    why: "each instruction of a Dockerfile that changes files is a layer, and a container adds its own on \
          top; a Docker inside a container on the same file system stacks overlays",
    raise: &[],
    source: "moby daemon/graphdriver/overlay2/overlay.go maxDepth; fs/overlayfs/super.c, fs/overlayfs/params.c",
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

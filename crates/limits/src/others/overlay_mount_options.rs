//! `overlay.mount-options`: bytes of the options of one mount.

use model::{Effect, Limit};

pub(super) const LIMIT: Limit = Limit {
    id: "overlay.mount-options",
    bounds: "bytes of the options of one mount",
    defaults: &["a page, 4,096 bytes on x86-64 (mount(2))"],
    effect: Effect::Stops,
    why: "the options of an overlay name the folder of every layer; Docker shortens them by links and \
          relative paths, others do not",
    raise: &[],
    source: "fs/namespace.c copy_mount_options; moby daemon/graphdriver/overlay2/mount.go",
    signs: &[],
};

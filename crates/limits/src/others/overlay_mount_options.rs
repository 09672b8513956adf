//! `overlay.mount-options`: bytes of the options of one mount.

use model::{Effect, Errno, Limit, Operation, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "overlay.mount-options",
    bounds: "bytes of the options of one mount",
    defaults: &["a page, 4,096 bytes on x86-64 (mount(2))"],
    effect: Effect::Stops,
    why: "the options of an overlay name the folder of every layer; Docker shortens them by links and \
          relative paths, others do not",
    raise: &[],
    source: "fs/namespace.c copy_mount_options; moby daemon/graphdriver/overlay2/mount.go",
    signs: &[
        Sign::suggests("the names of all layers have to fit into one page")
            .says(&["layer"])
            .and(&[
                "page_size",
                "page size",
                "layer limit",
                "layers limit",
                "pagesize",
            ]),
        Sign::decides("the options name more layers than fit into one page").says(&[
            "mount data too long",
            "mount options is too long",
            "mount options too long",
            "options too long",
            "mount label is too long",
            "cannot mount layers",
            "mount data*too large",
            "mount options*too large",
        ]),
        Sign::suggests(
            "options beyond one page are cut off, and what is left names a layer \
that is not there",
        )
        .errno(&[Errno::NoEntry, Errno::NameTooLong])
        .during(&[Operation::Mount])
        .says(&["overlay"])
        .never(&["module", "modprobe", "lstat", "stat "]),
        Sign::allows("options beyond one page are cut off, and what is left is none")
            .errno(&[Errno::Invalid])
            .during(&[Operation::Mount])
            .says(&["overlay"]),
    ],
};

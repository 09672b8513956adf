//! `disk.space`: the bytes of the disk that Docker stores containers on.

use super::run_tmpfs::of_bytes;
use crate::{Row, Scene};
use model::{
    Amount, Ceiling, Charge, Cost, Effect, Errno, Limit, Operation, Place, Sign, Space, Unread,
};

/// An empty layer to write on with its configuration and the head of its log.
const BYTES: u64 = 164 * 1024;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "disk.space",
        bounds: "bytes where Docker stores containers",
        defaults: &[
            "the file system below Docker's data-root, /var/lib/docker without that key; ext4 keeps 5 % \
             for root (mke2fs(8) -m)",
            "json-file logs have no bound unless max-size is set (docs.docker.com, json-file)",
        ],
        effect: Effect::Stops,
        why: "each container has a layer of its own, empty at first, and a log without an end unless \
              max-size gives it one; an image is stored once for all of them",
        raise: &["docker:data-root"],
        source: "the file system refuses with ENOSPC",
        signs: &[
            Sign::suggests("overlayfs does without its work directory where the disk is full")
                .says(&["/work/work: no such file or directory"]),
            Sign::suggests("ENOSPC without any other hint is a full disk").errno(&[Errno::NoSpace]),
            Sign::suggests("ENOSPC of a file is a full disk")
                .errno(&[Errno::NoSpace])
                .during(&[Operation::Open, Operation::Write, Operation::MakeDirectory])
                .at(&[Place::Disk, Place::Overlay]),
            Sign::decides("the thin pool has too few free blocks").says(&[
                "thin pool has*free data blocks",
                "thin pool has*free metadata blocks",
                "free data blocks",
                "free metadata blocks",
                "out-of-data-space",
                "out of data space",
                "low water mark",
            ]),
            Sign::decides("the words name the disk")
                .says(&[
                    "disk is full",
                    "disk full",
                    "filesystem is full",
                    "file system is full",
                    "disk space",
                    "diskpressure",
                    "disk pressure",
                    "resource: ephemeral-storage",
                    "ephemeral-storage",
                    "freediskspacefailed",
                    "disk usage on image filesystem",
                    "free space in",
                    "not enough free space",
                    "storage space",
                    "garbage collect required amount of images",
                ])
                .never(&["*run/systemd", "inodes"]),
            Sign::suggests("the file system has a quota for this user or project")
                .errno(&[Errno::Quota]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let cost = Cost::exact(
        Charge {
            image: Amount::whole(1 << 20),
            ..Charge::each(Amount::whole(BYTES))
        },
        "an empty container with overlay2 on ext4, Debian 13; what programs write is not known",
    );
    vec![match root(scene) {
        Ok((path, space)) => of_bytes(&path, &space, cost.catalog())
            .reshape("a larger disk, or `log-opts` with max-size")
            .note("what programs write and log is not known and counts as nothing"),
        Err(why) => Ceiling::unread("Docker's directory", cost, why),
    }]
}

/// Docker's directory, and the room of the disk that it is on.
pub(super) fn root(scene: &Scene<'_>) -> Result<(String, Result<Space, Unread>), Unread> {
    let path = scene.engine()?.data_root().to_owned();
    let space = scene.host.space(&path).map_err(Unread::from);
    Ok((path, space))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn docker_may_store_elsewhere() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(answer.place, "bytes of /var/lib/docker");
        assert_eq!(
            (whole(answer.used), answer.nodes_fit),
            (Some(2_000_000_000), Some(35_727))
        );
        let small = Space {
            bytes: 2_000_000,
            bytes_free: 1_200_000,
            inodes: 9,
            inodes_free: 9,
        };
        let host = stock()
            .file("/etc/docker/daemon.json", r#"{"data-root": "/srv"}"#)
            .room("/srv", small);
        let answer = ask_one(&ROW, &host, 600);
        assert_eq!((answer.nodes_fit, answer.verdict), (Some(7), Fate::Stops));
        let closed = ask_one(&ROW, &stock().denied("/var/lib/docker"), 1);
        assert_eq!(closed.verdict, Fate::Unknown);
    }
}

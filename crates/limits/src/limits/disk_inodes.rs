//! `disk.inodes`: the inodes of the disk that Docker stores containers on.

use super::disk_space::root;
use super::run_tmpfs::of_inodes;
use crate::{Row, Scene};
use model::{Amount, Ceiling, Charge, Cost, Effect, Errno, Limit, Operation, Place, RUN_OUT, Sign};

const INODES: u64 = 43;
/// For each MiB of an unpacked image: 60,000 for 1 GB. Estimated, not measured.
const OF_IMAGE: u64 = 60;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "disk.inodes",
        bounds: "inodes where Docker stores containers",
        defaults: &[
            "ext4: one for each 16 KiB, fixed when the file system is made (mke2fs.conf(5) inode_ratio); \
             XFS makes them as needed, btrfs has no bound",
        ],
        effect: Effect::Stops,
        why: "the directories and files of an empty container are about 43",
        raise: &["docker:data-root"],
        source: "ext4 has one for each 16 KiB from the start, XFS and btrfs make them as needed; ENOSPC",
        signs: &[
            Sign::suggests("overlayfs does without its work directory where the disk is full")
                .says(&["/work/work: no such file or directory"]),
            Sign::suggests("a link takes an inode and hardly a byte")
                .errno(&[Errno::NoSpace])
                .says(&["symlink "]),
            Sign::allows("ENOSPC of a file can be inodes that ran out")
                .errno(&[Errno::NoSpace])
                .during(&[Operation::Open, Operation::MakeDirectory])
                .at(&[Place::Disk, Place::Overlay]),
            Sign::decides("the words name inodes").says(&[
                "out of inodes",
                "no free inodes",
                "inodes*full",
                "inodesfree",
                "inodes free",
                "resource: inodes",
                "inode exhaustion",
                "free inodes",
                "inodes exhausted",
                "run out of inodes",
                "inode usage",
                "iuse",
            ]),
            Sign::decides("ENOSPC with inodes named")
                .errno(&[Errno::NoSpace])
                .says(&["inode"]),
            Sign::suggests("the words say that inodes run out")
                .says(&["inode"])
                .never(&["inotify"])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let cost = Cost::exact(
        Charge {
            image: Amount::whole(OF_IMAGE),
            ..Charge::each(Amount::whole(INODES))
        },
        "an empty container with overlay2 on ext4; what programs write is not known",
    );
    vec![match root(scene) {
        Ok((path, space)) => of_inodes(&path, &space, cost.catalog())
            .reshape("a disk with more inodes (`mkfs.ext4 -i`, XFS)"),
        Err(why) => Ceiling::unread("Docker's directory", cost, why),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::{Fate, Space};

    #[test]
    fn inodes_made_as_needed_have_no_bound() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (whole(answer.used), answer.nodes_fit),
            (Some(40_000), Some(10_697))
        );
        let xfs = Space {
            bytes: 9,
            bytes_free: 9,
            inodes: 0,
            inodes_free: 0,
        };
        let answer = ask_one(&ROW, &stock().room("/var/lib/docker", xfs), 600);
        assert_eq!((answer.unlimited, answer.verdict), (true, Fate::Fits));
        let many = ask_one(&ROW, &stock(), 11_000);
        assert_eq!(many.verdict, Fate::Stops);
    }
}

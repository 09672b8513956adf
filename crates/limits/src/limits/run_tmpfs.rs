//! `tmpfs.run`: the bytes and inodes of the memory file system on `/run`.

use crate::{Row, Scene};
use model::{
    Amount, Bound, Ceiling, Charge, Cost, Effect, Errno, Limit, Operation, Place, Sign, Space,
    Unread, Used,
};

const RUN: &str = "/run";
/// Of a running container: average, least, most.
const BYTES: [u64; 3] = [82_000, 65_536, 90_112];
const INODES: [u64; 3] = [25, 18, 26];
/// What the last start needs on top.
const BYTES_IN_FLIGHT: [u64; 3] = [64_000, 16_384, 131_072];
const INODES_IN_FLIGHT: [u64; 3] = [6, 2, 12];
const SOURCE: &str =
    "40 containers on Debian 13, 1,945 on cgroup v1; what a start adds is estimated";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "tmpfs.run",
        bounds: "bytes and inodes of /run",
        defaults: &[
            "a tenth of memory where initramfs-tools mounts it (RUNSIZE=10%), with one inode for two pages \
             of memory",
            "a fifth of memory and 800,000 inodes where systemd mounts it (systemd src/shared/mount-util.h \
             TMPFS_LIMITS_RUN)",
        ],
        effect: Effect::Stops,
        why: "containerd, runc and systemd keep a container's state there",
        raise: &[],
        source: "mm/shmem.c shmem_inode_acct_blocks, ENOSPC; a tenth of memory by initramfs-tools, a \
                 fifth by systemd",
        signs: &[
            Sign::decides("a file below /run gets ENOSPC where the tmpfs there is full")
                .errno(&[Errno::NoSpace])
                .during(&[Operation::Open, Operation::Write, Operation::MakeDirectory])
                .at(&[Place::Run])
                .never(&["watch"]),
            Sign::suggests("ENOSPC below /run is the tmpfs there")
                .errno(&[Errno::NoSpace])
                .at(&[Place::Run])
                .never(&["watch"]),
            Sign::decides(
                "systemd writes the file of a unit that it is asked for to /run/systemd/transient",
            )
            .errno(&[Errno::NoSpace])
            .says(&["unable to start unit"]),
            Sign::decides("systemd keeps a reserve there")
                .says(&["enough space available on /run", "enough space on /run"]),
            Sign::suggests("ENOSPC below /run is the tmpfs there")
                .errno(&[Errno::NoSpace])
                .says(&[" /run/", " '/run/", " \"/run/", "/var/run/"])
                .never(&["watch"]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let space = scene.host.space(RUN).map_err(Unread::from);
    let (bytes, inodes) = (cost(BYTES, BYTES_IN_FLIGHT), cost(INODES, INODES_IN_FLIGHT));
    let all = of_bytes(RUN, &space, bytes)
        .reshape("`mount -o remount,size=…` on /run, and in /etc/fstab for the next boot")
        .note("systemd refuses to reload with less than 16 MiB free there");
    let inodes = of_inodes(RUN, &space, inodes)
        .reshape("`mount -o remount,nr_inodes=…` on /run, and in /etc/fstab for the next boot");
    vec![all, inodes]
}

fn cost(running: [u64; 3], in_flight: [u64; 3]) -> Cost {
    let charge = |at: usize| Charge {
        in_flight: Amount::whole(in_flight[at]),
        // What runs inside a DinD node has a /run of its own.
        ..Charge::outer(Amount::whole(running[at]))
    };
    Cost::measured(charge(0), charge(1), charge(2), SOURCE)
}

/// The bytes of a file system: what root alone may write counts as taken.
pub(super) fn of_bytes(path: &str, space: &Result<Space, Unread>, cost: Cost) -> Ceiling {
    let (max, used) = match space {
        Ok(space) => (
            Bound::Finite(Amount::whole(space.bytes)),
            Used::Known(Amount::whole(space.bytes.saturating_sub(space.bytes_free))),
        ),
        Err(why) => (Bound::Unread(why.clone()), Used::Unknown(why.clone())),
    };
    let source = format!("statvfs of {path}");
    Ceiling::new(format!("bytes of {path}"), cost)
        .max(max, source.clone())
        .used(used, source)
}

/// Its inodes, which some make as needed.
pub(super) fn of_inodes(path: &str, space: &Result<Space, Unread>, cost: Cost) -> Ceiling {
    let (max, used) = match space {
        Ok(space) if space.inodes == 0 => (Bound::Unlimited, Used::Known(Amount::ZERO)),
        Ok(space) => (
            Bound::Finite(Amount::whole(space.inodes)),
            Used::Known(Amount::whole(
                space.inodes.saturating_sub(space.inodes_free),
            )),
        ),
        Err(why) => (Bound::Unread(why.clone()), Used::Unknown(why.clone())),
    };
    let source = format!("statvfs of {path}");
    Ceiling::new(format!("inodes of {path}"), cost)
        .max(max, source.clone())
        .used(used, source)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, nodes, stock, whole};
    use model::Fate;

    #[test]
    fn bytes_and_inodes_are_two_places() {
        let rows = ask(&ROW, &stock(), &nodes(600));
        assert_eq!(
            (whole(rows[0].used), rows[0].verdict),
            (Some(1_000_000), Fate::Fits)
        );
        assert_eq!(
            (whole(rows[1].used), rows[1].verdict),
            (Some(500), Fate::Fits)
        );
        let small = Space {
            bytes: 1_000_000,
            bytes_free: 500_000,
            inodes: 0,
            inodes_free: 0,
        };
        let rows = ask(&ROW, &stock().room(RUN, small), &nodes(600));
        assert_eq!((rows[0].nodes_fit, rows[0].verdict), (Some(5), Fate::Stops));
        assert!(rows[1].unlimited);
        let closed = ask(&ROW, &stock().denied(RUN), &nodes(1));
        assert!(closed.iter().all(|row| row.verdict == Fate::Unknown));
    }
}

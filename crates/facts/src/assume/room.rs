//! File systems in memory: their size is a share of it, and what they hold stays.

use super::Change;
use super::derived::{Follows, Log};
use super::rows::scaled;
use model::Space;

/// A mount in memory and the shares it is given, in hundredths.
struct Row {
    path: &'static str,
    shares: &'static [u64],
    rule: &'static str,
    source: &'static str,
}

const ROWS: &[Row] = &[
    Row {
        path: "/run",
        shares: &[10, 20],
        rule: "10 % of the memory from an initial RAM disk, 20 % from systemd",
        source: "initramfs-tools init, RUNSIZE; systemd src/shared/mount-util.h TMPFS_LIMITS_RUN",
    },
    Row {
        path: "/dev/shm",
        shares: &[50],
        rule: "half of the memory",
        source: "mm/shmem.c shmem_default_max_blocks",
    },
    Row {
        path: "/tmp",
        shares: &[50],
        rule: "half of the memory",
        source: "systemd units/tmp.mount",
    },
];
const ANY: (u64, u64) = (0, u64::MAX);
/// The share is of what was free when it was mounted.
const WITHIN: u64 = 10;

/// The room of such a file system on the machine assumed.
pub(super) fn space(change: &Change, path: &str, space: Space, log: &Log) -> Space {
    let (is, assumed) = (change.is.memory, change.assumed.memory);
    let Some(row) = ROWS.iter().find(|row| row.path == path && is != assumed) else {
        return space;
    };
    let part = |memory: u64, share: u64| memory / 100 * share + memory % 100 * share / 100;
    let of = |share: &u64| {
        scaled(
            space.bytes,
            part(is, *share),
            part(assumed, *share),
            ANY,
            WITHIN,
        )
    };
    let Some(bytes) = row.shares.iter().find_map(of) else {
        return space;
    };
    // An inode for two pages, unless the mount says otherwise (mm/shmem.c).
    let inodes = scaled(space.inodes, is / 8192, assumed / 8192, ANY, WITHIN);
    let inodes = inodes.unwrap_or(space.inodes);
    let follows = Follows {
        text: format!("{bytes} bytes, {inodes} inodes"),
        rule: row.rule,
        source: row.source,
    };
    let from = format!("{} bytes, {} inodes", space.bytes, space.inodes);
    log.note(&format!("room of {path}"), &from, &follows);
    let taken = space.bytes - space.bytes_free.min(space.bytes);
    let inodes_taken = space.inodes - space.inodes_free.min(space.inodes);
    Space {
        bytes,
        bytes_free: bytes.saturating_sub(taken),
        inodes,
        inodes_free: inodes.saturating_sub(inodes_taken),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assume::machine::Machine;

    #[test]
    fn a_share_of_the_memory_grows_and_a_disk_does_not() {
        let machine = |memory| Machine {
            cpus: 2,
            memory,
            kernel: None,
            numa: None,
        };
        let change = Change {
            is: machine(2 << 30),
            assumed: machine(200 << 30),
        };
        let run = Space {
            bytes: (2 << 30) / 10,
            bytes_free: (2 << 30) / 10 - 1000,
            inodes: 262_144,
            inodes_free: 262_000,
        };
        let log = Log::default();
        let found = space(&change, "/run", run, &log);
        assert!((20 << 30) - 10_000 < found.bytes && found.bytes <= 20 << 30);
        assert_eq!(found.bytes - found.bytes_free, 1000);
        assert_eq!(
            (found.inodes, found.inodes - found.inodes_free),
            (26_214_400, 144)
        );
        assert_eq!(log.entries().len(), 1);
        assert_eq!(space(&change, "/var", run, &log), run);
        let set = Space {
            bytes: 1 << 30,
            ..run
        };
        assert_eq!(space(&change, "/run", set, &log), set);
    }
}

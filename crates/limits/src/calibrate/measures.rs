//! The measures: what is counted of containers, what the catalog says of it, and at which ceilings it counts.

use super::look::Look;
use super::seen::Seen;
use model::{Amount, Ceiling};

/// What of a cost is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// A part of what a running container takes.
    Running,
    /// All that it takes, where that is what the catalog's measure was about.
    Same,
    /// What one of them takes alone.
    Once,
}

/// A ceiling at which a measure counts.
pub(super) struct At {
    id: &'static str,
    /// The place; none for every place of the limit.
    place: Option<&'static str>,
    slot: Slot,
}

impl At {
    const fn every(id: &'static str, slot: Slot) -> Self {
        Self {
            id,
            place: None,
            slot,
        }
    }

    const fn one(id: &'static str, place: &'static str, slot: Slot) -> Self {
        Self {
            id,
            place: Some(place),
            slot,
        }
    }

    fn is(&self, id: &str, ceiling: &Ceiling) -> bool {
        self.id == id && self.place.is_none_or(|place| place == ceiling.place)
    }
}

/// Something that is counted of containers.
pub(super) struct Measure {
    /// Its name in the file of costs.
    pub(super) name: &'static str,
    /// What is counted.
    pub(super) what: &'static str,
    /// What the catalog says of it.
    pub(super) catalog: Amount,
    /// How much of the limit one of them is.
    pub(super) scale: u64,
    /// Where it counts.
    pub(super) places: &'static [At],
    /// How it is told from what runs.
    pub(super) look: fn(&Look) -> Option<Seen>,
}

impl Measure {
    /// What of a ceiling's cost it measures.
    pub(super) fn slot(&self, id: &str, ceiling: &Ceiling) -> Option<Slot> {
        let at = self.places.iter().find(|at| at.is(id, ceiling))?;
        Some(at.slot)
    }
}

const SHIMS: &str = "the average over the shims that run";
const DAEMONS: &str = "between the descriptors that lead to a path with a container's name and all that \
                       the daemon has; all of them are reckoned with";
const LINES: &str = "roots and network namespaces of containers among the mounts of the host";

fn nothing(_: &Look) -> Option<Seen> {
    None
}

/// Every measure. Where two count at one ceiling the first that may be used does.
pub(super) const MEASURES: &[Measure] = &[
    Measure {
        name: "threads",
        what: "threads of the host",
        catalog: Amount::thousandths(12_300),
        scale: 1,
        places: &[
            At::every("kernel.threads-max", Slot::Running),
            At::every("kernel.pid_max", Slot::Running),
        ],
        look: nothing,
    },
    Measure {
        name: "shim-threads",
        what: "threads of a shim",
        catalog: Amount::thousandths(11_250),
        scale: 1,
        places: &[
            At::every("cgroup.pids.max", Slot::Running),
            At::every("kernel.threads-max", Slot::Running),
            At::every("kernel.pid_max", Slot::Running),
        ],
        look: |look| look.of_shims(|shims| shims.threads, SHIMS),
    },
    Measure {
        name: "open-files",
        what: "open files of the host",
        catalog: Amount::whole(40),
        scale: 1,
        places: &[At::every("fs.file-max", Slot::Running)],
        look: nothing,
    },
    Measure {
        name: "shim-files",
        what: "open files of a shim",
        catalog: Amount::whole(26),
        scale: 1,
        places: &[
            At::every("fs.file-max", Slot::Running),
            At::one("rlimit.nofile", "each shim and container", Slot::Once),
        ],
        look: |look| look.of_shims(|shims| shims.descriptors, SHIMS),
    },
    Measure {
        name: "dockerd-files",
        what: "open files of dockerd for a container",
        catalog: Amount::whole(6),
        scale: 1,
        places: &[At::one("rlimit.nofile", "dockerd", Slot::Same)],
        look: |look| look.of_dockerd(DAEMONS),
    },
    Measure {
        name: "containerd-files",
        what: "open files of containerd for a container",
        catalog: Amount::whole(4),
        scale: 1,
        places: &[At::one("rlimit.nofile", "containerd", Slot::Same)],
        look: |look| look.of_containerd(DAEMONS),
    },
    Measure {
        name: "inotify-instances",
        what: "inotify instances of a shim",
        catalog: Amount::whole(1),
        scale: 1,
        places: &[At::every("fs.inotify.max_user_instances", Slot::Same)],
        look: |look| look.of_shims(|shims| shims.inotify_instances, SHIMS),
    },
    Measure {
        name: "inotify-watches",
        what: "inotify watches of a shim",
        catalog: Amount::whole(2),
        scale: 1,
        places: &[At::every("fs.inotify.max_user_watches", Slot::Running)],
        look: |look| look.of_shims(|shims| shims.inotify_watches, SHIMS),
    },
    Measure {
        name: "pipes",
        what: "pages of the pipes of a shim",
        catalog: Amount::whole(64),
        scale: 16,
        places: &[At::every("fs.pipe-user-pages-soft", Slot::Same)],
        look: |look| look.of_shims(|shims| shims.pipes, SHIMS),
    },
    Measure {
        name: "mounts",
        what: "mounts of the host for a container",
        catalog: Amount::whole(2),
        scale: 1,
        places: &[At::every("fs.mount-max", Slot::Same)],
        look: |look| look.of_mounts(LINES),
    },
    Measure {
        name: "run-bytes",
        what: "bytes of /run",
        catalog: Amount::whole(82_000),
        scale: 1,
        places: &[At::one("tmpfs.run", "bytes of /run", Slot::Running)],
        look: nothing,
    },
    Measure {
        name: "run-inodes",
        what: "inodes of /run",
        catalog: Amount::whole(25),
        scale: 1,
        places: &[At::one("tmpfs.run", "inodes of /run", Slot::Running)],
        look: nothing,
    },
    Measure {
        name: "disk-bytes",
        what: "bytes of Docker's disk",
        catalog: Amount::whole(164 * 1024),
        scale: 1,
        places: &[At::every("disk.space", Slot::Running)],
        look: nothing,
    },
    Measure {
        name: "disk-inodes",
        what: "inodes of Docker's disk",
        catalog: Amount::whole(43),
        scale: 1,
        places: &[At::every("disk.inodes", Slot::Running)],
        look: nothing,
    },
    Measure {
        name: "promised-memory",
        what: "bytes of promised memory",
        catalog: Amount::whole(141_000_000),
        scale: 1,
        places: &[At::every("memory.commit", Slot::Running)],
        look: nothing,
    },
    Measure {
        name: "memory",
        what: "bytes of memory",
        catalog: Amount::whole(6_000_000),
        scale: 1,
        places: &[At::every("memory", Slot::Running)],
        look: nothing,
    },
];

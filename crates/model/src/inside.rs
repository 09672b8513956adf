//! What a program sees inside a container: the report of the one that a probe makes.

use crate::HostResult;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was seen in the container of a probe, or why there was none.
pub type Probe = HostResult<Inside>;

/// What a program sees of itself and of the kernel inside a container.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inside {
    /// `/proc/self/limits` as it stands.
    pub limits: String,
    /// `pids.max` of its own cgroup; none where no such file is seen.
    pub pids_max: Option<String>,
    /// `memory.max` of its own cgroup, or what version 1 calls it.
    pub memory_max: Option<String>,
    /// The files of `/proc/sys` that were asked for; none where they are not there.
    pub sysctls: BTreeMap<String, Option<String>>,
    /// How many bytes a fresh pipe holds: 65536, or less where its user's pipes have crossed
    /// fs.pipe-user-pages-soft (fs/pipe.c).
    pub pipe_bytes: Option<u64>,
    /// Whether inotify instances can be made.
    pub inotify: Attempts,
    /// Whose users its users are (user_namespaces(7)).
    pub uid_map: String,
}

/// How often something could be done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    /// How often it was tried.
    pub tried: u32,
    /// How often it went well.
    pub done: u32,
    /// What the kernel said the first time it did not.
    pub refused: Option<String>,
}

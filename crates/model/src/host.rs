//! The one door to the machine: what can be read of a host, and what can be done to it.

use crate::{Action, Census, Fingerprint, Image, Unit};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// Whether a host is a running machine or a tree of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// This machine, running.
    Live,
    /// A file tree below a root: stored files only, nothing that runs.
    Tree,
}

/// Why a look at the host failed. Missing and denied are ordinary and kept apart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// There is no such file, unit or object.
    #[error("{0}: not found")]
    NotFound(String),
    /// The caller may not; `needs` names the right.
    #[error("{what}: permission denied (needs {needs})")]
    Denied {
        /// What was asked for.
        what: String,
        /// The right that would allow it.
        needs: String,
    },
    /// The service that would answer is not there (no bus, no Docker, a file tree).
    #[error("{what}: not available: {why}")]
    Unavailable {
        /// What was asked for.
        what: String,
        /// Why nobody answers.
        why: String,
    },
    /// No answer in time.
    #[error("{what}: no answer within {seconds} s")]
    TimedOut {
        /// What was asked for.
        what: String,
        /// How long it was waited for.
        seconds: u64,
    },
    /// Anything else.
    #[error("{what}: {why}")]
    Failed {
        /// What was asked for.
        what: String,
        /// What the system said.
        why: String,
    },
}

impl HostError {
    /// Whether the thing asked for is simply not there.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound(_))
    }
}

/// The result of asking or changing a host.
pub type HostResult<T> = Result<T, HostError>;

/// Units that PID 1 is asked about between two looks at its processor time, which give its pace.
pub const TIMED_UNITS: usize = 3;

/// Reading a host. Paths are absolute, as on the running machine; whoever implements this joins
/// them below its root and lets nothing lead out of it.
pub trait Host: Sync {
    /// A running machine or a file tree.
    fn scope(&self) -> Scope;

    /// The content of a file, links followed. The tables of mounts are read once a run.
    fn read(&self, path: &str) -> HostResult<Vec<u8>>;

    /// The names in a directory, sorted by byte.
    fn list(&self, directory: &str) -> HostResult<Vec<String>>;

    /// What stands at a path, links not followed.
    fn image(&self, path: &str) -> HostResult<Image>;

    /// A regular file of any size in short, links not followed.
    fn fingerprint(&self, path: &str) -> HostResult<Fingerprint> {
        Err(HostError::Unavailable {
            what: path.to_owned(),
            why: "no fingerprint is known".to_owned(),
        })
    }

    /// Where a link points.
    fn read_link(&self, path: &str) -> HostResult<String>;

    /// The properties of a systemd unit that [`UNIT_PROPERTIES`] names; a unit without a file
    /// answers with `LoadState` `not-found`. Asked once per unit and run.
    fn unit(&self, name: &str) -> HostResult<Arc<Unit>>;

    /// The units that will be asked for, so that one round of calls can fetch them all.
    fn expect_units(&self, names: &[&str]);

    /// The defaults for units (`DefaultTasksMax`, `DefaultLimit…`) of systemd's manager.
    fn manager(&self) -> HostResult<Arc<Unit>>;

    /// When a file's content last changed, since 1970; links followed.
    fn modified(&self, path: &str) -> HostResult<Duration>;

    /// The room of the file system that a path lies on.
    fn space(&self, path: &str) -> HostResult<Space>;

    /// The JSON body of a GET on Docker's socket. Asked once per path and run.
    fn docker(&self, path: &str) -> HostResult<String>;

    /// What all processes hold together. Counted once a run.
    fn census(&self) -> HostResult<Arc<Census>>;

    /// Says that the census will be asked for, so that it can be walked meanwhile.
    fn expect_census(&self) {}

    /// How many namespaces of one type, as `/proc/PID/ns` names it, processes are in. Looked at for
    /// this question alone: it costs a reading a process.
    fn namespaces(&self, kind: &str) -> HostResult<u64>;

    /// The effective user.
    fn uid(&self) -> u32;

    /// Seconds since 1970, for journals and reports.
    fn now(&self) -> u64;

    /// Forgets what was cached of units and processes, before looking again.
    fn refresh(&self) {}

    /// The content of a file as text; bytes that are no UTF-8 are replaced.
    fn read_text(&self, path: &str) -> HostResult<String> {
        let text = String::from_utf8(self.read(path)?);
        Ok(text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    /// The identity of this boot; empty where nothing runs.
    fn boot_id(&self) -> String {
        match self.scope() {
            Scope::Live => self
                .read_text("/proc/sys/kernel/random/boot_id")
                .map(|text| text.trim().to_owned())
                .unwrap_or_default(),
            Scope::Tree => String::new(),
        }
    }
}

/// The room of one file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Space {
    /// Its size in bytes.
    pub bytes: u64,
    /// What an ordinary user may still write, in bytes.
    pub bytes_free: u64,
    /// How many inodes it has; 0 where it makes them as needed.
    pub inodes: u64,
    /// How many of them are free for an ordinary user.
    pub inodes_free: u64,
}

/// The unit properties that hosttune reads besides the limits (`TasksMax`, `Limit…`), and of the
/// manager how many names of units it has, and which systemd it is of.
pub const UNIT_PROPERTIES: &[&str] = &[
    "NNames",
    "Version",
    "LoadState",
    "ActiveState",
    "UnitFileState",
    "RequiredBy",
    "After",
    "Job",
    "FragmentPath",
    "DropInPaths",
    "NeedDaemonReload",
    "ControlGroup",
    "MainPID",
    "ExecMainStartTimestamp",
    "StateChangeTimestamp",
];

/// Changing a host, and keeping what must survive a power cut.
pub trait Machine: Host {
    /// Carries out one action, durably where it writes a file.
    fn act(&self, action: &Action) -> HostResult<()>;

    /// Removes what an interrupted replacement of `path` left beside it.
    fn sweep(&self, path: &str) -> HostResult<()>;

    /// Removes a directory if it is empty; one that is not, or not there, is left.
    fn remove_empty_directory(&self, path: &str) -> HostResult<()>;

    /// Takes the lock that keeps two changes apart, until the guard is dropped.
    fn lock(&self) -> HostResult<Box<dyn Guard + '_>>;

    /// Writes a state file durably: it is there, whole, when this returns.
    fn save(&self, name: &str, text: &str) -> HostResult<()>;
}

/// Holds the lock while it lives.
pub trait Guard {}

/// Where hosttune keeps its journal.
pub const STATE_DIRECTORY: &str = "/var/lib/hosttune";

//! An action: a change as data, to be shown, journalled, executed and undone.

use crate::Image;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One change to a host. What an action names as `now` is what the plan saw there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Action {
    /// Make a directory that is missing.
    MakeDirectory {
        /// The directory.
        path: String,
    },
    /// Remove a directory that hosttune made, if nothing is left in it.
    RemoveDirectory {
        /// The directory.
        path: String,
    },
    /// Replace a file atomically, or remove it.
    Replace {
        /// The file.
        path: String,
        /// What shall stand there.
        image: Image,
    },
    /// Replace a file atomically with a copy of another that is too large to stand in a journal.
    CopyFile {
        /// What is copied.
        from: Origin,
        /// Where to.
        path: String,
        /// What shall stand there.
        file: Fingerprint,
    },
    /// Load a kernel module.
    LoadModule {
        /// The module.
        module: String,
    },
    /// Have systemd read its unit files again.
    Reload,
    /// Write a kernel file (`/proc/sys`, cgroup) in one write.
    WriteKernel {
        /// The file.
        path: String,
        /// The text, without a final newline.
        value: String,
    },
    /// Set a limit of a running process with prlimit(2).
    SetRlimit {
        /// Whose main process it is.
        unit: String,
        /// The process, told from a later one of the same number by its start time.
        process: ProcessId,
        /// The limit as `/proc/PID/limits` names it.
        resource: String,
        /// Soft and hard; `None` is infinity.
        value: Rlimit,
    },
    /// Have a daemon look at a file before it stands where the daemon reads it.
    Validate {
        /// Where the file will stand.
        path: String,
        /// The file.
        content: String,
    },
    /// Have a unit's daemon read its configuration again.
    ReloadUnit {
        /// The unit.
        unit: String,
    },
    /// Have the message bus read its configuration again.
    ReloadBus,
    /// Start a unit.
    Start {
        /// The unit.
        unit: String,
    },
    /// Stop a unit.
    Stop {
        /// The unit.
        unit: String,
    },
    /// Have systemd forget that a unit failed.
    ForgetFailure {
        /// The unit.
        unit: String,
    },
    /// Restart a unit, because the operator said so.
    Restart {
        /// The unit.
        unit: String,
    },
}

impl Action {
    /// Whether a file tree can take it: nothing runs there.
    pub fn is_on_disk(&self) -> bool {
        matches!(
            self,
            Self::MakeDirectory { .. }
                | Self::RemoveDirectory { .. }
                | Self::Replace { .. }
                | Self::CopyFile { .. }
        )
    }
}

/// What a large file is copied from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The file of the program that runs, wherever it lies and whatever the root is.
    Program,
    /// A file below the root.
    File(String),
}

/// A regular file in short: what an image is, with a hash in place of the content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Its size in bytes.
    pub size: u64,
    /// Its content's SHA-256, as sha256sum(1) prints it.
    pub sha256: String,
    /// Its permission bits.
    pub mode: u32,
    /// Its owner.
    pub uid: u32,
    /// Its group.
    pub gid: u32,
}

impl Fingerprint {
    /// Whether the other file has the same content, whatever its mode and owner.
    pub fn same_content(&self, other: &Self) -> bool {
        (self.size, &self.sha256) == (other.size, &other.sha256)
    }

    /// The same file for everybody to run, as root's.
    #[must_use]
    pub fn as_program_of_root(mut self) -> Self {
        (self.mode, self.uid, self.gid) = (0o755, 0, 0);
        self
    }
}

/// A soft and a hard limit; `None` is infinity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rlimit {
    /// What binds.
    pub soft: Option<u64>,
    /// How far the process may raise it itself.
    pub hard: Option<u64>,
}

/// A process that cannot be mistaken for a later one of the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessId {
    /// Its number.
    pub pid: i32,
    /// When it started, in clock ticks since boot.
    pub started: u64,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MakeDirectory { path } => write!(f, "make directory {path}"),
            Self::RemoveDirectory { path } => write!(f, "remove directory {path} if it is empty"),
            Self::Replace {
                path,
                image: Image::Absent,
            } => write!(f, "remove {path}"),
            Self::Replace { path, .. } => write!(f, "write {path}"),
            Self::CopyFile {
                from: Origin::Program,
                path,
                ..
            } => write!(f, "write this program to {path}"),
            Self::CopyFile {
                from: Origin::File(from),
                path,
                ..
            } => write!(f, "copy {from} to {path}"),
            Self::LoadModule { module } => write!(f, "load module {module}"),
            Self::Reload => write!(f, "reload systemd's unit files"),
            Self::WriteKernel { path, value } => write!(f, "write {value} to {path}"),
            Self::SetRlimit {
                unit,
                process,
                resource,
                ..
            } => write!(f, "set {resource} of {unit} (PID {})", process.pid),
            Self::Validate { path, .. } => write!(f, "validate {path}"),
            Self::ReloadUnit { unit } => write!(f, "reload {unit}"),
            Self::ReloadBus => write!(f, "reload the message bus"),
            Self::Start { unit } => write!(f, "start {unit}"),
            Self::Stop { unit } => write!(f, "stop {unit}"),
            Self::ForgetFailure { unit } => write!(f, "forget that {unit} failed"),
            Self::Restart { unit } => write!(f, "restart {unit}"),
        }
    }
}

//! What the path that a script writes to stands for.

use crate::format::{self, Found};

/// What is set by writing there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A file of a known format.
    File(Found),
    /// A kernel parameter, written at once.
    Sysctl(String),
    /// A file of a cgroup, written at once.
    Cgroup { name: String, file: String },
    /// Configuration of another kind.
    Other,
    /// Nothing that configures a host.
    Elsewhere,
}

const CONFIGURATION: [&str; 7] = [
    "/etc/",
    "/usr/lib/",
    "/lib/",
    "/proc/",
    "/sys/",
    "/boot/",
    "/run/systemd/",
];

/// What the path stands for.
pub(crate) fn of(path: &str) -> Target {
    if let Some(key) = path.strip_prefix("/proc/sys/") {
        return Target::Sysctl(key.to_owned());
    }
    if let Some(rest) = path.strip_prefix("/sys/fs/cgroup/")
        && let Some((folder, file)) = rest.rsplit_once('/')
    {
        let last = folder.rsplit('/').next().unwrap_or(folder);
        let is_unit = [".slice", ".service", ".scope"]
            .iter()
            .any(|suffix| last.ends_with(suffix));
        return Target::Cgroup {
            name: match is_unit {
                true => last.to_owned(),
                false => format!("/{folder}"),
            },
            file: file.to_owned(),
        };
    }
    if let Some(found) =
        format::of_path(path).filter(|found| found.format != format::Format::Script)
    {
        return Target::File(found);
    }
    match CONFIGURATION.iter().any(|prefix| path.starts_with(prefix)) {
        true => Target::Other,
        false => Target::Elsewhere,
    }
}

/// Whether settings are kept there, or take effect there.
pub(crate) fn holds_settings(path: &str) -> bool {
    matches!(
        of(path),
        Target::File(_) | Target::Sysctl(_) | Target::Cgroup { .. }
    )
}

//! The groups: where a rehearsal's cgroups are, made and removed by their names alone.

use crate::RehearseError;
use model::Host;
use nix::errno::Errno;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What the names of a rehearsal's groups and units begin with.
pub(super) const PREFIX: &str = "hosttune-rehearse-";
const MOUNTS: &str = "/proc/self/mountinfo";

/// Hierarchies of version 1 without groups of ours: one without a controller bounds nothing, and a
/// group of `cpuset` takes no process before it is given processors and memory nodes.
const LEFT_OUT: [&str; 2] = ["name=", "cpuset"];

/// Where a rehearsal's groups are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Groups {
    /// The rehearsal's own group in each hierarchy; the one with the controller `pids` is first.
    pub(super) tops: Vec<PathBuf>,
    /// Whether there is one hierarchy of version 2.
    pub(super) unified: bool,
    /// Whether systemd made the group, and removes it.
    pub(super) of_systemd: bool,
}

/// Where hierarchies are mounted: of version 2 the one alone, of version 1 all that have a controller.
pub(super) fn hierarchies(host: &dyn Host) -> Result<(Vec<PathBuf>, bool), RehearseError> {
    if host.read("/sys/fs/cgroup/cgroup.controllers").is_ok() {
        return Ok((vec![PathBuf::from("/sys/fs/cgroup")], true));
    }
    let text = host.read_text(MOUNTS)?;
    let mut found = Vec::new();
    for line in text.lines() {
        let Some((front, back)) = line.split_once(" - ") else {
            continue;
        };
        let mut back = back.split_whitespace();
        let (kind, options) = (back.next(), back.nth(1).unwrap_or_default());
        let place = front.split_whitespace().nth(4);
        if let (Some("cgroup"), Some(place)) = (kind, place)
            && !LEFT_OUT.iter().any(|word| options.contains(word))
        {
            let pids = options.split(',').any(|option| option == "pids");
            found.insert(if pids { 0 } else { found.len() }, PathBuf::from(place));
        }
    }
    Ok((found, false))
}

impl Groups {
    /// The group of the shims, with the guard in it.
    pub(super) fn shims(&self) -> PathBuf {
        self.tops
            .first()
            .map_or_else(PathBuf::new, |top| top.join("shims"))
    }

    /// The groups of containers that have none of their own.
    pub(super) fn shared(&self) -> impl Iterator<Item = PathBuf> {
        self.tops.iter().map(|top| top.join("shared"))
    }

    /// The groups of a stand-in's container, `which` of several.
    pub(super) fn of(&self, number: u64, which: u64) -> impl Iterator<Item = PathBuf> {
        let name = match which {
            0 => number.to_string(),
            _ => format!("{number}-{which}"),
        };
        self.tops.iter().map(move |top| top.join(&name))
    }

    /// Makes the rehearsal's own groups and goes into that of the shims. Gives what it was doing with
    /// the error.
    pub(super) fn enter(&self, shims_max: Option<u64>) -> Result<(), (String, Errno)> {
        for top in &self.tops {
            if !self.of_systemd {
                make(top)?;
            }
        }
        let shims = self.shims();
        make(&shims)?;
        put(&shims.join("cgroup.procs"), "0")?;
        // A group has a controller's files once the one above hands the controller down, which it may
        // only when no process is left in it.
        if self.unified {
            self.delegate();
        }
        if let Some(max) = shims_max {
            put(&shims.join("pids.max"), &max.to_string())?;
        }
        self.shared().try_for_each(|group| make(&group))
    }

    /// Removes the groups of a stand-in that was refused.
    pub(super) fn discard(&self, number: u64) {
        let mut which = 0;
        while self.of(number, which).fold(false, |found, path| {
            let there = path.exists();
            found | (there && gone(&path))
        }) {
            which += 1;
        }
    }

    /// Hands the controllers down, one by one as runc does; what is not there is not asked of the
    /// stand-ins either.
    fn delegate(&self) {
        for top in &self.tops {
            let all = read(&top.join("cgroup.controllers"));
            for controller in all.split_whitespace() {
                let _ = put(
                    &top.join("cgroup.subtree_control"),
                    &format!("+{controller}"),
                );
            }
        }
    }

    /// Removes all groups of a rehearsal whose processes are gone, this one moved out of them first;
    /// gives what is still there.
    pub(super) fn remove(&self) -> Vec<String> {
        if !self.of_systemd
            && let Some(above) = self.tops.first().and_then(|top| top.parent())
        {
            let _ = put(&above.join("cgroup.procs"), "0");
        }
        let tops = self.tops.iter();
        // The guard's own group is systemd's to remove where systemd made the one above.
        let keep = self.of_systemd.then(|| self.shims());
        tops.filter_map(|top| {
            let empty = remove_below(top, keep.as_deref(), 0);
            let all = empty && (self.of_systemd || gone(top));
            (!all).then(|| top.display().to_string())
        })
        .collect()
    }
}

/// Removes the groups below one but `keep`, the deepest first; whether all went.
pub(super) fn remove_below(group: &Path, keep: Option<&Path>, level: u32) -> bool {
    const DEEPEST: u32 = 8;
    let Ok(entries) = fs::read_dir(group) else {
        return true;
    };
    let mut all = true;
    for entry in entries.flatten() {
        let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let below = entry.path();
        if is_directory && level < DEEPEST && keep != Some(&below) {
            all &= gone(&below) || (remove_below(&below, keep, level + 1) && gone(&below));
        }
    }
    all
}

/// Removes one group. A process that has just died may be in it for a moment.
fn gone(group: &Path) -> bool {
    const ATTEMPTS: u32 = 100;
    for _ in 0..ATTEMPTS {
        match fs::remove_dir(group) {
            Ok(()) => return true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return true,
            Err(error) if error.raw_os_error() == Some(Errno::EBUSY as i32) => {
                if has_groups(group) {
                    return false;
                }
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            Err(_) => return false,
        }
    }
    false
}

fn has_groups(group: &Path) -> bool {
    let entries = fs::read_dir(group).into_iter().flatten().flatten();
    let mut kinds = entries.filter_map(|entry| entry.file_type().ok());
    kinds.any(|kind| kind.is_dir())
}

/// Makes a group.
pub(super) fn make(group: &Path) -> Result<(), (String, Errno)> {
    fs::create_dir(group).map_err(|error| (format!("mkdir {}", group.display()), errno(&error)))
}

/// Writes a file of a group, whole.
pub(super) fn put(file: &Path, value: &str) -> Result<(), (String, Errno)> {
    fs::write(file, value).map_err(|error| (format!("write {}", file.display()), errno(&error)))
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_default()
}

/// The kernel's error in one of the library's.
pub(super) fn errno(error: &io::Error) -> Errno {
    error
        .raw_os_error()
        .map_or(Errno::UnknownErrno, Errno::from_raw)
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    #[test]
    fn the_hierarchy_with_pids_comes_first_and_one_without_a_controller_not_at_all() {
        let mounts = "\
            30 25 0:1 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n\
            31 25 0:2 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd\n\
            32 25 0:3 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n\
            33 25 0:4 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";
        let host = FakeHost::new().file(MOUNTS, mounts);
        let (found, unified) = hierarchies(&host).unwrap();
        let names: Vec<_> = found.iter().filter_map(|path| path.file_name()).collect();
        assert_eq!(
            (names, unified),
            (vec!["pids".as_ref(), "memory".as_ref()], false)
        );
        let host = FakeHost::new().file("/sys/fs/cgroup/cgroup.controllers", "pids\n");
        assert!(hierarchies(&host).unwrap().1);
    }

    #[test]
    fn a_tree_of_groups_goes_from_its_leaves() {
        let directory = tempfile::tempdir().unwrap();
        let top = directory.path().join("hosttune-rehearse-1");
        fs::create_dir_all(top.join("shims/x")).unwrap();
        fs::create_dir_all(top.join("7")).unwrap();
        let groups = Groups {
            tops: vec![top.clone()],
            unified: true,
            of_systemd: false,
        };
        assert_eq!(groups.remove(), Vec::<String>::new());
        assert!(!top.exists());
    }
}

//! The traces of one rehearsal: what on this machine is its own, told from everybody else's by names and by a
//! mark in the environment that its processes inherit.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The variable of the mark.
pub(crate) const MARK: &str = "HOSTTUNE_TEST_MARK";
/// Namespaces that a container gets.
const KINDS: [&str; 6] = ["net", "mnt", "pid", "uts", "ipc", "cgroup"];
/// Objects of System V.
const SYSTEM_V: [&str; 3] = ["shm", "sem", "msg"];
/// Mounts of Docker's come and go meanwhile.
const OTHERS: [&str; 2] = ["docker", "containerd"];

/// What is there of one rehearsal now.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Traces {
    /// Its groups.
    pub(crate) groups: usize,
    /// Its keys.
    pub(crate) keys: usize,
    /// Its processes but the first, which is hosttune's own.
    pub(crate) processes: Vec<u32>,
    /// Namespaces that these are in and this test is not.
    pub(crate) namespaces: usize,
}

impl Traces {
    /// Of the rehearsal with that mark, whose first process has that number.
    pub(crate) fn of(mark: &str, first: u32) -> Self {
        let name = format!("hosttune-rehearse-{first}-");
        let all = processes(mark);
        let processes = all.into_iter().filter(|process| *process != first);
        let processes: Vec<u32> = processes.collect();
        let links = |process: &u32| KINDS.map(|kind| namespace(&process.to_string(), kind));
        let held: BTreeSet<String> = processes.iter().flat_map(links).flatten().collect();
        let ours: BTreeSet<String> = KINDS
            .iter()
            .filter_map(|kind| namespace("self", kind))
            .collect();
        let keys = fs::read_to_string("/proc/keys").unwrap_or_default();
        Self {
            groups: groups(Path::new("/sys/fs/cgroup"), &name, 0),
            keys: keys.lines().filter(|line| line.contains(&name)).count(),
            namespaces: held.difference(&ours).count(),
            processes,
        }
    }

    /// Whether there are none.
    pub(crate) fn are_gone(&self) -> bool {
        *self == Self::default()
    }
}

/// What the machine shows that nobody's name is on: mounts, links and objects of System V.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    mounts: BTreeSet<String>,
    links: BTreeSet<String>,
    system_v: Vec<usize>,
}

impl Shown {
    /// Now.
    pub(crate) fn now() -> Self {
        let text = fs::read_to_string("/proc/self/mountinfo").unwrap();
        let lines = text.lines().map(ToOwned::to_owned);
        let mounts = lines.filter(|line| !OTHERS.iter().any(|other| line.contains(other)));
        let links = fs::read_dir("/sys/class/net").unwrap().flatten();
        let names = links.map(|link| link.file_name().to_string_lossy().into_owned());
        let count = |kind: &str| {
            let text = fs::read_to_string(format!("/proc/sysvipc/{kind}"));
            text.unwrap_or_default().lines().count()
        };
        Self {
            mounts: mounts.collect(),
            // Those of the rehearsal; links of everybody else come and go.
            links: names
                .filter(|name| name.starts_with("htv") || name.starts_with("htbr"))
                .collect(),
            system_v: SYSTEM_V.iter().map(|kind| count(kind)).collect(),
        }
    }
}

/// Processes whose environment has a mark.
fn processes(mark: &str) -> Vec<u32> {
    let wanted = format!("{MARK}={mark}");
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let marked = |number: &u32| {
        let environment = fs::read(format!("/proc/{number}/environ")).unwrap_or_default();
        environment
            .split(|byte| *byte == 0)
            .any(|word| word == wanted.as_bytes())
    };
    numbers.filter(marked).collect()
}

fn namespace(process: &str, kind: &str) -> Option<String> {
    let link = fs::read_link(format!("/proc/{process}/ns/{kind}")).ok()?;
    Some(link.to_string_lossy().into_owned())
}

/// Groups below one whose name begins so, those below them counted too.
fn groups(directory: &Path, name: &str, level: u32) -> usize {
    const DEEPEST: u32 = 7;
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let directories = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let count = |entry: fs::DirEntry| {
        let is_ours = entry.file_name().to_string_lossy().starts_with(name);
        let below = if is_ours { "" } else { name };
        let deeper = level < DEEPEST;
        let rest = if deeper {
            groups(&entry.path(), below, level + 1)
        } else {
            0
        };
        usize::from(is_ours) + rest
    };
    directories.map(count).sum()
}

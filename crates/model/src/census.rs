//! The census: what all processes of a host hold together, counted in one walk.

use crate::{Tally, Unread};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The programs whose own descriptors are counted.
pub const DAEMONS: &[&str] = &[
    "containerd",
    "dbus-broker",
    "dbus-daemon",
    "dockerd",
    "systemd",
];
/// How the programs of containerd's shims begin. It is 15 bytes, as many as the kernel keeps of a
/// name (`TASK_COMM_LEN`, include/linux/sched.h).
pub const SHIM: &str = "containerd-shim";
/// What the link of an inotify descriptor reads.
pub const INOTIFY: &str = "anon_inode:inotify";
/// The same of fanotify.
pub const FANOTIFY: &str = "anon_inode:[fanotify]";
/// How each watch of an inotify instance begins its line in `/proc/PID/fdinfo` (proc_pid_fdinfo(5)).
pub const WATCH: &str = "inotify wd:";

/// How long the hexadecimal name of a container is (moby pkg/stringid).
const CONTAINER_NAME: usize = 64;

/// Whether a path has the name of a container in it.
pub fn names_a_container(path: &[u8]) -> bool {
    let is_name =
        |part: &[u8]| part.len() == CONTAINER_NAME && part.iter().all(u8::is_ascii_hexdigit);
    path.len() >= CONTAINER_NAME && path.split(|byte| *byte == b'/').any(is_name)
}

/// What the processes of a host hold, added up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Census {
    /// By effective user, in the numbers of the initial user namespace as far as it is seen.
    pub users: BTreeMap<u32, Holdings>,
    /// Of each of [`DAEMONS`] that runs, how many descriptors it has open.
    pub daemons: BTreeMap<i32, Daemon>,
    /// The shims of containerd, one a container.
    pub shims: Shims,
    /// Processes that show not even whose they are; where others do not show at all, at least one.
    pub hidden: u64,
}

/// What the processes of one user hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holdings {
    /// Processes, the kernel's own included.
    pub processes: u64,
    /// Their threads.
    pub threads: u64,
    /// Descriptors of inotify instances. All of them share one inode, so that one which a fork
    /// copied counts twice: this errs towards more.
    pub inotify_instances: u64,
    /// What these instances watch.
    pub inotify_watches: u64,
    /// Descriptors of fanotify groups.
    pub fanotify_groups: u64,
    /// Distinct pipes, those with a name below `/run` included. One that two users hold counts for
    /// both.
    pub pipes: u64,
    /// How many of the processes did not show what they hold.
    pub closed: u64,
}

/// A daemon that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Daemon {
    /// The program.
    pub name: String,
    /// Its open descriptors, unless they are closed to the caller.
    pub descriptors: Option<u64>,
    /// How many of them lead to a path that names a container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_containers: Option<u64>,
}

/// The shims of containerd.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shims {
    /// How many run.
    pub running: u64,
    /// How many of them have no inotify instance, of those that show it.
    pub unwatched: u64,
    /// How many do not show what they hold.
    pub closed: u64,
    /// The threads of each.
    #[serde(default, skip_serializing_if = "Tally::is_empty")]
    pub threads: Tally,
    /// The descriptors of each that shows them.
    #[serde(default, skip_serializing_if = "Tally::is_empty")]
    pub descriptors: Tally,
    /// The inotify instances of each that shows them.
    #[serde(default, skip_serializing_if = "Tally::is_empty")]
    pub inotify_instances: Tally,
    /// What these watch.
    #[serde(default, skip_serializing_if = "Tally::is_empty")]
    pub inotify_watches: Tally,
    /// The distinct pipes of each that shows them.
    #[serde(default, skip_serializing_if = "Tally::is_empty")]
    pub pipes: Tally,
}

impl Shims {
    fn add(&mut self, found: &Found) {
        self.running += 1;
        self.threads.add(found.threads);
        let Some(held) = found.held else {
            self.closed += 1;
            return;
        };
        self.unwatched += u64::from(held.inotify_instances == 0);
        self.descriptors.add(held.descriptors);
        self.inotify_instances.add(held.inotify_instances);
        self.inotify_watches.add(held.inotify_watches);
        self.pipes.add(held.pipes);
    }

    fn join(&mut self, other: Self) {
        self.running += other.running;
        self.unwatched += other.unwatched;
        self.closed += other.closed;
        self.threads.join(other.threads);
        self.descriptors.join(other.descriptors);
        self.inotify_instances.join(other.inotify_instances);
        self.inotify_watches.join(other.inotify_watches);
        self.pipes.join(other.pipes);
    }
}

/// One process, as a walk finds it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Its number.
    pub pid: i32,
    /// The name of its program; none for a kernel thread.
    pub name: String,
    /// Its effective user.
    pub uid: u32,
    /// Its threads.
    pub threads: u64,
    /// Its descriptors, unless they are closed.
    pub held: Option<Held>,
}

/// The descriptors of one process.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// All of them.
    pub descriptors: u64,
    /// Those of inotify instances.
    pub inotify_instances: u64,
    /// What these instances watch.
    pub inotify_watches: u64,
    /// Those of fanotify groups.
    pub fanotify_groups: u64,
    /// Distinct pipes that it holds.
    pub pipes: u64,
    /// Those that lead to a path that names a container.
    pub of_containers: u64,
}

impl Census {
    /// Counts one process. Its pipes are counted apart, since only a walk knows which are distinct.
    pub fn add(&mut self, found: &Found) {
        let instances = found.held.map(|held| held.inotify_instances);
        let held = found.held.unwrap_or_default();
        let user = self.users.entry(found.uid).or_default();
        user.processes += 1;
        user.threads += found.threads;
        user.inotify_instances += held.inotify_instances;
        user.inotify_watches += held.inotify_watches;
        user.fanotify_groups += held.fanotify_groups;
        user.closed += u64::from(instances.is_none());
        if found.name.starts_with(SHIM) {
            self.shims.add(found);
        }
        if DAEMONS.contains(&found.name.as_str()) {
            let daemon = Daemon {
                name: found.name.clone(),
                descriptors: found.held.map(|held| held.descriptors),
                of_containers: found.held.map(|held| held.of_containers),
            };
            self.daemons.insert(found.pid, daemon);
        }
    }

    /// Adds what another part of the same walk counted. Pipes are left to the walk.
    pub fn join(&mut self, other: Self) {
        for (uid, held) in other.users {
            let user = self.users.entry(uid).or_default();
            user.processes += held.processes;
            user.threads += held.threads;
            user.inotify_instances += held.inotify_instances;
            user.inotify_watches += held.inotify_watches;
            user.fanotify_groups += held.fanotify_groups;
            user.closed += held.closed;
        }
        self.daemons.extend(other.daemons);
        self.shims.join(other.shims);
        self.hidden += other.hidden;
    }

    /// What the processes of `uid` hold, if all of them show it.
    pub fn held_by(&self, uid: u32) -> Result<Holdings, Unread> {
        let held = self.users.get(&uid).copied().unwrap_or_default();
        match (self.hidden, held.closed) {
            (0, 0) => Ok(held),
            (0, closed) => Err(closed_to_others(format!(
                "{closed} of {} processes of uid {uid} do not show what they hold",
                held.processes
            ))),
            (hidden, _) => Err(closed_to_others(format!(
                "{hidden} processes do not show whose they are"
            ))),
        }
    }

    /// How many descriptors the process `pid` has open, if it is one of [`DAEMONS`] and shows them.
    pub fn descriptors_of(&self, pid: i32) -> Result<u64, Unread> {
        let daemon = self.daemons.get(&pid).ok_or_else(|| {
            Unread::because(format!("PID {pid} is none of {}", DAEMONS.join(", ")))
        })?;
        let closed = || closed_to_others(format!("the descriptors of {} are closed", daemon.name));
        daemon.descriptors.ok_or_else(closed)
    }
}

fn closed_to_others(why: String) -> Unread {
    Unread {
        why,
        needs: Some("root".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(name: &str, uid: u32, instances: Option<u64>) -> Found {
        Found {
            pid: 7,
            name: name.to_owned(),
            uid,
            threads: 3,
            held: instances.map(|inotify_instances| Held {
                descriptors: 26,
                inotify_instances,
                ..Held::default()
            }),
        }
    }

    #[test]
    fn shims_without_a_watcher_are_told_from_those_that_do_not_show_it() {
        let mut census = Census::default();
        for instances in [Some(1), Some(0), None] {
            census.add(&process(SHIM, 0, instances));
        }
        let Shims {
            running,
            unwatched,
            closed,
            threads,
            descriptors,
            ..
        } = census.shims;
        assert_eq!((running, unwatched, closed), (3, 1, 1));
        assert_eq!((threads.count, threads.sum), (3, 9));
        assert_eq!((descriptors.count, descriptors.most), (2, 26));
        assert_eq!(census.users[&0].threads, 9);
        assert_eq!(
            census.held_by(0).unwrap_err().needs.as_deref(),
            Some("root")
        );
        assert_eq!(census.held_by(1000), Ok(Holdings::default()));
        census.hidden = 1;
        assert!(census.held_by(1000).is_err());
    }

    #[test]
    fn only_a_daemon_is_asked_for_its_descriptors() {
        let mut census = Census::default();
        census.add(&process("dockerd", 0, Some(0)));
        assert_eq!(census.descriptors_of(7), Ok(26));
        census.add(&process("dockerd", 0, None));
        assert!(census.descriptors_of(7).unwrap_err().needs.is_some());
        assert!(census.descriptors_of(8).unwrap_err().needs.is_none());
    }
}

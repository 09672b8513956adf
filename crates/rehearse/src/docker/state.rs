//! The state of the host that containers of Docker's are told by: namespaces, and where this Docker keeps what.

use crate::Place;
use crate::namespaces::namespaces;
use limits::{run_is_a_mount, tasks_below_run, told_root};
use model::Host;
use std::collections::BTreeMap;

/// What was there before the first stand-in.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    /// Namespaces of each type.
    namespaces: BTreeMap<&'static str, u64>,
    /// Containers with their state below `/run`.
    tasks: Option<u64>,
}

impl State {
    /// Looks now.
    pub(super) fn read(host: &dyn Host) -> Self {
        Self {
            namespaces: namespaces(host),
            tasks: tasks_below_run(host).ok(),
        }
    }

    /// Namespaces of each type that are new.
    pub(super) fn new_namespaces(&self, host: &dyn Host) -> BTreeMap<&'static str, u64> {
        let mut now = namespaces(host);
        for (kind, count) in &mut now {
            let before = self.namespaces.get(kind).copied();
            *count = count.saturating_sub(before.unwrap_or_default());
        }
        now
    }

    /// Why what so many containers take does not show at a place.
    pub(super) fn hides(&self, host: &dyn Host, place: &Place, running: u64) -> Option<String> {
        match place.limit.id {
            "tmpfs.run" => self.hides_run(host, running),
            "disk.space" | "disk.inodes" => hides_disk(host, &place.ceiling.place).or_else(|| {
                let elsewhere = self.hides_run(host, running)?;
                Some(format!(
                    "the state of containers may be on that disk too: {elsewhere}"
                ))
            }),
            _ => None,
        }
    }

    fn hides_run(&self, host: &dyn Host, running: u64) -> Option<String> {
        if !run_is_a_mount(host) {
            let why = "/run is a folder of a file system that others write to";
            return Some(why.to_owned());
        }
        let now = tasks_below_run(host).ok()?;
        let new = now.saturating_sub(self.tasks?);
        (new < running).then(|| {
            format!(
                "{new} of {running} stand-ins have their state below /run, the others elsewhere"
            )
        })
    }
}

/// `place` ends with Docker's directory, as the configuration tells it; the daemon that answers may be another.
fn hides_disk(host: &dyn Host, place: &str) -> Option<String> {
    let root = told_root(host)?;
    let is_it = place.split_whitespace().next_back() == Some(root.as_str());
    (!is_it).then(|| format!("this Docker stores containers in {root}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Exercise, Needs};
    use model::{Ceiling, Cost, Workload};
    use testkit::FakeHost;

    const MOUNTS: &str = "/proc/self/mountinfo";
    const OWN: &str = "24 22 0:21 / /run rw - tmpfs tmpfs rw\n";
    const TASKS: &str = "/run/containerd/io.containerd.runtime.v2.task/moby";

    fn place(id: &str, name: &str) -> Place {
        let row = limits::LIMITS.iter().find(|row| row.limit.id == id);
        let ceiling = Ceiling::new(name, Cost::NOTHING);
        Place {
            limit: &row.unwrap().limit,
            needs: Needs::of(&Workload::default(), &ceiling),
            takes: ceiling.cost.clone(),
            ceiling,
            exercise: Exercise::OfHost,
        }
    }

    #[test]
    fn state_that_is_elsewhere_does_not_show_on_run() {
        let run = place("tmpfs.run", "bytes of /run");
        let host = FakeHost::new().directory(&format!("{TASKS}/old"));
        let before = State::read(&host);
        let why = before.hides(&host, &run, 2).unwrap();
        assert!(why.starts_with("/run is a folder"), "{why}");
        let host = host.file(MOUNTS, OWN).directory(&format!("{TASKS}/a"));
        let why = before.hides(&host, &run, 2).unwrap();
        assert!(why.starts_with("1 of 2 stand-ins"), "{why}");
        let host = host.directory(&format!("{TASKS}/b"));
        assert_eq!(before.hides(&host, &run, 2), None);
    }

    #[test]
    fn a_disk_is_that_of_the_daemon_that_answers() {
        let host = FakeHost::new()
            .docker_answer("/info", r#"{"DockerRootDir":"/srv/docker"}"#)
            .file(MOUNTS, OWN)
            .directory(TASKS);
        let state = State::read(&host);
        assert_eq!(
            state.hides(&host, &place("disk.space", "bytes of /srv/docker"), 0),
            None
        );
        let other = place("disk.inodes", "inodes of /var/lib/docker");
        let why = state.hides(&host, &other, 1).unwrap();
        assert_eq!(why, "this Docker stores containers in /srv/docker");
        // Nor is what has its state elsewhere told from what is stored.
        let own = place("disk.space", "bytes of /srv/docker");
        let why = state.hides(&host, &own, 2).unwrap();
        assert!(why.starts_with("the state of containers may"), "{why}");
    }
}

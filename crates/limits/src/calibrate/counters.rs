//! The counters that a rehearsal is measured by: what the host has taken of each measure, at one moment.

use crate::demand::NAME_SERVER;
use crate::limits::{LOADAVG, MEMORY, MOUNTS};
use crate::reading::{labelled_in, word};
use crate::run_state::{run_is_a_mount, tasks_below_run};
use crate::{containerd, engine};
use model::Host;
use std::collections::BTreeMap;

const KIB: u64 = 1024;

/// What is taken, by the name of the measure; what could not be read is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters {
    pub(super) taken: BTreeMap<&'static str, u64>,
    /// Containers with their state below a `/run` of its own; none where it is a folder of something else.
    pub(super) tasks: Option<u64>,
}

impl Counters {
    /// Reads them all. The host must have forgotten what it knew of processes and mounts.
    pub fn read(host: &dyn Host) -> Self {
        let mut counters = Self::default();
        let threads = || {
            let text = host.read_text(LOADAVG).ok()?;
            text.split_whitespace()
                .nth(3)?
                .split_once('/')?
                .1
                .parse()
                .ok()
        };
        counters.note("threads", threads());
        counters.note("open-files", word(host, "/proc/sys/fs/file-nr", 0).ok());
        let mounts = host.read(MOUNTS).ok();
        let lines = |bytes: Vec<u8>| bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        counters.note("mounts", mounts.map(lines));
        counters.of_census(host);
        counters.of_room(host);
        counters.of_memory(host);
        counters
    }

    /// The same without what dockerd has for so many containers that it answers names for: the measures are of
    /// containers without.
    #[must_use]
    pub fn less_name_servers(mut self, containers: u64) -> Self {
        for name in ["open-files", "dockerd-files"] {
            if let Some(taken) = self.taken.get_mut(name) {
                *taken = taken.saturating_sub(containers.saturating_mul(NAME_SERVER));
            }
        }
        self
    }

    fn of_census(&mut self, host: &dyn Host) {
        let Ok(census) = host.census() else { return };
        let shims = census.shims;
        let open = shims.closed == 0;
        self.note("shim-threads", Some(shims.threads.sum));
        self.note("shim-files", open.then_some(shims.descriptors.sum));
        self.note(
            "inotify-instances",
            open.then_some(shims.inotify_instances.sum),
        );
        self.note("inotify-watches", open.then_some(shims.inotify_watches.sum));
        self.note("pipes", open.then_some(shims.pipes.sum));
        let files = |pid: Option<i32>| census.descriptors_of(pid?).ok();
        self.note(
            "dockerd-files",
            files(engine::pid(host).map(|(pid, _)| pid)),
        );
        self.note("containerd-files", files(containerd::pid(host).ok()));
    }

    fn of_room(&mut self, host: &dyn Host) {
        if run_is_a_mount(host) {
            self.tasks = tasks_below_run(host).ok();
        }
        if let Ok(run) = host.space("/run") {
            self.note("run-bytes", Some(run.bytes.saturating_sub(run.bytes_free)));
            self.note(
                "run-inodes",
                Some(run.inodes.saturating_sub(run.inodes_free)),
            );
        }
        let root = engine::Engine::read(host).ok();
        // The daemon that answers may be another than the one whose configuration was found.
        let told = engine::told_root(host);
        let root = root.filter(|engine| {
            told.as_deref()
                .is_none_or(|told| told == engine.data_root())
        });
        let disk = root.and_then(|engine| host.space(engine.data_root()).ok());
        if let Some(disk) = disk {
            self.note(
                "disk-bytes",
                Some(disk.bytes.saturating_sub(disk.bytes_free)),
            );
            self.note(
                "disk-inodes",
                Some(disk.inodes.saturating_sub(disk.inodes_free)),
            );
        }
    }

    fn of_memory(&mut self, host: &dyn Host) {
        let Ok(text) = host.read_text(MEMORY) else {
            return;
        };
        let bytes = |label| labelled_in(&text, label).map(|kib| kib.saturating_mul(KIB));
        let taken = bytes("MemTotal").zip(bytes("MemAvailable"));
        self.note(
            "memory",
            taken.map(|(total, free)| total.saturating_sub(free)),
        );
        self.note("promised-memory", bytes("Committed_AS"));
    }

    fn note(&mut self, name: &'static str, taken: Option<u64>) {
        self.taken.extend(taken.map(|taken| (name, taken)));
    }
}

//! What was read of the descriptors of one process.

use super::layout::{Layout, Sort};
use model::Held;

/// What was read so far.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) held: Held,
    /// The number, the sort and the inode number or mark of each descriptor of a pipe.
    pub(super) pipes: Vec<(u32, Sort, u64)>,
    /// The numbers of inotify instances.
    pub(super) instances: Vec<u32>,
    /// The numbers of fanotify groups.
    pub(super) fanotify: Vec<u32>,
}

impl Reading {
    /// Adds what was read of other numbers. Watches and pipes are counted when all are read.
    pub(super) fn join(&mut self, other: Self) {
        self.held.descriptors += other.held.descriptors;
        self.held.inotify_instances += other.held.inotify_instances;
        self.held.fanotify_groups += other.held.fanotify_groups;
        self.held.of_containers += other.held.of_containers;
        self.pipes.extend(other.pipes);
        self.instances.extend(other.instances);
        self.fanotify.extend(other.fanotify);
    }

    /// What counts for a limit, by number: of each pipe the first, however many descriptors are its.
    pub(super) fn layout(&self) -> Layout {
        let mut layout = Layout::new();
        layout.extend(self.instances.iter().map(|number| (*number, Sort::Inotify)));
        layout.extend(self.fanotify.iter().map(|number| (*number, Sort::Fanotify)));
        let mut met = Vec::new();
        for (number, sort, pipe) in &self.pipes {
            if !met.contains(pipe) {
                met.push(*pipe);
                layout.push((*number, *sort));
            }
        }
        layout.sort_unstable_by_key(|(number, _)| *number);
        layout
    }
}

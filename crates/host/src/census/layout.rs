//! The layout of a shim's descriptors: which numbers counted for a limit in one shim, so that the next of the
//! same shape is told by those alone.
//!
//! All shims are one program that opens the same things in the same order, and the kernel hands out the
//! lowest free number (fs/file.c, alloc_fd). Of a shim with as many descriptors as one that was read whole,
//! every inotify instance of that one and a number of each of its pipes is read, and must be of the same
//! sort, and the pipes as many different ones; else it is read whole too. Threads start in another order now
//! and then: with 1,000 shims there are about 17 shapes, and two of them are 95 of 100. What is not read is a further end of one of these pipes, a socket, an
//! epoll instance or the log there. It could count here only if one of those were closed and a pipe or an
//! instance more were open, and a shim closes none of them while containerd runs.

/// How many layouts of as many descriptors are kept; more shapes than that are read whole.
const SHAPES: usize = 16;

/// What a descriptor counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// An inotify instance.
    Inotify,
    /// A fanotify group.
    Fanotify,
    /// A pipe without a name.
    Pipe,
    /// A pipe with a name.
    NamedPipe,
    /// Nothing that is counted.
    Other,
}

impl Sort {
    pub(super) fn is_a_pipe(self) -> bool {
        matches!(self, Self::Pipe | Self::NamedPipe)
    }
}

/// The numbers that count, with what they are.
pub(super) type Layout = Vec<(u32, Sort)>;

/// The layouts that were met, by how many descriptors there are.
#[derive(Debug, Default)]
pub(super) struct Layouts {
    met: Vec<(u64, Vec<Layout>)>,
}

impl Layouts {
    /// Those of so many descriptors.
    pub(super) fn of(&self, count: u64) -> &[Layout] {
        let met = self.met.iter().find(|(known, _)| *known == count);
        met.map_or(&[], |(_, layouts)| layouts)
    }

    /// One of them was met again: it comes a place earlier, so that those which are met most come first.
    pub(super) fn met(&mut self, count: u64, index: usize) {
        if let Some((_, layouts)) = self.met.iter_mut().find(|(known, _)| *known == count) {
            layouts.swap(index, index.saturating_sub(1));
        }
    }

    /// One more.
    pub(super) fn learn(&mut self, count: u64, layout: Layout) {
        match self.met.iter_mut().find(|(known, _)| *known == count) {
            Some((_, layouts)) if layouts.len() < SHAPES => layouts.push(layout),
            Some(_) => {}
            None => self.met.push((count, vec![layout])),
        }
    }
}

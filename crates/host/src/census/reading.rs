//! What was read of the descriptors of one process.

use super::layout::{Layout, Sort};
use model::Held;

/// What was read so far.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) held: Held,
    /// The number and sort of each descriptor, and of a pipe its inode number or mark.
    pub(super) links: Vec<(u32, Sort, u64)>,
}

impl Reading {
    /// Adds what was read of other numbers. Watches and pipes are counted when all are read.
    pub(super) fn join(&mut self, other: Self) {
        self.held.descriptors += other.held.descriptors;
        self.held.inotify_instances += other.held.inotify_instances;
        self.held.fanotify_groups += other.held.fanotify_groups;
        self.held.of_containers += other.held.of_containers;
        self.links.extend(other.links);
    }

    /// What is behind a number, if it was read.
    pub(super) fn sort_of(&self, number: u32) -> Option<Sort> {
        let link = self.links.iter().find(|(known, _, _)| *known == number);
        link.map(|(_, sort, _)| *sort)
    }

    /// The numbers of inotify instances.
    pub(super) fn instances(&self) -> Vec<u32> {
        let of_inotify = self
            .links
            .iter()
            .filter(|(_, sort, _)| *sort == Sort::Inotify);
        of_inotify.map(|(number, _, _)| *number).collect()
    }

    /// The distinct pipes.
    pub(super) fn pipes(&self) -> Vec<u64> {
        let of_pipes = self.links.iter().filter(|(_, sort, _)| sort.is_a_pipe());
        let mut pipes: Vec<u64> = of_pipes.map(|(_, _, pipe)| *pipe).collect();
        pipes.sort_unstable();
        pipes.dedup();
        pipes
    }

    /// What counts for a limit, by number: of each pipe the first, however many descriptors are its.
    pub(super) fn layout(&self) -> Layout {
        let mut links: Vec<_> = self.links.iter().collect();
        links.sort_unstable_by_key(|(number, _, _)| *number);
        let (mut layout, mut met) = (Layout::new(), Vec::new());
        for (number, sort, pipe) in links {
            let repeats = sort.is_a_pipe() && met.contains(pipe);
            if *sort != Sort::Other && !repeats {
                layout.push((*number, *sort));
                met.extend(sort.is_a_pipe().then_some(*pipe));
            }
        }
        layout
    }

    /// Whether as much counts as in a layout whose numbers were read: no two of its pipes are one, and
    /// what other numbers showed adds none.
    pub(super) fn counts_as(&self, layout: &Layout) -> bool {
        let others = |sort: Sort| sort != Sort::Other && !sort.is_a_pipe();
        let pipes = layout.iter().filter(|(_, sort)| sort.is_a_pipe()).count();
        let here = self.links.iter().filter(|(_, sort, _)| others(*sort));
        let there = layout.iter().filter(|(_, sort)| others(*sort));
        self.pipes().len() == pipes && here.count() == there.count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(links: &[(u32, Sort, u64)]) -> Reading {
        Reading {
            links: links.to_vec(),
            ..Reading::default()
        }
    }

    #[test]
    fn a_layout_is_met_by_as_many_distinct_pipes_and_instances() {
        let whole = reading(&[
            (5, Sort::Pipe, 7),
            (6, Sort::Pipe, 7),
            (3, Sort::Inotify, 0),
            (4, Sort::Other, 0),
            (2, Sort::NamedPipe, 9),
        ]);
        let layout = whole.layout();
        let wanted = [(2, Sort::NamedPipe), (3, Sort::Inotify), (5, Sort::Pipe)];
        assert_eq!(layout, wanted);
        assert_eq!((whole.instances(), whole.pipes()), (vec![3], vec![7, 9]));
        assert_eq!(whole.sort_of(4), Some(Sort::Other));
        assert!(whole.counts_as(&layout));
        let (log, instance) = ((2, Sort::NamedPipe, 1), (3, Sort::Inotify, 0));
        for (links, counts) in [
            (vec![log, instance, (5, Sort::Pipe, 2)], true),
            (vec![log, instance, (5, Sort::Pipe, 1)], false),
            (
                vec![log, instance, (5, Sort::Pipe, 2), (8, Sort::Pipe, 3)],
                false,
            ),
            (
                vec![log, instance, (5, Sort::Pipe, 2), (8, Sort::Inotify, 0)],
                false,
            ),
        ] {
            assert_eq!(reading(&links).counts_as(&layout), counts, "{links:?}");
        }
    }
}

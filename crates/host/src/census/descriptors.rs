//! The descriptors of one process: which of them count for a limit, read with as few links as tell it.

use super::layout::{Layout, Layouts, Sort};
use super::name::Name;
use super::named_pipe::{is_named_pipe, mark};
use super::reading::Reading;
use super::{DIRECTORY, FILE, WALKERS, number};
use model::{FANOTIFY, Held, INOTIFY, WATCH, names_a_container};
use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, Mode, RawDir, StatxFlags, openat, readlinkat_raw, statx};
use rustix::io::{Errno, Result, read};
use std::mem::MaybeUninit;
use std::panic::resume_unwind;
use std::thread;

/// In a table of this many descriptors, one number may be free below the highest: daemons close few
/// of what they opened, and asking for a number that is not open costs less than listing the directory.
const A_FREE_ONE: u64 = 8;
/// As many numbers are read by one thread before a further one is worth its start, and no more threads
/// than [`WALKERS`] for one process: a daemon has thousands, and must not be what all others wait for.
const PIECE: usize = 1024;

/// The directory of the descriptors of one process.
pub(super) struct Descriptors<'a> {
    directory: OwnedFd,
    proc: &'a OwnedFd,
    pid: i32,
    /// How many there are, by the size of the directory; 0 where the kernel does not tell, before
    /// 6.2 (fs/proc/fd.c, proc_fd_getattr).
    count: u64,
}

impl<'a> Descriptors<'a> {
    pub(super) fn open(proc: &'a OwnedFd, pid: i32) -> Result<Self> {
        let mut name = Name::default();
        let directory = openat(proc, name.below(pid, "fd", None), DIRECTORY, Mode::empty())?;
        let facts = statx(&directory, c"", AtFlags::EMPTY_PATH, StatxFlags::SIZE)?;
        Ok(Self {
            directory,
            proc,
            pid,
            count: facts.stx_size,
        })
    }

    /// What the process holds; its pipes are added to `pipes`. With `layouts`, a process that has as
    /// many descriptors as one before it is told by those numbers that counted there.
    pub(super) fn held(self, layouts: Option<&mut Layouts>, pipes: &mut Vec<u64>) -> Result<Held> {
        let mut reading = match layouts {
            None => self.whole()?,
            Some(layouts) => match self.like(layouts.of(self.count))? {
                Some((index, reading)) => {
                    layouts.met(self.count, index);
                    reading
                }
                None => {
                    let reading = self.whole()?;
                    if self.count == reading.held.descriptors {
                        layouts.learn(self.count, reading.layout());
                    }
                    reading
                }
            },
        };
        for number in reading.instances() {
            reading.held.inotify_watches += self.watches(number)?;
        }
        let mut its = reading.pipes();
        reading.held.pipes = its.len() as u64;
        pipes.append(&mut its);
        Ok(reading.held)
    }

    /// Reads the numbers of one layout after the other, each number once; none if it is like none of them.
    fn like(&self, known: &[Layout]) -> Result<Option<(usize, Reading)>> {
        let (mut reading, mut name) = (Reading::default(), Name::default());
        for (index, layout) in known.iter().enumerate() {
            let mut same = true;
            for (number, sort) in layout {
                let found = match reading.sort_of(*number) {
                    None => self.look(*number, &mut name, &mut reading)?,
                    known => known,
                };
                same = found == Some(*sort);
                if !same {
                    break;
                }
            }
            if same && reading.counts_as(layout) {
                reading.held.descriptors = self.count;
                return Ok(Some((index, reading)));
            }
        }
        Ok(None)
    }

    /// Reads every descriptor.
    fn whole(&self) -> Result<Reading> {
        match self.lowest()? {
            Some(reading) => Ok(reading),
            None => self.listed(),
        }
    }

    /// Reads the lowest numbers until all descriptors are found, since the kernel hands out the lowest
    /// free one (fs/file.c, alloc_fd); none where it does not tell how many there are, or they lie further
    /// apart.
    fn lowest(&self) -> Result<Option<Reading>> {
        let Some(count) = u32::try_from(self.count).ok().filter(|count| *count > 0) else {
            return Ok(None);
        };
        let numbers: Vec<u32> = (0..count).collect();
        let mut reading = self.read(&numbers, PIECE)?;
        let missing = self.count - reading.held.descriptors;
        let free = self.count / A_FREE_ONE;
        if missing <= free {
            let mut name = Name::default();
            // Each free number below has one above in its place.
            for number in (count..).take(usize::try_from(missing + free).unwrap_or(0)) {
                if reading.held.descriptors == self.count {
                    break;
                }
                self.look(number, &mut name, &mut reading)?;
            }
        }
        Ok((reading.held.descriptors == self.count).then_some(reading))
    }

    /// Reads the directory and every link in it.
    fn listed(&self) -> Result<Reading> {
        let mut numbers: Vec<u32> = Vec::new();
        let mut room = [MaybeUninit::uninit(); 4096];
        let mut entries = RawDir::new(&self.directory, &mut room);
        while let Some(entry) = entries.next() {
            numbers.extend(number::<u32>(entry?.file_name().to_bytes()));
        }
        self.read(&numbers, PIECE)
    }

    /// Reads these numbers, of which some may not be open; more than `piece` of them in pieces, a thread each.
    fn read(&self, numbers: &[u32], piece: usize) -> Result<Reading> {
        let part = |numbers: &[u32]| {
            let (mut reading, mut name) = (Reading::default(), Name::default());
            for number in numbers {
                self.look(*number, &mut name, &mut reading)?;
            }
            Ok(reading)
        };
        let most = piece.max(numbers.len().div_ceil(WALKERS));
        if numbers.len() <= most {
            return part(numbers);
        }
        thread::scope(|scope| {
            // Where no more threads may be started, this one reads.
            let begin = |numbers| {
                let thread = thread::Builder::new().spawn_scoped(scope, move || part(numbers));
                (numbers, thread)
            };
            let pieces: Vec<_> = numbers.chunks(most).map(begin).collect();
            let mut all = Reading::default();
            for (numbers, thread) in pieces {
                let read =
                    thread.map(|thread| thread.join().unwrap_or_else(|it| resume_unwind(it)));
                all.join(read.unwrap_or_else(|_| part(numbers))?);
            }
            Ok(all)
        })
    }

    /// Reads one link and adds what it is; none if it is not open.
    fn look(&self, number: u32, name: &mut Name, reading: &mut Reading) -> Result<Option<Sort>> {
        let mut room = [MaybeUninit::uninit(); 256];
        let target = match readlinkat_raw(&self.directory, name.of(number), &mut room) {
            Ok((target, _)) => &*target,
            // Closed meanwhile.
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(error),
        };
        let (sort, pipe) = if target == INOTIFY.as_bytes() {
            reading.held.inotify_instances += 1;
            (Sort::Inotify, 0)
        } else if target == FANOTIFY.as_bytes() {
            reading.held.fanotify_groups += 1;
            (Sort::Fanotify, 0)
        } else if let Some(rest) = target.strip_prefix(b"pipe:[") {
            let inode = super::number(rest.strip_suffix(b"]").unwrap_or_default());
            inode.map_or((Sort::Other, 0), |inode| (Sort::Pipe, inode))
        } else {
            reading.held.of_containers += u64::from(names_a_container(target));
            match is_named_pipe(target) {
                true => (Sort::NamedPipe, mark(target)),
                false => (Sort::Other, 0),
            }
        };
        reading.held.descriptors += 1;
        reading.links.push((number, sort, pipe));
        Ok(Some(sort))
    }

    /// The kernel shows a watch a line.
    fn watches(&self, number: u32) -> Result<u64> {
        let mut name = Name::default();
        let path = name.below(self.pid, "fdinfo", Some(number));
        let file = match openat(self.proc, path, FILE, Mode::empty()) {
            Ok(file) => file,
            Err(Errno::NOENT) => return Ok(0),
            Err(error) => return Err(error),
        };
        let mut text = Vec::new();
        let mut room = [0; 8192];
        loop {
            let length = read(&file, &mut room[..])?;
            text.extend_from_slice(&room[..length]);
            // The file is one record: what does not fill the room is its end (fs/seq_file.c).
            if length < room.len() {
                break;
            }
        }
        let lines = text.split(|byte| *byte == b'\n');
        let watches = lines.filter(|line| line.starts_with(WATCH.as_bytes()));
        Ok(watches.count() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::census::PROCESSES;
    use rustix::fs::CWD;
    use std::process::{Child, Command, Stdio};
    use std::time::Duration;

    /// A process that sleeps with what its shell has opened.
    fn with(opened: &str) -> Child {
        // What the test itself has inherited lies anywhere. Numbers of more than a digit are bash's alone.
        let close =
            "for fd in /proc/$$/fd/*; do fd=${fd##*/}; [ $fd -gt 2 ] && eval \"exec $fd>&-\"; done";
        let mut command = Command::new("bash");
        command
            .arg("-c")
            .arg(format!("{close}; exec {opened}; exec sleep 60"));
        let child = command.stdin(Stdio::piped()).spawn().unwrap();
        let name = format!("{PROCESSES}/{}/comm", child.id());
        for _ in 0..500 {
            if std::fs::read_to_string(&name).unwrap() == "sleep\n" {
                break;
            }
            thread::sleep(Duration::from_millis(10));
        }
        child
    }

    fn told(reading: &Reading) -> (Held, &[(u32, Sort, u64)]) {
        (reading.held, &reading.links)
    }

    #[test]
    fn the_lowest_numbers_in_pieces_or_not_tell_what_the_directory_lists() {
        let proc = openat(CWD, PROCESSES, DIRECTORY, Mode::empty()).unwrap();
        let all =
            "3</dev/null 4</dev/null 5</dev/null 6</dev/null 7</dev/null 8</dev/null 9</dev/null";
        // One free number below is looked for above; where they lie apart, the directory is read.
        for opened in [all, &format!("{all} 4<&-"), "9</dev/null"] {
            let mut child = with(opened);
            let its = Descriptors::open(&proc, i32::try_from(child.id()).unwrap()).unwrap();
            let (lowest, listed) = (its.lowest().unwrap(), its.listed().unwrap());
            let names = std::fs::read_dir(format!("{PROCESSES}/{}/fd", child.id())).unwrap();
            let numbers = names.map(|name| name.unwrap().file_name().into_string().unwrap());
            let highest = numbers.map(|name| name.parse().unwrap()).max().unwrap();
            let numbers: Vec<u32> = (0..=highest).collect();
            let pieces = its.read(&numbers, 3).unwrap();
            assert_eq!(told(&pieces), told(&listed), "{opened}");
            assert!(listed.held.descriptors >= 4 && !listed.pipes().is_empty());
            let near = u64::from(highest) < its.count + 2;
            assert_eq!(lowest.is_some(), near, "{opened}: {highest}");
            if let Some(lowest) = lowest {
                assert_eq!(told(&lowest), told(&listed), "{opened}");
            }
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

//! The descriptors of one process: which of them count for a limit, read with as few links as tell it.

use super::layout::{Layouts, Sort};
use super::{DIRECTORY, FILE, number};
use model::{FANOTIFY, Held, INOTIFY, WATCH, names_a_container};
use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, Mode, RawDir, StatxFlags, openat, readlinkat_raw, statx};
use rustix::io::{Errno, Result, read};
use std::ffi::CStr;
use std::hash::{DefaultHasher, Hasher};
use std::io::Write;
use std::mem::MaybeUninit;

/// Where containerd and Docker make the named pipes for what containers print (containerd
/// pkg/cio, moby libcontainerd); nothing else is kept open there for long.
const NAMED_PIPES: [&[u8]; 2] = [b"/run/containerd/", b"/run/docker/containerd/"];
/// How they are called where the daemons have their state elsewhere (`--exec-root`, `--state`).
const CALLED: [&[u8]; 4] = [b"-stdin", b"-stdout", b"-stderr", b"/log"];
const ELSEWHERE: &[u8] = b"/containerd/";
/// A process with no more descriptors than this has them as its first numbers, if it has closed none.
const FEW: u64 = 4;

/// The directory of the descriptors of one process.
pub(super) struct Descriptors<'a> {
    directory: OwnedFd,
    proc: &'a OwnedFd,
    pid: i32,
    /// How many there are, by the size of the directory; 0 where the kernel does not tell, before
    /// 6.2 (fs/proc/fd.c, proc_fd_getattr).
    count: u64,
    name: Name,
}

/// What was read of a process, and the pipes that it holds.
#[derive(Default)]
struct Reading {
    held: Held,
    pipes: Vec<u64>,
    /// The numbers of inotify instances.
    instances: Vec<u32>,
    /// What counts for a limit, by number.
    layout: Vec<(u32, Sort)>,
}

impl Reading {
    /// Whether the pipe that was met last was met before.
    fn repeats_a_pipe(&self) -> bool {
        match self.pipes.split_last() {
            Some((last, before)) => before.contains(last),
            None => false,
        }
    }
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
            name,
        })
    }

    /// What the process holds; its pipes are added to `pipes`. With `layouts`, a process that has as
    /// many descriptors as one before it is told by those numbers that counted there.
    pub(super) fn held(
        mut self,
        layouts: Option<&mut Layouts>,
        pipes: &mut Vec<u64>,
    ) -> Result<Held> {
        let known = layouts.as_ref().map_or(&[][..], |all| all.of(self.count));
        let mut told = None;
        for layout in known {
            told = self.by(layout)?;
            if told.is_some() {
                break;
            }
        }
        if told.is_none() && self.count <= FEW && self.count > 0 {
            told = self.first()?;
        }
        let mut reading = match told {
            Some(reading) => reading,
            None => {
                let mut reading = self.all(layouts.is_some())?;
                if let Some(layouts) = layouts.filter(|_| self.count == reading.held.descriptors) {
                    layouts.learn(self.count, std::mem::take(&mut reading.layout));
                }
                reading
            }
        };
        for number in std::mem::take(&mut reading.instances) {
            reading.held.inotify_watches += self.watches(number)?;
        }
        reading.pipes.sort_unstable();
        reading.pipes.dedup();
        reading.held.pipes = reading.pipes.len() as u64;
        pipes.append(&mut reading.pipes);
        Ok(reading.held)
    }

    /// Reads the numbers of a layout; none if one of them is something else here.
    fn by(&mut self, layout: &[(u32, Sort)]) -> Result<Option<Reading>> {
        let mut reading = Reading::default();
        for (number, sort) in layout {
            match self.look(*number, &mut reading) {
                Ok(found) if found == *sort => {}
                Ok(_) | Err(Errno::NOENT) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        reading.held.descriptors = self.count;
        Ok(Some(reading))
    }

    /// Reads as many numbers as there are descriptors; none if one of them is not open.
    fn first(&mut self) -> Result<Option<Reading>> {
        let mut reading = Reading::default();
        for number in 0..u32::try_from(self.count).unwrap_or(0) {
            match self.look(number, &mut reading) {
                Ok(_) => {}
                Err(Errno::NOENT) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        reading.held.descriptors = self.count;
        Ok(Some(reading))
    }

    /// Reads the directory and every link in it, and notes the layout if that is `learnt`.
    fn all(&mut self, learnt: bool) -> Result<Reading> {
        let mut reading = Reading::default();
        let mut numbers: Vec<u32> = Vec::new();
        let mut room = [MaybeUninit::uninit(); 4096];
        let mut entries = RawDir::new(&self.directory, &mut room);
        while let Some(entry) = entries.next() {
            numbers.extend(number::<u32>(entry?.file_name().to_bytes()));
        }
        for number in numbers {
            match self.look(number, &mut reading) {
                Ok(Sort::Other) => {}
                Ok(_) if !learnt => {}
                // A pipe counts once, however many of the descriptors are its.
                Ok(Sort::Pipe | Sort::NamedPipe) if reading.repeats_a_pipe() => {}
                Ok(sort) => reading.layout.push((number, sort)),
                // Closed meanwhile.
                Err(Errno::NOENT) => continue,
                Err(error) => return Err(error),
            }
            reading.held.descriptors += 1;
        }
        Ok(reading)
    }

    /// Reads one link.
    fn look(&mut self, number: u32, reading: &mut Reading) -> Result<Sort> {
        let mut room = [MaybeUninit::uninit(); 256];
        let (target, _) = readlinkat_raw(&self.directory, self.name.of(number), &mut room)?;
        let target = &*target;
        Ok(if target == INOTIFY.as_bytes() {
            reading.held.inotify_instances += 1;
            reading.instances.push(number);
            Sort::Inotify
        } else if target == FANOTIFY.as_bytes() {
            reading.held.fanotify_groups += 1;
            Sort::Fanotify
        } else if let Some(rest) = target.strip_prefix(b"pipe:[") {
            let inode = super::number::<u64>(rest.strip_suffix(b"]").unwrap_or_default());
            reading.pipes.extend(inode);
            Sort::Pipe
        } else {
            reading.held.of_containers += u64::from(names_a_container(target));
            match is_named_pipe(target) {
                true => {
                    reading.pipes.push(mark(target));
                    Sort::NamedPipe
                }
                false => Sort::Other,
            }
        })
    }

    /// The kernel shows a watch a line.
    fn watches(&mut self, number: u32) -> Result<u64> {
        let path = self.name.below(self.pid, "fdinfo", Some(number));
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

/// A name below `/proc`, written where the last one stood.
#[derive(Default)]
struct Name {
    bytes: Vec<u8>,
}

impl Name {
    fn of(&mut self, number: u32) -> &CStr {
        self.write(format_args!("{number}\0"))
    }

    fn below(&mut self, pid: i32, directory: &str, number: Option<u32>) -> &CStr {
        match number {
            Some(number) => self.write(format_args!("{pid}/{directory}/{number}\0")),
            None => self.write(format_args!("{pid}/{directory}\0")),
        }
    }

    fn write(&mut self, name: std::fmt::Arguments<'_>) -> &CStr {
        self.bytes.clear();
        // Writing into memory does not fail.
        let _ = self.bytes.write_fmt(name);
        CStr::from_bytes_until_nul(&self.bytes).unwrap_or(c"")
    }
}

fn is_named_pipe(target: &[u8]) -> bool {
    let elsewhere = || {
        CALLED.iter().any(|end| target.ends_with(end))
            && target
                .windows(ELSEWHERE.len())
                .any(|part| part == ELSEWHERE)
            && names_a_container(target)
    };
    NAMED_PIPES.iter().any(|place| target.starts_with(place)) || elsewhere()
}

/// A number for a name, beyond the inode numbers, which the kernel counts up from 1.
fn mark(name: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(name);
    hasher.finish() | 1 << 63
}

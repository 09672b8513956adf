//! The stand-in: two processes that hold what a container's shim and its program hold, and sleep.
//!
//! Everything that a stand-in takes dies with them but its groups and mounts, which the guard removes.

use super::footprint::{Footprint, NAMESPACES};
use super::groups::{Groups, make, put};
use super::hub::{self, Failed, Hub, at};
use super::netlink::Links;
use super::program::program;
use super::sys::{self, Side};
use super::words::{Report, Told, say};
use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags};
use nix::sys::eventfd::EventFd;
use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use nix::sys::stat::Mode;
use nix::unistd::{Pid, getppid, pipe2, read, write};
use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::thread;
use std::time::Instant;

/// Files that an inotify instance can watch: the shim's two of its container and PID 1's two.
const WATCHED: [&str; 4] = [
    "/proc/self/stat",
    "/proc/self/status",
    "/proc/self/limits",
    "/proc/self/mountinfo",
];
/// Of a thread that only sleeps.
const STACK: usize = 16 << 10;
/// File descriptors that one epoll instance is given in turn.
const FIRST_FILES: usize = 64;

/// What a stand-in is started with.
pub(super) struct Start<'a> {
    /// Its number, counted from 0.
    pub(super) number: u64,
    /// What it takes.
    pub(super) footprint: &'a Footprint,
    /// What it shares with all others.
    pub(super) hub: &'a Hub,
    /// Where its groups go.
    pub(super) groups: Option<&'a Groups>,
    /// The name of the rehearsal.
    pub(super) name: &'a str,
    /// Where it tells how it went.
    pub(super) reports: &'a OwnedFd,
    /// The guard.
    pub(super) guard: Pid,
}

/// Takes everything and holds it: the life of a shim's process, which does not return.
pub(super) fn run(start: &Start<'_>) -> ! {
    let begun = Instant::now();
    let _ = set_pdeathsig(Signal::SIGKILL);
    if getppid() != start.guard {
        // The guard went before the kernel was told to take this along.
        sys::end(1);
    }
    match take(start) {
        Ok(held) => {
            let took = begun.elapsed().as_micros() as u64;
            tell(start, &Report::Up(start.number, took));
            sleep(held)
        }
        Err((call, error)) => {
            tell(start, &Report::Refused(told(start, call, error)));
            sys::end(1)
        }
    }
}

/// What a stand-in holds open.
struct Holding {
    #[expect(dead_code, reason = "open is all it has to be")]
    files: Vec<OwnedFd>,
    #[expect(dead_code, reason = "open is all they have to be")]
    watchers: Vec<Inotify>,
    #[expect(dead_code, reason = "open is all they have to be")]
    polls: Vec<Epoll>,
}

fn take(start: &Start<'_>) -> Result<Holding, Failed> {
    let footprint = start.footprint;
    let holding = open_files(start)?;
    let groups = groups(start)?;
    let container = container(start, &groups)?;
    links(start, container)?;
    let has_network = footprint.namespaces & NAMESPACES[0].1 != 0;
    let network = has_network.then(|| PathBuf::from(format!("/proc/{container}/ns/net")));
    hub::mounts(start.number, footprint.mounts, network.as_deref())?;
    threads(footprint.shim.saturating_sub(1))?;
    Ok(holding)
}

/// Pipes, inotify instances and epoll watches, then plain files up to the number of all.
fn open_files(start: &Start<'_>) -> Result<Holding, Failed> {
    let footprint = start.footprint;
    let mut files = Vec::new();
    for _ in 0..footprint.pipes {
        let (one, other) = pipe2(OFlag::O_CLOEXEC).map_err(at("pipe"))?;
        files.extend([one, other]);
    }
    let mut watchers = Vec::new();
    for _ in 0..footprint.inotify {
        match watch(footprint.watches) {
            Ok(watcher) => watchers.push(watcher),
            // A shim logs it and goes on without the container's out-of-memory events.
            Err((call, error)) => {
                tell(start, &Report::Lost(told(start, call, error)));
                break;
            }
        }
    }
    for _ in 0..footprint.terminals {
        files.push(hub::terminal()?);
    }
    let mut polls = Vec::new();
    let polled = footprint.epoll.min(FIRST_FILES as u64);
    let used = files.len() as u64 + watchers.len() as u64 + polled + 1;
    if polled > 0 {
        let poll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC).map_err(at("epoll_create"))?;
        for _ in 0..polled {
            let event = EventFd::new().map_err(at("eventfd"))?;
            let event = OwnedFd::from(event);
            let added = poll.add(&event, EpollEvent::new(EpollFlags::EPOLLIN, 0));
            added.map_err(at("epoll_ctl"))?;
            files.push(event);
        }
        polls.push(poll);
    }
    for _ in used..footprint.files {
        files.push(open("/dev/null", OFlag::O_CLOEXEC, Mode::empty()).map_err(at("open"))?);
    }
    Ok(Holding {
        files,
        watchers,
        polls,
    })
}

fn watch(count: u64) -> Result<Inotify, Failed> {
    let watcher = Inotify::init(InitFlags::IN_CLOEXEC).map_err(at("inotify_init"))?;
    for path in WATCHED.iter().take(count as usize) {
        let added = watcher.add_watch(*path, AddWatchFlags::IN_MODIFY);
        added.map_err(at("inotify_add_watch"))?;
    }
    Ok(watcher)
}

/// Makes the container's groups; the first is the one that it is put into.
fn groups(start: &Start<'_>) -> Result<Vec<PathBuf>, Failed> {
    let Some(groups) = start.groups else {
        return Ok(Vec::new());
    };
    let mut first = Vec::new();
    if start.footprint.groups == 0 {
        first.extend(groups.shared());
    }
    for which in 0..start.footprint.groups {
        for path in groups.of(start.number, which) {
            make(&path)?;
            if which == 0 {
                first.push(path);
            }
        }
    }
    Ok(first)
}

/// Starts the container's process and waits until it has what it takes.
fn container(start: &Start<'_>, groups: &[PathBuf]) -> Result<Pid, Failed> {
    let unified = start.groups.is_some_and(|groups| groups.unified);
    let group = match groups.first() {
        Some(path) if unified => Some(
            File::open(path)
                .map_err(|error| ("open of a cgroup".to_owned(), super::groups::errno(&error)))?,
        ),
        _ => None,
    };
    let (ready, done) = pipe2(OFlag::O_CLOEXEC).map_err(at("pipe"))?;
    let namespaces = start.footprint.namespaces;
    let clone = || match sys::clone_into(namespaces, group.as_ref().map(AsFd::as_fd)) {
        // It must not go on from here: the way back leads into the larger mount namespace.
        Ok(Side::Child) => program(start, &done, &ready),
        Ok(Side::Parent(process)) => Ok(process),
        Err(error) => Err(error),
    };
    let process = start
        .hub
        .small(clone)
        .map_err(at("setns"))?
        .map_err(at("clone"))?;
    if !unified {
        for group in groups {
            put(&group.join("cgroup.procs"), &process.to_string())?;
        }
    }
    drop(done);
    let mut word = [0; 1];
    match read(&ready, &mut word) {
        Ok(1) => Ok(process),
        // It has said itself what it was refused.
        _ => sys::end(1),
    }
}

/// A pair of veth for each port.
fn links(start: &Start<'_>, container: Pid) -> Result<(), Failed> {
    let ports = &start.footprint.ports;
    if ports.iter().all(|ports| *ports == 0) {
        return Ok(());
    }
    let links = Links::open().map_err(at("rtnetlink"))?;
    let mut first = true;
    for (bridge, count) in start.hub.bridges.iter().zip(ports) {
        for which in 0..*count {
            let name = hub::port(start.number, *bridge, which);
            let peer = format!("htp{}-{bridge}-{which}", start.number);
            let process = first.then_some(container);
            first = false;
            let made = links.veth(&name, *bridge, &peer, process);
            made.map_err(at("rtnetlink: veth into bridge"))?;
        }
    }
    Ok(())
}

/// Threads that sleep.
pub(super) fn threads(count: u64) -> Result<(), Failed> {
    for _ in 0..count {
        let thread = thread::Builder::new().stack_size(STACK);
        let started = thread.spawn(|| -> () { sleep(()) });
        started.map_err(|error| ("clone".to_owned(), super::groups::errno(&error)))?;
    }
    Ok(())
}

/// Holds something until the end.
pub(super) fn sleep<T>(_held: T) -> ! {
    loop {
        nix::unistd::pause();
    }
}

pub(super) fn told(start: &Start<'_>, call: String, error: Errno) -> Told {
    Told {
        number: start.number,
        call,
        errno: error as i32,
    }
}

/// One write, so that those of several stand-ins do not mix.
pub(super) fn tell(start: &Start<'_>, report: &Report) {
    let mut line = Vec::new();
    if say(&mut line, report).is_ok() {
        let _ = write(start.reports, &line);
    }
}

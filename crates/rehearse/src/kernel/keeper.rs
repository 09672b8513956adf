//! The keeper: starts stand-ins, hears what becomes of them, and takes them away.

use super::footprint::Script;
use super::hub::{self, Hub};
use super::standin::{self, Start};
use super::sys::{self, Side};
use super::words::{Order, Report, Started, Told, Word, hear, say};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, getpid};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::Duration;

/// A refusal is believed when the same stand-in is refused again by itself, after what was in flight
/// with it is gone.
const ATTEMPTS: u32 = 4;
const PAUSE: Duration = Duration::from_millis(150);
/// Looks at children that do not die until they are killed again.
const AGAIN: u32 = 50;
/// How often to look for stand-ins that died without a word.
const LOOK: u16 = 200;

/// The stand-ins that run.
pub(super) struct Keeper {
    pub(super) script: Script,
    pub(super) hub: Hub,
    pub(super) connection: UnixStream,
    /// Where stand-ins tell, and where that is heard.
    pub(super) reports: OwnedFd,
    pub(super) heard: BufReader<File>,
    /// Their processes by their numbers.
    pub(super) running: BTreeMap<u64, Pid>,
}

/// What became of the stand-ins of one round.
#[derive(Default)]
struct Round {
    up: Vec<(u64, u64)>,
    refused: Vec<Told>,
    lost: Vec<Told>,
    /// Whether hosttune went meanwhile.
    alone: bool,
}

impl Keeper {
    /// Does what it is told, until the end or until nobody tells it anything.
    pub(super) fn serve(&mut self, orders: &mut impl BufRead, answers: &mut impl Write) {
        while let Ok(Some(Order::Start(from, to))) = hear(orders) {
            let started = self.start(from, to);
            if say(answers, &Word::Started(started)).is_err() {
                return;
            }
        }
    }

    fn start(&mut self, from: u64, to: u64) -> Started {
        let wanted: Vec<u64> = (from..to).collect();
        let mut started = Started::default();
        let mut round = self.round(&wanted);
        if round.refused.is_empty() || round.alone {
            started.add(&mut round);
        } else {
            self.in_order(&wanted, &mut started);
        }
        started.running = self.running.len() as u64;
        started
    }

    /// Starts these one after the other. Of several that start together one may be refused what
    /// another took that comes later; so all of them are taken away first.
    fn in_order(&mut self, wanted: &[u64], started: &mut Started) {
        for number in wanted {
            if let Some(process) = self.running.remove(number) {
                self.discard(*number, process);
            }
        }
        let mut pause = PAUSE;
        for number in wanted {
            for attempt in 1..=ATTEMPTS {
                let mut round = self.round(&[*number]);
                started.add(&mut round);
                if round.alone {
                    return;
                }
                let Some(refused) = round.refused.pop() else {
                    break;
                };
                if attempt == ATTEMPTS {
                    started.refused = Some(refused);
                    return;
                }
                // Keys and network namespaces are given back some time after their last user's end.
                thread::sleep(pause);
                reap();
                pause *= 2;
            }
        }
    }

    /// Starts these together and waits for what becomes of each.
    fn round(&mut self, numbers: &[u64]) -> Round {
        let mut round = Round::default();
        let mut open: BTreeMap<u64, Pid> = BTreeMap::new();
        for &number in numbers {
            match self.fork(number) {
                Ok(process) => {
                    open.insert(number, process);
                }
                Err(error) => {
                    round.refused.push(Told {
                        number,
                        call: "fork".to_owned(),
                        errno: error as i32,
                    });
                    break;
                }
            }
        }
        while !open.is_empty() {
            match self.next_report() {
                Next::Report(Report::Up(number, took)) => {
                    if let Some(process) = open.remove(&number) {
                        self.running.insert(number, process);
                        round.up.push((number, took));
                    }
                }
                Next::Report(Report::Refused(told)) => {
                    if let Some(process) = open.remove(&told.number) {
                        self.discard(told.number, process);
                        round.refused.push(told);
                    }
                }
                Next::Report(Report::Lost(told)) => round.lost.push(told),
                Next::Quiet => {
                    for (number, process) in died(&open) {
                        open.remove(&number);
                        self.discard(number, process);
                        round.refused.push(Told {
                            number,
                            call: "a stand-in was killed".to_owned(),
                            errno: 0,
                        });
                    }
                }
                Next::Alone => {
                    round.alone = true;
                    // They are closed with all others.
                    self.running.append(&mut open);
                }
            }
        }
        round
    }

    fn fork(&self, number: u64) -> nix::Result<Pid> {
        let footprint = self
            .script
            .steps
            .get(number as usize)
            .ok_or(Errno::EINVAL)?;
        let guard = getpid();
        match sys::fork()? {
            Side::Parent(process) => Ok(process),
            Side::Child => standin::run(&Start {
                number,
                footprint,
                hub: &self.hub,
                groups: self.script.groups.as_ref(),
                name: &self.script.name,
                reports: &self.reports,
                guard,
            }),
        }
    }

    /// The next line, or what there is instead of one.
    fn next_report(&mut self) -> Next {
        if self.heard.buffer().is_empty() {
            let heard = self.heard.get_ref().as_fd();
            let mut ready = [
                PollFd::new(heard, PollFlags::POLLIN),
                PollFd::new(self.connection.as_fd(), PollFlags::empty()),
            ];
            let _ = poll(&mut ready, PollTimeout::from(LOOK));
            let has = |at: usize| ready[at].any().unwrap_or(false);
            match (has(0), has(1)) {
                (_, true) => return Next::Alone,
                (false, false) => return Next::Quiet,
                (true, false) => {}
            }
        }
        match hear(&mut self.heard) {
            Ok(Some(report)) => Next::Report(report),
            _ => Next::Quiet,
        }
    }

    /// Takes a stand-in away that was refused, with all that it had taken.
    fn discard(&self, number: u64, process: Pid) {
        let _ = kill(process, Signal::SIGKILL);
        let _ = waitpid(process, None);
        // Its container was left to this process by its death, and dies of it.
        reap();
        hub::unmount(number);
        let index = usize::try_from(number).ok();
        if let Some(step) = index.and_then(|index| self.script.steps.get(index)) {
            self.hub.unlink(number, &step.ports);
        }
        if let Some(groups) = &self.script.groups {
            groups.discard(number);
        }
    }

    /// Takes all away; gives what is still there.
    pub(super) fn close(&mut self) -> Vec<String> {
        for process in self.running.values() {
            let _ = kill(*process, Signal::SIGKILL);
        }
        self.running.clear();
        // Containers die with their shims and are this process's children then; one that does not is
        // killed as such.
        let mut quiet = 0u32;
        loop {
            match waitpid(None::<Pid>, Some(WaitPidFlag::WNOHANG)) {
                Err(Errno::ECHILD) => break,
                Ok(WaitStatus::StillAlive) => {
                    quiet += 1;
                    if quiet.is_multiple_of(AGAIN) {
                        kill_children();
                    }
                    thread::sleep(Duration::from_millis(2));
                }
                _ => {}
            }
        }
        let groups = self.script.groups.as_ref();
        groups.map_or_else(Vec::new, super::groups::Groups::remove)
    }
}

enum Next {
    Report(Report),
    Quiet,
    Alone,
}

impl Started {
    fn add(&mut self, round: &mut Round) {
        self.took.extend(round.up.iter().map(|(_, took)| took));
        self.lost.append(&mut round.lost);
    }
}

/// Waits for the children that are dead.
fn reap() {
    while let Ok(status) = waitpid(None::<Pid>, Some(WaitPidFlag::WNOHANG)) {
        if status == WaitStatus::StillAlive {
            return;
        }
    }
}

/// Kills whoever is this process's child now: nobody else has one of these numbers before it is waited
/// for.
fn kill_children() {
    let path = "/proc/thread-self/children";
    let children = std::fs::read_to_string(path).unwrap_or_default();
    for child in children
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
    {
        let _ = kill(Pid::from_raw(child), Signal::SIGKILL);
    }
}

/// Those of them that are dead.
fn died(open: &BTreeMap<u64, Pid>) -> Vec<(u64, Pid)> {
    let is_dead = |process: Pid| {
        let flags = WaitPidFlag::WNOHANG | WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT;
        let status = nix::sys::wait::waitid(nix::sys::wait::Id::Pid(process), flags);
        !matches!(status, Ok(WaitStatus::StillAlive))
    };
    let dead = open.iter().filter(|(_, process)| is_dead(**process));
    dead.map(|(number, process)| (*number, *process)).collect()
}

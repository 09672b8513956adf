//! systemd as the bus shows it: units fetched together, once, and kept until told to forget.

mod escape;
mod refusal;
mod transient;
mod wire;

use crate::fault::{failed, unavailable};
use crate::last_words;
use model::{HostError, HostResult, Unit};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
pub use transient::Transient;
use wire::Wire;
pub(crate) use wire::{Job, MANAGER};

/// How long systemd may read its unit files.
const RELOAD: Duration = Duration::from_secs(90);
/// How long a unit's job may take, and how often it is asked meanwhile.
const JOB: Duration = Duration::from_secs(120);
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// The bus, connected when first needed.
#[derive(Debug)]
pub(crate) struct Bus {
    /// Another address than the system bus's own.
    pub(crate) address: Option<String>,
    /// How long a reader waits for connecting and for each answer.
    pub(crate) patience: Duration,
    state: Mutex<State>,
    calls: AtomicUsize,
}

#[derive(Debug, Default)]
struct State {
    wire: Option<HostResult<Wire>>,
    expected: BTreeSet<String>,
    units: BTreeMap<String, HostResult<Arc<Unit>>>,
}

impl Bus {
    /// The system bus, not yet connected.
    pub(crate) fn new(patience: Duration) -> Self {
        Self {
            address: None,
            patience,
            state: Mutex::default(),
            calls: AtomicUsize::new(0),
        }
    }

    /// Remembers names, so that the first question fetches them all.
    pub(crate) fn expect(&self, names: &[&str]) {
        let names = names.iter().map(|name| (*name).to_owned());
        self.state().expected.extend(names);
    }

    /// The properties of a unit; a failure is kept like an answer, so that nobody waits twice.
    pub(crate) fn unit(&self, name: &str) -> HostResult<Arc<Unit>> {
        let mut state = self.state();
        if let Some(known) = state.units.get(name) {
            return known.clone();
        }
        state.expected.insert(name.to_owned());
        let wire = match state.wire.take() {
            Some(wire) => wire,
            None => self.connect(self.patience),
        };
        let State {
            expected, units, ..
        } = &mut *state;
        let asked: Vec<String> = expected
            .iter()
            .filter(|name| !units.contains_key(*name))
            .cloned()
            .collect();
        let answers = match &wire {
            Ok(wire) => self.fetch(wire, &asked),
            Err(error) => vec![Err(error.clone()); asked.len()],
        };
        units.extend(asked.into_iter().zip(answers));
        let answer = units.get(name).cloned();
        state.wire = Some(wire);
        answer.unwrap_or_else(|| Err(failed(name, "was not asked for")))
    }

    /// Forgets the units, and a failure to connect.
    pub(crate) fn forget(&self) {
        let mut state = self.state();
        state.units.clear();
        if matches!(state.wire, Some(Err(_))) {
            state.wire = None;
        }
    }

    /// Has systemd read its unit files again, and waits until it has.
    pub(crate) fn reload(&self) -> HostResult<()> {
        let wire = self.connect(RELOAD)?;
        self.count(1);
        wire.reload()
    }

    /// Has the message bus read its configuration again; it answers when it has.
    pub(crate) fn reload_bus(&self) -> HostResult<()> {
        let wire = self.connect(self.patience)?;
        self.count(1);
        wire.reload_bus()
    }

    /// Has systemd forget that a unit failed.
    pub(crate) fn forget_failure(&self, unit: &str) -> HostResult<()> {
        let wire = self.connect(self.patience)?;
        self.count(1);
        wire.forget_failure(unit)
    }

    /// Has systemd start a service that no file describes; what it runs is not waited for.
    pub(crate) fn start_transient(&self, service: &Transient<'_>) -> HostResult<()> {
        let wire = self.connect(self.patience)?;
        self.count(1);
        wire.start_transient(service)
    }

    /// Has systemd do a job on a unit and waits for what becomes of it.
    pub(crate) fn job(&self, unit: &str, job: Job) -> HostResult<()> {
        let wire = self.connect(self.patience)?;
        let started = Instant::now();
        self.count(2);
        wire.queue(unit, job)?;
        while started.elapsed() < JOB {
            self.count(1);
            if !wire.has_job(unit)? {
                let looked = self.fetch(&wire, &[unit.to_owned()]);
                let seen = looked.into_iter().next().transpose()?;
                match seen.as_deref().and_then(|unit| unit.text("ActiveState")) {
                    // Ready, or done as a oneshot unit is when it has done its work.
                    Some("active" | "inactive") => return Ok(()),
                    Some("failed") => {
                        return Err(failed(unit, last_words::of_failed(unit, job.name())));
                    }
                    // Between two attempts of its own.
                    _ => {}
                }
            }
            thread::sleep(LOOK_AGAIN);
        }
        Err(HostError::TimedOut {
            what: format!("{} of {unit}", job.name()),
            seconds: JOB.as_secs(),
        })
    }

    /// How many calls went over the bus.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    fn fetch(&self, wire: &Wire, names: &[String]) -> Vec<HostResult<Arc<Unit>>> {
        self.count(names.len());
        let answers = wire.units(names).into_iter();
        answers.map(|answer| answer.map(Arc::new)).collect()
    }

    fn connect(&self, patience: Duration) -> HostResult<Wire> {
        self.count(1);
        Wire::connect(self.address.clone(), self.patience, patience)
    }

    fn count(&self, calls: usize) {
        self.calls.fetch_add(calls, Ordering::Relaxed);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a file tree answers: nothing runs there.
pub(crate) fn in_a_tree(what: &str) -> HostError {
    unavailable(what, "nothing runs in a file tree")
}

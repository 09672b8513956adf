//! A recorder: a host that keeps what is read through it.
//!
//! Who reads through it gets what is kept, not what was there. So what a run says and what its
//! recording says cannot differ.

use crate::facts::Facts;
use crate::kept;
use crate::seen::Seen;
use crate::told::{Reading, Told};
use model::{Census, Host, HostError, HostResult, Image, STATE_DIRECTORY, Scope, Space, Unit};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A host that is listened to.
pub struct Recorder<'a> {
    host: &'a dyn Host,
    now: u64,
    kept: Mutex<Kept>,
}

/// What was read so far.
#[derive(Default)]
struct Kept {
    files: BTreeMap<String, Vec<Told<String>>>,
    folders: BTreeMap<String, Told<Vec<String>>>,
    links: BTreeMap<String, Told<String>>,
    images: BTreeMap<String, Told<Seen>>,
    units: BTreeMap<String, Told<Unit>>,
    manager: Option<Told<Unit>>,
    modified: BTreeMap<String, Told<Duration>>,
    space: BTreeMap<String, Told<Space>>,
    docker: BTreeMap<String, Told<String>>,
    census: Option<Told<Census>>,
    namespaces: BTreeMap<String, Told<u64>>,
}

/// The name that systemd's manager is asked for by.
const MANAGER: &str = "manager";
/// The same of the census.
const CENSUS: &str = "census";

impl<'a> Recorder<'a> {
    /// Listens to `host`.
    pub fn new(host: &'a dyn Host) -> Self {
        Self {
            host,
            now: host.now(),
            kept: Mutex::default(),
        }
    }

    /// What was read, by `command` of a hosttune of `version`.
    pub fn facts(&self, version: &str, command: &str) -> Facts {
        let kept = std::mem::take(&mut *self.kept());
        let files = kept.files.into_iter();
        Facts {
            uid: self.host.uid(),
            now: self.now,
            files: files
                .filter_map(|(path, answers)| Some((path, Reading::of(answers)?)))
                .collect(),
            folders: kept.folders,
            links: kept.links,
            images: kept.images,
            units: kept.units,
            manager: kept.manager,
            modified: kept.modified,
            space: kept.space,
            docker: kept.docker,
            census: kept.census,
            namespaces: kept.namespaces,
            ..Facts::empty(version, command, self.host.scope())
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps an answer, and gives it back as it is kept.
fn keep<T: Clone>(
    known: &mut BTreeMap<String, Told<T>>,
    name: &str,
    answer: HostResult<T>,
) -> HostResult<T> {
    known.insert(name.to_owned(), Told::of(name, answer.clone()));
    answer
}

impl Host for Recorder<'_> {
    fn scope(&self) -> Scope {
        self.host.scope()
    }

    fn read(&self, path: &str) -> HostResult<Vec<u8>> {
        let answer = refuse_journal(path).and_then(|()| self.host.read(path));
        let answer = answer.map(|content| kept::file(path, &String::from_utf8_lossy(&content)));
        let mut kept = self.kept();
        let answers = kept.files.entry(path.to_owned()).or_default();
        answers.push(Told::of(path, answer.clone()));
        answer.map(String::into_bytes)
    }

    fn list(&self, directory: &str) -> HostResult<Vec<String>> {
        let answer = refuse_journal(directory).and_then(|()| self.host.list(directory));
        keep(&mut self.kept().folders, directory, answer)
    }

    fn image(&self, path: &str) -> HostResult<Image> {
        let answer = self.host.image(path).map(Seen::from);
        keep(&mut self.kept().images, path, answer).map(Image::from)
    }

    fn read_link(&self, path: &str) -> HostResult<String> {
        let answer = self.host.read_link(path);
        keep(&mut self.kept().links, path, answer)
    }

    fn unit(&self, name: &str) -> HostResult<Arc<Unit>> {
        let answer = self.host.unit(name);
        let owned = answer.clone().map(|unit| Unit::clone(&unit));
        let _ = keep(&mut self.kept().units, name, owned);
        answer
    }

    fn expect_units(&self, names: &[&str]) {
        self.host.expect_units(names);
    }

    fn manager(&self) -> HostResult<Arc<Unit>> {
        let answer = self.host.manager();
        let owned = answer.clone().map(|unit| Unit::clone(&unit));
        self.kept().manager = Some(Told::of(MANAGER, owned));
        answer
    }

    fn modified(&self, path: &str) -> HostResult<Duration> {
        let answer = self.host.modified(path);
        keep(&mut self.kept().modified, path, answer)
    }

    fn space(&self, path: &str) -> HostResult<Space> {
        let answer = self.host.space(path);
        keep(&mut self.kept().space, path, answer)
    }

    fn docker(&self, path: &str) -> HostResult<String> {
        let answer = self.host.docker(path);
        let answer = answer.and_then(|json| kept::docker(path, &json));
        keep(&mut self.kept().docker, path, answer)
    }

    fn census(&self) -> HostResult<Arc<Census>> {
        let answer = self.host.census();
        let owned = answer.clone().map(|census| Census::clone(&census));
        self.kept().census = Some(Told::of(CENSUS, owned));
        answer
    }

    fn expect_census(&self) {
        self.host.expect_census();
    }

    fn namespaces(&self, kind: &str) -> HostResult<u64> {
        let answer = self.host.namespaces(kind);
        keep(&mut self.kept().namespaces, kind, answer)
    }

    fn uid(&self) -> u32 {
        self.host.uid()
    }

    fn now(&self) -> u64 {
        self.now
    }
}

/// The journal has what files held before, which is nobody else's business. What it comes to is
/// published beside it, and that is read where the journal is closed.
fn refuse_journal(path: &str) -> HostResult<()> {
    match path.strip_prefix(STATE_DIRECTORY) {
        Some(rest) if rest.starts_with("/journal") || rest.starts_with("/kept") => {
            Err(HostError::Denied {
                what: path.to_owned(),
                needs: "a run that is not recorded".to_owned(),
            })
        }
        _ => Ok(()),
    }
}

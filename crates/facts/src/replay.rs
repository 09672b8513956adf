//! A replay: a host that answers from a recording, and says so where it has no answer.

use crate::facts::Facts;
use crate::told::Told;
use model::{Census, Host, HostError, HostResult, Image, Scope, Space, Unit};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The host that facts were recorded of, as it was then.
pub struct Replay {
    facts: Facts,
    /// How often each file was read.
    turns: Mutex<BTreeMap<String, usize>>,
}

impl Replay {
    /// The host of `facts`.
    pub fn new(facts: Facts) -> Self {
        Self {
            facts,
            turns: Mutex::default(),
        }
    }

    /// Everything that it answers from.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }
}

fn from<T: Clone>(known: &BTreeMap<String, Told<T>>, name: &str) -> HostResult<T> {
    match known.get(name) {
        Some(told) => told.again(name),
        None => Err(not_recorded(name)),
    }
}

fn not_recorded(what: &str) -> HostError {
    HostError::Unavailable {
        what: what.to_owned(),
        why: "not in the recording".to_owned(),
    }
}

impl Host for Replay {
    fn scope(&self) -> Scope {
        self.facts.scope
    }

    fn read(&self, path: &str) -> HostResult<Vec<u8>> {
        let reading = self
            .facts
            .files
            .get(path)
            .ok_or_else(|| not_recorded(path))?;
        let answers = reading.answers();
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = turns.entry(path.to_owned()).or_default();
            *turn += 1;
            *turn - 1
        };
        let told = answers.get(turn).or(answers.last());
        let told = told.ok_or_else(|| not_recorded(path))?;
        told.again(path).map(String::into_bytes)
    }

    fn list(&self, directory: &str) -> HostResult<Vec<String>> {
        from(&self.facts.folders, directory)
    }

    fn image(&self, path: &str) -> HostResult<Image> {
        from(&self.facts.images, path).map(Image::from)
    }

    fn read_link(&self, path: &str) -> HostResult<String> {
        from(&self.facts.links, path)
    }

    fn unit(&self, name: &str) -> HostResult<Arc<Unit>> {
        from(&self.facts.units, name).map(Arc::new)
    }

    fn expect_units(&self, _names: &[&str]) {}

    fn manager(&self) -> HostResult<Arc<Unit>> {
        let told = self.facts.manager.as_ref();
        let told = told.ok_or_else(|| not_recorded("systemd's manager"))?;
        told.again("manager").map(Arc::new)
    }

    fn modified(&self, path: &str) -> HostResult<Duration> {
        from(&self.facts.modified, path)
    }

    fn space(&self, path: &str) -> HostResult<Space> {
        from(&self.facts.space, path)
    }

    fn docker(&self, path: &str) -> HostResult<String> {
        from(&self.facts.docker, path)
    }

    fn census(&self) -> HostResult<Arc<Census>> {
        let told = self.facts.census.as_ref();
        let told = told.ok_or_else(|| not_recorded("the processes"))?;
        told.again("census").map(Arc::new)
    }

    fn namespaces(&self, kind: &str) -> HostResult<u64> {
        from(&self.facts.namespaces, kind)
    }

    fn uid(&self) -> u32 {
        self.facts.uid
    }

    fn now(&self) -> u64 {
        self.facts.now
    }
}

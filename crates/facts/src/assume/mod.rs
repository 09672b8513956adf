//! What if the host had another size: readings that follow from it by a rule are worked out again.
//!
//! A value is worked out again only where it is what the rule gives for the host as it is. Whatever
//! was set by hand, or by a distribution, stays.

mod assumption;
mod derived;
mod limits;
mod machine;
mod memory;
mod pace;
mod processors;
mod release;
mod room;
mod rows;
mod tasks;

pub use assumption::{Assumption, AssumptionError};
pub use derived::{Derived, Supposed};

use derived::Log;
use machine::Machine;
use model::{Census, Host, HostResult, Image, Scope, Space, Unit};
use pace::Clock;
use std::sync::Arc;
use std::time::Duration;

/// A host of another size than the one it reads.
pub struct Assumed<'a> {
    host: &'a dyn Host,
    assumption: Assumption,
    change: Change,
    clock: Clock,
    log: Log,
}

/// The host as it is, and as it is assumed to be.
pub(crate) struct Change {
    pub(crate) is: Machine,
    pub(crate) assumed: Machine,
}

impl<'a> Assumed<'a> {
    /// `host` with what is assumed in place of what it has.
    pub fn new(host: &'a dyn Host, assumption: &Assumption) -> HostResult<Self> {
        let is = Machine::read(host)?;
        let assumed = is.with(assumption);
        Ok(Self {
            host,
            assumption: assumption.clone(),
            change: Change { is, assumed },
            clock: Clock::default(),
            log: Log::default(),
        })
    }

    /// What is assumed, and what was worked out for the questions so far.
    pub fn supposed(&self) -> Supposed {
        Supposed {
            assumption: self.assumption.clone(),
            derived: self.log.entries(),
        }
    }

    /// The text of a file, if it follows from the size of the host.
    fn follows(&self, path: &str, text: &str) -> Option<String> {
        let of_its_own = [processors::file, memory::file, release::file, limits::file];
        let found = of_its_own
            .iter()
            .find_map(|file| file(&self.change, path, text));
        let found = found
            .or_else(|| tasks::file(self.host, &self.change, path, text))
            .or_else(|| rows::file(&self.change, path, text))?;
        self.log.note(path, text.trim(), &found);
        Some(found.text)
    }
}

impl Host for Assumed<'_> {
    fn scope(&self) -> Scope {
        self.host.scope()
    }

    fn read(&self, path: &str) -> HostResult<Vec<u8>> {
        if let (pace::CLOCK, Some(answer)) = (path, self.assumption.pid1_answer) {
            let shown = self.host.read_text(path).ok();
            let text = self.clock.read(answer, shown.as_deref(), &self.log);
            return Ok(text.into_bytes());
        }
        let content = self.host.read(path)?;
        let text = String::from_utf8_lossy(&content);
        let follows = self.follows(path, &text).map(String::into_bytes);
        Ok(follows.unwrap_or(content))
    }

    fn list(&self, directory: &str) -> HostResult<Vec<String>> {
        self.host.list(directory)
    }

    fn image(&self, path: &str) -> HostResult<Image> {
        self.host.image(path)
    }

    fn read_link(&self, path: &str) -> HostResult<String> {
        self.host.read_link(path)
    }

    fn unit(&self, name: &str) -> HostResult<Arc<Unit>> {
        let unit = self.host.unit(name)?;
        Ok(tasks::unit(self.host, &self.change, name, &unit, &self.log).map_or(unit, Arc::new))
    }

    fn expect_units(&self, names: &[&str]) {
        self.host.expect_units(names);
    }

    fn manager(&self) -> HostResult<Arc<Unit>> {
        let unit = self.host.manager()?;
        let name = "systemd's manager";
        Ok(tasks::unit(self.host, &self.change, name, &unit, &self.log).map_or(unit, Arc::new))
    }

    fn modified(&self, path: &str) -> HostResult<Duration> {
        self.host.modified(path)
    }

    fn space(&self, path: &str) -> HostResult<Space> {
        let space = self.host.space(path)?;
        Ok(room::space(&self.change, path, space, &self.log))
    }

    fn docker(&self, path: &str) -> HostResult<String> {
        let json = self.host.docker(path)?;
        Ok(release::docker(&self.change, path, &json).unwrap_or(json))
    }

    fn census(&self) -> HostResult<Arc<Census>> {
        self.host.census()
    }

    fn namespaces(&self, kind: &str) -> HostResult<u64> {
        self.host.namespaces(kind)
    }

    fn uid(&self) -> u32 {
        self.host.uid()
    }

    fn now(&self) -> u64 {
        self.host.now()
    }

    fn refresh(&self) {
        self.host.refresh();
    }
}

//! What the next boot will find, worked out before it happens: what of a host stays, which modules
//! are loaded before systemd-sysctl runs, and who writes after it.

mod late;
mod modules;
mod units;

pub(crate) use late::{Effect, Write};
pub use late::{LATE_WRITERS, LateWriter};
pub(crate) use modules::{Loads, built_in};

use crate::kinds::glob::matches;
use model::{Host, Scope, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, OnceLock, PoisonError};

const COMMAND_LINE: &str = "/proc/cmdline";

/// The next boot of a host, as far as it can be known. What several settings need is read once.
pub struct NextBoot<'a> {
    host: &'a dyn Host,
    command_line: OnceLock<Vec<String>>,
    wanted: OnceLock<BTreeSet<String>>,
    tmpfiles: OnceLock<Vec<(String, String, Span)>>,
    scripts: OnceLock<Vec<Write>>,
    loads: Mutex<BTreeMap<String, Loads>>,
}

impl<'a> NextBoot<'a> {
    /// The next boot of `host`.
    pub fn of(host: &'a dyn Host) -> Self {
        Self {
            host,
            command_line: OnceLock::new(),
            wanted: OnceLock::new(),
            tmpfiles: OnceLock::new(),
            scripts: OnceLock::new(),
            loads: Mutex::default(),
        }
    }

    pub(crate) fn host(&self) -> &'a dyn Host {
        self.host
    }

    /// The words that the kernel was started with: the next boot's are taken to be the same. A file
    /// tree has none.
    pub(crate) fn command_line(&self) -> &[String] {
        self.command_line.get_or_init(|| match self.host.scope() {
            Scope::Tree => Vec::new(),
            Scope::Live => {
                let text = self.host.read_text(COMMAND_LINE).unwrap_or_default();
                text.split_whitespace().map(str::to_owned).collect()
            }
        })
    }

    /// What the kernel's command line sets a key to, and the word that does (kernel 5.8;
    /// fs/proc/proc_sysctl.c, `do_sysctl_args`).
    pub(crate) fn early(&self, key: &str) -> Option<(String, String)> {
        let words = self.command_line().iter().rev();
        words
            .filter_map(|word| {
                let rest = word
                    .strip_prefix("sysctl.")
                    .or(word.strip_prefix("sysctl/"))?;
                let (name, value) = rest.split_once('=')?;
                let same = name.replace('.', "/") == key;
                same.then(|| (value.trim_matches('"').to_owned(), word.clone()))
            })
            .next()
    }

    /// Whether a boot starts `unit`: a target wants it and nothing masks it.
    fn starts(&self, unit: &str) -> bool {
        let wanted = self.wanted.get_or_init(|| units::wanted(self.host));
        wanted.contains(unit) && self.masked(unit).is_none()
    }

    /// What keeps a unit of systemd's own from starting at boot.
    pub(crate) fn masked(&self, unit: &str) -> Option<String> {
        let word = format!("systemd.mask={unit}");
        if self.command_line().contains(&word) {
            return Some(format!("`{word}` in {COMMAND_LINE}"));
        }
        units::mask(self.host, unit)
    }

    /// Whether `module` is there before systemd-sysctl reads its files.
    pub(crate) fn loads(&self, module: &str) -> Loads {
        let mut known = self.loads.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.entry(module.to_owned());
        found
            .or_insert_with(|| modules::loads(self, module))
            .clone()
    }

    /// What scripts of one sort may write into a key.
    fn named_by_scripts(&self, key: &str, by: &str) -> Vec<Write> {
        let all = self.scripts.get_or_init(|| late::of_scripts(self.host));
        let named = |write: &&Write| write.by == by && matches(&write.key, key);
        let of_key = |write: &Write| Write {
            key: key.to_owned(),
            ..write.clone()
        };
        all.iter().filter(named).map(of_key).collect()
    }

    /// Who writes a key after systemd-sysctl, in the order of a boot.
    pub(crate) fn late(&self, key: &str) -> Vec<Write> {
        let writers = LATE_WRITERS.iter();
        writers
            .flat_map(|writer| (writer.writes)(self, key))
            .collect()
    }
}

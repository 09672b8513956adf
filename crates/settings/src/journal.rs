//! The journal: what every apply did and what was there before, kept so that it can be undone.

use crate::confirm::Confirm;
use crate::expected::Expected;
pub use crate::purpose::{By, Purpose};
use model::{
    Action, Entry, Fingerprint, Host, HostError, HostResult, Image, Machine, Rlimit,
    STATE_DIRECTORY, Span,
};
use serde::{Deserialize, Serialize};

const SCHEMA: u32 = 1;

/// How far an apply got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Begun and not ended: whoever finds this restores it.
    Applying,
    /// Done, and in force unless a later one is.
    Applied,
    /// Failed, and everything is as before.
    Failed,
    /// Being undone: whoever finds this goes on.
    Reverting,
    /// Undone.
    Reverted,
    /// Undone but for values that somebody else had changed meanwhile.
    Conflicts,
    /// An install whose files stand in the record of a later one.
    Superseded,
}

impl State {
    /// The state's name in text and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Applying | Self::Reverting => "interrupted",
            Self::Applied => "applied",
            Self::Failed => "failed",
            Self::Reverted => "reverted",
            Self::Conflicts => "conflicts",
            Self::Superseded => "superseded",
        }
    }
}

/// What was there before an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Before {
    /// At a path.
    Image(Image),
    /// In a kernel file; none where the file did not exist.
    Kernel(Option<String>),
    /// A limit of a process.
    Rlimit(Rlimit),
    /// A file that is too large for the journal, and where a copy of it is kept.
    Kept {
        /// The copy.
        copy: String,
        /// The file.
        file: Fingerprint,
    },
    /// Whether a directory existed, or a module was loaded.
    Existed(bool),
    /// Nothing to keep.
    Nothing,
}

/// An action with what was there before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The action.
    #[serde(flatten)]
    pub action: Action,
    /// The setting it serves (`kind:name`), where it serves one alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What was there.
    pub before: Before,
    /// What a kernel file showed after the write, where that is not what was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// One entry of the profile as it was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    key: String,
    value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    file: String,
    line: usize,
}

impl From<&Entry> for Wanted {
    fn from(entry: &Entry) -> Self {
        Self {
            kind: entry.kind.clone(),
            name: entry.name.clone(),
            key: entry.key.clone(),
            value: entry.value.clone(),
            reason: entry.reason.clone(),
            file: entry.span.file.to_string(),
            line: entry.span.line,
        }
    }
}

impl From<&Wanted> for Entry {
    fn from(wanted: &Wanted) -> Self {
        Self {
            kind: wanted.kind.clone(),
            name: wanted.name.clone(),
            key: wanted.key.clone(),
            value: wanted.value.clone(),
            reason: wanted.reason.clone(),
            span: Span::new(wanted.file.as_str(), wanted.line),
        }
    }
}

/// One apply, or one install.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The version of this format.
    pub schema: u32,
    /// Its number, from 1.
    pub id: u32,
    /// What it is of.
    #[serde(default, skip_serializing_if = "Purpose::is_apply")]
    pub purpose: Purpose,
    /// The profile's name; of an install, the program's version.
    pub profile: String,
    /// The profile's file; of an install, the prefix.
    pub path: String,
    /// How far it got.
    pub state: State,
    /// When it began, in seconds since 1970.
    pub began: u64,
    /// When it reached its state.
    pub ended: u64,
    /// The boot it began in.
    pub boot_id: String,
    /// Until when it waits to be confirmed, or that it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirm>,
    /// Who undid it, where nobody asked for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
    /// The profile as applied.
    pub entries: Vec<Wanted>,
    /// What was done, in order.
    pub done: Vec<Done>,
    /// What the next boot must show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<Expected>,
}

/// All records, oldest first.
#[derive(Debug, Default)]
pub struct Journal {
    /// The records.
    pub records: Vec<Record>,
}

impl Journal {
    /// Reads the journal. A record that cannot be read is an error: undoing without it would be a guess.
    pub fn load(host: &dyn Host) -> HostResult<Self> {
        let directory = format!("{STATE_DIRECTORY}/journal");
        let names = match host.list(&directory) {
            Ok(names) => names,
            Err(HostError::NotFound(_)) => return Ok(Self::default()),
            Err(error) => return Err(error),
        };
        let mut records: Vec<Record> = Vec::new();
        for name in names {
            if !name.ends_with(".json") || name.starts_with('.') {
                continue;
            }
            let path = format!("{directory}/{name}");
            let text = host.read_text(&path)?;
            let record = serde_json::from_str(&text).map_err(|error| HostError::Failed {
                what: path,
                why: format!("the journal is damaged: {error}"),
            })?;
            records.push(record);
        }
        records.sort_by_key(|record| record.id);
        Ok(Self { records })
    }

    /// The number for the next record.
    pub fn next_id(&self) -> u32 {
        self.records.last().map_or(1, |record| record.id + 1)
    }

    /// The apply whose profile is in force.
    pub fn in_force(&self) -> Option<&Record> {
        self.active().last().copied()
    }

    /// Every apply that has not been undone, oldest first.
    pub fn active(&self) -> Vec<&Record> {
        self.applied(Purpose::Apply)
    }

    /// Everything of this purpose that is done and not undone, oldest first.
    pub(crate) fn applied(&self, purpose: Purpose) -> Vec<&Record> {
        let applied =
            |record: &&Record| (record.state, record.purpose) == (State::Applied, purpose);
        self.records.iter().filter(applied).collect()
    }

    /// An apply or revert that was begun and did not end.
    pub fn interrupted(&self) -> Option<&Record> {
        self.records
            .iter()
            .rev()
            .find(|record| record.is_interrupted())
    }

    /// An apply that is not undone and reverts by itself unless it is confirmed.
    pub fn unconfirmed(&self) -> Option<&Record> {
        let mut records = self.records.iter().rev();
        records.find(|record| record.is_unconfirmed())
    }
}

impl Record {
    /// A new record of `profile`, not yet saved.
    pub(crate) fn begin(
        host: &dyn Host,
        id: u32,
        name: &str,
        path: &str,
        entries: &[Entry],
    ) -> Self {
        let now = host.now();
        Self {
            schema: SCHEMA,
            id,
            purpose: Purpose::Apply,
            profile: name.to_owned(),
            path: path.to_owned(),
            state: State::Applying,
            began: now,
            ended: now,
            boot_id: host.boot_id(),
            confirm: None,
            by: None,
            entries: entries.iter().map(Wanted::from).collect(),
            done: Vec::new(),
            expected: Vec::new(),
        }
    }

    /// The profile's entries as they were applied.
    pub fn entries(&self) -> Vec<Entry> {
        self.entries.iter().map(Entry::from).collect()
    }

    /// Whether it was begun, or its undoing was, and that did not end.
    pub fn is_interrupted(&self) -> bool {
        matches!(self.state, State::Applying | State::Reverting)
    }

    /// Whether it is not undone and reverts by itself unless it is confirmed.
    pub fn is_unconfirmed(&self) -> bool {
        let undone = !self.is_interrupted() && self.state != State::Applied;
        !undone && self.confirm.as_ref().is_some_and(Confirm::is_pending)
    }

    /// Makes the record durable.
    pub(crate) fn save(&self, machine: &dyn Machine) -> HostResult<()> {
        let text = serde_json::to_string_pretty(self).map_err(|error| HostError::Failed {
            what: format!("journal record {}", self.id),
            why: error.to_string(),
        })?;
        machine.save(
            &format!("journal/{:04}.json", self.id),
            &format!("{text}\n"),
        )
    }

    /// Makes the record durable in a new state.
    pub(crate) fn save_as(&mut self, machine: &dyn Machine, state: State) -> HostResult<()> {
        self.state = state;
        self.ended = machine.now();
        self.save(machine)
    }
}

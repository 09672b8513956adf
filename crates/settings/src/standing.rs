//! The standing: which profile is in force and whether a change was interrupted, for everybody to
//! read. The journal itself is root's, since what files held before may be nobody else's business.

use crate::journal::{Journal, Purpose, Record, Wanted};
use model::{Entry, Host, HostError, HostResult, Machine, STATE_DIRECTORY};
use serde::{Deserialize, Serialize};

const FILE: &str = "standing.json";

/// What the journal comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The profile in force.
    pub in_force: Option<InForce>,
    /// A change that was begun and did not end.
    pub interrupted: Option<Interrupted>,
    /// An apply that reverts by itself unless it is confirmed.
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

/// The profile in force, as it was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    /// The number of its apply.
    pub id: u32,
    /// Its name.
    pub profile: String,
    /// Its file.
    pub path: String,
    /// Since when, in seconds since 1970.
    pub since: u64,
    entries: Vec<Wanted>,
}

/// A change that did not end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interrupted {
    /// The number of the record.
    pub id: u32,
    /// Its profile, or the version installed.
    pub profile: String,
    /// When it began, in seconds since 1970.
    pub began: u64,
    /// Whether it is an apply or an install.
    #[serde(default)]
    pub purpose: Purpose,
}

/// An apply that waits to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unconfirmed {
    /// The number of the apply.
    pub id: u32,
    /// Its profile.
    pub profile: String,
    /// When it reverts, in seconds since 1970.
    pub until: u64,
}

impl Standing {
    /// Reads the journal, or what it published where it may not be read.
    pub fn load(host: &dyn Host) -> HostResult<Self> {
        match Journal::load(host) {
            Ok(journal) => Ok(Self::of(&journal)),
            Err(HostError::Denied { .. }) => Self::published(host),
            Err(error) => Err(error),
        }
    }

    fn published(host: &dyn Host) -> HostResult<Self> {
        let path = format!("{STATE_DIRECTORY}/{FILE}");
        match host.read_text(&path) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| HostError::Failed {
                what: path,
                why: format!("is damaged: {error}"),
            }),
            Err(HostError::NotFound(_)) => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// What `journal` comes to.
    pub fn of(journal: &Journal) -> Self {
        let in_force = |record: &Record| InForce {
            id: record.id,
            profile: record.profile.clone(),
            path: record.path.clone(),
            since: record.ended,
            entries: record.entries.clone(),
        };
        let interrupted = |record: &Record| Interrupted {
            id: record.id,
            profile: record.profile.clone(),
            began: record.began,
            purpose: record.purpose,
        };
        let unconfirmed = |record: &Record| Unconfirmed {
            id: record.id,
            profile: record.profile.clone(),
            until: record.confirm.as_ref().map_or(0, |confirm| confirm.until),
        };
        Self {
            in_force: journal.in_force().map(in_force),
            interrupted: journal.interrupted().map(interrupted),
            unconfirmed: journal.unconfirmed().map(unconfirmed),
        }
    }

    /// Writes down what the journal comes to now.
    pub fn publish(machine: &dyn Machine) -> HostResult<()> {
        let standing = Self::of(&Journal::load(machine)?);
        let text = serde_json::to_string_pretty(&standing).map_err(|error| HostError::Failed {
            what: FILE.to_owned(),
            why: error.to_string(),
        })?;
        machine.save(FILE, &format!("{text}\n"))
    }
}

impl InForce {
    /// The profile's entries as they were applied.
    pub fn entries(&self) -> Vec<Entry> {
        self.entries.iter().map(Entry::from).collect()
    }
}

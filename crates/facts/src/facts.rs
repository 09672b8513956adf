//! The file of facts: what it holds, and how it is written and read.

use crate::assume::Supposed;
use crate::seen::Seen;
use crate::told::{Reading, Told};
use crate::unique::Unique;
use crate::wrong;
use model::{Census, Host, Scope, Space, Unit};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::time::Duration;

/// The version of the file's shape; it grows when a field changes its meaning or goes.
pub const SCHEMA: u64 = 1;

/// What was read of a host, and by whom.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Facts {
    pub(crate) schema: u64,
    /// The hosttune that read it.
    pub version: String,
    /// The command it was read for.
    pub command: String,
    /// What was assumed of the host, and which of the answers follow from that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assumed: Option<Supposed>,
    pub(crate) scope: Scope,
    pub(crate) uid: u32,
    pub(crate) now: u64,
    pub(crate) files: BTreeMap<String, Reading<String>>,
    pub(crate) folders: BTreeMap<String, Told<Vec<String>>>,
    pub(crate) links: BTreeMap<String, Told<String>>,
    pub(crate) images: BTreeMap<String, Told<Seen>>,
    pub(crate) units: BTreeMap<String, Told<Unit>>,
    pub(crate) manager: Option<Told<Unit>>,
    pub(crate) modified: BTreeMap<String, Told<Duration>>,
    pub(crate) space: BTreeMap<String, Told<Space>>,
    pub(crate) docker: BTreeMap<String, Told<String>>,
    pub(crate) census: Option<Told<Census>>,
    pub(crate) namespaces: BTreeMap<String, Told<u64>>,
}

/// Why a file is no recording to answer from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FactsError {
    /// It ends in the middle.
    #[error("is cut off at line {0}")]
    Truncated(usize),
    /// It is no JSON.
    #[error("line {line}, column {column}: is no JSON: {why}")]
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What the parser said.
        why: String,
    },
    /// It is JSON of something else.
    #[error("is no recording of hosttune: it has no `schema`")]
    NotFacts,
    /// A newer hosttune wrote it.
    #[error("is of schema {0}, and this hosttune reads up to schema {SCHEMA}")]
    Newer(u64),
    /// It says what no hosttune wrote.
    #[error("{0}")]
    Wrong(String),
}

impl Facts {
    /// Facts that hold nothing yet.
    pub(crate) fn empty(version: &str, command: &str, scope: Scope) -> Self {
        Self {
            schema: SCHEMA,
            version: version.to_owned(),
            command: command.to_owned(),
            assumed: None,
            scope,
            uid: 0,
            now: 0,
            files: BTreeMap::new(),
            folders: BTreeMap::new(),
            links: BTreeMap::new(),
            images: BTreeMap::new(),
            units: BTreeMap::new(),
            manager: None,
            modified: BTreeMap::new(),
            space: BTreeMap::new(),
            docker: BTreeMap::new(),
            census: None,
            namespaces: BTreeMap::new(),
        }
    }

    /// Asks `host` everything that these facts hold, as often as they hold it.
    pub fn ask_all(&self, host: &dyn Host) {
        for (path, reading) in &self.files {
            for _ in reading.answers() {
                let _ = host.read(path);
            }
        }
        for path in self.folders.keys() {
            let _ = host.list(path);
        }
        for path in self.links.keys() {
            let _ = host.read_link(path);
        }
        for path in self.images.keys() {
            let _ = host.image(path);
        }
        for name in self.units.keys() {
            let _ = host.unit(name);
        }
        for path in self.modified.keys() {
            let _ = host.modified(path);
        }
        for path in self.space.keys() {
            let _ = host.space(path);
        }
        for path in self.docker.keys() {
            let _ = host.docker(path);
        }
        for kind in self.namespaces.keys() {
            let _ = host.namespaces(kind);
        }
        if self.manager.is_some() {
            let _ = host.manager();
        }
        if self.census.is_some() {
            let _ = host.census();
        }
    }

    /// How many answers it holds.
    pub fn readings(&self) -> usize {
        let files = self.files.values().map(|reading| reading.answers().len());
        let one = usize::from(self.manager.is_some()) + usize::from(self.census.is_some());
        let kinds = [
            self.folders.len(),
            self.links.len(),
            self.images.len(),
            self.units.len(),
            self.modified.len(),
            self.space.len(),
            self.docker.len(),
            self.namespaces.len(),
        ];
        files.chain(kinds).sum::<usize>() + one
    }

    /// The text of the file.
    pub fn to_json(&self) -> Result<String, FactsError> {
        let text = serde_json::to_string_pretty(self);
        text.map(|text| format!("{text}\n"))
            .map_err(|error| FactsError::Wrong(error.to_string()))
    }

    /// Reads the text of a file. What no hosttune can have written is refused.
    pub fn parse(text: &str) -> Result<Self, FactsError> {
        let parsed = serde_json::from_str(text).map_err(|error| match error.classify() {
            Category::Eof => FactsError::Truncated(error.line()),
            Category::Data => {
                FactsError::Wrong(format!("line {}: {}", error.line(), words(&error)))
            }
            _ => FactsError::NotJson {
                line: error.line(),
                column: error.column(),
                why: words(&error),
            },
        });
        let Unique(Value::Object(mut fields)) = parsed? else {
            return Err(FactsError::NotFacts);
        };
        match fields.remove("schema").map(|schema| schema.as_u64()) {
            None => return Err(FactsError::NotFacts),
            Some(Some(newer)) if newer > SCHEMA => return Err(FactsError::Newer(newer)),
            Some(Some(SCHEMA)) => {}
            Some(_) => return Err(FactsError::Wrong("`schema` is no schema".to_owned())),
        }
        let mut fields = Fields(fields);
        let facts = Self {
            schema: SCHEMA,
            version: fields.one("version")?,
            command: fields.one("command")?,
            assumed: fields.optional("assumed")?,
            scope: fields.one("scope")?,
            uid: fields.one("uid")?,
            now: fields.one("now")?,
            files: fields.each("files")?,
            folders: fields.each("folders")?,
            links: fields.each("links")?,
            images: fields.each("images")?,
            units: fields.each("units")?,
            manager: fields.one("manager")?,
            modified: fields.each("modified")?,
            space: fields.each("space")?,
            docker: fields.each("docker")?,
            census: fields.one("census")?,
            namespaces: fields.each("namespaces")?,
        };
        if let Some(name) = fields.0.keys().next() {
            return Err(FactsError::Wrong(format!(
                "`{name}` is no field of schema {SCHEMA}"
            )));
        }
        wrong::look(&facts).map_err(FactsError::Wrong)?;
        Ok(facts)
    }
}

/// The fields that are not read yet.
struct Fields(Map<String, Value>);

impl Fields {
    fn take(&mut self, name: &str) -> Result<Value, FactsError> {
        let value = self.0.remove(name);
        value.ok_or_else(|| FactsError::Wrong(format!("`{name}` is missing")))
    }

    fn one<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, FactsError> {
        let value = self.take(name)?;
        serde_json::from_value(value)
            .map_err(|error| FactsError::Wrong(format!("`{name}`: {}", words(&error))))
    }

    fn optional<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, FactsError> {
        match self.0.contains_key(name) {
            true => self.one(name).map(Some),
            false => Ok(None),
        }
    }

    /// Each entry by itself, so that what is wrong is said with its name.
    fn each<T: DeserializeOwned>(&mut self, name: &str) -> Result<BTreeMap<String, T>, FactsError> {
        let entries: Map<String, Value> = match self.take(name)? {
            Value::Object(entries) => entries,
            _ => return Err(FactsError::Wrong(format!("`{name}` is no object"))),
        };
        let read = |(key, value)| match serde_json::from_value(value) {
            Ok(value) => Ok((key, value)),
            Err(error) => {
                let why = words(&error);
                Err(FactsError::Wrong(format!("`{name}`, {key}: {why}")))
            }
        };
        entries.into_iter().map(read).collect()
    }
}

/// What the parser says, without the place, which is told apart.
fn words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let end = text.rfind(" at line ").unwrap_or(text.len());
    text[..end].to_owned()
}

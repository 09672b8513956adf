//! The envelope: the fields that every command's JSON document begins with.

use crate::exit::Exit;
use model::Problem;
use serde::Serialize;
use serde_json::{Map, Value};

/// The version of the documents' shape; it grows when a field changes its meaning or goes.
pub(crate) const SCHEMA: u32 = 1;

/// What every command answers with.
#[derive(Debug, Serialize)]
pub(crate) struct Envelope {
    schema: u32,
    command: &'static str,
    version: &'static str,
    boot_id: String,
    /// The answer in one word.
    pub(crate) verdict: String,
    exit: u8,
    /// What the operator must know beyond the findings.
    pub(crate) problems: Vec<Problem>,
    #[serde(flatten)]
    payload: Map<String, Value>,
}

impl Envelope {
    /// An envelope around `payload`, which must be an object.
    pub(crate) fn new(command: &'static str, boot_id: String, report: &Report) -> Self {
        Self {
            schema: SCHEMA,
            command,
            version: env!("CARGO_PKG_VERSION"),
            boot_id,
            verdict: report.verdict.clone(),
            exit: report.exit.code(),
            problems: report.problems.clone(),
            payload: match &report.payload {
                Value::Object(map) => map.clone(),
                _ => Map::new(),
            },
        }
    }
}

/// What a command found, before it is printed.
#[derive(Debug)]
pub(crate) struct Report {
    /// The answer in one word.
    pub(crate) verdict: String,
    /// The exit code.
    pub(crate) exit: Exit,
    /// What the operator must know beyond the findings.
    pub(crate) problems: Vec<Problem>,
    /// The command's own fields.
    pub(crate) payload: Value,
    /// The same for people.
    pub(crate) text: String,
}

impl Report {
    /// A report of `verdict`.
    pub(crate) fn new(verdict: impl Into<String>, exit: Exit) -> Self {
        Self {
            verdict: verdict.into(),
            exit,
            problems: Vec::new(),
            payload: Value::Object(Map::new()),
            text: String::new(),
        }
    }
}

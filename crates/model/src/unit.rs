//! A unit as systemd shows it on the bus, and as its files stand on disk.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One property of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Property {
    /// A number; systemd's infinity is `u64::MAX`.
    Number(u64),
    /// A text.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
    /// A yes or no.
    Flag(bool),
}

/// The properties of one unit that hosttune asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Unit {
    /// By systemd's own names.
    pub properties: BTreeMap<String, Property>,
}

impl Unit {
    /// A number property.
    pub fn number(&self, name: &str) -> Option<u64> {
        match self.properties.get(name) {
            Some(Property::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// A text property.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.properties.get(name) {
            Some(Property::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A list property.
    pub fn list(&self, name: &str) -> &[String] {
        match self.properties.get(name) {
            Some(Property::List(list)) => list,
            _ => &[],
        }
    }

    /// Whether systemd has no file for the unit.
    pub fn is_missing(&self) -> bool {
        matches!(self.text("LoadState"), None | Some("not-found"))
    }

    /// The main process, if one runs.
    pub fn main_pid(&self) -> Option<i32> {
        self.number("MainPID")
            .and_then(|pid| i32::try_from(pid).ok())
            .filter(|pid| *pid > 0)
    }
}

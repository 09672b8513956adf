//! daemon.json as its operator wrote it: one value can be set, and everything else stays byte for byte.

use super::layout::{Layout, indent_at};
use super::scan::{self, Content, Node, line_of, scan};
use serde_json::{Map, Value};
use std::fmt;
use std::ops::Range;

/// A file's text and the place of every value in it.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    text: String,
    root: Option<Node>,
}

/// Why a text is no document, and where; lines and columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

/// One value that a document holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    pub(crate) value: Value,
    pub(crate) line: usize,
}

/// The bytes to take out, and what to put there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Splice {
    span: Range<usize>,
    text: String,
}

impl Document {
    /// Reads a file's bytes. An empty file is an empty object, as it is to dockerd (moby,
    /// daemon/config/config.go, since 20.10).
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
            place(&valid, valid.len(), "a byte that is no UTF-8")
        })?;
        if text.starts_with('\u{feff}') {
            return Err(place(text, 0, "begins with a byte order mark"));
        }
        Self::read(text.to_owned())
    }

    fn read(text: String) -> Result<Self, Fault> {
        let root = scan(&text).map_err(|fault| located(&text, &fault))?;
        if let Some(node) = &root
            && !matches!(node.content, Content::Object(_))
        {
            let message = "the outermost value is no object; dockerd wants `{ … }`";
            return Err(place(&text, node.span.start, message));
        }
        Ok(Self { text, root })
    }

    /// The text as it is now.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// A path of keys as the document spells it: dockerd takes the parts of a limit in any case.
    pub(crate) fn spelled(&self, path: &[String]) -> Vec<String> {
        let mut path = path.to_vec();
        if let [outer, limit, part] = path.as_mut_slice()
            && outer.as_str() == "default-ulimits"
        {
            let found = self.get(&[outer.as_str(), limit.as_str()]);
            let there = found.as_ref().and_then(|found| found.value.as_object());
            let mut keys = there.into_iter().flatten().rev().map(|(key, _)| key);
            if let Some(key) = keys.find(|key| key.eq_ignore_ascii_case(part)) {
                part.clone_from(key);
            }
        }
        path
    }

    /// The value at a path of keys, and the line of its key.
    pub(crate) fn get(&self, path: &[&str]) -> Option<Found> {
        let mut node = self.root.as_ref();
        let mut line = 1;
        for key in path {
            let member = members(node).iter().find(|member| member.key == *key)?;
            line = line_of(&self.text, member.span.start);
            node = Some(&member.value);
        }
        let value = self.decode(node?)?;
        Some(Found { value, line })
    }

    /// Sets the value at a path of keys. What is equal already is left as it is written; what is
    /// missing is appended in the file's own hand.
    pub(crate) fn set(&mut self, path: &[&str], value: &Value) -> Result<(), Fault> {
        let Some(Splice { span, text }) = self.splice(path, value)? else {
            return Ok(());
        };
        let mut whole = self.text.clone();
        whole.replace_range(span, &text);
        *self = Self::read(whole)?;
        Ok(())
    }

    fn splice(&self, path: &[&str], value: &Value) -> Result<Option<Splice>, Fault> {
        let layout = Layout::of(&self.text, self.root.as_ref());
        let Some(mut node) = self.root.as_ref() else {
            let text = layout.value(&nest(path, value), Some("")) + &layout.line("");
            let span = 0..self.text.len();
            return Ok(Some(Splice { span, text }));
        };
        for (depth, key) in path.iter().enumerate() {
            let Content::Object(members) = &node.content else {
                let message = format!("`{}` is no object", path[..depth].join("."));
                return Err(place(&self.text, node.span.start, message));
            };
            match members.iter().find(|member| member.key == *key) {
                Some(member) => node = &member.value,
                None => {
                    let value = nest(&path[depth + 1..], value);
                    return Ok(Some(self.append(&layout, node, key, &value)));
                }
            }
        }
        let equal = self.decode(node).as_ref() == Some(value);
        Ok((!equal).then(|| self.replace(&layout, node, value)))
    }

    fn replace(&self, layout: &Layout, node: &Node, value: &Value) -> Splice {
        let indent = indent_at(&self.text, node.span.start);
        let lines = self.text[node.span.clone()].contains('\n');
        let text = match (value, &node.content) {
            (Value::Array(elements), Content::Array) if lines => layout.lines(elements, indent),
            _ => layout.value(value, layout.spread.then_some(indent)),
        };
        let span = node.span.clone();
        Splice { span, text }
    }

    fn append(&self, layout: &Layout, object: &Node, key: &str, value: &Value) -> Splice {
        let members = members(Some(object));
        let Some(last) = members.last() else {
            let inside = object.span.start + 1..object.span.end - 1;
            let outer = indent_at(&self.text, object.span.start);
            let inner = layout.inner(outer);
            let text = match layout.spread {
                true => {
                    let member = layout.member(key, value, Some(&inner));
                    layout.line(&inner) + &member + &layout.line(outer)
                }
                false => layout.member(key, value, None),
            };
            return Splice { span: inside, text };
        };
        let end = last.value.span.end;
        // The white space before and behind the last comma; a single member has only the latter.
        let (before, behind) = match members.iter().rev().nth(1) {
            Some(other) => self.text[other.value.span.end..last.span.start]
                .split_once(',')
                .unwrap_or_default(),
            None => ("", &self.text[object.span.start + 1..last.span.start]),
        };
        let single = members.len() == 1;
        let break_of = |blanks: &str| blanks.rsplit_once('\n').map(|(_, i)| i.to_owned());
        let text = match (break_of(before), break_of(behind)) {
            (_, Some(indent)) => {
                let member = layout.member(key, value, Some(&indent));
                format!(",{}{member}", layout.line(&indent))
            }
            (Some(indent), None) => {
                let member = layout.member(key, value, Some(&indent));
                format!("{},{behind}{member}", layout.line(&indent))
            }
            (None, None) => {
                let gap = if single { layout.gap() } else { behind };
                format!(",{gap}{}", layout.member(key, value, None))
            }
        };
        let span = end..end;
        Splice { span, text }
    }

    fn decode(&self, node: &Node) -> Option<Value> {
        serde_json::from_str(&self.text[node.span.clone()]).ok()
    }
}

fn members(node: Option<&Node>) -> &[scan::Member] {
    match node.map(|node| &node.content) {
        Some(Content::Object(members)) => members,
        _ => &[],
    }
}

/// `value` below the keys of `path`, as objects in each other.
fn nest(path: &[&str], value: &Value) -> Value {
    path.iter().rev().fold(value.clone(), |value, key| {
        Value::Object(Map::from_iter([((*key).to_owned(), value)]))
    })
}

fn located(text: &str, fault: &scan::Fault) -> Fault {
    place(text, fault.offset, fault.message.clone())
}

fn place(text: &str, offset: usize, message: impl Into<String>) -> Fault {
    let start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
    Fault {
        line: line_of(text, offset),
        column: text[start..offset].chars().count() + 1,
        message: message.into(),
    }
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;

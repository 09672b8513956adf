//! Our keys merged into the operator's file. A line holds the objects that lead to one value.

use super::super::FileOfLines;
use super::checks;
use super::document::{Document, Fault};
use super::operators;
use model::{HostError, HostResult};
use serde_json::Value;

/// Whether a file has the values of a line already.
pub(super) fn holds(text: &str, line: &str) -> bool {
    let Ok(document) = Document::parse(text.as_bytes()) else {
        return false;
    };
    leaves(line).iter().all(|(path, json)| {
        let path = document.spelled(path);
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        document
            .get(&path)
            .is_some_and(|found| found.value == *json)
    })
}

/// The file with all its lines in it, if dockerd would start with them side by side.
pub(super) fn merged(file: &FileOfLines<'_>) -> HostResult<String> {
    let broken = |fault: Fault| HostError::Failed {
        what: format!("{}:{}:{}", file.path, fault.line, fault.column),
        why: fault.message,
    };
    let base = file.base.content().unwrap_or_default();
    let mut document = Document::parse(base).map_err(broken)?;
    operators::sound(&document).map_err(|unsound| HostError::Failed {
        what: format!("{}:{}", file.path, unsound.line),
        why: format!("{}; dockerd would not start with it", unsound.why),
    })?;
    for (_, line) in file.lines {
        for (path, json) in leaves(&line.text) {
            let path = document.spelled(&path);
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            document.set(&path, &json).map_err(broken)?;
        }
    }
    let names = file
        .lines
        .iter()
        .map(|(setting, _)| setting.key.name.as_str());
    let names: Vec<&str> = names.collect();
    checks::together(&document, &names).map_err(|why| HostError::Failed {
        what: file.path.to_owned(),
        why,
    })?;
    Ok(document.text().to_owned())
}

/// The line of one value.
pub(super) fn nest(path: &[&str], json: Value) -> Value {
    path.iter().rev().fold(json, |json, key| {
        Value::Object([((*key).to_owned(), json)].into_iter().collect())
    })
}

/// The values in a line, each with its path: members of objects one by one, so that those of the
/// operator's stay beside them.
fn leaves(text: &str) -> Vec<(Vec<String>, Value)> {
    fn collect(path: &[String], json: &Value, found: &mut Vec<(Vec<String>, Value)>) {
        match json {
            Value::Object(members) => {
                for (key, json) in members {
                    let path = [path, std::slice::from_ref(key)].concat();
                    collect(&path, json, found);
                }
            }
            json => found.push((path.to_vec(), json.clone())),
        }
    }
    let mut found = Vec::new();
    let json = serde_json::from_str(text).unwrap_or_default();
    collect(&[], &json, &mut found);
    found
}

//! JSON lines: the journal's, those of Docker's json-file driver, and what programs write themselves.

use super::Layer;
use serde_json::{Map, Value};

/// Where the message stands, most telling first.
const MESSAGE: &[&str] = &["MESSAGE", "msg", "message", "log", "Message", "text"];
/// What went wrong, beside the message.
const ERROR: &[&str] = &["error", "err", "Error", "reason"];
/// Who spoke.
const SPEAKER: &[&str] = &["SYSLOG_IDENTIFIER", "_COMM"];

pub(super) fn unwrap(text: &str) -> Option<Layer<'_>> {
    if !(text.starts_with('{') && text.ends_with('}')) {
        return None;
    }
    let fields: Map<String, Value> = serde_json::from_str(text).ok()?;
    let first = |names: &[&str]| names.iter().find_map(|name| words(fields.get(*name)?));
    let rest = match (first(MESSAGE), first(ERROR)) {
        (Some(message), Some(error)) if !message.contains(&error) => {
            format!("{}: {error}", message.trim_end())
        }
        (Some(message), _) => message,
        (None, error) => error?,
    };
    Some(Layer {
        speaker: first(SPEAKER),
        rest: rest.into(),
    })
}

/// Text, or the bytes of one (journalctl(1), `-o json`), or an object that has one.
fn words(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(bytes) => {
            let bytes: Option<Vec<u8>> = bytes.iter().map(byte).collect();
            String::from_utf8_lossy(&bytes?).into_owned()
        }
        Value::Object(inner) => words(inner.get("message")?)?,
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

fn byte(value: &Value) -> Option<u8> {
    value.as_u64()?.try_into().ok()
}

//! Sizes and processors as Compose writes them: `270m`, `0.04`, numbers and texts.

use crate::ComposeError;
use crate::file::{has_variable, variable};
use serde_json::Value;

/// Bytes, from a number or a text such as `270m` or `1gb`; units are powers of 1024 (compose-spec,
/// 11-extension, byte values).
pub(crate) fn bytes(what: &str, value: &Value) -> Result<Option<u64>, ComposeError> {
    let Some(text) = text(what, value)? else {
        return Ok(None);
    };
    let lower = text.trim().to_lowercase();
    let digits = lower.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match lower[digits.len()..].trim_end_matches('b') {
        "" => Some(1),
        "k" => Some(1 << 10),
        "m" => Some(1 << 20),
        "g" => Some(1_u64 << 30),
        _ => None,
    };
    let factor = factor.ok_or_else(|| wrong(what, &text))?;
    let number: f64 = digits.trim().parse().map_err(|_| wrong(what, &text))?;
    match (number * factor as f64).round() {
        // Docker's own spelling of no bound.
        0.0 => Ok(None),
        bytes if (1.0..9e18).contains(&bytes) => Ok(Some(bytes as u64)),
        _ => Err(wrong(what, &text)),
    }
}

/// Thousandths of a processor.
pub(crate) fn processors(what: &str, value: &Value) -> Result<Option<u64>, ComposeError> {
    let Some(text) = text(what, value)? else {
        return Ok(None);
    };
    let number: f64 = text.trim().parse().map_err(|_| wrong(what, &text))?;
    match (number * 1000.0).ceil() {
        0.0 => Ok(None),
        thousandths if (1.0..1e9).contains(&thousandths) => Ok(Some(thousandths as u64)),
        _ => Err(wrong(what, &text)),
    }
}

/// A count, where -1 and 0 say that there is no bound.
pub(crate) fn count(what: &str, value: &Value) -> Result<Option<u64>, ComposeError> {
    let Some(text) = text(what, value)? else {
        return Ok(None);
    };
    match text.trim().parse::<i64>() {
        Ok(-1 | 0) => Ok(None),
        Ok(number) => u64::try_from(number)
            .map(Some)
            .map_err(|_| wrong(what, &text)),
        Err(_) => Err(wrong(what, &text)),
    }
}

/// A number or a text; none where it is left out.
fn text(what: &str, value: &Value) -> Result<Option<String>, ComposeError> {
    match value {
        Value::Null => Ok(None),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::String(text) if has_variable(text) => Err(variable(what, text)),
        Value::String(text) => Ok(Some(text.clone())),
        other => Err(wrong(what, &other.to_string())),
    }
}

fn wrong(what: &str, text: &str) -> ComposeError {
    ComposeError::new(format!("{what}: `{text}` cannot be read"))
}

/// Yes or no, also as one of the words that Compose takes for it (compose-go interpolation, toBoolean); no
/// where nothing is said.
pub(crate) fn yes(what: &str, value: &Value) -> Result<bool, ComposeError> {
    let text = match value {
        Value::Null => return Ok(false),
        Value::Bool(yes) => return Ok(*yes),
        Value::String(text) => text,
        other => {
            return Err(ComposeError::new(format!(
                "{what}: `{other}` is not true or false"
            )));
        }
    };
    if has_variable(text) {
        return Err(variable(what, text));
    }
    match text.to_lowercase().as_str() {
        "true" | "y" | "yes" | "on" => Ok(true),
        "false" | "n" | "no" | "off" => Ok(false),
        _ => Err(ComposeError::new(format!(
            "{what}: `{text}` is not true or false"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn sizes_are_powers_of_1024() {
        let read = |value: Value| bytes("a", &value).unwrap();
        assert_eq!(read(json!("270m")), Some(270 << 20));
        assert_eq!(read(json!("1gb")), Some(1 << 30));
        assert_eq!(read(json!("0.5G")), Some(1 << 29));
        assert_eq!(read(json!("283115520")), Some(270 << 20));
        assert_eq!(read(json!(64)), Some(64));
        assert_eq!((read(json!(0)), read(json!(null))), (None, None));
        for value in [
            json!("1t"),
            json!("m"),
            json!("-1m"),
            json!([]),
            json!("1e30g"),
        ] {
            assert!(bytes("a", &value).is_err(), "{value}");
        }
    }

    #[test]
    fn processors_and_counts_may_be_text() {
        assert_eq!(processors("a", &json!("0.04")), Ok(Some(40)));
        assert_eq!(processors("a", &json!(1.5)), Ok(Some(1500)));
        assert!(processors("a", &json!("half")).is_err());
        assert_eq!(count("a", &json!(-1)), Ok(None));
        assert_eq!(count("a", &json!("100")), Ok(Some(100)));
        assert!(count("a", &json!(-2)).is_err());
        assert!(
            count("a", &json!("${N}"))
                .unwrap_err()
                .message
                .contains("${N}")
        );
    }

    #[test]
    fn yes_has_several_words() {
        let read = |value: Value| yes("tty", &value);
        for word in ["true", "Yes", "on", "y"] {
            assert_eq!(read(word.into()).ok(), Some(true), "{word}");
        }
        for word in ["false", "No", "off", "n"] {
            assert_eq!(read(word.into()).ok(), Some(false), "{word}");
        }
        assert_eq!(read(Value::Null).ok(), Some(false));
        assert!(read(1.into()).is_err() && read("maybe".into()).is_err());
        assert!(read("${TTY}".into()).unwrap_err().help.is_some());
    }
}

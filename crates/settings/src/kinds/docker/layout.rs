//! How a JSON file is laid out, and new values written in the same hand.

use super::scan::{Content, Node};
use serde_json::Value;

/// The hand that a file is written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    newline: &'static str,
    unit: String,
    colon: String,
    comma: &'static str,
    /// Whether the members of the file stand on lines of their own.
    pub(super) spread: bool,
}

impl Layout {
    /// What the file's outermost members show; a file without any is laid out as Docker's
    /// documentation does.
    pub(super) fn of(text: &str, root: Option<&Node>) -> Self {
        let mut layout = Self {
            newline: if text.contains("\r\n") { "\r\n" } else { "\n" },
            unit: "  ".to_owned(),
            colon: ": ".to_owned(),
            comma: ", ",
            spread: true,
        };
        let Some(Node {
            span,
            content: Content::Object(members),
        }) = root
        else {
            return layout;
        };
        let Some(first) = members.first() else {
            return layout;
        };
        let lead = &text[span.start + 1..first.span.start];
        match lead.rsplit_once('\n') {
            Some((_, indent)) => layout.unit = indent.to_owned(),
            None => layout.spread = false,
        }
        let colon = &text[first.span.end..first.value.span.start];
        if !colon.contains('\n') {
            layout.colon = colon.to_owned();
        }
        if !layout.colon.ends_with([' ', '\t']) {
            layout.comma = ",";
        }
        layout
    }

    /// What stands between a comma and the next member on the same line.
    pub(super) fn gap(&self) -> &str {
        &self.comma[1..]
    }

    /// A line break with an indentation behind it.
    pub(super) fn line(&self, indent: &str) -> String {
        format!("{}{indent}", self.newline)
    }

    /// One step further in.
    pub(super) fn inner(&self, indent: &str) -> String {
        format!("{indent}{}", self.unit)
    }

    /// A key with its value.
    pub(super) fn member(&self, key: &str, value: &Value, indent: Option<&str>) -> String {
        let key = Value::from(key);
        format!("{key}{}{}", self.colon, self.value(value, indent))
    }

    /// A value; `indent` is that of its line, none where everything shall stay on one line. Lists
    /// stay on one line unless they hold objects.
    pub(super) fn value(&self, value: &Value, indent: Option<&str>) -> String {
        match (value, indent) {
            (Value::Object(members), _) if !members.is_empty() => {
                let inner = indent.map(|indent| self.inner(indent));
                let members = members
                    .iter()
                    .map(|(key, value)| self.member(key, value, inner.as_deref()));
                self.enclose(["{", "}"], members, indent)
            }
            (Value::Array(elements), Some(indent)) if elements.iter().any(Value::is_object) => {
                self.lines(elements, indent)
            }
            (Value::Array(elements), _) => {
                let elements = elements.iter().map(|element| self.value(element, None));
                self.enclose(["[", "]"], elements, None)
            }
            _ => value.to_string(),
        }
    }

    /// A list with each element on a line of its own.
    pub(super) fn lines(&self, elements: &[Value], indent: &str) -> String {
        let elements = elements.iter().map(|element| self.value(element, None));
        self.enclose(["[", "]"], elements, Some(indent))
    }

    fn enclose(
        &self,
        [open, close]: [&str; 2],
        parts: impl Iterator<Item = String>,
        indent: Option<&str>,
    ) -> String {
        let parts: Vec<String> = parts.collect();
        match indent {
            Some(indent) if !parts.is_empty() => {
                let inner = self.line(&self.inner(indent));
                let parts = parts.join(&format!(",{inner}"));
                format!("{open}{inner}{parts}{}{close}", self.line(indent))
            }
            _ => format!("{open}{}{close}", parts.join(self.comma)),
        }
    }
}

/// The white space that the line of a byte begins with.
pub(super) fn indent_at(text: &str, offset: usize) -> &str {
    let start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
    let line = &text[start..];
    let end = line.find(|c: char| c != ' ' && c != '\t');
    &line[..end.unwrap_or(line.len())]
}

//! Strict JSON (RFC 8259) with the place of everything in it; a key that stands twice is refused.

use std::ops::Range;

/// Deeper than any configuration, and shallow enough for the stack.
const DEEPEST: usize = 100;

/// One value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) content: Content,
}

/// What a value is, as far as somebody who looks for keys must know.
#[derive(Debug, Clone)]
pub(super) enum Content {
    Object(Vec<Member>),
    Array,
    Scalar,
}

/// One key and its value.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) span: Range<usize>,
    pub(super) value: Node,
}

/// What is wrong, and at which byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) offset: usize,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn at(offset: usize, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { offset, message }
    }
}

/// Reads a text that is one value; nothing but white space is none.
pub(super) fn scan(text: &str) -> Result<Option<Node>, Fault> {
    let mut reader = Reader { text, at: 0 };
    reader.blanks();
    if reader.at == text.len() {
        return Ok(None);
    }
    let node = reader.value(0)?;
    reader.blanks();
    match reader.at == text.len() {
        true => Ok(Some(node)),
        false => Err(reader.unexpected("the end of the file")),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn takes(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn unexpected(&self, wanted: &str) -> Fault {
        let message = match self.text[self.at..].chars().next() {
            None => format!("the file ends where {wanted} is wanted"),
            Some('/' | '#') => format!("a comment where {wanted} is wanted; JSON has none"),
            Some('\'') => format!("`'` where {wanted} is wanted; JSON quotes with `\"`"),
            Some(found) if found.is_control() => {
                format!("`{}` where {wanted} is wanted", found.escape_debug())
            }
            Some(found) => format!("`{found}` where {wanted} is wanted"),
        };
        Fault::at(self.at, message)
    }

    fn value(&mut self, depth: usize) -> Result<Node, Fault> {
        if depth > DEEPEST {
            let message = format!("is nested deeper than {DEEPEST} levels");
            return Err(Fault::at(self.at, message));
        }
        let start = self.at;
        let content = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => self.string().map(|_| Content::Scalar)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        let span = start..self.at;
        Ok(Node { span, content })
    }

    fn object(&mut self, depth: usize) -> Result<Content, Fault> {
        let mut members: Vec<Member> = Vec::new();
        self.at += 1;
        self.blanks();
        if self.takes(b'}') {
            return Ok(Content::Object(members));
        }
        loop {
            self.blanks();
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a key in double quotes"));
            }
            let key = self.string()?;
            let span = start..self.at;
            if let Some(first) = members.iter().find(|member| member.key == key) {
                let line = line_of(self.text, first.span.start);
                let message = format!("key `{key}` stands twice, first in line {line}");
                return Err(Fault::at(start, message));
            }
            self.blanks();
            if !self.takes(b':') {
                return Err(self.unexpected("`:`"));
            }
            self.blanks();
            let value = self.value(depth + 1)?;
            members.push(Member { key, span, value });
            if self.ends(b'}', "`,` or `}`")? {
                return Ok(Content::Object(members));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Content, Fault> {
        self.at += 1;
        self.blanks();
        if self.takes(b']') {
            return Ok(Content::Array);
        }
        loop {
            self.blanks();
            self.value(depth + 1)?;
            if self.ends(b']', "`,` or `]`")? {
                return Ok(Content::Array);
            }
        }
    }

    /// Whether the list ends here; a comma says that it goes on, and then it must.
    fn ends(&mut self, close: u8, wanted: &str) -> Result<bool, Fault> {
        self.blanks();
        if self.takes(close) {
            return Ok(true);
        }
        let comma = self.at;
        if !self.takes(b',') {
            return Err(self.unexpected(wanted));
        }
        self.blanks();
        match self.peek() == Some(close) {
            true => Err(Fault::at(
                comma,
                format!("a comma before `{}`", char::from(close)),
            )),
            false => Ok(false),
        }
    }

    fn string(&mut self) -> Result<String, Fault> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(0..=0x1f) => {
                    let message = "a line break or control character inside a string";
                    return Err(Fault::at(self.at, message));
                }
                Some(_) => self.at += 1,
                None => return Err(Fault::at(start, "a string that does not end")),
            }
        }
        self.at += 1;
        serde_json::from_str(&self.text[start..self.at])
            .map_err(|_| Fault::at(start, "a string with a bad `\\` escape"))
    }

    fn number(&mut self) -> Result<Content, Fault> {
        let start = self.at;
        while matches!(
            self.peek(),
            Some(b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')
        ) {
            self.at += 1;
        }
        let word = &self.text[start..self.at];
        match serde_json::from_str::<serde_json::Number>(word) {
            Ok(_) => Ok(Content::Scalar),
            Err(_) => Err(Fault::at(start, format!("`{word}` is no JSON number"))),
        }
    }

    fn word(&mut self) -> Result<Content, Fault> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let word = &rest[..end.unwrap_or(rest.len())];
        match word {
            "true" | "false" | "null" => {
                self.at += word.len();
                Ok(Content::Scalar)
            }
            "" => Err(self.unexpected("a value")),
            _ => Err(Fault::at(
                self.at,
                format!("`{word}` where a value is wanted"),
            )),
        }
    }
}

/// The line of a byte, from 1.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn fault(text: &str) -> (usize, String) {
        let fault = scan(text).unwrap_err();
        (fault.offset, fault.message)
    }

    #[test]
    fn every_slip_has_its_place_and_sentence() {
        let cases = [
            ("{\"a\": 1,}", 7, "a comma before `}`"),
            ("{\"a\": [1,]}", 8, "a comma before `]`"),
            ("{\"a\" 1}", 5, "`1` where `:` is wanted"),
            ("{\"a\": 1 \"b\": 2}", 8, "`\"` where `,` or `}` is wanted"),
            ("{a: 1}", 1, "`a` where a key in double quotes is wanted"),
            (
                "{\"a\": 1} // x",
                9,
                "a comment where the end of the file is wanted; JSON has none",
            ),
            ("{\"a\": True}", 6, "`True` where a value is wanted"),
            ("{\"a\": 01}", 6, "`01` is no JSON number"),
            ("{\"a\": \"x", 6, "a string that does not end"),
            (
                "{\"a\": \"x\ny\"}",
                8,
                "a line break or control character inside a string",
            ),
            (
                "{\"a\": {",
                7,
                "the file ends where a key in double quotes is wanted",
            ),
            (
                "{\"a\":1,\n\"b\":{\"c\":1,\"\\u0063\":2}}",
                19,
                "key `c` stands twice, first in line 2",
            ),
        ];
        for (text, offset, message) in cases {
            assert_eq!(fault(text), (offset, message.to_owned()), "{text}");
        }
        assert!(scan(&"[".repeat(5000)).is_err());
    }

    proptest::proptest! {
        /// serde_json is the judge of what JSON is; only keys that stand twice are ours.
        #[test]
        fn what_is_json_is_serde_jsons_to_say(text in r#"[\[\]{}:, \n0-9eE.+\\"atrufslnx-]{0,16}"#) {
            let ours = scan(&text).map(|node| node.is_some());
            let theirs = serde_json::from_str::<Value>(&text).is_ok();
            let twice = matches!(&ours, Err(fault) if fault.message.contains("stands twice"));
            proptest::prop_assert!(twice || ours == Ok(true) || !theirs, "{ours:?}");
            proptest::prop_assert!(ours != Ok(true) || theirs);
        }
    }
}

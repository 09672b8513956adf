//! The bytes of a profile: its physical lines, and what no line may hold.

use model::{Rejection, Span};
use std::sync::Arc;

/// Far above any profile, far below what makes reading one felt.
pub(crate) const MAX_FILE: usize = 1 << 20;
/// A line that does not fit a page was not written by a hand.
pub(crate) const MAX_LINE: usize = 4096;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// One physical line without its line end.
#[derive(Debug)]
pub(crate) struct Raw<'a> {
    pub(crate) span: Span,
    pub(crate) bytes: &'a [u8],
    pub(crate) text: Result<&'a str, Rejection>,
}

/// The lines, and what is wrong with the file as a whole.
#[derive(Debug, Default)]
pub(crate) struct Text<'a> {
    pub(crate) faults: Vec<Rejection>,
    pub(crate) lines: Vec<Raw<'a>>,
}

/// Splits `content` into lines; a file that is no text of ours at all has none.
pub(crate) fn split<'a>(file: &Arc<str>, content: &'a [u8]) -> Text<'a> {
    let at = |line| Span::new(Arc::clone(file), line);
    if let Some(fault) = unfit(content, &at) {
        return Text {
            faults: vec![fault],
            lines: Vec::new(),
        };
    }
    let mut faults = Vec::new();
    let body = content.strip_prefix(BYTE_ORDER_MARK).unwrap_or(content);
    if body.len() < content.len() {
        let fault = Rejection::new(&at(1), "the file begins with a byte order mark");
        faults.push(fault.help("remove it: sed -i '1s/^\\xEF\\xBB\\xBF//' FILE"));
    }
    let mut windows: Vec<Span> = Vec::new();
    let mut lines = Vec::new();
    for (index, ended) in body.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let span = at(index + 1);
        let line = ended.strip_suffix(b"\n").unwrap_or(ended);
        let bytes = ended.strip_suffix(b"\r\n").unwrap_or(line);
        if bytes.len() < line.len() {
            windows.push(span.clone());
        }
        let text = decode(bytes, &span);
        lines.push(Raw { span, bytes, text });
    }
    if let Some(first) = windows.first() {
        // One complaint for all: a file from Windows has them everywhere, and one command ends them.
        let all = match windows.len() {
            1 => String::new(),
            all => format!(", the first of {all} that do"),
        };
        let fault = Rejection::new(first, format!("the line ends in CR LF{all}"));
        faults.push(fault.help("convert the line ends: sed -i 's/\\r$//' FILE"));
    }
    Text { faults, lines }
}

/// Why nothing in this file is worth reading.
fn unfit(content: &[u8], at: &impl Fn(usize) -> Span) -> Option<Rejection> {
    if content.len() > MAX_FILE {
        let line = 1 + content[..MAX_FILE]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        let message = format!("the file goes on past {MAX_FILE} bytes: too large for a profile");
        return Some(Rejection::new(&at(line), message));
    }
    if content.starts_with(b"\xFF\xFE") || content.starts_with(b"\xFE\xFF") {
        let fault = Rejection::new(&at(1), "the file is UTF-16, not UTF-8");
        return Some(fault.help("convert it: iconv -f UTF-16 -t UTF-8 FILE"));
    }
    None
}

fn decode<'a>(line: &'a [u8], span: &Span) -> Result<&'a str, Rejection> {
    if line.len() > MAX_LINE {
        let message = format!(
            "the line is {} bytes long, of at most {MAX_LINE}",
            line.len()
        );
        return Err(Rejection::new(span, message));
    }
    let text = str::from_utf8(line).map_err(|error| {
        let place = error.valid_up_to();
        let message = format!(
            "not UTF-8: byte 0x{:02x} at byte {} of the line",
            line[place],
            place + 1
        );
        Rejection::new(span, message)
            .help("save the file as UTF-8, for example: iconv -f ISO-8859-1 -t UTF-8 FILE")
    })?;
    let Some((index, character)) = text.chars().enumerate().find(|(_, c)| is_unseen(*c)) else {
        return Ok(text);
    };
    let what = match character {
        '\0' => "a NUL byte".to_owned(),
        '\r' => "a carriage return that ends no line".to_owned(),
        c if c.is_control() => format!("the control character U+{:04X}", u32::from(c)),
        c => format!("the invisible character U+{:04X}", u32::from(c)),
    };
    let message = format!("{what} at column {}", index + 1);
    Err(Rejection::new(span, message).help("remove it: a profile holds only what can be seen"))
}

/// Whether a reader of the file could miss `character`, or be shown another order than is parsed.
/// The reordering marks are those of CVE-2021-42574: a comment must not be able to hide a setting.
fn is_unseen(character: char) -> bool {
    let tab = character == '\t';
    (character.is_control() && !tab)
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(content: &[u8]) -> Vec<String> {
        let text = split(&"a.ini".into(), content);
        let lines = text.lines.into_iter().filter_map(|line| line.text.err());
        text.faults
            .into_iter()
            .chain(lines)
            .map(|r| r.to_string())
            .collect()
    }

    #[test]
    fn a_last_line_needs_no_line_end() {
        assert_eq!(split(&"a".into(), b"x\ny").lines.len(), 2);
        assert_eq!(split(&"a".into(), b"x\ny\n").lines.len(), 2);
        assert_eq!(split(&"a".into(), b"").lines.len(), 0);
    }

    #[test]
    fn windows_line_ends_are_one_complaint() {
        assert_eq!(
            told(b"a\nb\r\nc\r\n"),
            ["a.ini:2: the line ends in CR LF, the first of 2 that do"]
        );
    }

    #[test]
    fn hidden_characters_are_named() {
        assert_eq!(told(b"k = \0"), ["a.ini:1: a NUL byte at column 5"]);
        assert_eq!(
            told(b"a\rb"),
            ["a.ini:1: a carriage return that ends no line at column 2"]
        );
        assert_eq!(
            told("# \u{202e}x".as_bytes()),
            ["a.ini:1: the invisible character U+202E at column 3"]
        );
        assert_eq!(
            told(b"ok\n\xe9"),
            ["a.ini:2: not UTF-8: byte 0xe9 at byte 1 of the line"]
        );
        assert_eq!(
            told(b"\xFF\xFEk\0"),
            ["a.ini:1: the file is UTF-16, not UTF-8"]
        );
    }

    #[test]
    fn what_is_too_large_is_refused_without_being_shown() {
        let long = told(&[b"[a]\n".as_slice(), &[b'x'; 5000]].concat());
        assert_eq!(
            long,
            ["a.ini:2: the line is 5000 bytes long, of at most 4096"]
        );
        let huge = told(&[b"[a]\nb = ".as_slice(), &vec![b'x'; 10_000_000]].concat());
        assert_eq!(
            huge,
            ["a.ini:2: the file goes on past 1048576 bytes: too large for a profile"]
        );
    }
}

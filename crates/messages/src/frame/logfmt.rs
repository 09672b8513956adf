//! `time="…" level=error msg="…" error="…"`: what logrus writes, as dockerd and containerd do.

use super::Layer;

pub(super) fn unwrap(text: &str) -> Option<Layer<'_>> {
    if !(text.starts_with("time=") || text.starts_with("level=") || text.starts_with("ts=")) {
        return None;
    }
    let (mut message, mut error) = (None, None);
    let mut rest = text;
    while let Some((key, value, after)) = pair(rest) {
        match key {
            "msg" => message = message.or(Some(value)),
            "error" | "err" => error = error.or(Some(value)),
            _ => {}
        }
        rest = after;
    }
    let message = message?;
    Some(Layer::of(match error {
        Some(error) if !message.contains(&error) => format!("{message}: {error}"),
        _ => message,
    }))
}

/// The next key with its value, and what follows. A value that is never closed ends with the line.
fn pair(text: &str) -> Option<(&str, String, &str)> {
    let text = text.trim_start();
    let (key, rest) = text.split_once('=')?;
    if key.is_empty() || key.contains(|letter: char| letter.is_whitespace() || letter == '"') {
        return None;
    }
    let Some(quoted) = rest.strip_prefix('"') else {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        return Some((key, rest[..end].to_owned(), &rest[end..]));
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((key, value, &quoted[at + 1..])),
            '\\' => match letters.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, 't')) => value.push('\t'),
                Some((_, letter)) => value.push(letter),
                None => {}
            },
            letter => value.push(letter),
        }
    }
    Some((key, value, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<String> {
        unwrap(text).map(|layer| layer.rest.into_owned())
    }

    #[test]
    fn quotes_inside_and_a_line_that_was_cut_off() {
        let text = r#"time="x" level=warning msg="got \"failed\"\nnext" id=7"#;
        assert_eq!(said(text).unwrap(), "got \"failed\"\nnext");
        assert_eq!(said(r#"level=error msg="cut o"#).unwrap(), "cut o");
        assert_eq!(said("level=error msg=short id=7").unwrap(), "short");
        assert_eq!(said("level=error id=7"), None);
        assert_eq!(said("time= level"), None);
    }
}

//! Docker's configuration file: its form to the byte, with the words of some keys masked.

/// The keys whose words are nobody's business: proxies carry passwords, labels and what is passed on
/// to a log are the operator's own. Whatever stands below them is masked with them.
const MASKED: &[&str] = &[
    "env",
    "env-regex",
    "http-proxy",
    "https-proxy",
    "label",
    "labels",
    "labels-regex",
    "log-opts",
    "no-proxy",
    "proxies",
];
/// What hosttune asks for below one of these.
const ASKED: &[&str] = &[
    "compress",
    "max-buffer-size",
    "max-file",
    "max-size",
    "mode",
];

/// The text with every letter of a masked word replaced, so that whatever follows stands where it
/// stood. Broken text is masked as far as it can be read.
pub(super) fn keep(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    // For each open bracket, whether what is in it is masked.
    let mut open: Vec<bool> = vec![false];
    let mut key = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if letter != '"' {
            match letter {
                '{' | '[' => {
                    let here = open.last().copied().unwrap_or_default();
                    open.push(here || MASKED.contains(&key.as_str()));
                }
                '}' | ']' if open.len() > 1 => drop(open.pop()),
                _ => {}
            }
            kept.push(letter);
            rest = &rest[letter.len_utf8()..];
            continue;
        }
        let (word, after) = string(rest);
        let is_key = after.trim_start().starts_with(':');
        let below = open.last().copied().unwrap_or_default();
        let masked = match is_key {
            true => below && !ASKED.contains(&word),
            false if below => !ASKED.contains(&key.as_str()),
            false => MASKED.contains(&key.as_str()),
        };
        if is_key {
            key = word.to_owned();
        }
        match masked {
            true => {
                let end = rest.len() - after.len();
                let closed = word.len() + 2 == end;
                kept.push('"');
                kept.extend(word.bytes().map(|_| 'x'));
                kept.push_str(if closed { "\"" } else { "" });
            }
            false => kept.push_str(&rest[..rest.len() - after.len()]),
        }
        rest = after;
    }
    kept
}

/// The string that `text` begins with, between its quotes, and what comes after it.
fn string(text: &str) -> (&str, &str) {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            '"' if !escaped => return (&text[1..at], &text[at + 1..]),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    (&text[1..], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_masked_and_everything_stays_where_it_was() {
        let text = r#"{
  "bip": "10.0.0.1/24", "labels": ["a=b", "c\"d"],
  "log-opts": {"max-size": "10m", "splunk-token": "secret"},
  "proxies": {"http-proxy": "http://u:p@x"}, "http-proxy": "p", "mtu": 1450
}"#;
        let kept = keep(text);
        assert_eq!(kept.len(), text.len());
        for gone in ["a=b", "c\\\"d", "secret", "splunk", "u:p", "\"p\""] {
            assert!(!kept.contains(gone), "{gone} in {kept}");
        }
        for there in [
            "\"10.0.0.1/24\"",
            "\"labels\"",
            "\"max-size\": \"10m\"",
            "1450",
        ] {
            assert!(kept.contains(there), "{there} in {kept}");
        }
        assert_eq!(keep(&kept), kept);
    }

    #[test]
    fn a_broken_file_stays_broken_in_the_same_place() {
        assert_eq!(keep("{\"labels\": [\"a=b"), "{\"labels\": [\"xxx");
        assert_eq!(
            keep("{\"a\" 5, \"labels\": \"x y\"}"),
            "{\"a\" 5, \"labels\": \"xxx\"}"
        );
        assert_eq!(keep("]]}"), "]]}");
    }
}

//! The signs of a limit, in words.

use model::Sign;

/// A line a sign: what is printed, and what that says.
pub(super) fn lines(signs: &[Sign]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for sign in signs {
        let line = format!("{}: {}", printed(sign), sign.because);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

fn printed(sign: &Sign) -> String {
    let words = |words: &[&str]| -> Vec<String> {
        words
            .iter()
            .map(|word| format!("`{}`", word.replace('*', " … ")))
            .collect()
    };
    let (says, and) = (words(sign.says), words(sign.and));
    let errno: Vec<String> = sign
        .errno
        .iter()
        .map(|errno| format!("{errno:?}"))
        .collect();
    let parts = [says, and, errno].map(|part| part.join(" or "));
    let parts: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" with ")
}

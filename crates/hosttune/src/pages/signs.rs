//! The signs of a limit, in words.

use explain::printed;
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

//! Signs and remedies as a page tells them.

use crate::words::errno::ERRNOS;
use crate::{Fix, fix};
use model::{Errno, Sign};

/// What raises a limit or gets around it, whatever the host.
pub fn helps(id: &str) -> Vec<Fix> {
    fix::of(id)
}

/// What a sign prints.
pub fn printed(sign: &Sign) -> String {
    let quoted = |words: &[&str]| -> Vec<String> {
        let plain = words.iter().map(|word| word.replace('*', " … "));
        plain.map(|word| format!("`{}`", word.trim())).collect()
    };
    let errnos: Vec<String> = sign.errno.iter().map(|errno| spelled(*errno)).collect();
    let parts = [errnos, quoted(sign.says), quoted(sign.and)].map(|part| part.join(" or "));
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let said = parts.iter().filter(|part| !part.is_empty());
    said.copied().collect::<Vec<_>>().join(" with ")
}

/// The words of an error and its symbol.
fn spelled(errno: Errno) -> String {
    let row = ERRNOS.iter().find(|row| row.errno == errno);
    let words = row.and_then(|row| Some((row.words.first()?, row.symbol)));
    words.map_or_else(String::new, |(words, symbol)| {
        format!("`{words}` ({})", symbol.to_uppercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_prints_something() {
        for limit in limits::all() {
            for sign in limit.signs {
                assert!(!printed(sign).is_empty(), "{}", limit.id);
            }
        }
    }

    #[test]
    fn errors_are_told_by_their_words() {
        let sign = Sign::decides("x").errno(&[Errno::NoSpace]).says(&["a*b"]);
        assert_eq!(
            printed(&sign),
            "`no space left on device` (ENOSPC) with `a … b`"
        );
    }
}

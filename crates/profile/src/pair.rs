//! A pair: `key = value` on one line, and all that only looks like it.

use crate::clip::clip;
use model::{Rejection, Span};

/// White space as a profile may use it; anything wider is refused before it is trimmed away.
pub(crate) const BLANKS: [char; 2] = [' ', '\t'];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pair<'a> {
    pub(crate) key: &'a str,
    pub(crate) value: &'a str,
}

/// Reads a trimmed line that is neither a comment nor a header.
pub(crate) fn read<'a>(line: &'a str, span: &Span) -> Result<Pair<'a>, Rejection> {
    let Some((key, value)) = line.split_once('=') else {
        let refusal = Rejection::new(span, format!("`{}` has no `=`", clip(line)));
        return Err(match line.split_once(':') {
            Some((key, _)) => refusal.help(format!(
                "write `=` for `:`, as in `{} = …`",
                clip(key.trim_end_matches(BLANKS))
            )),
            None => refusal
                .help("a line is `[section]`, `key = value`, or a comment that begins with `#`"),
        });
    };
    let key = key.trim_end_matches(BLANKS);
    let value = value.trim_start_matches(BLANKS);
    check_key(key, span)?;
    check_value(key, value, span)?;
    Ok(Pair { key, value })
}

fn check_key(key: &str, span: &Span) -> Result<(), Rejection> {
    let refuse = |message: String| Err(Rejection::new(span, message));
    let Some(odd) = key
        .chars()
        .find(|c| !c.is_ascii_graphic() || "\"'`\\#;[]:".contains(*c))
    else {
        return if key.is_empty() {
            refuse("no key before the `=`".to_owned())
        } else {
            Ok(())
        };
    };
    let shown = clip(key);
    let message = match odd {
        ':' => {
            // To rust-ini a `:` separates as well: `0000:00:1f.2 = 5` would set the key `0000`.
            let refusal = Rejection::new(span, format!("`:` in the key `{shown}`"));
            return Err(
                refusal.help("only `=` separates a key from its value, and no key has a `:`")
            );
        }
        '\t' => format!("a tab inside the key `{shown}`"),
        ' ' => format!("a blank inside the key `{shown}`"),
        c if c.is_ascii() => format!("`{c}` does not belong in a key"),
        c => {
            let refusal = Rejection::new(
                span,
                format!("`{c}` (U+{:04X}) in the key `{shown}`", u32::from(c)),
            );
            return Err(
                refusal.help("keys are plain ASCII: is it a look-alike from another alphabet?")
            );
        }
    };
    refuse(message)
}

fn check_value(key: &str, value: &str, span: &Span) -> Result<(), Rejection> {
    let key = clip(key);
    let refuse = |message: String, help: String| Err(Rejection::new(span, message).help(help));
    if value.is_empty() {
        return refuse(
            format!("`{key}` has no value"),
            "to leave a setting alone, remove its line".to_owned(),
        );
    }
    if let Some(mark) = trailing_comment(value) {
        let help = format!(
            "a comment has a line of its own; here `{mark}` would become part of the value"
        );
        return refuse(format!("a comment behind the value of `{key}`"), help);
    }
    if value.contains('\t') {
        return refuse(
            format!("a tab inside the value of `{key}`"),
            "separate the parts of a value by blanks".to_owned(),
        );
    }
    if value.starts_with(['"', '\'']) {
        let help = "write it without: quotes would become part of the value".to_owned();
        return refuse(format!("quotes around the value of `{key}`"), help);
    }
    if value.ends_with('\\') {
        // rust-ini joins the next line to this one even with its escapes switched off.
        return refuse(
            format!("the value of `{key}` ends in `\\`"),
            "a value fits on its line".to_owned(),
        );
    }
    if value.starts_with('=') {
        return refuse(
            format!("the value of `{key}` begins with `=`"),
            "one `=` is enough".to_owned(),
        );
    }
    Ok(())
}

/// The `#` or `;` that begins the value or follows white space in it.
fn trailing_comment(value: &str) -> Option<char> {
    let before = std::iter::once(' ').chain(value.chars());
    let pairs = before.zip(value.chars());
    pairs
        .filter(|(before, mark)| BLANKS.contains(before) && matches!(mark, '#' | ';'))
        .map(|(_, mark)| mark)
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> String {
        match read(line, &Span::new("a.ini", 1)) {
            Ok(pair) => format!("{} <- {}", pair.key, pair.value),
            Err(rejection) => rejection.message,
        }
    }

    fn help(line: &str) -> String {
        read(line, &Span::new("a.ini", 1))
            .unwrap_err()
            .help
            .unwrap()
    }

    #[test]
    fn the_first_equals_sign_divides() {
        assert_eq!(told("a.b\t =\t 1 2"), "a.b <- 1 2");
        assert_eq!(
            told("net.ipv4.conf.eth0/100.rp_filter=1"),
            "net.ipv4.conf.eth0/100.rp_filter <- 1"
        );
        assert_eq!(
            told("kernel.core_pattern = |/bin/x -o a=%p: [b]"),
            "kernel.core_pattern <- |/bin/x -o a=%p: [b]"
        );
        assert_eq!(
            told("summary = the host's; a\\b#c"),
            "summary <- the host's; a\\b#c"
        );
    }

    #[test]
    fn keys_are_one_plain_word() {
        assert_eq!(told("= 5"), "no key before the `=`");
        assert_eq!(told("a b = 5"), "a blank inside the key `a b`");
        assert_eq!(told("a\tb = 5"), "a tab inside the key `a b`");
        assert_eq!(told("\"a\" = 5"), "`\"` does not belong in a key");
        assert_eq!(told("a\\= 5"), "`\\` does not belong in a key");
        assert_eq!(
            told("vm.swаppiness = 5"),
            "`а` (U+0430) in the key `vm.swаppiness`"
        );
        assert_eq!(told("0000:00:1f.2 = 5"), "`:` in the key `0000:00:1f.2`");
    }

    #[test]
    fn a_line_without_equals_says_what_a_line_is() {
        assert_eq!(told("vm.swappiness 5"), "`vm.swappiness 5` has no `=`");
        assert_eq!(
            help("vm.swappiness : 5"),
            "write `=` for `:`, as in `vm.swappiness = …`"
        );
        assert!(help("vm.swappiness").starts_with("a line is"));
    }

    #[test]
    fn values_are_what_they_look_like() {
        assert_eq!(told("a ="), "`a` has no value");
        assert_eq!(told("a = 5 # five"), "a comment behind the value of `a`");
        assert_eq!(told("a = 5\t; five"), "a comment behind the value of `a`");
        assert_eq!(told("a = #5"), "a comment behind the value of `a`");
        assert_eq!(told("a = 4096\t8192"), "a tab inside the value of `a`");
        assert_eq!(told("a = \"5\""), "quotes around the value of `a`");
        assert_eq!(told("a = 5 \\"), "the value of `a` ends in `\\`");
        assert_eq!(told("a == 5"), "the value of `a` begins with `=`");
    }
}

//! rust-ini, the parser of record: it must read the same sections, keys and values as the line pass.

use crate::clip::clip;
use crate::lines::{Kind, Line};
use ini::{Ini, ParseOption};
use model::{Rejection, Span};

/// What a line says, as both parsers would put it.
#[derive(Debug, PartialEq, Eq)]
enum Said<'a> {
    Section(&'a str),
    Pair(&'a str, &'a str),
}

/// Where rust-ini understands these lines otherwise; lines already refused are not its business.
pub(crate) fn cross_check(lines: &[Line<'_>]) -> Result<(), Rejection> {
    let Some(last) = lines.last() else {
        return Ok(());
    };
    let mut text = String::new();
    let mut ours: Vec<(&Span, Said<'_>)> = Vec::new();
    for line in lines {
        let said = match line.kind {
            Ok(Kind::Section(header)) => Some(Said::Section(header.inner)),
            Ok(Kind::Pair(pair)) => Some(Said::Pair(pair.key, pair.value)),
            _ => None,
        };
        // Everything else is left blank, and with it the comments: rust-ini 0.21 takes an indented
        // one for the beginning of a key (its issue 155).
        if let Some(said) = said {
            text.push_str(line.text);
            ours.push((&line.span, said));
        }
        text.push('\n');
    }
    let options = ParseOption {
        enabled_quote: false,
        enabled_escape: false,
        enabled_indented_mutiline_value: false,
        enabled_preserve_key_leading_whitespace: false,
    };
    let parsed = Ini::load_from_str_opt(&text, options).map_err(|error| {
        let span = Span::new(last.span.file.clone(), error.line.min(last.span.line));
        bug(&span, &format!("rust-ini says: {}", error.msg))
    })?;
    let theirs = said_by(&parsed);
    for (index, (span, our)) in ours.iter().enumerate() {
        match theirs.get(index) {
            Some(their) if their == our => {}
            Some(their) => {
                return Err(bug(
                    span,
                    &format!("rust-ini reads {}, not {}", shown(their), shown(our)),
                ));
            }
            None => return Err(bug(span, &format!("rust-ini does not see {}", shown(our)))),
        }
    }
    match theirs.get(ours.len()) {
        Some(their) => Err(bug(
            &last.span,
            &format!("rust-ini also reads {}", shown(their)),
        )),
        None => Ok(()),
    }
}

fn said_by(parsed: &Ini) -> Vec<Said<'_>> {
    // rust-ini keeps file order, and an unnamed section before all others even where there is none.
    let mut all = Vec::new();
    for (section, pairs) in parsed.iter() {
        if section.is_some() || !pairs.is_empty() {
            all.push(Said::Section(section.unwrap_or_default()));
        }
        all.extend(pairs.iter().map(|(key, value)| Said::Pair(key, value)));
    }
    all
}

fn shown(said: &Said<'_>) -> String {
    match said {
        Said::Section(name) => format!("`[{}]`", clip(name)),
        Said::Pair(key, value) => format!("`{} = {}`", clip(key), clip(value)),
    }
}

fn bug(span: &Span, message: &str) -> Rejection {
    let message = format!(
        "bug: the two readers of profiles disagree: {}",
        message.escape_debug()
    );
    Rejection::new(span, message).help("please report this line; until then, write it more simply")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pair::Pair;
    use crate::{lines, text};

    fn read(content: &str) -> Vec<Line<'_>> {
        lines::read(text::split(&"a.ini".into(), content.as_bytes()).lines)
    }

    #[test]
    fn they_agree_on_what_trips_rust_ini_alone() {
        let content = "\t# indented\n[a]\n  ; k = 1\n\tk\t=\t5 \n[unit a\\x2db.mount]\nx = a\\b = c:d [e] \"f\"\n[a]\nk = 6\nk = 7";
        assert_eq!(cross_check(&read(content)), Ok(()));
    }

    #[test]
    fn a_disagreement_names_its_line() {
        let mut lines = read("[a]\nk = 5\nl = 6");
        lines[2].kind = Ok(Kind::Pair(Pair {
            key: "l",
            value: "7",
        }));
        let told = cross_check(&lines).unwrap_err().to_string();
        assert_eq!(
            told,
            "a.ini:3: bug: the two readers of profiles disagree: rust-ini reads `l = 6`, not `l = 7`"
        );
        lines[2].text = "l = 7\nm = 8";
        let told = cross_check(&lines).unwrap_err().message;
        assert!(told.ends_with("rust-ini also reads `m = 8`"), "{told}");
        lines[2].text = "";
        let told = cross_check(&lines).unwrap_err().message;
        assert!(told.ends_with("rust-ini does not see `l = 7`"), "{told}");
        lines[2].text = " =";
        let told = cross_check(&lines).unwrap_err().to_string();
        assert!(
            told.starts_with("a.ini:") && told.contains("rust-ini"),
            "{told}"
        );
    }
}

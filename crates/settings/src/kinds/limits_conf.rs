//! limits.conf and limits.d as pam_limits reads them: whom a line is for, and which line wins.

use model::{Host, Span};

const MAIN: &str = "/etc/security/limits.conf";
const DIRECTORY: &str = "/etc/security/limits.d";

/// How near to a user a line is; of two lines the nearer wins, of equally near ones the later
/// (pam_limits.c, `process_limit`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// A user by name or number.
    User,
    /// A group.
    Group,
    /// The logins of a group or of all, counted together.
    Counted,
    /// Everybody but root.
    Everybody,
}

impl Reach {
    /// The reach of a domain.
    pub(crate) fn of(domain: &str) -> Self {
        match domain.chars().next() {
            Some('*') => Self::Everybody,
            Some('%') => Self::Counted,
            Some('@') => Self::Group,
            _ => Self::User,
        }
    }
}

/// Which of the two limits a line sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Soft,
    Hard,
    Both,
}

/// A line about the item asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) domain: String,
    pub(crate) side: Side,
    pub(crate) value: String,
    pub(crate) span: Span,
}

/// All that is said about one item.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    /// In the order of reading.
    pub(crate) said: Vec<Said>,
    /// Domains that are exempt from every limit (`DOMAIN -`), and where that stands.
    pub(crate) exempt: Vec<(String, Span)>,
    /// A file that could not be read.
    pub(crate) unreadable: Option<String>,
}

/// Reads limits.conf, then limits.d in the order of its names. Debian builds PAM without a
/// vendor's directory below `/usr`.
pub(crate) fn lines(host: &dyn Host, item: &str) -> Lines {
    let mut lines = Lines::default();
    let mut paths = vec![MAIN.to_owned()];
    match host.list(DIRECTORY) {
        Ok(names) => paths.extend(
            names
                .iter()
                .filter(|name| name.ends_with(".conf") && !name.starts_with('.'))
                .map(|name| format!("{DIRECTORY}/{name}")),
        ),
        Err(error) if error.is_not_found() => {}
        Err(error) => lines.unreadable = Some(error.to_string()),
    }
    for path in paths {
        match host.read_text(&path) {
            Ok(text) => read(&text, &path, item, &mut lines),
            Err(error) if error.is_not_found() => {}
            Err(error) => lines.unreadable = Some(error.to_string()),
        }
    }
    lines
}

fn read(text: &str, path: &str, item: &str, lines: &mut Lines) {
    for (index, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default();
        let span = || Span::new(path, index + 1);
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [domain, "-"] => lines.exempt.push(((*domain).to_owned(), span())),
            // PAM drops what `%` says of any other item.
            [domain, ..] if domain.starts_with('%') && item != "maxlogins" => {}
            [domain, side, of, value, ..] if of.eq_ignore_ascii_case(item) => {
                let side = match side.to_ascii_lowercase().as_str() {
                    "soft" => Side::Soft,
                    "hard" => Side::Hard,
                    "-" => Side::Both,
                    _ => continue,
                };
                lines.said.push(Said {
                    domain: (*domain).to_owned(),
                    side,
                    value: number(&value.to_ascii_lowercase()),
                    span: span(),
                });
            }
            _ => {}
        }
    }
}

/// PAM reads as far as there are digits (strtoul(3)): `64m` is 64.
fn number(value: &str) -> String {
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    let sign = &value[..value.len() - digits.len()];
    let end = digits.find(|c: char| !c.is_ascii_digit());
    match end {
        Some(0) | None => value.to_owned(),
        Some(end) => format!("{sign}{}", &digits[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    #[test]
    fn files_are_read_in_pams_order_and_comments_are_none() {
        let host = FakeHost::new()
            .file(
                "/etc/security/limits.conf",
                "* soft nofile 1 # x\n#* hard nofile 2\n",
            )
            .file(
                "/etc/security/limits.d/91-nofile.conf",
                "root - NOFILE 4m\n",
            )
            .file(
                "/etc/security/limits.d/20-x.conf",
                "@dev hard nofile 3\nroot -\n",
            )
            .file("/etc/security/limits.d/x.txt", "* - nofile 9\n");
        let lines = lines(&host, "nofile");
        let said: Vec<String> = lines
            .said
            .iter()
            .map(|s| format!("{} {:?} {} {}", s.domain, s.side, s.value, s.span))
            .collect();
        assert_eq!(
            said,
            [
                "* Soft 1 /etc/security/limits.conf:1",
                "@dev Hard 3 /etc/security/limits.d/20-x.conf:1",
                "root Both 4 /etc/security/limits.d/91-nofile.conf:1",
            ]
        );
        assert_eq!(lines.exempt.len(), 1);
    }

    #[test]
    fn the_nearer_line_comes_first() {
        assert!(Reach::of("root") < Reach::of("@dev"));
        assert!(Reach::of("1000:2000") < Reach::of("*"));
        assert!(Reach::of("@500:") < Reach::of("%dev"));
    }
}

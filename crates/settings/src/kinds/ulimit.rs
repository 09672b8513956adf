//! Limits of login sessions: whom they are for, and the lines of limits.d that keep them.

use super::limits_conf::{Reach, lines};
use super::ulimit_items::{ROWS, Row, Unit, row};
use super::ulimit_look::{FILE, floor, look};
use super::{Kind, KnownKey, Line, Look, Page, stored};
use crate::wish;
use model::{Desired, Entry, Form, Host, Key, Quantity, Rejection, Scope, Setting, Value, nearest};

/// The kind `ulimit`.
pub(crate) struct Ulimit;

impl Kind for Ulimit {
    fn section(&self) -> &'static str {
        "ulimit"
    }

    fn named(&self) -> bool {
        true
    }

    fn page(&self) -> Page {
        let known = |row: &Row| {
            let mut known = KnownKey::of(row.name, &row.shape);
            match row.unit {
                Unit::One => {}
                Unit::Kilobyte => known.value.push_str(", in KB"),
                Unit::Minute => known.value.push_str(", in minutes"),
            }
            known
        };
        Page {
            summary: "Limits of login sessions, named by whom they are for as in limits.conf(5): `*`, a \
                      user, `@group`, `%group`, or a range of numbers.",
            file: FILE,
            takes: "from the next login on; sessions that are open keep what they have",
            example: "[ulimit *]\nnofile = 65536:1048576\nmemlock = unlimited",
            keys: ROWS.iter().map(known).collect(),
        }
    }

    fn parse(&self, entry: &Entry) -> Result<Setting, Rejection> {
        let domain = entry.name.as_deref().unwrap_or_default();
        let refuse = |message: String| Rejection::new(&entry.span, message);
        if !is_domain(domain) {
            return Err(refuse(format!("`{domain}` is no domain of limits.conf"))
                .help("write `*`, a user, `@group`, `%group`, `500:600`, `500:` or `:500`"));
        }
        let Some(row) = row(&entry.key) else {
            let rejection = refuse(format!("unknown item `{}` of limits.conf", entry.key));
            return Err(match nearest(&entry.key, ROWS.iter().map(|row| row.name)) {
                Some(near) => rejection.help(format!("did you mean `{near}`?")),
                None => rejection.help("the items are those of limits.conf(5) that are numbers"),
            });
        };
        if domain.starts_with('%') && row.name != "maxlogins" {
            return Err(refuse(format!("PAM takes `{domain}` for maxlogins only"))
                .help(format!("write `[ulimit @{}]`", &domain[1..])));
        }
        let sized = |word: &str| {
            word.starts_with(|c: char| c.is_ascii_digit()) && word.ends_with(char::is_alphabetic)
        };
        if row.unit != Unit::One && entry.value.split([' ', ':']).any(sized) {
            let (of, example) = match row.unit {
                Unit::Minute => ("minutes", "60"),
                _ => ("KB", "65536"),
            };
            return Err(
                refuse(format!("{} is counted in {of}, not in bytes", row.name))
                    .help(format!("write a plain number, such as {example}")),
            );
        }
        let (desired, shape) = wish::parse(entry, row.shape)?;
        Ok(Setting {
            key: Key::new(self.section(), format!("{domain}/{}", row.name)),
            desired,
            shape,
            optional: false,
            reason: entry.reason.clone(),
            span: entry.span.clone(),
        })
    }

    fn observe(&self, host: &dyn Host, setting: &Setting) -> Vec<Look> {
        let (domain, item) = names(setting);
        let Some(row) = row(item) else {
            return Vec::new();
        };
        let lines = lines(host, item);
        let mut look = look(setting, row, domain, &lines);
        if !look.warns {
            look.note = Some(note(host, setting, row, domain));
        }
        look.floor = floor(host, row, domain, &lines, setting);
        vec![look]
    }

    fn store(&self, setting: &Setting, looks: &[Look]) -> Option<Line> {
        let (domain, item) = names(setting);
        let value = stored::target(setting, looks, FILE)?;
        let text = match &value {
            Value::Numbers(numbers) if setting.shape.form == Form::SoftHard => {
                let spell = |n: Quantity| setting.shape.render(&Value::Numbers(vec![n, n]));
                match numbers.as_slice() {
                    [soft, hard] if soft != hard => format!(
                        "{domain} soft {item} {}\n{domain} hard {item} {}",
                        spell(*soft),
                        spell(*hard)
                    ),
                    _ => format!("{domain} - {item} {}", setting.shape.render(&value)),
                }
            }
            _ => format!("{domain} - {item} {}", setting.shape.render(&value)),
        };
        Some(Line {
            path: FILE.to_owned(),
            section: None,
            text,
            value: setting.shape.describe(&value),
            takes: "from the next login on".to_owned(),
        })
    }
}

fn names(setting: &Setting) -> (&str, &str) {
    let name = &setting.key.name;
    name.rsplit_once('/').unwrap_or((name, ""))
}

/// `*`, `%`, a name or a range of numbers, the latter two also of groups.
fn is_domain(domain: &str) -> bool {
    let rest = domain.strip_prefix(['@', '%']).unwrap_or(domain);
    if matches!(domain, "*" | "%") {
        return true;
    }
    if let Some((low, high)) = rest.split_once(':') {
        let number = |text: &str| text.chars().all(|c| c.is_ascii_digit());
        let one = low.is_empty() && !high.is_empty();
        let range = !low.is_empty() && !domain.starts_with('%');
        return number(low) && number(high) && (one || range);
    }
    let valid = |c: char| c.is_ascii_alphanumeric() || "_.$-+\\".contains(c);
    !rest.is_empty() && !rest.starts_with('-') && rest.chars().all(valid)
}

fn note(host: &dyn Host, setting: &Setting, row: &Row, domain: &str) -> String {
    let mut note = "from the next login on; sessions that are open keep what they have".to_owned();
    if Reach::of(domain) != Reach::User {
        note.push_str(&format!("; `{domain}` does not reach root"));
    }
    // PAM drops a limit above it without a word, and the session opens with the old one.
    let nr_open = "/proc/sys/fs/nr_open";
    if row.name == "nofile"
        && host.scope() == Scope::Live
        && let Ok(text) = host.read_text(nr_open)
        && let Ok(most) = text.trim().parse::<i128>()
        && wanted(&setting.desired)
            .iter()
            .any(|n| n.finite().is_some_and(|n| n > most))
    {
        note.push_str(&format!(
            "; the running kernel's fs.nr_open is {most}, and a login before that is raised keeps \
             what it would have had"
        ));
    }
    note
}

fn wanted(desired: &Desired) -> &[Quantity] {
    match desired {
        Desired::Exact(Value::Numbers(numbers))
        | Desired::AtLeast(numbers)
        | Desired::AtMost(numbers) => numbers,
        Desired::Exact(Value::Text(_)) => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Observed, Property, Span};
    use testkit::FakeHost;

    fn parse(domain: &str, item: &str, value: &str) -> Result<Setting, Rejection> {
        Ulimit.parse(&Entry {
            kind: "ulimit".to_owned(),
            name: Some(domain.to_owned()),
            key: item.to_owned(),
            value: value.to_owned(),
            reason: None,
            span: Span::new("p.ini", 2),
        })
    }

    fn line(host: &FakeHost, setting: &Setting) -> String {
        let looks = Ulimit.observe(host, setting);
        Ulimit.store(setting, &looks).unwrap().text
    }

    #[test]
    fn a_bound_lowers_neither_what_a_line_says_nor_what_systemd_gives() {
        let host = FakeHost::new()
            .default_of_units("DefaultLimitNOFILE", Property::Number(524_288))
            .default_of_units("DefaultLimitNOFILESoft", Property::Number(1024))
            .default_of_units("DefaultLimitMEMLOCK", Property::Number(8 << 20))
            .default_of_units("DefaultLimitMEMLOCKSoft", Property::Number(8 << 20));
        let wish = parse("*", "nofile", "65536").unwrap();
        assert_eq!(
            line(&host, &wish),
            "* soft nofile 65536\n* hard nofile 524288"
        );
        let host = host.file("/etc/security/limits.conf", "* hard nofile 900000\n");
        assert_eq!(
            line(&host, &wish),
            "* soft nofile 65536\n* hard nofile 900000"
        );
        let wish = parse("*", "memlock", "64").unwrap();
        assert_eq!(line(&host, &wish), "* - memlock 8192");
    }

    #[test]
    fn the_last_line_for_the_domain_counts_and_one_side_is_not_both() {
        let host = FakeHost::new().file(FILE, "* - nofile 5000\n");
        let wish = parse("*", "nofile", "5000").unwrap();
        let looks = Ulimit.observe(&host, &wish);
        assert!(looks[0].observed.value().is_some());
        assert!(!looks[0].warns);
        let host = host.file("/etc/security/limits.d/91-x.conf", "\n* soft nofile 9\n");
        let looks = Ulimit.observe(&host, &wish);
        assert_eq!(
            looks[0].note.as_deref(),
            Some(
                "/etc/security/limits.d/91-x.conf:2 is read later and overrides /etc/security/limits.d/60-hosttune.conf"
            )
        );
        let host = FakeHost::new().file(FILE, "* hard nofile 5000\n");
        assert_eq!(Ulimit.observe(&host, &wish)[0].observed, Observed::Absent);
    }

    #[test]
    fn lines_that_do_not_count_are_told_with_their_rule() {
        let host = FakeHost::new().file(
            "/etc/security/limits.conf",
            "ada soft nofile 1\nada - nofile 5\nada hard nofile 6\n* hard nofile 9\n@dev - nproc 1\n",
        );
        let looks = Ulimit.observe(&host, &parse("ada", "nofile", "exact 5:6").unwrap());
        let told = looks[0].overruled.iter();
        let told: Vec<String> = told
            .map(|one| format!("{} {}", one.source, one.rule))
            .collect();
        assert_eq!(
            told,
            [
                "/etc/security/limits.conf:1 read before /etc/security/limits.conf:2",
                "/etc/security/limits.conf:4 for *, and /etc/security/limits.conf:3 is for ada itself",
            ]
        );
        assert!(looks[0].observed.value().is_some());
    }

    #[test]
    fn whoever_has_a_nearer_line_is_named() {
        let host = FakeHost::new().file(
            "/etc/security/limits.conf",
            "root - nofile 9\n@dev hard nofile 1024\nada - nofile 70000\n%all - nofile 1\n",
        );
        let looks = Ulimit.observe(&host, &parse("*", "nofile", "65536").unwrap());
        assert_eq!(
            looks[0].note.as_deref(),
            Some("@dev has a line of its own at /etc/security/limits.conf:2, which wins: 1024")
        );
        let looks = Ulimit.observe(&host, &parse("@dev", "nofile", "80000").unwrap());
        let note = looks[0].note.as_deref().unwrap();
        assert!(
            note.starts_with("ada has a line") && !note.contains("root"),
            "{note}"
        );
    }

    #[test]
    fn an_exemption_leaves_our_line_without_effect() {
        let host = FakeHost::new()
            .file("/etc/security/limits.conf", "root -\n")
            .file(FILE, "root - nofile 5000\n");
        let looks = Ulimit.observe(&host, &parse("root", "nofile", "5000").unwrap());
        assert_eq!(looks[0].observed, Observed::Absent);
        assert!(looks[0].warns && looks[0].fix.is_some());
    }

    #[test]
    fn what_pam_or_the_kernel_would_drop_is_refused() {
        assert!(parse("*", "nofile", "2147483584").is_ok());
        for (domain, item, value) in [
            ("*", "nofile", "2147483585"),
            ("*", "nofile", "2000:1000"),
            ("*", "memlock", "64M"),
            ("*", "chroot", "5"),
            ("%dev", "nofile", "5"),
            ("a b", "nofile", "5"),
            ("1:2:3", "nofile", "5"),
            (":", "nofile", "5"),
            ("@", "nofile", "5"),
            ("*", "nonewprivs", "2"),
        ] {
            assert!(
                parse(domain, item, value).is_err(),
                "{domain} {item} {value}"
            );
        }
        assert!(parse("%dev", "maxlogins", "5").is_ok());
        assert!(parse("1000:", "nice", "-5").is_ok());
    }
}

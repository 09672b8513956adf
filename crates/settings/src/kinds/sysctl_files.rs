//! What sysctl.d stores: which file and line systemd-sysctl would take a key's value from.

use super::stored::Assignment;
use super::sysctl_name;
use model::{Host, Span, conf_files};

/// Everything that speaks about one key.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Assignments in load order; the last one wins.
    pub(crate) assignments: Vec<Assignment>,
    /// A file that could not be read and comes after the last assignment: it might win.
    pub(crate) unreadable: Option<String>,
}

/// All assignments of `name`. A pattern counts only where no line names the key itself: that is how
/// systemd-sysctl keeps a pattern from overruling an explicit line (sysctl.d(5)).
pub(crate) fn stored(host: &dyn Host, name: &str) -> Stored {
    let mut explicit = Vec::new();
    let mut matched = Vec::new();
    let mut excluded = false;
    let mut unreadable = None;
    for file in conf_files(host, "sysctl.d") {
        let text = match &file.content {
            Ok(text) => text,
            Err(error) => {
                unreadable = Some(error.to_string());
                continue;
            }
        };
        for (index, line) in text.lines().enumerate() {
            let span = Span::new(file.path.as_str(), index + 1);
            match read_line(line, name) {
                Some(Said::Exactly(value)) => {
                    unreadable = None;
                    explicit.push(Assignment { value, span });
                }
                Some(Said::ByPattern(value)) => matched.push(Assignment { value, span }),
                Some(Said::Exclude) => excluded = true,
                None => {}
            }
        }
    }
    let assignments = match (explicit.is_empty(), excluded) {
        (false, _) => explicit,
        (true, true) => Vec::new(),
        (true, false) => matched,
    };
    Stored {
        assignments,
        unreadable,
    }
}

enum Said {
    Exactly(String),
    ByPattern(String),
    /// `-key` without a value: patterns do not reach this key.
    Exclude,
}

fn read_line(line: &str, name: &str) -> Option<Said> {
    let line = line.trim();
    if line.is_empty() || line.starts_with(['#', ';']) {
        return None;
    }
    let (key, value) = match line.split_once('=') {
        Some((key, value)) => (key.trim(), Some(value.trim().to_owned())),
        None => (line, None),
    };
    let bare = key.strip_prefix('-').unwrap_or(key);
    let same = sysctl_name::canonical(bare).is_ok_and(|canonical| canonical == name);
    match value {
        Some(value) if same => Some(Said::Exactly(value)),
        Some(value) if is_pattern(bare) && matches(bare, name) => Some(Said::ByPattern(value)),
        None if same && key.starts_with('-') => Some(Said::Exclude),
        _ => None,
    }
}

fn is_pattern(key: &str) -> bool {
    key.contains(['*', '?', '['])
}

/// glob(7) over the path below `/proc/sys`: no wildcard crosses a slash.
fn matches(pattern: &str, name: &str) -> bool {
    let Ok(path) = sysctl_name::path(name) else {
        return false;
    };
    let slashes = match pattern.find(['.', '/']) {
        Some(at) if pattern[at..].starts_with('.') => pattern
            .chars()
            .map(|c| match c {
                '.' => '/',
                '/' => '.',
                other => other,
            })
            .collect(),
        _ => pattern.to_owned(),
    };
    let pattern: Vec<char> = slashes.chars().collect();
    let path: Vec<char> = path["/proc/sys/".len()..].chars().collect();
    glob(&pattern, &path)
}

fn glob(pattern: &[char], text: &[char]) -> bool {
    match pattern.first() {
        None => text.is_empty(),
        Some('*') => {
            let reach = text.iter().take_while(|c| **c != '/').count();
            (0..=reach).any(|taken| glob(&pattern[1..], &text[taken..]))
        }
        Some('?') => text.first().is_some_and(|c| *c != '/') && glob(&pattern[1..], &text[1..]),
        Some('[') => match (pattern.iter().position(|c| *c == ']'), text.first()) {
            (Some(end), Some(c)) if *c != '/' => {
                in_class(&pattern[1..end], *c) && glob(&pattern[end + 1..], &text[1..])
            }
            _ => false,
        },
        Some(c) => text.first() == Some(c) && glob(&pattern[1..], &text[1..]),
    }
}

fn in_class(class: &[char], c: char) -> bool {
    let (negated, class) = match class.first() {
        Some('!' | '^') => (true, &class[1..]),
        _ => (false, class),
    };
    let mut found = false;
    let mut at = 0;
    while at < class.len() {
        if at + 2 < class.len() && class[at + 1] == '-' {
            found |= (class[at]..=class[at + 2]).contains(&c);
            at += 3;
        } else {
            found |= class[at] == c;
            at += 1;
        }
    }
    found != negated
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    fn winner(host: &FakeHost, name: &str) -> Option<String> {
        let last = stored(host, name).assignments.pop()?;
        Some(format!("{} {}", last.value, last.span))
    }

    #[test]
    fn later_names_win_and_equal_names_go_to_the_stronger_place() {
        let host = FakeHost::new()
            .file("/usr/lib/sysctl.d/50-a.conf", "vm.swappiness = 60\n")
            .file("/etc/sysctl.d/50-a.conf", "# mine\nvm/swappiness=50\n")
            .file("/run/sysctl.d/99-z.conf", "-vm.swappiness = 1\n");
        let won = winner(&host, "vm.swappiness").unwrap();
        assert_eq!(won, "1 /run/sysctl.d/99-z.conf:1");
        host.take("/run/sysctl.d/99-z.conf");
        let won = winner(&host, "vm.swappiness").unwrap();
        assert_eq!(won, "50 /etc/sysctl.d/50-a.conf:2");
    }

    #[test]
    fn a_link_to_dev_null_masks() {
        let host = FakeHost::new()
            .file("/usr/lib/sysctl.d/50-a.conf", "vm.swappiness = 60\n")
            .link("/etc/sysctl.d/50-a.conf", "/dev/null");
        assert_eq!(winner(&host, "vm.swappiness"), None);
    }

    #[test]
    fn a_pattern_reaches_only_keys_nobody_names() {
        let host = FakeHost::new().file(
            "/etc/sysctl.d/99-z.conf",
            "net.ipv4.conf.*.rp_filter = 2\n-net.ipv4.conf.lo.rp_filter\n",
        );
        let key = "net.ipv4.conf.all.rp_filter";
        assert!(winner(&host, key).unwrap().starts_with("2 "));
        assert_eq!(winner(&host, "net.ipv4.conf.lo.rp_filter"), None);
        let host = host.file(
            "/usr/lib/sysctl.d/10-a.conf",
            "net.ipv4.conf.all.rp_filter=1\n",
        );
        assert!(winner(&host, key).unwrap().starts_with("1 "));
    }
}

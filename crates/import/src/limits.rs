//! limits.conf files: domain, type, item and value (limits.conf(5)). A profile names the soft and
//! the hard limit together, PAM one a line: two lines, of one file or of several, make an entry.

use crate::collected::Collected;
use crate::text::{Text, clip};
use model::{Rejection, Span};

/// Limits of the kernel, each with a soft and a hard one.
const LIMITS: [&str; 14] = [
    "core",
    "data",
    "fsize",
    "memlock",
    "nofile",
    "rss",
    "stack",
    "cpu",
    "nproc",
    "as",
    "locks",
    "sigpending",
    "msgqueue",
    "rtprio",
];
/// What is one number, whatever the type.
const COUNTS: [&str; 5] = [
    "maxlogins",
    "maxsyslogins",
    "nonewprivs",
    "priority",
    "nice",
];

/// One line that sets a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LimitLine {
    pub(crate) domain: String,
    pub(crate) item: String,
    pub(crate) value: String,
    pub(crate) soft: bool,
    pub(crate) hard: bool,
    pub(crate) span: Span,
}

pub(crate) fn read(text: &Text, collected: &mut Collected) {
    for (span, line) in text.said() {
        match limit(line, &span) {
            Ok(limit) => collected.limit(limit),
            Err(rejection) => collected.gap(rejection),
        }
    }
}

fn limit(line: &str, span: &Span) -> Result<LimitLine, Rejection> {
    let line = line.split('#').next().unwrap_or_default();
    let words: Vec<&str> = line.split_whitespace().collect();
    let refuse = |message: String| Rejection::new(span, message);
    let [domain, kind, item, value] = words[..] else {
        let message = format!("`{}` is not domain, type, item and value", clip(line));
        return Err(refuse(message));
    };
    let (soft, hard) = match kind {
        "soft" => (true, false),
        "hard" => (false, true),
        "-" => (true, true),
        _ => return Err(refuse(format!("`{}` is no type of limit", clip(kind)))),
    };
    let counts = COUNTS.contains(&item);
    if !counts && !LIMITS.contains(&item) {
        let message = format!("{} is no item that a profile has", clip(item));
        return Err(refuse(message));
    }
    let (soft, hard) = (soft || counts, hard || counts);
    let value = match value {
        "unlimited" | "infinity" | "-1" if !matches!(item, "nice" | "priority") => "unlimited",
        other => other,
    };
    Ok(LimitLine {
        domain: domain.to_owned(),
        item: item.to_owned(),
        value: value.to_owned(),
        soft,
        hard,
        span: span.clone(),
    })
}

/// Puts soft and hard limits together; of several lines for one, the last counts.
pub(crate) fn pair(lines: &[LimitLine], collected: &mut Collected) {
    let mut done: Vec<(&str, &str)> = Vec::new();
    for line in lines {
        let (domain, item) = (line.domain.as_str(), line.item.as_str());
        if done.contains(&(domain, item)) {
            continue;
        }
        done.push((domain, item));
        let same = |l: &&LimitLine| l.domain == domain && l.item == item;
        let soft = lines.iter().rev().find(|l| same(l) && l.soft);
        let hard = lines.iter().rev().find(|l| same(l) && l.hard);
        match (soft, hard) {
            (Some(soft), Some(hard)) => {
                let value = match soft.value == hard.value {
                    true => soft.value.clone(),
                    false => format!("{}:{}", soft.value, hard.value),
                };
                let span = soft.span.clone();
                collected.exact(("ulimit", Some(domain)), item, &value, span);
            }
            _ => {
                let (has, lacks) = match soft {
                    Some(_) => ("soft", "hard"),
                    None => ("hard", "soft"),
                };
                let message = format!(
                    "only the {has} limit of {item} for {domain} is set, and a profile sets both"
                );
                let help = format!("add the {lacks} limit to the profile as `{item} = SOFT:HARD`");
                collected.gap(Rejection::new(&line.span, message).help(help));
            }
        }
    }
}

/// Whether a file without a telling name reads like one of these.
pub(crate) fn looks_like(text: &Text) -> bool {
    let mut lines = text.said().peekable();
    lines.peek().is_some()
        && lines.all(|(_, line)| {
            let mut words = line.split_whitespace();
            matches!(words.nth(1), Some("soft" | "hard" | "-")) && words.next().is_some()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_several_lines_make_one_entry() {
        let text = "*\tsoft\tnofile\t1024\n* soft nofile 2048 # more\n* hard nofile 4096\n\
                    root - nproc -1\n@dev soft core 0\n* hard maxlogins 3\n* - chroot /srv\n* foo\n";
        let mut collected = Collected::default();
        read(&Text::of("l", text.as_bytes()), &mut collected);
        let imported = collected.finish();
        let entries: Vec<_> = imported.entries.iter().collect();
        let entries = entries
            .iter()
            .map(|e| (e.name.as_deref().unwrap(), e.key.as_str(), e.value.as_str()));
        assert_eq!(
            entries.collect::<Vec<_>>(),
            [
                ("*", "nofile", "exact 2048:4096"),
                ("root", "nproc", "exact unlimited"),
                ("*", "maxlogins", "exact 3"),
            ]
        );
        let gaps: Vec<usize> = imported.unexpressed.iter().map(|g| g.span.line).collect();
        assert_eq!(gaps, [7, 8, 5]);
    }
}

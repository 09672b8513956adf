//! From entries to settings: each read by its kind, the last writer of a key wins.

use crate::KINDS;
use crate::kinds::kind_of;
use model::{Entry, Rejection, Setting};
use std::collections::BTreeMap;

/// The sections that kinds read, and whether each carries a name.
pub fn sections() -> Vec<(&'static str, bool)> {
    KINDS
        .iter()
        .map(|kind| (kind.section(), kind.named()))
        .collect()
}

/// What the entries of the kinds' sections mean, in table order and then in the profile's. Of
/// several files the last wins; two spellings of one key in one file are refused.
pub fn parse(entries: &[Entry]) -> Result<Vec<Setting>, Vec<Rejection>> {
    let mut settings = Vec::new();
    let mut rejections = Vec::new();
    for kind in KINDS {
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut of_kind: Vec<Setting> = Vec::new();
        for entry in entries.iter().filter(|e| e.kind == kind.section()) {
            match kind.parse(entry) {
                Ok(setting) => match places.get(&setting.key.name) {
                    Some(&at) if of_kind[at].span.file == setting.span.file => {
                        rejections.push(twice(&of_kind[at], &setting));
                    }
                    Some(&at) => of_kind[at] = setting,
                    None => {
                        places.insert(setting.key.name.clone(), of_kind.len());
                        of_kind.push(setting);
                    }
                },
                Err(rejection) => rejections.push(rejection),
            }
        }
        settings.append(&mut of_kind);
    }
    rejections.extend(settings.iter().filter_map(|one| rival(one, &settings)));
    if rejections.is_empty() {
        Ok(settings)
    } else {
        rejections.sort_by(|a, b| a.span.cmp(&b.span));
        Err(rejections)
    }
}

/// Of two kinds that set the same thing, the one that comes later is refused.
fn rival(setting: &Setting, all: &[Setting]) -> Option<Rejection> {
    let other = kind_of(setting).same_as(setting)?;
    let first = all
        .iter()
        .take_while(|one| one.key != setting.key)
        .find(|one| one.key == other)?;
    let message = format!("{} sets what {other} at {} sets", setting.key, first.span);
    Some(Rejection::new(&setting.span, message).help("keep one of the two lines"))
}

fn twice(first: &Setting, second: &Setting) -> Rejection {
    let message = format!(
        "{} is set twice in this file, first in line {}",
        second.key, first.span.line
    );
    Rejection::new(&second.span, message).help("keep one of the two lines")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Desired, Span, Value};

    fn entry(file: &str, line: usize, key: &str, value: &str) -> Entry {
        Entry {
            kind: "sysctl".to_owned(),
            name: None,
            key: key.to_owned(),
            value: value.to_owned(),
            reason: None,
            span: Span::new(file, line),
        }
    }

    #[test]
    fn the_last_file_wins_whatever_the_spelling() {
        let entries = [
            entry("a.ini", 2, "vm.swappiness", "10"),
            entry("b.ini", 2, "vm/swappiness", "5"),
        ];
        let settings = parse(&entries).unwrap();
        assert_eq!(settings.len(), 1);
        assert_eq!(settings[0].desired, Desired::Exact(Value::number(5)));
        assert_eq!(settings[0].span.to_string(), "b.ini:2");
    }

    #[test]
    fn two_kinds_that_set_the_same_thing_are_refused() {
        let of = |kind: &str, line, key: &str| Entry {
            kind: kind.to_owned(),
            name: Some("docker.service".to_owned()),
            ..entry("a.ini", line, key, "5000")
        };
        let entries = [of("cgroup", 2, "pids.max"), of("unit", 5, "TasksMax")];
        let error = parse(&entries).unwrap_err();
        assert_eq!(
            error[0].to_string(),
            "a.ini:2: cgroup:docker.service/pids.max sets what unit:docker.service/TasksMax at a.ini:5 sets"
        );
    }

    #[test]
    fn two_spellings_in_one_file_are_refused() {
        let entries = [
            entry("a.ini", 2, "vm.swappiness", "10"),
            entry("a.ini", 3, "vm/swappiness", "5"),
        ];
        let error = parse(&entries).unwrap_err();
        assert_eq!(
            error[0].to_string(),
            "a.ini:3: sysctl:vm.swappiness is set twice in this file, first in line 2"
        );
    }
}

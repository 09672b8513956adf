//! What raises a limit, as a setting and as the command that does it now.

use crate::Fix;
use crate::help::{GENEROUS, OTHERWISE};
use model::{Key, LimitAnswer};

/// What raises a limit on any host.
pub(crate) fn of(id: &str) -> Vec<Fix> {
    let mut fixes = Vec::new();
    if let Some(limit) = limits::all().find(|limit| limit.id == id) {
        let keys = limit.raise.iter().filter_map(|raise| key(raise));
        fixes.extend(keys.map(|key| raise(key, None)));
    }
    let otherwise = OTHERWISE.iter().find(|(known, _)| *known == id);
    fixes.extend(otherwise.map(|(_, text)| Fix {
        setting: None,
        command: None,
        text: (*text).to_owned(),
    }));
    fixes
}

/// What raises the very ceiling that is full; none where nothing is known to.
pub(crate) fn live(answer: &LimitAnswer) -> Option<Vec<Fix>> {
    let raises = answer.raise.iter();
    let mut fixes: Vec<Fix> = raises
        .map(|of| raise(of.setting.clone(), Some(&of.value)))
        .collect();
    if let Some(text) = &answer.reshape {
        let (command, text) = (write_max(answer.id, &answer.place), text.clone());
        fixes.push(Fix {
            setting: None,
            command,
            text,
        });
    }
    (!fixes.is_empty()).then_some(fixes)
}

/// The files of a cgroup that no setting keeps.
fn write_max(id: &str, place: &str) -> Option<String> {
    let file = ["cgroup.max.descendants", "cgroup.max.depth"];
    let group = place.trim_end_matches('/');
    file.contains(&id)
        .then(|| format!("echo max > /sys/fs/cgroup{group}/{id}"))
}

fn key(text: &str) -> Option<Key> {
    const KINDS: &[&str] = &[
        "sysctl", "unit", "manager", "cgroup", "docker", "dbus", "module", "ulimit",
    ];
    let (kind, name) = text.split_once(':')?;
    let kind = KINDS.iter().find(|known| **known == kind)?;
    Some(Key::new(kind, name))
}

fn raise(key: Key, needed: Option<&str>) -> Fix {
    let command = command(&key, needed);
    Fix {
        text: format!("raise {}", key.name),
        setting: Some(key),
        command,
    }
}

/// The command that does it now; none where it takes a file and a restart.
fn command(key: &Key, needed: Option<&str>) -> Option<String> {
    match key.kind {
        "sysctl" => {
            let value = value(&key.name, needed)?;
            Some(format!("sysctl -w {}={value}", key.name))
        }
        "unit" => {
            let (unit, property) = key.name.split_once('/')?;
            (property == "TasksMax")
                .then(|| format!("systemctl set-property {unit} TasksMax=infinity"))
        }
        _ => None,
    }
}

/// The larger of what is generous and what is needed.
fn value(name: &str, needed: Option<&str>) -> Option<String> {
    let generous = GENEROUS.iter().find(|(known, _)| *known == name);
    let generous = generous.map(|(_, value)| *value);
    let number = |text: &str| text.parse::<u128>().ok();
    match (generous, needed) {
        (Some(generous), Some(needed))
            if number(needed) > number(generous) && number(generous) != Some(0) =>
        {
            Some(needed.to_owned())
        }
        (Some(generous), _) => Some(generous.to_owned()),
        (None, needed) => needed.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_that_is_known_has_something_that_helps() {
        for limit in limits::all() {
            let fixes = of(limit.id);
            let help = fixes.iter().all(|fix| !fix.text.is_empty());
            assert!(
                help && (!fixes.is_empty() || limit.signs.is_empty()),
                "{}",
                limit.id
            );
        }
        for (id, _) in OTHERWISE {
            assert!(limits::all().any(|limit| limit.id == *id), "{id}");
        }
    }

    #[test]
    fn a_command_has_a_value_that_makes_sense() {
        let fixes = of("kernel.pid_max");
        assert_eq!(
            fixes[0].command.as_deref(),
            Some("sysctl -w kernel.pid_max=4194304")
        );
        assert_eq!(
            value("kernel.keys.maxkeys", Some("30000")).as_deref(),
            Some("30000")
        );
        assert_eq!(
            value("fs.pipe-user-pages-soft", Some("30000")).as_deref(),
            Some("0")
        );
        let tasks = key("unit:docker.service/TasksMax").unwrap();
        assert_eq!(
            command(&tasks, None).as_deref(),
            Some("systemctl set-property docker.service TasksMax=infinity")
        );
        assert_eq!(command(&key("docker:data-root").unwrap(), None), None);
    }
}

//! Tasks of units: systemd gives each 15 % of what the host can hold, and users 33 %.

use super::Change;
use super::derived::{Follows, Log};
use super::limits;
use super::rows;
use model::{Host, Property, Unit};

const PID_MAX: &str = "/proc/sys/kernel/pid_max";
const THREADS_MAX: &str = "/proc/sys/kernel/threads-max";
const RULE: &str = "the same share of the smaller of kernel.pid_max and kernel.threads-max";
const SOURCE: &str = "systemd src/basic/limits-util.c system_tasks_max, DefaultTasksMax=15%";
/// `DefaultTasksMax=`, and `TasksMax=` of user-.slice (systemd, units/user-.slice.d).
const SHARES: [u64; 2] = [15, 33];
const TASKS: &[&str] = &["DefaultTasksMax", "TasksMax"];
/// Without `Soft`, which is there of each as well.
const OF_THE_KERNEL: &[&str] = &["LimitNPROC", "LimitSIGPENDING"];

/// How many tasks the host can hold, as it is and as it is assumed to be.
fn all(host: &dyn Host, change: &Change) -> Option<(u64, u64)> {
    let number = |path: &str| -> Option<(u64, u64)> {
        let text = host.read_text(path).ok()?;
        let is = text.trim().parse().ok()?;
        let follows = rows::file(change, path, &text);
        let assumed = follows.and_then(|follows| follows.text.trim().parse().ok());
        Some((is, assumed.unwrap_or(is)))
    };
    let (pids, threads) = (number(PID_MAX)?, number(THREADS_MAX)?);
    // The highest number is one less than pid_max.
    Some((
        threads.0.min(pids.0.saturating_sub(1)),
        threads.1.min(pids.1.saturating_sub(1)),
    ))
}

/// A number of tasks, if it is one of systemd's shares.
fn share(all: Option<(u64, u64)>, value: u64) -> Option<u64> {
    let (is, assumed) = all.filter(|(is, assumed)| is != assumed)?;
    // systemd rounds once, and pid_max may have been another one when it did.
    let own = SHARES
        .iter()
        .find(|share| value.abs_diff(is * **share / 100) <= 1)?;
    Some(assumed * own / 100)
}

/// `pids.max` of a group whose unit has a share.
pub(super) fn file(host: &dyn Host, change: &Change, path: &str, text: &str) -> Option<Follows> {
    let in_a_group = path.starts_with("/sys/fs/cgroup/") && path.ends_with("/pids.max");
    let value = text.trim().parse().ok().filter(|_| in_a_group)?;
    let value = share(all(host, change), value)?;
    Some(Follows {
        text: format!("{value}\n"),
        rule: RULE,
        source: SOURCE,
    })
}

/// The properties of a unit that follow from the size of the host; none if nothing does.
pub(super) fn unit(
    host: &dyn Host,
    change: &Change,
    name: &str,
    unit: &Unit,
    log: &Log,
) -> Option<Unit> {
    let mut new = unit.clone();
    let mut tasks = None;
    for (key, property) in &mut new.properties {
        let Property::Number(value) = property else {
            continue;
        };
        let plain = key.trim_end_matches("Soft").trim_start_matches("Default");
        let (moved, rule, source) = match key.as_str() {
            key if TASKS.contains(&key) => {
                let all = *tasks.get_or_insert_with(|| all(host, change));
                (share(all, *value), RULE, SOURCE)
            }
            _ if OF_THE_KERNEL.contains(&plain) => {
                (limits::own(change, *value), limits::RULE, limits::SOURCE)
            }
            _ => continue,
        };
        if let Some(moved) = moved {
            let follows = Follows {
                text: moved.to_string(),
                rule,
                source,
            };
            log.note(&format!("{key} of {name}"), &value.to_string(), &follows);
            *value = moved;
        }
    }
    (new != *unit).then_some(new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assume::machine::Machine;
    use testkit::FakeHost;

    fn change() -> Change {
        let machine = |memory| Machine {
            cpus: 2,
            memory,
            kernel: None,
            numa: None,
        };
        Change {
            is: machine(2 << 30),
            assumed: machine(200 << 30),
        }
    }

    fn host() -> FakeHost {
        FakeHost::new()
            .file(PID_MAX, "4194304\n")
            .file(THREADS_MAX, "16000\n")
    }

    #[test]
    fn shares_grow_and_numbers_stay() {
        let of = |path: &str, text: &str| {
            file(&host(), &change(), path, text).map(|follows| follows.text)
        };
        let group = "/sys/fs/cgroup/system.slice/a.service/pids.max";
        assert_eq!(of(group, "2400\n").as_deref(), Some("240000\n"));
        assert_eq!(of(group, "5280\n").as_deref(), Some("528000\n"));
        assert_eq!((of(group, "2500\n"), of(group, "max\n")), (None, None));
        assert_eq!(of("/proc/sys/x", "2400\n"), None);
    }

    #[test]
    fn properties_of_a_unit_follow_too() {
        let number = |value| Property::Number(value);
        let unit_of = |tasks, processes| Unit {
            properties: [
                ("TasksMax".to_owned(), number(tasks)),
                ("LimitNPROC".to_owned(), number(processes)),
                ("LimitNPROCSoft".to_owned(), number(8192)),
                ("LimitNOFILE".to_owned(), number(8192)),
            ]
            .into(),
        };
        let log = Log::default();
        let found = unit(&host(), &change(), "a", &unit_of(2400, u64::MAX), &log).unwrap();
        let wanted: Vec<u64> = ["TasksMax", "LimitNPROC", "LimitNPROCSoft", "LimitNOFILE"]
            .map(|key| found.number(key).unwrap())
            .into();
        assert_eq!(wanted, [240_000, u64::MAX, 819_200, 8192]);
        assert_eq!(log.entries().len(), 2);
        assert_eq!(log.entries()[1].reading, "TasksMax of a");
    }
}

//! `/proc/PID/limits`: processes and pending signals are half of the threads that the memory holds.

use super::Change;
use super::derived::Follows;
use super::rows::{scaled, threads};

pub(super) const RULE: &str = "half of the default of kernel.threads-max";
pub(super) const SOURCE: &str = "kernel/fork.c fork_init";
const ROWS: [&str; 2] = ["Max processes", "Max pending signals"];
const MOST: (u64, u64) = (0, 0x7fff_ffff);

/// A limit of processes or signals, if it is the kernel's own.
pub(super) fn own(change: &Change, value: u64) -> Option<u64> {
    let (is, assumed) = (threads(&change.is) / 2, threads(&change.assumed) / 2);
    (is != assumed).then(|| scaled(value, is, assumed, MOST, 10))?
}

/// The table with these rows reckoned anew, and the bound of signals in `/proc/PID/status`.
pub(super) fn file(change: &Change, path: &str, text: &str) -> Option<Follows> {
    if let Some(process) = path.strip_suffix("/status") {
        return match process.strip_prefix("/proc/")?.contains('/') {
            true => None,
            false => signals(change, text),
        };
    }
    let process = path.strip_prefix("/proc/")?.strip_suffix("/limits")?;
    if process.contains('/') {
        return None;
    }
    let line = |line: &str| {
        let row = ROWS
            .iter()
            .find_map(|row| Some((row, line.strip_prefix(row)?)));
        let Some((row, rest)) = row else {
            return format!("{line}\n");
        };
        let words: Vec<String> = rest
            .split_whitespace()
            .map(|word| moved(change, word))
            .collect();
        match words.as_slice() {
            [soft, hard, unit] => format!("{row:<25} {soft:<20} {hard:<20} {unit:<10}\n"),
            _ => format!("{line}\n"),
        }
    };
    let new: String = text.lines().map(line).collect();
    (new != text).then_some(Follows {
        text: new,
        rule: RULE,
        source: SOURCE,
    })
}

/// `SigQ:\t2/7823`, queued and bound (proc_pid_status(5)).
fn signals(change: &Change, text: &str) -> Option<Follows> {
    let line = |line: &str| {
        let found = line
            .strip_prefix("SigQ:\t")
            .and_then(|rest| rest.split_once('/'));
        match found {
            Some((queued, bound)) => format!("SigQ:\t{queued}/{}\n", moved(change, bound)),
            None => format!("{line}\n"),
        }
    };
    let new: String = text.lines().map(line).collect();
    (new != text).then_some(Follows {
        text: new,
        rule: RULE,
        source: SOURCE,
    })
}

fn moved(change: &Change, word: &str) -> String {
    let own = word.parse().ok().and_then(|value| own(change, value));
    own.map_or_else(|| word.to_owned(), |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assume::machine::Machine;

    #[test]
    fn only_the_kernels_own_limits_grow() {
        let machine = |memory| Machine {
            cpus: 2,
            memory,
            kernel: None,
            numa: None,
        };
        let change = Change {
            is: machine(2 << 30),
            assumed: machine(200 << 30),
        };
        let line = |row: &str, soft: &str, hard: &str, unit: &str| {
            format!("{row:<25} {soft:<20} {hard:<20} {unit:<10}\n")
        };
        let text = line("Limit", "Soft Limit", "Hard Limit", "Units")
            + &line("Max processes", "8000", "unlimited", "processes")
            + &line("Max open files", "8192", "8192", "files")
            + &line("Max pending signals", "500", "8192", "signals");
        let found = file(&change, "/proc/7/limits", &text).unwrap().text;
        assert!(found.contains(&line("Max processes", "800000", "unlimited", "processes")));
        assert!(found.contains(&line("Max open files", "8192", "8192", "files")));
        assert!(found.contains(&line("Max pending signals", "500", "819200", "signals")));
        assert!(file(&change, "/proc/7/status", &text).is_none());
        let status = |bound: &str| format!("Name:\tsystemd\nSigQ:\t2/{bound}\n");
        let found = file(&change, "/proc/7/status", &status("8192")).unwrap();
        assert_eq!(found.text, status("819200"));
        assert!(file(&change, "/proc/7/task/7/status", &status("8192")).is_none());
    }
}

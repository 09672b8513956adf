//! `/proc/meminfo`: the memory assumed, with as much taken as is taken now.

use super::Change;
use super::derived::Follows;

/// The lines that grow with the memory; `CommitLimit` by half of it, where it is no more than the
/// half of `vm.overcommit_ratio` and swap (mm/util.c, vm_commit_limit).
const WHOLE: &[&str] = &["MemTotal", "MemFree", "MemAvailable"];
const HALF: &str = "CommitLimit";

/// The table with these lines reckoned anew.
pub(super) fn file(change: &Change, path: &str, text: &str) -> Option<Follows> {
    let (is, assumed) = (change.is.memory >> 10, change.assumed.memory >> 10);
    if path != "/proc/meminfo" || is == assumed {
        return None;
    }
    let value = |name: &str| {
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line?.split_whitespace().next()?.parse::<u64>().ok()
    };
    // The kernel halves whole pages of 4 KiB.
    let half = |kibibytes: u64| kibibytes / 4 / 2 * 4;
    let halved = value(HALF) == Some(half(is) + value("SwapTotal").unwrap_or_default());
    let moved = |value: u64, is: u64, assumed: u64| (value + assumed).saturating_sub(is);
    let line = |line: &str| {
        let known = line.split_once(':').and_then(|(name, rest)| {
            let value = rest.split_whitespace().next()?.parse::<u64>().ok()?;
            let value = match name {
                name if WHOLE.contains(&name) => moved(value, is, assumed),
                HALF if halved => moved(value, half(is), half(assumed)),
                _ => return None,
            };
            Some(format!("{:<16}{value:>8} kB\n", format!("{name}:")))
        });
        known.unwrap_or_else(|| format!("{line}\n"))
    };
    Some(Follows {
        text: text.lines().map(line).collect(),
        rule: "MemTotal as assumed, and as much in use as now",
        source: "--assume; mm/util.c vm_commit_limit",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assume::machine::Machine;

    fn machine(kibibytes: u64) -> Machine {
        Machine {
            cpus: 2,
            memory: kibibytes << 10,
            kernel: None,
            numa: None,
        }
    }

    #[test]
    fn what_is_in_use_stays_in_use() {
        let change = Change {
            is: machine(2_000_000),
            assumed: machine(200_000_000),
        };
        let text = "MemTotal:        2000000 kB\nMemAvailable:    1700000 kB\nBuffers: 5 kB\n\
            CommitLimit:     1000000 kB\n";
        let found = file(&change, "/proc/meminfo", text).unwrap().text;
        assert_eq!(
            found,
            "MemTotal:       200000000 kB\nMemAvailable:   199700000 kB\nBuffers: 5 kB\n\
             CommitLimit:    100000000 kB\n"
        );
        let set = text.replace("1000000 kB", "1500000 kB");
        let found = file(&change, "/proc/meminfo", &set).unwrap().text;
        assert!(found.ends_with("CommitLimit:     1500000 kB\n"), "{found}");
    }
}

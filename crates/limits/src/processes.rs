//! What processes tell of themselves: how many there are, their threads, open files and limits.

use crate::reading::labelled_in;
use model::{Host, Unread};

/// The ids of all processes.
pub(crate) fn pids(host: &dyn Host) -> Result<Vec<String>, Unread> {
    let is_number = |name: &String| name.bytes().all(|byte| byte.is_ascii_digit());
    let names = host.list("/proc")?.into_iter();
    Ok(names.filter(is_number).collect())
}

/// Threads of a process.
pub(crate) fn threads(host: &dyn Host, pid: i32) -> Result<u64, Unread> {
    let path = format!("/proc/{pid}/status");
    let text = host.read_text(&path)?;
    labelled_in(&text, "Threads").ok_or_else(|| Unread::because(format!("{path}: no Threads")))
}

/// Open files of a daemon.
pub(crate) fn open_files(host: &dyn Host, pid: i32) -> Result<u64, Unread> {
    host.census()?.descriptors_of(pid)
}

/// The soft limit of a process, none where it is unlimited, by its name in `/proc/PID/limits`.
pub(crate) fn soft_limit(host: &dyn Host, pid: i32, name: &str) -> Result<Option<u64>, Unread> {
    let path = format!("/proc/{pid}/limits");
    let text = host.read_text(&path)?;
    let values = text.lines().find_map(|line| line.strip_prefix(name));
    match values.and_then(|values| values.split_whitespace().next()) {
        Some("unlimited") => Ok(None),
        Some(word) if word.parse::<u64>().is_ok() => Ok(word.parse().ok()),
        _ => Err(Unread::because(format!("{path}: no {name}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    #[test]
    fn threads_are_those_of_the_status() {
        let host = FakeHost::new().file("/proc/700/status", "Name:\tx\nThreads:\t7\n");
        assert_eq!(threads(&host, 700), Ok(7));
        assert!(threads(&host, 701).is_err());
    }

    #[test]
    fn a_limit_may_be_unlimited_or_not_there() {
        let limits = "Max open files  1024  4096  files\nMax processes  unlimited  unlimited\n";
        let host = FakeHost::new().file("/proc/5/limits", limits);
        assert_eq!(soft_limit(&host, 5, "Max open files"), Ok(Some(1024)));
        assert_eq!(soft_limit(&host, 5, "Max processes"), Ok(None));
        assert!(soft_limit(&host, 5, "Max locked memory").is_err());
    }
}

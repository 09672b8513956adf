//! What only the descriptors of all processes tell: inotify, fanotify and pipes of root, counted in
//! one walk over `/proc`.

use crate::reading::labelled_in;
use model::{Host, HostError, Unread};
use std::collections::BTreeSet;

/// What the link of such a descriptor reads.
const INOTIFY: &str = "anon_inode:inotify";
const FANOTIFY: &str = "anon_inode:[fanotify]";
/// dockerd and the shims hand output over through named pipes below this.
const NAMED_PIPES: &str = "/run/docker/containerd/";

/// What root's processes have open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OfRoot {
    /// Instances of inotify. All of its files share one inode, so a descriptor that a fork copied
    /// counts twice: this errs towards more.
    pub(crate) inotify: u64,
    /// Watches of those instances.
    pub(crate) watches: u64,
    /// Groups of fanotify.
    pub(crate) fanotify: u64,
    /// Pipes, named ones of Docker included, each once.
    pub(crate) pipes: u64,
}

/// Walks over all processes, once.
pub(crate) fn of_root(host: &dyn Host) -> Result<OfRoot, Unread> {
    if host.uid() != 0 {
        return Err(Unread {
            why: "the descriptors of root's processes are closed to others".to_owned(),
            needs: Some("root".to_owned()),
        });
    }
    let (mut found, mut pipes) = (OfRoot::default(), BTreeSet::new());
    for pid in pids(host)? {
        match add(host, &pid, &mut found, &mut pipes) {
            // It ended meanwhile.
            Ok(()) | Err(HostError::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    found.pipes = pipes.len() as u64;
    Ok(found)
}

/// The ids of all processes.
pub(crate) fn pids(host: &dyn Host) -> Result<Vec<String>, Unread> {
    let is_number = |name: &String| name.bytes().all(|byte| byte.is_ascii_digit());
    let names = host.list("/proc")?.into_iter();
    Ok(names.filter(is_number).collect())
}

/// Descriptors of one process.
#[derive(Default)]
struct Seen {
    inotify: Vec<String>,
    fanotify: u64,
    pipes: Vec<String>,
}

/// A kernel thread has no descriptors, so its listing is all that it costs.
fn add(
    host: &dyn Host,
    pid: &str,
    found: &mut OfRoot,
    pipes: &mut BTreeSet<String>,
) -> Result<(), HostError> {
    let directory = format!("/proc/{pid}/fd");
    let mut seen = Seen::default();
    for descriptor in host.list(&directory)? {
        match host.read_link(&format!("{directory}/{descriptor}")) {
            Ok(target) if target == INOTIFY => seen.inotify.push(descriptor),
            Ok(target) if target == FANOTIFY => seen.fanotify += 1,
            Ok(target) if is_pipe(&target) => seen.pipes.push(target),
            Ok(_) | Err(HostError::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    if seen.inotify.is_empty() && seen.fanotify == 0 && seen.pipes.is_empty() {
        return Ok(());
    }
    if !is_root(&host.read_text(&format!("/proc/{pid}/status"))?) {
        return Ok(());
    }
    found.inotify += seen.inotify.len() as u64;
    found.fanotify += seen.fanotify;
    pipes.extend(seen.pipes);
    for descriptor in seen.inotify {
        match host.read_text(&format!("/proc/{pid}/fdinfo/{descriptor}")) {
            Ok(text) => {
                let watches = text.lines().filter(|line| line.starts_with("inotify wd:"));
                found.watches += watches.count() as u64;
            }
            Err(HostError::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn is_pipe(target: &str) -> bool {
    target.starts_with("pipe:[") || target.starts_with(NAMED_PIPES)
}

/// Whether the effective user is root: the second of the four on the line. The owner of
/// `/proc/PID` would not do, it is root for every process that may not be dumped.
fn is_root(status: &str) -> bool {
    let line = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    line.and_then(|uids| uids.split_whitespace().nth(1)) == Some("0")
}

/// Namespaces of one type that processes are in, each once. Asked for only where a cheaper bound
/// does not settle the question.
pub(crate) fn namespaces(host: &dyn Host, kind: &str) -> Result<u64, Unread> {
    let mut found = BTreeSet::new();
    for pid in pids(host)? {
        match host.read_link(&format!("/proc/{pid}/ns/{kind}")) {
            Ok(target) => {
                found.insert(target);
            }
            Err(HostError::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found.len() as u64)
}

/// Threads of a process.
pub(crate) fn threads(host: &dyn Host, pid: i32) -> Result<u64, Unread> {
    let path = format!("/proc/{pid}/status");
    let text = host.read_text(&path)?;
    labelled_in(&text, "Threads").ok_or_else(|| Unread::because(format!("{path}: no Threads")))
}

/// Open files of a process.
pub(crate) fn open_files(host: &dyn Host, pid: i32) -> Result<u64, Unread> {
    Ok(host.list(&format!("/proc/{pid}/fd"))?.len() as u64)
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

    fn process(host: FakeHost, pid: u32, uid: u32, links: &[&str]) -> FakeHost {
        let status = format!("Name:\tx\nThreads:\t7\nUid:\t1000\t{uid}\t0\t0\n");
        let mut host = host.file(&format!("/proc/{pid}/status"), &status);
        for (fd, target) in links.iter().enumerate() {
            host = host.link(&format!("/proc/{pid}/fd/{fd}"), target);
        }
        host
    }

    #[test]
    fn what_root_has_open_is_counted_and_pipes_once() {
        let fifo = "/run/docker/containerd/abc/init-stdout";
        let host = process(
            FakeHost::new(),
            1,
            0,
            &[INOTIFY, "pipe:[7]", fifo, "/dev/null"],
        );
        let host = process(host, 700, 0, &["pipe:[7]", FANOTIFY]);
        let host = process(host, 701, 1000, &[INOTIFY, "pipe:[8]"]);
        let host = host.file(
            "/proc/1/fdinfo/0",
            "pos:\t0\ninotify wd:1 ino:2\ninotify wd:2 ino:3\n",
        );
        let expected = OfRoot {
            inotify: 1,
            watches: 2,
            fanotify: 1,
            pipes: 2,
        };
        assert_eq!(of_root(&host), Ok(expected));
        assert_eq!(threads(&host, 700), Ok(7));
        assert_eq!(open_files(&host, 1), Ok(4));
        let closed = of_root(&host.user(1000)).unwrap_err();
        assert_eq!(closed.needs.as_deref(), Some("root"));
    }

    #[test]
    fn namespaces_are_told_apart_by_their_links() {
        let mut host = FakeHost::new();
        for (pid, net) in [(1, "net:[1]"), (2, "net:[1]"), (3, "net:[2]")] {
            host = host.link(&format!("/proc/{pid}/ns/net"), net);
        }
        assert_eq!(namespaces(&host, "net"), Ok(2));
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

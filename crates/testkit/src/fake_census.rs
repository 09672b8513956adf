//! The census of a host in memory, from the processes that the test's files show.

use crate::FakeHost;
use model::{Census, Found, Held, Host, HostError, HostResult, INOTIFY};
use std::collections::{BTreeMap, BTreeSet};

/// Counts the processes below `/proc`; a status may leave out what the test does not care for.
pub(crate) fn census(host: &FakeHost) -> HostResult<Census> {
    let mut census = Census::default();
    let mut pipes: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    for pid in host.list("/proc").unwrap_or_default() {
        let Ok(number) = pid.parse() else { continue };
        let status = match host.read_text(&format!("/proc/{pid}/status")) {
            Ok(status) => status,
            Err(HostError::NotFound(_)) => continue,
            Err(_) => {
                census.hidden += 1;
                continue;
            }
        };
        let field = |name: &str, nth| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|rest| rest.split_whitespace().nth(nth))
        };
        // Real, effective, saved and of the file system (proc_pid_status(5)).
        let uid = field("Uid:", 1).expect("a user").parse().expect("a user");
        let threads = field("Threads:", 0).map_or(1, |word| word.parse().expect("a number"));
        let name = field("Name:", 0).unwrap_or_default().to_owned();
        let links = links(host, &pid)?;
        let held = links.as_ref().map(|links| Held {
            descriptors: links.len() as u64,
            inotify_instances: links.iter().filter(|link| *link == INOTIFY).count() as u64,
        });
        let is_pipe = |link: &String| link.starts_with("pipe:");
        let found = links.into_iter().flatten().filter(is_pipe);
        pipes.entry(uid).or_default().extend(found);
        census.add(&Found {
            pid: number,
            name,
            uid,
            threads,
            held,
        });
    }
    // Other users see that there is a PID 1, and not into it.
    census.hidden += u64::from(host.uid() != 0 && !census.users.contains_key(&0));
    for (uid, pipes) in pipes {
        census.users.entry(uid).or_default().pipes = pipes.len() as u64;
    }
    Ok(census)
}

/// What the descriptors of a process are; none where they are closed to the caller.
fn links(host: &FakeHost, pid: &str) -> HostResult<Option<Vec<String>>> {
    let directory = format!("/proc/{pid}/fd");
    let names = match host.list(&directory) {
        Ok(names) => names,
        Err(HostError::NotFound(_)) => Vec::new(),
        Err(HostError::Denied { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let link = |name: &String| host.read_link(&format!("{directory}/{name}"));
    names.iter().map(link).collect::<HostResult<_>>().map(Some)
}

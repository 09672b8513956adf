//! The census of a host in memory, from the processes that the test's files show.

use crate::FakeHost;
use model::{
    Census, FANOTIFY, Found, Held, Host, HostError, HostResult, INOTIFY, WATCH, names_a_container,
};
use std::collections::{BTreeMap, BTreeSet};

/// How the link of a pipe begins.
const NAMED: [&str; 3] = ["pipe:", "/run/containerd/", "/run/docker/containerd/"];

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
        // Nobody but root looks into the processes of others (ptrace(2), PTRACE_MODE_READ).
        let links = links.filter(|_| matches!(host.uid(), me if me == 0 || me == uid));
        let held = links.as_ref().map(|links| held(host, &pid, links));
        let is_pipe = |link: &String| NAMED.iter().any(|place| link.starts_with(place));
        let names = links.into_iter().flatten().map(|(_, link)| link);
        pipes.entry(uid).or_default().extend(names.filter(is_pipe));
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

/// What their numbers and links are; none where they are closed to the caller.
fn links(host: &FakeHost, pid: &str) -> HostResult<Option<Vec<(String, String)>>> {
    let directory = format!("/proc/{pid}/fd");
    let names = match host.list(&directory) {
        Ok(names) => names,
        Err(HostError::NotFound(_)) => Vec::new(),
        Err(HostError::Denied { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let link = |name: String| {
        let target = host.read_link(&format!("{directory}/{name}"))?;
        Ok((name, target))
    };
    names
        .into_iter()
        .map(link)
        .collect::<HostResult<_>>()
        .map(Some)
}

fn held(host: &FakeHost, pid: &str, links: &[(String, String)]) -> Held {
    let of = |kind: &'static str| links.iter().filter(move |(_, link)| link == kind);
    let watches = |number: &String| {
        let info = host.text(&format!("/proc/{pid}/fdinfo/{number}"));
        let info = info.unwrap_or_default();
        info.lines().filter(|line| line.starts_with(WATCH)).count() as u64
    };
    let is_pipe = |link: &&String| NAMED.iter().any(|place| link.starts_with(place));
    let targets = || links.iter().map(|(_, link)| link);
    let pipes: BTreeSet<&String> = targets().filter(is_pipe).collect();
    let of_containers = targets().filter(|link| names_a_container(link.as_bytes()));
    Held {
        descriptors: links.len() as u64,
        inotify_instances: of(INOTIFY).count() as u64,
        inotify_watches: of(INOTIFY).map(|(number, _)| watches(number)).sum(),
        fanotify_groups: of(FANOTIFY).count() as u64,
        pipes: pipes.len() as u64,
        of_containers: of_containers.count() as u64,
    }
}

/// Distinct namespaces of one type.
pub(crate) fn namespaces(host: &FakeHost, kind: &str) -> HostResult<u64> {
    let mut found = BTreeSet::new();
    for pid in host.list("/proc")? {
        match host.read_link(&format!("/proc/{pid}/ns/{kind}")) {
            Ok(target) => found.insert(target),
            Err(HostError::NotFound(_)) => false,
            Err(error) => return Err(error),
        };
    }
    Ok(found.len() as u64)
}

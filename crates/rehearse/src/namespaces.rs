//! The namespaces of a host: how many of each type processes are in.

use model::Host;
use std::collections::{BTreeMap, BTreeSet};

/// Types of namespaces that a container can get (namespaces(7)).
const KINDS: [&str; 6] = ["net", "mnt", "pid", "uts", "ipc", "cgroup"];

/// How many of each type processes are in now. A process that may not be looked at, as a security module
/// may say of the first, is left out: it is so before and after.
pub(crate) fn namespaces(host: &dyn Host) -> BTreeMap<&'static str, u64> {
    let names = host.list("/proc").unwrap_or_default();
    let mut found: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    for process in names.iter().filter(|name| name.parse::<u32>().is_ok()) {
        for kind in KINDS {
            if let Ok(link) = host.read_link(&format!("/proc/{process}/ns/{kind}")) {
                found.entry(kind).or_default().insert(link);
            }
        }
    }
    let count = |(kind, links): (&'static str, BTreeSet<String>)| (kind, links.len() as u64);
    found.into_iter().map(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    #[test]
    fn each_is_counted_once_and_a_closed_process_not_at_all() {
        let host = FakeHost::new()
            .link("/proc/1/ns/net", "net:[1]")
            .link("/proc/7/ns/net", "net:[2]")
            .link("/proc/8/ns/net", "net:[2]")
            .denied("/proc/9/ns/net")
            .link("/proc/7/ns/pid", "pid:[3]");
        let found = namespaces(&host);
        assert_eq!((found.get("net"), found.get("pid")), (Some(&2), Some(&1)));
    }
}

//! The table of limits. Its order decides between limits that break at the same node.

mod bridge_ports;
mod cgroup_descendants;
mod cgroup_pids;
mod inotify_instances;
mod keys;
mod start_rate;

use crate::Row;
use model::{Amount, Bound, Host, Unread};

pub(crate) use bridge_ports::PORTS_TO_PLAN;
pub(crate) use start_rate::BUS_UNIT;

/// The name of the limit that another shape of the workload gets around.
pub(crate) const BRIDGE_PORTS: &str = bridge_ports::ROW.limit.id;

/// Everything that is known to run out.
pub const LIMITS: &[Row] = &[
    bridge_ports::ROW,
    cgroup_pids::ROW,
    cgroup_descendants::ROW,
    keys::ROW,
    inotify_instances::ROW,
    start_rate::ROW,
];

/// A bound that a file holds as one number.
fn number_in(host: &dyn Host, path: &str) -> Bound {
    let text = match host.read_text(path) {
        Ok(text) => text,
        Err(error) => return Bound::Unread(error.into()),
    };
    match text.trim().parse() {
        Ok(number) => Bound::Finite(Amount::whole(number)),
        Err(_) => Bound::Unread(Unread::because(format!("{path}: `{}`", text.trim()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The names that documents and recorded errors use for these limits.
    const IDS: &[&str] = &[
        "bridge.ports",
        "cgroup.max.descendants",
        "cgroup.pids.max",
        "docker.start-rate",
        "fs.inotify.max_user_instances",
        "kernel.keys.maxkeys",
    ];
    const KINDS: &[&str] = &["sysctl", "unit", "module", "dbus"];

    #[test]
    fn ids_are_known_and_unique() {
        let ids: BTreeSet<&str> = LIMITS.iter().map(|row| row.limit.id).collect();
        assert_eq!(ids.len(), LIMITS.len());
        assert_eq!(ids, IDS.iter().copied().collect());
    }

    #[test]
    fn every_row_is_whole_and_every_raise_is_a_setting() {
        for Row { limit, .. } in LIMITS {
            for text in [limit.bounds, limit.why, limit.source] {
                assert!(!text.is_empty() && !text.ends_with('.'), "{}", limit.id);
            }
            for raise in limit.raise {
                let (kind, name) = raise.split_once(':').unwrap();
                assert!(KINDS.contains(&kind) && !name.is_empty(), "{raise}");
            }
        }
    }
}

//! One limit looked at alone: its ceilings on a host, whatever is going to run there.

use crate::{LIMITS, Scene};
use model::{Ceiling, Host, Unread, Workload};

/// Every place of a host where a limit can run out, with what a container takes there. Empty for a
/// limit that no row reads.
pub fn look(host: &dyn Host, id: &str) -> Vec<Ceiling> {
    let workload = Workload {
        nodes: 1,
        ..Workload::default()
    };
    let pace = Err(Unread::because("PID 1's pace is measured by preflight"));
    let scene = Scene::new(host, &workload, pace);
    let rows = LIMITS.iter().filter(|row| row.limit.id == id);
    rows.flat_map(|row| (row.read)(&scene)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::stock;
    use model::{Amount, Bound};

    #[test]
    fn every_limit_says_what_sets_it() {
        for limit in crate::all() {
            assert!(!limit.defaults.is_empty(), "{}", limit.id);
            let bad = |text: &&str| text.is_empty() || text.ends_with('.') || text.contains("  ");
            let sentences = limit
                .defaults
                .iter()
                .chain([&limit.why, &limit.bounds, &limit.source]);
            let found: Vec<_> = sentences.copied().filter(|text| bad(&text)).collect();
            assert!(found.is_empty(), "{}: {found:?}", limit.id);
        }
    }

    #[test]
    fn a_ceiling_is_seen_without_a_workload() {
        let seen = look(&stock(), "fs.inotify.max_user_instances");
        assert_eq!(seen[0].max, Bound::Finite(Amount::whole(128)));
        assert!(look(&stock(), "registry.rate-limit").is_empty());
    }
}

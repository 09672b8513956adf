//! Groups whose tasks are bounded beside containerd's own: what a message may be about.

use crate::Scene;
use crate::cgroup::{Hierarchy, ancestors};
use crate::engine;
use crate::reading::{number, used};
use model::{Amount, Bound, Ceiling, Charge, Cost, Host, Key};

const MAX: &str = "pids.max";
const CURRENT: &str = "pids.current";
const EVENTS: &str = "pids.events";
/// More groups than this are not looked at for one message.
const MOST: usize = 4096;

/// Every bounded group that `message`, in lower case, names, Docker's own unit, and those of containers
/// and sessions that are full or have refused a task.
pub fn task_groups(scene: &Scene<'_>, message: &str) -> Vec<Ceiling> {
    let host = scene.host;
    let version = scene.cgroup_version();
    let Ok(tree) = version.and_then(|version| Hierarchy::of(host, version, "pids")) else {
        return Vec::new();
    };
    let mut groups = Vec::new();
    let named = message
        .split(|c: char| c.is_whitespace() || "\"'(),;".contains(c))
        .filter(|word| word.starts_with('/') && word.len() > 1);
    for group in named {
        let group = group.trim_end_matches(['.', ':']);
        let group = group.strip_prefix("/sys/fs/cgroup").unwrap_or(group);
        groups.extend(ancestors(group));
    }
    groups.extend(ancestors(&format!("/system.slice/{}", engine::UNIT)));
    let parents = [
        scene.container_parent().unwrap_or_default(),
        "/user.slice".to_owned(),
    ];
    let children = parents.iter().flat_map(|parent| below(host, &tree, parent));
    let busy = children.filter(|group| has_refused(host, &tree, group));
    groups.extend(busy.take(MOST));
    let mut seen = std::collections::BTreeSet::new();
    groups.retain(|group| seen.insert(group.clone()));
    groups
        .iter()
        .filter_map(|group| ceiling(host, &tree, group))
        .collect()
}

fn below(host: &dyn Host, tree: &Hierarchy, parent: &str) -> Vec<String> {
    let names = host.list(&tree.file(parent, "")).unwrap_or_default();
    let groups = names.into_iter().filter(|name| {
        let ends = [".scope", ".slice"];
        ends.iter().any(|end| name.ends_with(end)) || name.len() == 64
    });
    let path = parent.trim_end_matches('/');
    groups
        .take(MOST)
        .map(|name| format!("{path}/{name}"))
        .collect()
}

/// `pids.events` counts the refusals of a group's own bound (Documentation/admin-guide/cgroup-v2.rst).
fn has_refused(host: &dyn Host, tree: &Hierarchy, group: &str) -> bool {
    refusals(host, tree, group).is_some_and(|count| count > 0)
}

fn refusals(host: &dyn Host, tree: &Hierarchy, group: &str) -> Option<u64> {
    let text = host.read_text(&tree.file(group, EVENTS)).ok()?;
    let count = text.lines().find_map(|line| line.strip_prefix("max "))?;
    count.trim().parse().ok()
}

fn ceiling(host: &dyn Host, tree: &Hierarchy, group: &str) -> Option<Ceiling> {
    let max = tree.bound(host, group, MAX)?;
    if !matches!(max, Bound::Finite(_)) {
        return None;
    }
    let current = tree.file(group, CURRENT);
    let cost = Cost::exact(Charge::each(Amount::whole(1)), "one more task");
    let ceiling = Ceiling::new(group, cost)
        .max(max, tree.file(group, MAX))
        .used(used(number(host, &current)), current);
    let ceiling = match refusals(host, tree, group) {
        Some(count) if count > 0 => ceiling.note(format!("it has refused {count} tasks so far")),
        _ => ceiling,
    };
    let unit = group.rsplit('/').next().unwrap_or_default();
    Some(match unit.rsplit('.').next() {
        Some("service" | "slice" | "scope") => {
            ceiling.lever(Key::new("unit", format!("{unit}/TasksMax")), Amount::ZERO)
        }
        _ => ceiling.reshape(format!(
            "write a larger number to {}",
            tree.file(group, MAX)
        )),
    })
}

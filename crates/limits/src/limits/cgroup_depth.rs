//! `cgroup.max.depth`: how deep the tree below a cgroup may be.

use super::cgroup_descendants::parent_on_v2;
use crate::cgroup::{Hierarchy, ancestors};
use crate::{Row, Scene};
use model::{
    Amount, Bound, Ceiling, Charge, Cost, Effect, Errno, Key, Limit, Operation, Place, Sign, Used,
};

const FILE: &str = "cgroup.max.depth";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "cgroup.max.depth",
        bounds: "levels of cgroups below one cgroup",
        defaults: &[
            "no bound: `max` (kernel/cgroup/cgroup.c init_cgroup_housekeeping, INT_MAX); systemd has no \
             property for it and writes nothing there",
        ],
        effect: Effect::Stops,
        why: "a container's cgroup is one level below its parent, and a program in it may make more",
        raise: &["cgroup:system.slice/cgroup.max.depth"],
        source: "kernel/cgroup/cgroup.c cgroup_check_hierarchy_limits; mkdir gets EAGAIN",
        signs: &[
            Sign::allows("making a cgroup gets EAGAIN where an ancestor allows none so deep")
                .errno(&[Errno::Again])
                .during(&[Operation::MakeDirectory])
                .at(&[Place::Cgroup]),
            Sign::allows("making a cgroup gets EAGAIN where an ancestor allows none so deep")
                .errno(&[Errno::Again])
                .during(&[Operation::MakeCgroup]),
            Sign::decides("the words name it").says(&["cgroup.max.depth"]),
            Sign::allows(
                "systemd could not make the scope, as where an ancestor allows no \
deeper cgroup",
            )
            .says(&[
                "error creating systemd unit*got 'failed'",
                "error creating systemd unit*got failed",
            ]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let parent = match parent_on_v2(scene, cost(), "cgroup v1 does not bound the depth") {
        Ok(parent) => parent,
        Err(ceiling) => return vec![*ceiling],
    };
    // Nearest first: so many levels lie between the group and the containers' parent.
    let groups = ancestors(&parent);
    let levels = groups.iter().zip(0u64..);
    let ceilings: Vec<Ceiling> = levels
        .filter_map(|(group, level)| ceiling(scene, group, level))
        .collect();
    let bounded: Vec<Ceiling> = ceilings
        .iter()
        .filter(|ceiling| ceiling.max != Bound::Unlimited)
        .cloned()
        .collect();
    match (bounded.is_empty(), ceilings.into_iter().next()) {
        (false, _) => bounded,
        (true, Some(nearest)) => vec![nearest.note("nor has any group above it a bound")],
        (true, None) => {
            let why = model::Unread::because(format!("no {FILE} there or above"));
            vec![Ceiling::unread(parent, cost(), why)]
        }
    }
}

fn cost() -> Cost {
    let source = "one level for all containers together";
    Cost::exact(Charge::default(), source).once(Amount::whole(1))
}

fn ceiling(scene: &Scene<'_>, group: &str, level: u64) -> Option<Ceiling> {
    let tree = Hierarchy::unified();
    let max = tree.bound(scene.host, group, FILE)?;
    let ceiling = Ceiling::new(group, cost())
        .max(max, tree.file(group, FILE))
        .used(
            Used::Known(Amount::whole(level)),
            "levels down to the containers' parent",
        );
    let unit = group.rsplit('/').next().unwrap_or_default();
    Some(match unit.ends_with(".slice") {
        true => ceiling.lever(Key::new("cgroup", format!("{unit}/{FILE}")), Amount::ZERO),
        false => ceiling.reshape(format!("write `max` to {}", tree.file(group, FILE))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, ask_one, nodes, stock};
    use model::Fate;

    #[test]
    fn without_a_bound_one_row_says_so() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!((answer.unlimited, answer.verdict), (true, Fate::Fits));
    }

    #[test]
    fn the_first_container_needs_one_level_and_the_rest_share_it() {
        let slice = "/sys/fs/cgroup/system.slice/cgroup.max.depth";
        let root = "/sys/fs/cgroup/cgroup.max.depth";
        let deep = ask_one(&ROW, &stock().file(slice, "1\n"), 600);
        assert_eq!((deep.verdict, deep.nodes_fit), (Fate::Fits, None));
        let flat = ask_one(&ROW, &stock().file(slice, "0\n"), 600);
        assert_eq!((flat.verdict, flat.stops_at), (Fate::Stops, Some(1)));
        assert_eq!(
            flat.raise[0].setting.to_string(),
            "cgroup:system.slice/cgroup.max.depth"
        );
        let rows = ask(&ROW, &stock().file(root, "1\n"), &nodes(1));
        assert_eq!(
            (rows[0].place.as_str(), rows[0].verdict),
            ("/", Fate::Stops)
        );
    }
}

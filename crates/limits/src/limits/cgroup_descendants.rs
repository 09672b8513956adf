//! `cgroup.max.descendants`: the number of cgroups allowed below an ancestor.

use crate::cgroup::{Hierarchy, Version, ancestors};
use crate::{Row, Scene};
use model::{
    Amount, Bound, Ceiling, Charge, Cost, Effect, Errno, Host, Limit, Operation, Place, Sign,
    Unread, Used,
};

const FILE: &str = "cgroup.max.descendants";
const STAT: &str = "cgroup.stat";

/// A DinD node moves its own processes to `/init` and puts its containers below `/docker`
/// (docker-library dind's entry point, moby daemon/oci_linux.go).
pub(super) const OF_DIND: u64 = 2;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "cgroup.max.descendants",
        bounds: "cgroups below one cgroup",
        defaults: &[
            "no bound: `max` (kernel/cgroup/cgroup.c, INT_MAX); systemd has no property for it and writes \
             nothing there",
            "a value written by hand lasts until the group is removed; tmpfiles.d(5) writes it again at boot",
        ],
        effect: Effect::Stops,
        why: "each container gets a cgroup of its own",
        // systemd has no property for it, and a value survives a boot only where tmpfiles.d
        // writes it into a slice that exists by then.
        raise: &[],
        source: "kernel/cgroup/cgroup.c cgroup_check_hierarchy_limits; mkdir gets EAGAIN",
        signs: &[
            Sign::suggests(
                "making a cgroup gets EAGAIN only where an ancestor allows no more or \
none so deep",
            )
            .errno(&[Errno::Again])
            .during(&[Operation::MakeDirectory])
            .at(&[Place::Cgroup]),
            Sign::suggests(
                "making a cgroup gets EAGAIN only where an ancestor allows no more or \
none so deep",
            )
            .errno(&[Errno::Again])
            .during(&[Operation::MakeCgroup]),
            Sign::decides("the words name it").says(&["cgroup.max.descendants"]),
            Sign::suggests(
                "systemd could not make the scope; its journal has the error, EAGAIN \
where an ancestor allows no more cgroups",
            )
            .says(&[
                "error creating systemd unit*got 'failed'",
                "error creating systemd unit*got failed",
                "scope*got 'failed'",
            ]),
        ],
    },
    read,
};

/// The group that containers' groups are made in on cgroup v2; elsewhere, or where it cannot be told, the
/// ceiling that says so. `on_v1` is why the question does not arise on version 1.
pub(super) fn parent_on_v2(
    scene: &Scene<'_>,
    cost: Cost,
    on_v1: &str,
) -> Result<String, Box<Ceiling>> {
    match scene.cgroup_version() {
        Ok(Version::V2) => {}
        Ok(Version::V1) => return Err(Box::new(Ceiling::not_applicable("host", on_v1))),
        Err(why) => return Err(Box::new(Ceiling::unread("host", cost, why))),
    }
    let parent = scene.container_parent();
    parent.map_err(|why| Box::new(Ceiling::unread("parent of the containers", cost, why)))
}

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let parent = match parent_on_v2(scene, cost(), "cgroup v1 does not count descendants") {
        Ok(parent) => parent,
        Err(ceiling) => return vec![*ceiling],
    };
    let tree = Hierarchy::unified();
    let read = |group: &String| ceiling(scene.host, &tree, group);
    let ceilings: Vec<Ceiling> = ancestors(&parent).iter().filter_map(read).collect();
    let bounded = |ceiling: &&Ceiling| ceiling.max != Bound::Unlimited;
    let binding: Vec<Ceiling> = ceilings.iter().filter(bounded).cloned().collect();
    match (binding.is_empty(), ceilings.into_iter().next()) {
        (false, _) => binding,
        (true, Some(nearest)) => vec![nearest.note("nor has any group above it a bound")],
        (true, None) => vec![Ceiling::unread(
            parent,
            cost(),
            Unread::because(format!("no {FILE} there or above: a kernel before 4.14")),
        )],
    }
}

fn cost() -> Cost {
    let charge = Charge {
        dind: Amount::whole(OF_DIND),
        ..Charge::each(Amount::whole(1))
    };
    Cost::exact(
        charge,
        "one cgroup a container, and two of its own in a DinD node",
    )
}

/// None where the group is not there yet: it will be made without a bound.
fn ceiling(host: &dyn Host, tree: &Hierarchy, group: &str) -> Option<Ceiling> {
    let max = tree.bound(host, group, FILE)?;
    let (max_path, used_path) = (tree.file(group, FILE), tree.file(group, STAT));
    let help = format!("write `max` to {max_path}; systemd has no property for it");
    Some(
        Ceiling::new(group, cost())
            .max(max, max_path)
            .used(used(host, &used_path), used_path)
            .reshape(help),
    )
}

fn used(host: &dyn Host, path: &str) -> Used {
    let text = match host.read_text(path) {
        Ok(text) => text,
        Err(error) => return Used::Unknown(error.into()),
    };
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("nr_descendants "));
    match line.map(|number| number.trim().parse()) {
        Some(Ok(number)) => Used::Known(Amount::whole(number)),
        _ => Used::Unknown(Unread::because(format!("{path}: no nr_descendants"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge;
    use model::{Fate, LimitAnswer, Workload};
    use testkit::FakeHost;

    fn group(host: FakeHost, group: &str, max: &str, descendants: u64) -> FakeHost {
        let base = format!("/sys/fs/cgroup{group}");
        let stat = format!("nr_descendants {descendants}\nnr_dying_descendants 9\n");
        host.file(&format!("{base}/{FILE}"), max)
            .file(&format!("{base}/{STAT}"), &stat)
    }

    fn host() -> FakeHost {
        FakeHost::new()
            .file("/sys/fs/cgroup/cgroup.controllers", "pids\n")
            .directory("/run/systemd/system")
    }

    fn ask(host: &FakeHost) -> Vec<LimitAnswer> {
        let workload = Workload {
            nodes: 600,
            ..Workload::default()
        };
        let ceilings = read(&Scene::new(host, &workload, Ok(1))).into_iter();
        ceilings.map(|c| judge(&ROW.limit, c, &workload)).collect()
    }

    #[test]
    fn every_bounded_ancestor_is_a_place() {
        let host = group(group(host(), "", "max\n", 60), "/system.slice", "60\n", 40);
        let rows = ask(&host);
        assert_eq!((rows.len(), rows[0].place.as_str()), (1, "/system.slice"));
        assert_eq!((rows[0].nodes_fit, rows[0].stops_at), (Some(10), Some(11)));
        let both = group(host, "", "65\n", 60);
        let counts: Vec<_> = ask(&both).iter().map(|row| row.nodes_fit).collect();
        assert_eq!(counts, [Some(10), Some(2)]);
    }

    #[test]
    fn without_a_bound_there_is_one_row_that_says_so() {
        let rows = ask(&group(
            group(host(), "", "max\n", 60),
            "/system.slice",
            "max\n",
            40,
        ));
        assert_eq!(
            (rows.len(), rows[0].unlimited, rows[0].verdict),
            (1, true, Fate::Fits)
        );
    }

    #[test]
    fn the_parent_follows_driver_and_configuration() {
        let config = "/etc/docker/daemon.json";
        let told = host().file(config, r#"{"cgroup-parent": "dense-jobs.slice"}"#);
        let rows = ask(&group(told, "/dense.slice/dense-jobs.slice", "5\n", 0));
        assert_eq!(rows[0].place, "/dense.slice/dense-jobs.slice");
        let cgroupfs = r#"{"exec-opts": ["native.cgroupdriver=cgroupfs"]}"#;
        let rows = ask(&group(host().file(config, cgroupfs), "/docker", "5\n", 0));
        assert_eq!(rows[0].place, "/docker");
        assert_eq!(ask(&host())[0].verdict, Fate::Unknown);
    }
}

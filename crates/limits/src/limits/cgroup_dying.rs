//! `cgroup.dying`: removed cgroups that still hold memory.

use crate::cgroup::{Hierarchy, Version};
use crate::reading::{labelled, used};
use crate::{Row, Scene};
use model::{Bound, Ceiling, Cost, Effect, Limit, RUN_OUT, Sign};

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "cgroup.dying",
        bounds: "removed cgroups that still hold memory",
        defaults: &["no bound but memory (kernel/cgroup/cgroup.c css_release)"],
        effect: Effect::Degrades,
        why: "the cgroup of a removed container stays, with memory of the kernel on every processor, \
              until the pages it has read are dropped",
        raise: &[],
        source: "kernel/cgroup/cgroup.c css_release; mm/memcontrol.c: no bound but memory",
        signs: &[
            Sign::decides("the words name it").says(&[
                "nr_dying_descendants",
                "dying cgroups",
                "dying cgroup",
                "zombie cgroups",
                "zombie cgroup",
                "dying memory cgroups",
                "cgroup leak",
                "leaked cgroups",
                "offline memcg",
                "leaking cgroups",
                "cgroups leak",
                "cgroup*leaking",
                "zombie memcg",
                "dying memcg",
            ]),
            Sign::suggests("the words say that removed cgroups that stay run out")
                .says(&[
                    "removed cgroups",
                    "stale cgroups",
                    "orphaned cgroups",
                    "empty cgroups",
                ])
                .never(&[])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let path = Hierarchy::unified().file("/", "cgroup.stat");
    let cost = Cost {
        source: "containers that run have none; each one removed may leave one",
        ..Cost::NOTHING
    };
    let ceiling = match scene.cgroup_version() {
        Ok(Version::V2) => Ceiling::new("host", cost)
            .max(Bound::Unlimited, "nothing but memory bounds them")
            .used(
                used(labelled(scene.host, &path, "nr_dying_descendants")),
                path,
            )
            .note("they go when memory is short"),
        Ok(Version::V1) => {
            Ceiling::not_applicable("host", "cgroup v1 does not count removed cgroups")
        }
        Err(why) => Ceiling::unread("host", cost, why),
    };
    vec![ceiling.effect(Effect::Degrades)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};

    #[test]
    fn they_are_counted_and_have_no_bound() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!((answer.unlimited, whole(answer.used)), (true, Some(4)));
    }
}

//! `systemd.mountinfo`: the mount table that PID 1 reads anew after each change.

use super::mount_max::{MOUNTS, mounts, mounts_of};
use crate::demand::by_network;
use crate::reading::used;
use crate::{Row, Scene};
use model::{Bound, Ceiling, Cost, Effect, Limit, Sign};

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "systemd.mountinfo",
        bounds: "lines of the mount table, which PID 1 reads anew after each change",
        defaults: &[
            "no bound; the table is read at most 5 times a second (systemd src/core/mount.c, \
             SYSTEMD_DEFAULT_MOUNT_RATE_LIMIT_BURST)",
        ],
        effect: Effect::Degrades,
        why: "each start and stop changes the table, which has two lines for each container that runs; \
              PID 1 reads all of it up to five times a second",
        raise: &[],
        source: "systemd src/core/mount.c mount_enumerate, rate limit of 5 in a second; no bound",
        signs: &[
            Sign::decides("systemd says that mounts come faster than it reads the table")
                .says(&["mount-monitor-dispatch"]),
            Sign::suggests("systemd reads the whole mount table at each change")
                .says(&["mountinfo"])
                .and(&["cpu", "slow", "systemd"]),
            Sign::suggests("systemd reads the whole mount table at each change")
                .says(&["systemd*cpu", "pid 1*cpu", "systemd*100%"])
                .and(&["mount"]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    if !scene.has_systemd() {
        return vec![Ceiling::not_applicable(
            "PID 1",
            "systemd does not run here",
        )];
    }
    let cost = Cost::exact(
        by_network(scene.workload, mounts_of),
        "the root of a container, and its network namespace",
    );
    vec![
        Ceiling::new("PID 1", cost)
            .effect(Effect::Degrades)
            .max(Bound::Unlimited, "a cost, not a bound")
            .used(used(mounts(scene.host)), MOUNTS)
            .note("starts and stops get slower with the lines; at 20,000 it dominates PID 1"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};

    #[test]
    fn lines_are_counted_and_have_no_bound() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!((answer.unlimited, whole(answer.used)), (true, Some(5)));
        let none = testkit::FakeHost::new();
        assert_eq!(
            ask_one(&ROW, &none, 600).verdict,
            model::Fate::NotApplicable
        );
    }
}

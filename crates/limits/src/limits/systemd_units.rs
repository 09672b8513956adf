//! `systemd.max-units`: the names of units that systemd keeps.

use crate::demand::by_network;
use crate::engine::Driver;
use crate::reading::used;
use crate::{Row, Scene};
use model::{Amount, Bound, Ceiling, Cost, Effect, Errno, Limit, Network, RUN_OUT, Sign, Unread};

/// systemd src/core/manager.h MANAGER_MAX_NAMES.
const NAMES: u64 = 131_072;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "systemd.max-units",
        bounds: "names of systemd's units",
        defaults: &["131,072 names, compiled in (systemd src/core/manager.h MANAGER_MAX_NAMES)"],
        effect: Effect::Stops,
        why: "a container is a scope, a mount for its root, one for its network namespace, and its \
              interface is two device units",
        raise: &[],
        source: "systemd src/core/unit.c unit_add_name, constant; the call gets E2BIG",
        signs: &[
            Sign::decides("systemd has as many unit names as it can").says(&["too many units"]),
            Sign::decides("systemd answers E2BIG where it has as many unit names as it can")
                .errno(&[Errno::TooBig])
                .says(&["unit", "systemd", "scope"])
                .never(&["exec user process", "exec:", "exec format"]),
            Sign::suggests("the words say that unit names run out")
                .says(&[
                    "systemd units",
                    "unit files",
                    "mount units",
                    "scope units",
                    "transient units",
                ])
                .never(&["failed to"])
                .and(RUN_OUT),
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
    // Where the driver cannot be told, the scope counts.
    let scope = u64::from(scene.driver() != Ok(Driver::Cgroupfs));
    let names = |network: &Network| {
        let devices = if network.is_bridged() { 2 } else { 0 };
        super::mount_max::mounts_of(network).plus(Amount::whole(scope + devices))
    };
    let cost = Cost::exact(
        by_network(scene.workload, names),
        "five on a bridge, counted on Debian 13",
    );
    let count = scene
        .host
        .manager()
        .map_err(Unread::from)
        .and_then(|manager| {
            let count = manager.number("NNames");
            count.ok_or_else(|| Unread::because("systemd shows no NNames"))
        });
    vec![
        Ceiling::new("PID 1", cost)
            .max(Bound::Finite(Amount::whole(NAMES)), "constant of systemd")
            .used(used(count), "NNames of systemd's manager")
            .reshape("the cgroupfs driver saves the scope, the host's network the devices"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, ask_one, nodes_on, stock, whole};
    use model::Fate;
    use testkit::FakeHost;

    #[test]
    fn five_on_a_bridge_and_two_on_the_host() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (whole(answer.used), answer.nodes_fit),
            (Some(180), Some(26_178))
        );
        let fit = |network| ask(&ROW, &stock(), &nodes_on(network, 600))[0].nodes_fit;
        assert_eq!(fit(Network::None), Some(43_630));
        assert_eq!(fit(Network::Host), Some(65_446));
        let bare = FakeHost::new().directory("/run/systemd/system");
        assert_eq!(ask_one(&ROW, &bare, 1).verdict, Fate::Unknown);
    }
}

//! `fs.mount-max`: the mounts of one mount namespace.

use crate::demand::by_network;
use crate::mount_table::BELOW_ALL;
use crate::reading::{bound, number, used};
use crate::service_mounts;
use crate::{Row, Scene};
use model::{
    Amount, Ceiling, Cost, Effect, Errno, Host, Key, Limit, Network, Operation, RUN_OUT, Sign,
    Unread, Used,
};

const MAX: &str = "/proc/sys/fs/mount-max";
pub(crate) const MOUNTS: &str = "/proc/1/mountinfo";
/// Mounts that the last start needs beside its own two, at peak: the namespace of a new container begins
/// as a copy of the host's mounts and gets its own on top before it drops the rest. With room for 13 a
/// container starts, with 12 it does not, on Debian 12 and 13 without services that have namespaces of
/// their own. Each start in flight has a namespace too, so their peaks do not add up.
const IN_FLIGHT: u64 = 11;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "fs.mount-max",
        bounds: "mounts in one mount namespace",
        defaults: &["100,000 in 5.10, 6.1 and 6.12 (fs/namespace.c sysctl_mount_max)"],
        effect: Effect::Stops,
        why: "each container mounts its root and its network namespace on the host, from where both \
              come into the namespaces of sandboxed services, and its own begins as a copy of all \
              that the host has",
        raise: &["sysctl:fs.mount-max"],
        source: "fs/namespace.c count_mounts; mount gets ENOSPC",
        signs: &[
            Sign::decides("a mount gets ENOSPC where its mount namespace has no room for another")
                .errno(&[Errno::NoSpace])
                .during(&[Operation::Mount]),
            Sign::decides("the words name it").says(&["fs.mount-max", "fs/mount-max", "mount-max"]),
            Sign::allows("systemd made no namespace for the unit")
                .errno(&[Errno::NoSpace])
                .says(&["step namespace"]),
            Sign::suggests("the words say that mounts run out")
                .says(&[
                    "mount points",
                    "mount table",
                    "mounts",
                    "mount entries",
                    "mountpoints",
                ])
                .never(&["mounts denied", "read-only", "mount options", "layer"])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let running = by_network(scene.workload, mounts_of);
    let cost = Cost::exact(
        running,
        "Debian 12 and 13; the least room in which a container starts",
    );
    let (max, lines) = (number(scene.host, MAX), mounts(scene.host));
    let ceiling = |place: String, cost| {
        Ceiling::new(place, cost)
            .max(bound(max.clone()), MAX)
            .lever(Key::new("sysctl", "fs.mount-max"), Amount::ZERO)
    };
    let host = ceiling(
        "host".to_owned(),
        cost.once_in_flight(Amount::whole(IN_FLIGHT)),
    );
    let counted = lines.clone().map(|lines| lines + BELOW_ALL);
    let mut all = vec![host.used(used(counted), format!("{MOUNTS}, and what all stand on"))];
    let each = |copies| {
        let charge = by_network(scene.workload, |network| mounts_of(network).times(copies));
        Cost::exact(charge, "what is mounted on the host comes into it too")
    };
    // Said of the host's own already where one of them is not known.
    let (Ok(max), Ok(lines)) = (&max, &lines) else {
        return all;
    };
    match service_mounts::fullest(scene, *max, *lines, &running) {
        Ok(None) => {}
        Ok(Some(found)) => {
            let place = format!("namespace of {}", found.process);
            let used = Used::Known(Amount::whole(found.mounts));
            all.push(ceiling(place, each(found.copies)).used(used, found.source));
        }
        Err(why) => {
            let unknown = ceiling("namespaces of services".to_owned(), each(1));
            all.push(unknown.used(Used::Unknown(why), ""));
        }
    }
    all
}

/// The root of a container and the handle of its network namespace, which the host's network does
/// not need.
pub(super) fn mounts_of(network: &Network) -> Amount {
    Amount::whole(if *network == Network::Host { 1 } else { 2 })
}

/// Mounts of the host's own namespace, a line each.
pub(super) fn mounts(host: &dyn Host) -> Result<u64, Unread> {
    let bytes = host.read(MOUNTS)?;
    Ok(bytes.iter().filter(|byte| **byte == b'\n').count() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, ask_one, nodes_on, stock, whole};
    use model::Fate;

    #[test]
    fn two_a_container_and_room_for_one_more_start() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!((whole(answer.used), answer.verdict), (Some(6), Fate::Fits));
        let low = stock().file(MAX, "34\n");
        let answer = ask_one(&ROW, &low, 600);
        assert_eq!((answer.nodes_fit, answer.verdict), (Some(8), Fate::Stops));
        let on_host = &ask(&ROW, &low, &nodes_on(Network::Host, 600))[0];
        assert_eq!(on_host.nodes_fit, Some(17));
    }

    #[test]
    fn seven_are_too_few_for_a_start() {
        let answer = ask_one(&ROW, &stock().file(MAX, "12\n"), 1);
        assert_eq!((answer.nodes_fit, answer.verdict), (Some(0), Fate::Stops));
        let closed = ask_one(&ROW, &stock().denied(MOUNTS), 1);
        assert_eq!((closed.used, closed.verdict), (None, Fate::Unknown));
    }
}

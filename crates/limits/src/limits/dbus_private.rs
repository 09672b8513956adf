//! `dbus.private`: connections to systemd's private socket.

use super::dbus_connections::cost;
use crate::engine::Driver;
use crate::reading::used;
use crate::sockets::SOCKETS;
use crate::{Row, Scene};
use model::{Amount, Bound, Ceiling, Effect, Errno, Limit, Place, Sign};

const PLACE: &str = "PID 1";
const SOCKET: &str = "/run/systemd/private";
/// systemd src/core/dbus.c CONNECTIONS_MAX.
const CONNECTIONS: u64 = 4096;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "dbus.private",
        bounds: "connections to systemd's private socket",
        defaults: &["4,096, compiled in (systemd src/core/dbus.c CONNECTIONS_MAX)"],
        effect: Effect::Stops,
        why: "a runc that the message bus turns away makes its two connections here",
        raise: &[],
        source: "systemd src/core/dbus.c bus_on_connection: one too many is closed at once",
        signs: &[
            Sign::decides("systemd's private socket takes no more connections")
                .says(&["too many concurrent connections, refusing"]),
            Sign::decides("systemd's private socket has no room in its queue")
                .errno(&[Errno::Again])
                .at(&[Place::PrivateBus]),
            Sign::decides("systemd's private socket closes one connection too many at once")
                .errno(&[Errno::ConnectionReset])
                .at(&[Place::PrivateBus]),
            Sign::suggests("runc tried to reach systemd more than once")
                .errno(&[Errno::Again, Errno::ConnectionReset, Errno::TimedOut])
                .says(&[
                    "dbus connection failed after several retries",
                    "/run/systemd/private",
                ]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let why = match scene.driver() {
        Err(why) => return vec![Ceiling::unread(PLACE, cost(), why)],
        Ok(Driver::Cgroupfs) => "with the cgroupfs driver a start does not ask systemd",
        Ok(Driver::Systemd) if !scene.has_systemd() => "systemd does not run here",
        Ok(Driver::Systemd) => {
            let taken = scene.sockets().map(|sockets| sockets.to(SOCKET));
            return vec![
                Ceiling::new(PLACE, cost())
                    .max(
                        Bound::Finite(Amount::whole(CONNECTIONS)),
                        "constant of systemd",
                    )
                    .used(used(taken), SOCKETS)
                    .reshape("start in batches of at most 2000 containers")
                    .note("as if the message bus turned every one of them away"),
            ];
        }
    };
    vec![Ceiling::not_applicable(PLACE, why)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock};
    use model::{Fate, Workload};

    #[test]
    fn two_thousand_starts_at_once_fill_it() {
        assert_eq!(ask_one(&ROW, &stock(), 600).verdict, Fate::Fits);
        let workload = Workload {
            nodes: 3000,
            ..Workload::default()
        };
        let all = crate::stock::ask(&ROW, &stock(), &workload).remove(0);
        assert_eq!((all.nodes_fit, all.verdict), (Some(1024), Fate::Stops));
        let config = r#"{"exec-opts": ["native.cgroupdriver=cgroupfs"]}"#;
        let cgroupfs = stock().file("/etc/docker/daemon.json", config);
        assert_eq!(ask_one(&ROW, &cgroupfs, 1).verdict, Fate::NotApplicable);
        assert_eq!(
            ask_one(&ROW, &stock().denied(SOCKETS), 1).verdict,
            Fate::Unknown
        );
    }
}

//! `net.core.somaxconn`: the connections to Docker's socket that wait to be accepted.

use crate::reading::{bound, number};
use crate::{Row, Scene};
use model::{
    Amount, Ceiling, Charge, Cost, Effect, Errno, Key, Limit, Operation, Place, Sign, Used,
};

const MAX: &str = "/proc/sys/net/core/somaxconn";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "net.core.somaxconn",
        bounds: "connections to Docker's socket that wait to be accepted",
        defaults: &[
            "4,096 since 5.4, 128 before (include/linux/socket.h SOMAXCONN); each network namespace has \
             its own",
        ],
        effect: Effect::Degrades,
        why: "each client that starts a container connects once; a full queue turns the next away",
        raise: &["sysctl:net.core.somaxconn"],
        source: "net/unix/af_unix.c unix_stream_connect; a client that does not wait gets EAGAIN",
        signs: &[
            Sign::decides("the words name it").says(&[
                "somaxconn",
                "listen queue of a socket overflowed",
                "possible syn flooding",
            ]),
            Sign::suggests(
                "a client that does not wait gets EAGAIN where the socket's queue is \
full",
            )
            .errno(&[Errno::Again])
            .during(&[Operation::Connect])
            .at(&[Place::UnixSocket]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let charge = Charge {
        in_flight: Amount::whole(1),
        ..Charge::default()
    };
    let cost = Cost::peaking(
        charge,
        "one connection a start, as if dockerd accepted none of them",
    );
    vec![
        Ceiling::new("docker.sock", cost)
            .effect(Effect::Degrades)
            .max(bound(number(scene.host, MAX)), MAX)
            .used(Used::Known(Amount::ZERO), "as if idle")
            .lever(Key::new("sysctl", "net.core.somaxconn"), Amount::ZERO),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, ask_one, stock};
    use model::{Fate, Workload};

    #[test]
    fn only_starts_at_once_count() {
        assert_eq!(ask_one(&ROW, &stock(), 100_000).verdict, Fate::Fits);
        let all = Workload {
            nodes: 3000,
            ..Workload::default()
        };
        let row = ask(&ROW, &stock(), &all).remove(0);
        assert_eq!((row.degrades_at, row.verdict), (Some(2049), Fate::Degrades));
        assert_eq!(
            ask_one(&ROW, &stock().denied(MAX), 1).verdict,
            Fate::Unknown
        );
    }
}

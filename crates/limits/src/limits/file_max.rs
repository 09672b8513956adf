//! `fs.file-max`: the open files of the whole host.

use crate::demand::{by_network, name_server};
use crate::reading::word;
use crate::{Row, Scene};
use model::{
    Amount, Bound, Ceiling, Charge, Cost, Effect, Errno, Key, Limit, RUN_OUT, Sign, Standing,
};

const COUNTS: &str = "/proc/sys/fs/file-nr";
/// What systemd writes where it raises it (src/core/main.c bump_file_max_and_nr_open).
const LONG_MAX: u64 = i64::MAX as u64;
/// Files of a container on a network without Docker's name server: usual, least, most; and what comes on top of
/// that at the peak of its start. A shim of containerd 1.6 has one or two fewer than one of 1.7.
const RUNNING: [u64; 3] = [40, 39, 40];
const IN_FLIGHT: u64 = 24;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "fs.file-max",
        bounds: "open files of the host",
        defaults: &[
            "about a tenth of memory in KiB (fs/file_table.c files_maxfiles_init)",
            "systemd raises it to 2^63-1 at boot since 240 (src/core/main.c bump_file_max_and_nr_open)",
        ],
        effect: Effect::Stops,
        why: "a shim has 26 files open, dockerd 6, containerd 4 and the program its own; who may \
              administer the system is exempt, and everything on the way to a container may",
        raise: &["sysctl:fs.file-max"],
        source: "fs/file_table.c alloc_empty_file: CAP_SYS_ADMIN is exempt, others get ENFILE",
        signs: &[
            Sign::decides("ENFILE is the bound on open files of the whole host")
                .errno(&[Errno::FilesOfHost]),
            Sign::decides("the kernel says it").says(&[
                "file-max limit",
                "fs.file-max",
                "fs/file-max",
            ]),
            Sign::suggests("the words say that open files of the host run out")
                .says(&["file table", "file-nr"])
                .never(&[])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let of_name_servers = by_network(scene.workload, name_server);
    let charge = |at: usize| {
        let running = Amount::whole(RUNNING[at]);
        Charge {
            node: running.plus(of_name_servers.node),
            job: running.plus(of_name_servers.job),
            in_flight: Amount::whole(IN_FLIGHT),
            file: Amount::whole(1),
            ..Charge::each(running)
        }
    };
    let source = "counted on Debian 13, and with the shims of containerd 1.6";
    let cost = Cost::measured(charge(0), charge(1), charge(2), source);
    let max = match word(scene.host, COUNTS, 2) {
        Ok(max) if max >= LONG_MAX => Bound::Unlimited,
        max => crate::reading::bound(max),
    };
    let mut ceiling = Ceiling::new("host", cost)
        .max(max, COUNTS)
        .used(crate::reading::used(word(scene.host, COUNTS, 0)), COUNTS)
        .lever(Key::new("sysctl", "fs.file-max"), Amount::ZERO);
    ceiling.standing = Standing::NotEnforced(
        "root's programs are exempt; what runs as another user, the message bus too, is not".into(),
    );
    vec![ceiling]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, ask_one, nodes_on, stock, whole};
    use model::{Fate, Network};

    #[test]
    fn a_name_server_is_two_files_more() {
        let of = |network| {
            ask(&ROW, &stock(), &nodes_on(network, 1))[0]
                .cost
                .charge
                .node
        };
        assert_eq!(of(Network::Bridge), Amount::whole(40));
        assert_eq!(of(Network::PerNode), Amount::whole(42));
    }

    #[test]
    fn it_is_shown_and_never_refuses() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!((answer.unlimited, whole(answer.used)), (true, Some(1000)));
        let low = ask_one(&ROW, &stock().file(COUNTS, "1000\t0\t1001\n"), 600);
        assert_eq!(
            (whole(low.ceiling), low.verdict),
            (Some(1001), Fate::NotEnforced)
        );
        assert_eq!((low.stops_at, low.raise), (None, vec![]));
    }
}

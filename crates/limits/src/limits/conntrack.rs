//! `net.nf_conntrack_max`: the connections that the kernel tracks in one network namespace.

use crate::reading::{already, bound, hex_named, number, used};
use crate::{Row, Scene};
use model::{Amount, Ceiling, Cost, Effect, HostError, Key, Limit, RUN_OUT, Sign};

const MAX: &str = "/proc/sys/net/netfilter/nf_conntrack_max";
const USED: &str = "/proc/sys/net/netfilter/nf_conntrack_count";
const STATISTICS: &str = "/proc/net/stat/nf_conntrack";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "net.nf_conntrack_max",
        bounds: "tracked connections of the host's network namespace",
        defaults: &[
            "262,144 with more than 4 GiB of memory: 65,536 buckets of 4 in 5.10, 262,144 buckets of 1 in \
             6.1 and 6.12 (net/netfilter/nf_conntrack_core.c nf_conntrack_init_start)",
            "it exists only while the module is loaded; a value in sysctl.d is lost at boot where the \
             module loads later",
        ],
        effect: Effect::Degrades,
        why: "each connection that leaves a bridge through the host is tracked there; full, new ones \
              are dropped",
        raise: &["sysctl:net.netfilter.nf_conntrack_max"],
        source: "net/netfilter/nf_conntrack_core.c __nf_conntrack_alloc; table full, dropping packet",
        signs: &[
            Sign::decides("the kernel says it").says(&[
                "conntrack: table full",
                "conntrack table full",
                "conntrack table is full",
                "nf_conntrack_max",
                "nf_conntrack: table",
                "table full, dropping packet",
                "ip_conntrack_max",
                "conntrack_max",
            ]),
            Sign::suggests("the words say that tracked connections run out")
                .says(&["conntrack"])
                .never(&["insert_failed"])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let place = "host's network namespace";
    if let Err(HostError::NotFound(_)) = scene.host.read(MAX) {
        let why = "connections are not tracked: the module is not loaded";
        return vec![Ceiling::not_applicable(place, why).effect(Effect::Degrades)];
    }
    let (max, taken) = (number(scene.host, MAX), number(scene.host, USED));
    let cost = Cost {
        source: "how many connections programs have is not known; taken as none",
        ..Cost::NOTHING
    };
    let dropped = already(
        hex_named(scene.host, STATISTICS, "drop"),
        "the table was full and a packet was dropped",
    );
    let share = match (&max, &taken) {
        (Ok(max), Ok(taken)) => {
            let each = max.saturating_sub(*taken) / scene.workload.containers().max(1);
            format!("leaves {each} connections for each container")
        }
        _ => "what programs connect to is not known".to_owned(),
    };
    let note = match dropped {
        Some(seen) => format!("{seen}; {share}"),
        None => share,
    };
    vec![
        Ceiling::new(place, cost)
            .effect(Effect::Degrades)
            .max(bound(max), MAX)
            .used(used(taken), USED)
            .lever(
                Key::new("sysctl", "net.netfilter.nf_conntrack_max"),
                Amount::ZERO,
            )
            .note(note),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;
    use testkit::FakeHost;

    #[test]
    fn the_share_of_each_container_is_said() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!((whole(answer.used), answer.verdict), (Some(12), Fate::Fits));
        assert_eq!(
            answer.note.as_deref(),
            Some("leaves 109 connections for each container")
        );
        let text = "entries clashres found drop\n0000000c 00000000 00000000 00000003\n";
        let seen = ask_one(&ROW, &stock().file(STATISTICS, text), 600)
            .note
            .unwrap();
        assert!(seen.starts_with("already hit 3 times since boot"), "{seen}");
    }

    #[test]
    fn no_module_and_no_right_are_told_apart() {
        assert_eq!(
            ask_one(&ROW, &FakeHost::new(), 1).verdict,
            Fate::NotApplicable
        );
        assert_eq!(
            ask_one(&ROW, &stock().denied(MAX), 1).verdict,
            Fate::Unknown
        );
    }
}

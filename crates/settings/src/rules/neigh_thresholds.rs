//! The three thresholds of the neighbour tables rise.

use super::Rule;
use super::fault::Fault;
use super::view::{View, numbers, settle};

pub(super) const RULE: Rule = Rule {
    id: "neigh-thresholds",
    summary: "gc_thresh1 < gc_thresh2 < gc_thresh3 in net.ipv4.neigh.default, and in net.ipv6.neigh.default",
    source: "net/core/neighbour.c neigh_alloc, neigh_periodic_work; arp(7)",
    judge,
};

fn judge(view: &View<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for family in ["ipv4", "ipv6"] {
        let threshold = |number: u8| {
            let name = format!("net.{family}.neigh.default.gc_thresh{number}");
            view.sysctl(&name)
        };
        for (low, high, lost) in [
            (1, 2, "nothing is collected before the table is almost full"),
            (2, 3, "entries are refused before unused ones are collected"),
        ] {
            let (low, high) = (threshold(low), threshold(high));
            let judged = numbers(&low, &high).map(|both| {
                let (lower, upper) = both?;
                let message = format!("{} is not below {}: {lost}", low.told(), high.told());
                (lower >= upper).then(|| {
                    let help = format!("set {} higher too", high.key.name);
                    Fault::broken(&[&low, &high], message).help(help)
                })
            });
            faults.extend(settle(judged));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::tests::{settings, told};
    use super::RULE;
    use testkit::FakeHost;

    #[test]
    fn one_raised_alone_meets_the_next_of_the_host() {
        let host = FakeHost::new()
            .file("/proc/sys/net/ipv4/neigh/default/gc_thresh1", "128\n")
            .file("/proc/sys/net/ipv4/neigh/default/gc_thresh2", "512\n")
            .file("/proc/sys/net/ipv4/neigh/default/gc_thresh3", "1024\n");
        let wanted = settings(&[("net.ipv4.neigh.default.gc_thresh2", "8192")]);
        let said = told(RULE.id, Some(&host), &wanted);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(
            said[0].contains("gc_thresh3 1024 (of the host)"),
            "{said:?}"
        );
    }

    #[test]
    fn a_rising_row_is_fine() {
        let row = |third| {
            settings(&[
                ("net.ipv6.neigh.default.gc_thresh1", "4096"),
                ("net.ipv6.neigh.default.gc_thresh2", "8192"),
                ("net.ipv6.neigh.default.gc_thresh3", third),
            ])
        };
        assert_eq!(told(RULE.id, None, &row("16384")), [""; 0]);
        assert_eq!(told(RULE.id, None, &row("8192")).len(), 1);
    }
}

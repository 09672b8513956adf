//! The table of connections has buckets enough for what it may hold.

use super::Rule;
use super::fault::Fault;
use super::view::{Judged, Side, View, numbers, settle};
use model::Quantity;

pub(super) const RULE: Rule = Rule {
    id: "conntrack-buckets",
    summary: "nf_conntrack_max is at most 8 times nf_conntrack_buckets",
    source: "Documentation/networking/nf_conntrack-sysctl.rst (each connection is in the table twice; max is 4 times buckets by default in 5.10 and once in 6.1); net/netfilter/nf_conntrack_core.c",
    judge,
};

const MOST: i128 = 8;

fn judge(view: &View<'_>) -> Vec<Fault> {
    let buckets = view.sysctl("net.netfilter.nf_conntrack_buckets");
    let max = view.sysctl("net.netfilter.nf_conntrack_max");
    settle(compare(&max, &buckets)).into_iter().collect()
}

fn compare(max: &Side<'_>, buckets: &Side<'_>) -> Judged {
    let Some((most, Quantity::Finite(there @ 1..))) = numbers(max, buckets)? else {
        return Ok(None);
    };
    let message = match most {
        Quantity::Unlimited => format!("{} has no end, with {}", max.told(), buckets.told()),
        Quantity::Finite(most) if most > MOST.saturating_mul(there) => format!(
            "{} fills {} with chains of {} entries: every lookup walks one",
            max.told(),
            buckets.told(),
            2 * most / there
        ),
        Quantity::Finite(_) => return Ok(None),
    };
    let help = match most {
        Quantity::Finite(most) => format!(
            "set net.netfilter.nf_conntrack_buckets to {} or more; a bucket takes 8 bytes",
            (most + MOST - 1) / MOST
        ),
        Quantity::Unlimited => "give nf_conntrack_max a number".to_owned(),
    };
    Ok(Some(Fault::broken(&[max, buckets], message).help(help)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{settings, told};
    use super::RULE;
    use testkit::FakeHost;

    #[test]
    fn chains_are_told_by_their_length() {
        let host = FakeHost::new()
            .file("/proc/sys/net/netfilter/nf_conntrack_max", "262144\n")
            .file("/proc/sys/net/netfilter/nf_conntrack_buckets", "262144\n");
        let max = |value| settings(&[("net.netfilter.nf_conntrack_max", value)]);
        assert_eq!(told(RULE.id, Some(&host), &max("2097152")), [""; 0]);
        let said = told(RULE.id, Some(&host), &max("3145728"));
        assert!(said[0].contains("chains of 24 entries"), "{said:?}");
        assert_eq!(told(RULE.id, None, &max("3145728")), [""; 0]);
    }
}

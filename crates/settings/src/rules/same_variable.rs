//! Two keys that are one variable of the kernel cannot hold two values.

use super::Rule;
use super::fault::Fault;
use super::view::{View, numbers, settle};
use crate::kinds::SYSCTL_PAIRS;

pub(super) const RULE: Rule = Rule {
    id: "same-variable",
    summary: "fs.inotify.max_user_instances and user.max_inotify_instances, fs.inotify.max_user_watches and user.max_inotify_watches, net.netfilter.nf_conntrack_max and net.nf_conntrack_max are set alike",
    source: "fs/notify/inotify/inotify_user.c inotify_table (init_user_ns.ucount_max); net/netfilter/nf_conntrack_standalone.c: both of a pair are the same variable",
    judge,
};

fn judge(view: &View<'_>) -> Vec<Fault> {
    let faults = SYSCTL_PAIRS.into_iter().filter_map(|(one, other)| {
        let (one, other) = (view.side("sysctl", one), view.side("sysctl", other));
        let judged = numbers(&one, &other).map(|both| {
            let (first, second) = both?;
            let message = format!(
                "{} and {} are one variable: the later write wins",
                one.told(),
                other.told()
            );
            (first != second).then(|| {
                let help = format!("leave out {}", other.key.name);
                Fault::broken(&[&one, &other], message).help(help)
            })
        });
        settle(judged)
    });
    faults.collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{settings, told};
    use super::RULE;

    #[test]
    fn two_values_for_one_variable() {
        let twins = |other| {
            settings(&[
                ("fs.inotify.max_user_instances", "8192"),
                ("user.max_inotify_instances", other),
            ])
        };
        assert_eq!(told(RULE.id, None, &twins("8192")), [""; 0]);
        assert_eq!(told(RULE.id, None, &twins("4096")).len(), 1);
    }
}

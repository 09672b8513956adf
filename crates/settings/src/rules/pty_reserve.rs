//! Containers share the terminals that the host does not keep for itself.

use super::Rule;
use super::fault::Fault;
use super::view::{View, numbers, settle};

pub(super) const RULE: Rule = Rule {
    id: "pty-reserve",
    summary: "kernel.pty.max is more than kernel.pty.reserve, of which containers get none",
    source: "fs/devpts/inode.c devpts_new_index",
    judge,
};

fn judge(view: &View<'_>) -> Vec<Fault> {
    let (all, kept) = (
        view.sysctl("kernel.pty.max"),
        view.sysctl("kernel.pty.reserve"),
    );
    let judged = numbers(&all, &kept).map(|both| {
        let (all_of_them, reserve) = both?;
        let message = format!(
            "{} leaves nothing beside {}: no container gets a terminal",
            all.told(),
            kept.told()
        );
        (all_of_them <= reserve).then(|| Fault::broken(&[&all, &kept], message))
    });
    settle(judged).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{settings, told};
    use super::RULE;
    use testkit::FakeHost;

    #[test]
    fn something_must_be_left() {
        let host = FakeHost::new().file("/proc/sys/kernel/pty/reserve", "1024\n");
        let max = |value| settings(&[("kernel.pty.max", value)]);
        assert_eq!(told(RULE.id, Some(&host), &max("exact 1024")).len(), 1);
        assert_eq!(told(RULE.id, Some(&host), &max("exact 1025")), [""; 0]);
    }
}

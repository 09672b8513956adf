//! Strict overcommit counts the address space that Go reserves and never touches.

use super::Rule;
use super::fault::Fault;
use super::tcp_mem::meminfo;
use super::view::View;
use model::{Host, Quantity};

pub(super) const RULE: Rule = Rule {
    id: "overcommit-go",
    summary: "vm.overcommit_memory is not 2 where containers are many: each shim of containerd reserves about 141 MB of address space, and 2 counts all of it",
    source: "mm/util.c __vm_enough_memory; /proc/meminfo CommitLimit and Committed_AS; 141 MB is measured",
    judge,
};

const BYTES: i128 = 141_000_000;

fn judge(view: &View<'_>) -> Vec<Fault> {
    let mode = view.side("sysctl", "vm.overcommit_memory");
    if mode.number() != Some(Quantity::Finite(2)) {
        return Vec::new();
    }
    let room = view.live().and_then(room);
    let room = room.map_or_else(String::new, |containers| {
        format!("; this host has room for {containers} more")
    });
    let message = format!(
        "vm.overcommit_memory 2 counts about 141 MB of address space for each container{room}"
    );
    vec![Fault::broken(&[&mode], message).help("write `vm.overcommit_memory = at most 1`")]
}

fn room(host: &dyn Host) -> Option<i128> {
    let left = meminfo(host, "CommitLimit")? - meminfo(host, "Committed_AS")?;
    Some(left.max(0) / BYTES)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{settings, told};
    use super::RULE;
    use testkit::FakeHost;

    #[test]
    fn two_is_told_with_the_room_that_is_left() {
        let host = FakeHost::new().file(
            "/proc/meminfo",
            "CommitLimit: 131596288 kB\nCommitted_AS: 1000000 kB\n",
        );
        let wanted = settings(&[("vm.overcommit_memory", "2")]);
        let said = told(RULE.id, Some(&host), &wanted);
        assert!(
            said[0].ends_with("this host has room for 948 more"),
            "{said:?}"
        );
        assert_eq!(told(RULE.id, None, &wanted).len(), 1);
        let fine = settings(&[("vm.overcommit_memory", "at most 1")]);
        assert_eq!(told(RULE.id, None, &fine), [""; 0]);
    }
}

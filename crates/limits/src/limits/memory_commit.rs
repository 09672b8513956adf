//! `memory.commit`: the address space that may be promised where the kernel keeps count.

use super::memory::MEMORY;
use crate::reading::{bound, labelled, number, used};
use crate::{Row, Scene};
use model::{Amount, Ceiling, Charge, Cost, Effect, Errno, Limit, Operation, Sign, Standing};

const MODE: &str = "/proc/sys/vm/overcommit_memory";
const KIB: u64 = 1024;
/// What Go programs reserve and never touch is most of it.
const EACH: u64 = 141_000_000;
/// The kernel counts and refuses in this mode alone.
const STRICT: u64 = 2;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "memory.commit",
        bounds: "promised memory, in bytes",
        defaults: &[
            "vm.overcommit_memory=0 refuses only what is obviously too much; with 2 the limit is swap and \
             half of memory (mm/util.c __vm_enough_memory, vm.overcommit_ratio 50)",
        ],
        effect: Effect::Stops,
        why: "a shim has 141 MB promised, of which it uses five",
        raise: &["sysctl:vm.overcommit_memory"],
        source: "mm/util.c __vm_enough_memory; fork and mmap get ENOMEM where the mode is 2",
        signs: &[
            Sign::allows("ENOMEM is refused commitment where overcommitting is off")
                .errno(&[Errno::NoMemory])
                .during(&[Operation::Fork, Operation::Thread, Operation::Map]),
            Sign::decides("the words name it").says(&[
                "overcommit_memory",
                "vm.overcommit",
                "memory overcommit",
                "overcommit is",
                "overcommitting",
                "commitlimit",
                "committed_as",
                "__vm_enough_memory",
                "not enough memory for the allocation",
                "overcommit memory",
            ]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let cost = Cost::exact(Charge::each(Amount::whole(EACH)), "1,945 idle containers").catalog();
    let bytes =
        |label: &str| labelled(scene.host, MEMORY, label).map(|kib| kib.saturating_mul(KIB));
    let mut ceiling = Ceiling::new("host", cost)
        .max(
            bound(bytes("CommitLimit")),
            format!("CommitLimit in {MEMORY}"),
        )
        .used(
            used(bytes("Committed_AS")),
            format!("Committed_AS in {MEMORY}"),
        );
    match number(scene.host, MODE) {
        Ok(STRICT) => ceiling = ceiling.reshape(format!("write 0 or 1 to {MODE}")),
        Ok(_) => {
            let why = "vm.overcommit_memory is not 2, so nothing is refused for what was promised";
            ceiling.standing = Standing::NotEnforced(why.to_owned());
        }
        Err(why) => return vec![Ceiling::unread("host", ceiling.cost, why)],
    }
    vec![ceiling]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn only_the_strict_mode_refuses() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (answer.verdict, whole(answer.used)),
            (Fate::NotEnforced, Some(512_000_000))
        );
        let strict = ask_one(&ROW, &stock().file(MODE, "2\n"), 600);
        assert_eq!((strict.nodes_fit, strict.verdict), (Some(3), Fate::Stops));
        assert_eq!(
            ask_one(&ROW, &stock().denied(MODE), 600).verdict,
            Fate::Unknown
        );
    }
}

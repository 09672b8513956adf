//! `net.core.bpf_jit_limit`: the memory of translated filters, seccomp's among them.

use crate::reading::{bound, number};
use crate::{Row, Scene};
use model::{
    Amount, Ceiling, Charge, Cost, Effect, Errno, Key, Limit, Operation, Sign, Standing, Unread,
    Used,
};

const MAX: &str = "/proc/sys/net/core/bpf_jit_limit";
/// Docker's default seccomp profile, translated.
const EACH: u64 = 12_800;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "net.core.bpf_jit_limit",
        bounds: "bytes of translated BPF programs",
        defaults: &[
            "half of the area for modules: 528,482,304 on x86-64 with KASLR in 5.10.223, 6.1 and 6.12 \
             (kernel/bpf/core.c bpf_jit_charge_init)",
            "at most the whole area, 1,056,964,608 on x86-64",
        ],
        effect: Effect::Stops,
        why: "the seccomp filter of each container is one; runc loads it while it may administer the \
              system, and is exempt then",
        raise: &["sysctl:net.core.bpf_jit_limit"],
        source: "kernel/bpf/core.c bpf_jit_charge_modmem; without the right, errno 524 (moby#45498)",
        signs: &[
            Sign::decides("errno 524 is a BPF program that got no memory for its machine code")
                .errno(&[Errno::Internal524])
                .during(&[Operation::Filter]),
            Sign::suggests("errno 524 is a BPF program that got no memory for its machine code")
                .errno(&[Errno::Internal524]),
            Sign::decides("the words name it").says(&["bpf_jit_limit", "bpf_jit_charge"]),
            Sign::suggests("a filter got no memory")
                .errno(&[Errno::NoMemory])
                .during(&[Operation::Filter]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let cost = Cost::exact(Charge::each(Amount::whole(EACH)), "1,945 containers").catalog();
    let unseen = Unread::because("the kernel shows no sum of it");
    let ceiling = Ceiling::new("host", cost)
        .max(bound(number(scene.host, MAX)), MAX)
        .used(Used::Unknown(unseen), "");
    vec![match scene.engine().map(|engine| engine.userns_remap()) {
        Ok(None) => {
            let mut ceiling = ceiling;
            ceiling.standing = Standing::NotEnforced(
                "runc is exempt, unless no-new-privileges has it load the filter last".into(),
            );
            ceiling
        }
        // In a user namespace nobody is exempt.
        _ => ceiling.lever(Key::new("sysctl", "net.core.bpf_jit_limit"), Amount::ZERO),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn runc_is_exempt_but_not_in_a_user_namespace() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (whole(answer.ceiling), answer.used),
            (Some(528_482_304), None)
        );
        assert_eq!(answer.verdict, Fate::NotEnforced);
        let remapped = stock()
            .file("/etc/docker/daemon.json", r#"{"userns-remap": "default"}"#)
            .file(MAX, "1280000\n");
        let answer = ask_one(&ROW, &remapped, 600);
        assert_eq!(
            (answer.nodes_at_most, answer.verdict),
            (Some(100), Fate::Stops)
        );
    }
}

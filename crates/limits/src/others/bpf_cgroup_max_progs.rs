//! `bpf.cgroup-max-progs`: BPF programs attached to one cgroup.

use model::{Effect, Errno, Limit, Operation, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "bpf.cgroup-max-progs",
    bounds: "BPF programs attached to one cgroup",
    defaults: &[],
    effect: Effect::Stops,
    why: "each container's cgroup gets a device program; whatever else attaches to the same cgroup adds up",
    raise: &[],
    source: "kernel/bpf/cgroup.c BPF_CGROUP_MAX_PROGS (64); attaching gets E2BIG",
    signs: &[
        Sign::decides("attaching a BPF program gets E2BIG where the cgroup has 64")
            .errno(&[Errno::TooBig])
            .during(&[Operation::Filter]),
        Sign::decides("attaching a BPF program gets E2BIG where the cgroup has 64")
            .errno(&[Errno::TooBig])
            .says(&["bpf_prog_attach", "bpf_cgroup", "device filter"]),
    ],
};

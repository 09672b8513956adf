//! `bpf.cgroup-max-progs`: BPF programs attached to one cgroup.

use model::{Effect, Errno, Limit, Operation, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "bpf.cgroup-max-progs",
    bounds: "BPF programs attached to one cgroup",
    defaults: &["64 for each cgroup and sort of program, compiled in (kernel/bpf/cgroup.c)"],
    effect: Effect::Stops,
    why: "with version 2 each container's device rules are such a program; it is systemd reloading, or a \
          runtime that adds one instead of replacing it, that lets them pile up on one group",
    raise: &[],
    source: "kernel/bpf/cgroup.c BPF_CGROUP_MAX_PROGS, E2BIG; opencontainers/cgroups devices/ebpf_linux.go",
    signs: &[
        Sign::decides("attaching a BPF program gets E2BIG where the cgroup has 64")
            .errno(&[Errno::TooBig])
            .during(&[Operation::Filter]),
        Sign::decides("attaching a BPF program gets E2BIG where the cgroup has 64")
            .errno(&[Errno::TooBig])
            .says(&["bpf_prog_attach", "bpf_cgroup", "device filter"]),
    ],
};

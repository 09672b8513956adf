//! `cgroup.controllers`: controllers that a cgroup may use.

use model::{Effect, Errno, Limit, Operation, Place, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "cgroup.controllers",
    bounds: "controllers that a cgroup may use",
    defaults: &[
        "systemd hands on what some unit below asks for, and to a unit with Delegate=yes everything \
         (systemd.resource-control(5))",
        "a user's own manager gets memory and pids, and cpu, cpuset and io only where a drop-in of \
         user@.service says so (systemd units/user@.service.in)",
        "the kernel's boot line can turn a controller off: cgroup_disable=memory",
    ],
    effect: Effect::Stops,
    why: "a container's limits need their controllers handed on by every group above its own; a group that \
          hands any on must have no process of its own, which a Docker inside a container runs into first",
    raise: &[],
    source: "kernel/cgroup/cgroup.c cgroup_subtree_control_write, cgroup_migrate_vet_dst; \
             Documentation/admin-guide/cgroup-v2.rst, No Internal Process Constraint",
    signs: &[
        Sign::decides(
            "a cgroup between does not hand its controllers on, or has processes \
of its own",
        )
        .says(&[
            "with domain controllers",
            "in threaded mode",
            "write subtree controllers",
            "failed to enable controllers",
            "enable controllers",
            "rootless needs no limits",
            "missing required cgroups",
            "failed to find memory cgroup",
            "failed to find cpuset cgroup",
            "find * cgroup (v2)",
            "no cgroup controllers",
            "cgroup controllers",
            "without cgroups",
            "delegate=yes",
            "cgroup delegation",
            "needs to be delegated",
        ]),
        Sign::decides("a controller is not there for this cgroup").says(&[
            "controller*is not available",
            "controller*not available",
            "controller is not available",
            "controller*not delegated",
            "controller*not enabled",
            "controllers*not delegated",
            "controller*is missing",
            "controller*disabled",
            "controller*does not exist",
            "cgroups_memory: missing",
            "cgroup_memory: missing",
            "cgroups: memory",
            "is not delegated",
            "controllers not found",
            "controller*not found",
        ]),
        Sign::decides("what a cgroup hands on could not be changed")
            .errno(&[
                Errno::NoEntry,
                Errno::Busy,
                Errno::NotSupported,
                Errno::Denied,
                Errno::Invalid,
                Errno::ReadOnly,
                Errno::NotPermitted,
            ])
            .at(&[Place::CgroupControl]),
        Sign::decides("a cgroup that hands controllers on takes no process of its own")
            .errno(&[Errno::Busy, Errno::NotSupported])
            .at(&[Place::CgroupProcesses]),
        Sign::suggests("a cgroup refuses a controller with EOPNOTSUPP")
            .errno(&[Errno::NotSupported])
            .during(&[Operation::Write]),
        Sign::suggests("making a cgroup is not allowed here: nothing is delegated")
            .errno(&[Errno::ReadOnly, Errno::Denied, Errno::NotPermitted])
            .during(&[Operation::MakeDirectory])
            .at(&[Place::Cgroup]),
        Sign::suggests("making a cgroup is not allowed here: nothing is delegated")
            .errno(&[Errno::ReadOnly, Errno::Denied, Errno::NotPermitted])
            .during(&[Operation::MakeCgroup]),
        Sign::suggests("joining a cgroup is not allowed here: nothing is delegated")
            .errno(&[Errno::Denied, Errno::ReadOnly, Errno::NotPermitted])
            .at(&[Place::CgroupProcesses]),
        Sign::suggests(
            "a controller's file is not there or not the caller's: the parent does \
not hand it on",
        )
        .errno(&[Errno::NoEntry, Errno::Denied, Errno::NotPermitted])
        .says(&[
            "cpu.max",
            "cpu.weight",
            "memory.max",
            "memory.high",
            "memory.swap",
            "memory.low",
            "pids.max",
            "io.weight",
            "io.max",
            "io.bfq",
            "cpuset.cpus",
            "cpuset.mems",
            "hugetlb.",
            "cpu.cfs",
            "memory.limit",
            "memory.memsw",
            "pids.current",
            "memory.current",
            "cpu.stat",
        ]),
        Sign::suggests("the kernel or the parent group lacks a controller").says(&[
            "no memory limit support",
            "no cpu cfs",
            "no swap limit support",
            "no pids limit support",
            "no cpuset support",
            "does not support memory limit",
            "does not support swap limit",
            "does not support pids limit",
            "does not support cgroup memory",
            "does not support cgroup cpu",
            "kernel does not support cpu",
            "kernel does not support memory",
        ]),
    ],
};

//! `cgroup.controllers`: controllers that a cgroup may use.

use model::{Effect, Limit};

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
    signs: &[],
};

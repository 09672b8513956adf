//! `cgroup.controllers`: controllers that a cgroup may use.

use model::{Effect, Limit};

pub(super) const LIMIT: Limit = Limit {
    id: "cgroup.controllers",
    bounds: "controllers that a cgroup may use",
    defaults: &[],
    effect: Effect::Stops,
    why: "a container's limits need their controllers delegated by every group above its own",
    raise: &[],
    source: "kernel/cgroup/cgroup.c cgroup_subtree_control_write, cgroup_migrate_vet_dst; Documentation/admin-guide/cgroup-v2.rst",
    signs: &[],
};

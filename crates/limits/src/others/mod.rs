//! Limits that people run into and that no reading of a host foresees: known by their signs alone.

mod bpf_cgroup_max_progs;
mod cgroup_controllers;
mod cni_subnet;
mod containerd_timeouts;
mod dbus_other;
mod grpc_max_message;
mod iptables_lock;
mod iptables_rules;
mod net_core_rmem_max;
mod overlay_max_layers;
mod overlay_mount_options;
mod podman_num_locks;
mod registry_rate_limit;
mod systemd_job_timeout;
mod udev_workers;

use model::Limit;

/// What is known to run out beside the rows that are read.
pub const OTHERS: &[Limit] = &[
    bpf_cgroup_max_progs::LIMIT,
    cgroup_controllers::LIMIT,
    cni_subnet::LIMIT,
    containerd_timeouts::LIMIT,
    dbus_other::LIMIT,
    grpc_max_message::LIMIT,
    iptables_lock::LIMIT,
    iptables_rules::LIMIT,
    net_core_rmem_max::LIMIT,
    overlay_max_layers::LIMIT,
    overlay_mount_options::LIMIT,
    podman_num_locks::LIMIT,
    registry_rate_limit::LIMIT,
    systemd_job_timeout::LIMIT,
    udev_workers::LIMIT,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::LIMITS;

    #[test]
    fn no_limit_is_in_both_tables() {
        for (at, limit) in OTHERS.iter().enumerate() {
            let read = LIMITS.iter().map(|row| row.limit.id);
            let others = OTHERS[..at].iter().map(|other| other.id);
            assert!(!read.chain(others).any(|id| id == limit.id), "{}", limit.id);
            for text in [limit.bounds, limit.why, limit.source] {
                assert!(!text.is_empty() && !text.ends_with('.'), "{}", limit.id);
            }
        }
    }
}

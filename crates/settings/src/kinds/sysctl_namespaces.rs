//! The sysctls that a container has of its own: which namespace carries them, and where its value is from.

/// The namespace that a key is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Namespace {
    /// Of network.
    Network,
    /// The same, with the host's value copied when it is made.
    NetworkCopied,
    /// Of System V objects and message queues.
    Ipc,
}

impl Namespace {
    /// In words, about a container.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Network => {
                "a container has its own (network namespace): the host's does not reach it, `docker \
                 run --sysctl` does"
            }
            Self::NetworkCopied => {
                "a container has its own (network namespace), copied from the host's when it is made"
            }
            Self::Ipc => {
                "a container has its own (IPC namespace): the host's does not reach it, `docker run \
                 --sysctl` does"
            }
        }
    }
}

/// By name, or by what a name begins with where it ends in a dot or a `*`. Of Linux 6.12:
/// net/core/sysctl_net_core.c (netns_core_table), net/ipv4/sysctl_net_ipv4.c (ipv4_net_table; tcp_rmem
/// and tcp_wmem are copied in net/ipv4/tcp_ipv4.c, tcp_sk_init), net/ipv4/devinet.c, net/ipv6/addrconf.c,
/// net/unix/sysctl_net_unix.c, net/netfilter/nf_conntrack_standalone.c (timeouts; the table's size is
/// shown in every namespace and set in the first alone), ipc/ipc_sysctl.c, ipc/mq_sysctl.c.
const ROWS: &[(&str, Namespace)] = &[
    ("net.core.somaxconn", Namespace::Network),
    ("net.ipv4.conf.", Namespace::Network),
    ("net.ipv4.ip_forward", Namespace::Network),
    ("net.ipv4.ip_local_port_range", Namespace::Network),
    ("net.ipv4.ip_local_reserved_ports", Namespace::Network),
    ("net.ipv4.ip_unprivileged_port_start", Namespace::Network),
    ("net.ipv4.ping_group_range", Namespace::Network),
    ("net.ipv4.tcp_fin_timeout", Namespace::Network),
    ("net.ipv4.tcp_keepalive_*", Namespace::Network),
    ("net.ipv4.tcp_max_syn_backlog", Namespace::Network),
    ("net.ipv4.tcp_max_tw_buckets", Namespace::Network),
    ("net.ipv4.tcp_rmem", Namespace::NetworkCopied),
    ("net.ipv4.tcp_sack", Namespace::Network),
    ("net.ipv4.tcp_slow_start_after_idle", Namespace::Network),
    ("net.ipv4.tcp_syncookies", Namespace::Network),
    ("net.ipv4.tcp_timestamps", Namespace::Network),
    ("net.ipv4.tcp_tw_reuse", Namespace::Network),
    ("net.ipv4.tcp_window_scaling", Namespace::Network),
    ("net.ipv4.tcp_wmem", Namespace::NetworkCopied),
    ("net.ipv6.conf.", Namespace::Network),
    (
        "net.netfilter.nf_conntrack_tcp_timeout_*",
        Namespace::Network,
    ),
    (
        "net.netfilter.nf_conntrack_udp_timeout*",
        Namespace::Network,
    ),
    ("net.unix.max_dgram_qlen", Namespace::Network),
    ("fs.mqueue.", Namespace::Ipc),
    ("kernel.msgmax", Namespace::Ipc),
    ("kernel.msgmnb", Namespace::Ipc),
    ("kernel.msgmni", Namespace::Ipc),
    ("kernel.sem", Namespace::Ipc),
    ("kernel.shmall", Namespace::Ipc),
    ("kernel.shmmax", Namespace::Ipc),
    ("kernel.shmmni", Namespace::Ipc),
    ("kernel.shm_rmid_forced", Namespace::Ipc),
];

/// The namespace of a key, if it has one that containers do not share with the host.
pub(super) fn of(name: &str) -> Option<Namespace> {
    let is_it = |(row, _): &&(&str, Namespace)| match row.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None if row.ends_with('.') => name.starts_with(row),
        None => name == *row,
    };
    ROWS.iter().find(is_it).map(|(_, namespace)| *namespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_by_its_name_or_its_beginning() {
        assert_eq!(of("net.core.somaxconn"), Some(Namespace::Network));
        assert_eq!(of("net.ipv4.tcp_keepalive_time"), Some(Namespace::Network));
        assert_eq!(of("net.ipv4.conf.all.rp_filter"), Some(Namespace::Network));
        assert_eq!(of("net.ipv4.tcp_rmem"), Some(Namespace::NetworkCopied));
        assert_eq!(of("fs.mqueue.msg_max"), Some(Namespace::Ipc));
        for host_wide in [
            "net.core.rmem_max",
            "net.ipv4.tcp_mem",
            "net.ipv4.neigh.default.gc_thresh1",
            "net.netfilter.nf_conntrack_max",
            "fs.file-max",
            "user.max_inotify_instances",
        ] {
            assert_eq!(of(host_wide), None, "{host_wide}");
        }
    }
}

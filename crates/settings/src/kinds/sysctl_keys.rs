//! The sysctls known by name: which are ceilings, how they spell unlimited, what the kernel takes.
//!
//! Bounds are those of the kernel's own tables (`extra1`, `extra2`, or the C type) in 6.12.

use model::{Form, Shape};

const INT: i128 = i32::MAX as i128;
const LONG: i128 = i64::MAX as i128;
const ULONG: i128 = u64::MAX as i128;

/// One sysctl known by name.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
}

const fn ceiling(name: &'static str, min: i128, max: i128) -> Row {
    let shape = Shape::ceiling(min, max);
    Row { name, shape }
}

const fn plain(name: &'static str, min: i128, max: i128) -> Row {
    let shape = Shape::number(min, max);
    Row { name, shape }
}

impl Row {
    const fn unlimited(mut self, spellings: &'static [&'static str]) -> Self {
        self.shape = self.shape.unlimited(spellings);
        self
    }

    const fn form(mut self, form: Form) -> Self {
        self.shape = self.shape.form(form);
        self
    }
}

/// The rows. Sorted by name.
pub(crate) const ROWS: &[Row] = &[
    ceiling("fs.aio-max-nr", 0, ULONG),
    ceiling("fs.epoll.max_user_watches", 0, LONG),
    ceiling("fs.file-max", 0, LONG).unlimited(&["9223372036854775807"]),
    ceiling("fs.inotify.max_queued_events", 0, INT),
    ceiling("fs.inotify.max_user_instances", 0, INT),
    ceiling("fs.inotify.max_user_watches", 0, INT),
    ceiling("fs.mount-max", 1, INT),
    ceiling("fs.nr_open", 64, 2_147_483_584),
    ceiling("fs.pipe-max-size", 4096, INT),
    // A zero here switches the limit off (fs/pipe.c, too_many_pipe_buffers_soft).
    ceiling("fs.pipe-user-pages-hard", 0, LONG).unlimited(&["0"]),
    ceiling("fs.pipe-user-pages-soft", 0, LONG).unlimited(&["0"]),
    ceiling("kernel.keys.maxbytes", 1, INT),
    ceiling("kernel.keys.maxkeys", 1, INT),
    ceiling("kernel.keys.root_maxbytes", 1, INT),
    ceiling("kernel.keys.root_maxkeys", 1, INT),
    ceiling("kernel.msgmax", 0, INT),
    ceiling("kernel.msgmnb", 0, INT),
    ceiling("kernel.msgmni", 0, 32_768),
    ceiling("kernel.pid_max", 301, 4_194_304),
    ceiling("kernel.pty.max", 0, INT),
    plain("kernel.pty.reserve", 0, INT),
    ceiling("kernel.sem", 0, INT).form(Form::Vector(4)),
    ceiling("kernel.shmall", 0, ULONG),
    ceiling("kernel.shmmax", 0, ULONG),
    ceiling("kernel.shmmni", 0, 32_768),
    ceiling("kernel.threads-max", 20, 0x3fff_ffff),
    ceiling("net.core.bpf_jit_limit", 1, LONG),
    ceiling("net.core.netdev_budget", 0, INT),
    ceiling("net.core.netdev_budget_usecs", 0, INT),
    ceiling("net.core.netdev_max_backlog", 0, INT),
    ceiling("net.core.optmem_max", 0, INT),
    ceiling("net.core.rmem_max", 2304, INT),
    ceiling("net.core.somaxconn", 0, INT),
    ceiling("net.core.wmem_max", 4608, INT),
    ceiling("net.ipv4.ip_local_port_range", 1, 65_535).form(Form::Range),
    ceiling("net.ipv4.neigh.default.gc_thresh1", 0, INT),
    ceiling("net.ipv4.neigh.default.gc_thresh2", 0, INT),
    ceiling("net.ipv4.neigh.default.gc_thresh3", 0, INT),
    plain("net.ipv4.tcp_fin_timeout", 0, INT),
    plain("net.ipv4.tcp_keepalive_intvl", 0, INT),
    plain("net.ipv4.tcp_keepalive_probes", 0, INT),
    plain("net.ipv4.tcp_keepalive_time", 0, INT),
    ceiling("net.ipv4.tcp_max_syn_backlog", 0, INT),
    ceiling("net.ipv4.tcp_mem", 0, ULONG).form(Form::Vector(3)),
    ceiling("net.ipv4.tcp_rmem", 1, INT).form(Form::Vector(3)),
    ceiling("net.ipv4.tcp_wmem", 1, INT).form(Form::Vector(3)),
    ceiling("net.ipv4.udp_mem", 0, ULONG).form(Form::Vector(3)),
    ceiling("net.ipv6.neigh.default.gc_thresh1", 0, INT),
    ceiling("net.ipv6.neigh.default.gc_thresh2", 0, INT),
    ceiling("net.ipv6.neigh.default.gc_thresh3", 0, INT),
    ceiling("net.netfilter.nf_conntrack_buckets", 0, INT),
    // A zero here switches the check off (nf_conntrack_core.c, __nf_conntrack_alloc).
    ceiling("net.netfilter.nf_conntrack_max", 0, INT).unlimited(&["0"]),
    plain("net.netfilter.nf_conntrack_tcp_timeout_close_wait", 0, INT),
    plain("net.netfilter.nf_conntrack_tcp_timeout_established", 0, INT),
    plain("net.netfilter.nf_conntrack_tcp_timeout_fin_wait", 0, INT),
    plain("net.netfilter.nf_conntrack_tcp_timeout_time_wait", 0, INT),
    ceiling("net.nf_conntrack_max", 0, INT).unlimited(&["0"]),
    ceiling("net.unix.max_dgram_qlen", 0, INT),
    ceiling("user.max_cgroup_namespaces", 0, INT),
    ceiling("user.max_inotify_instances", 0, INT),
    ceiling("user.max_inotify_watches", 0, INT),
    ceiling("user.max_ipc_namespaces", 0, INT),
    ceiling("user.max_mnt_namespaces", 0, INT),
    ceiling("user.max_net_namespaces", 0, INT),
    ceiling("user.max_pid_namespaces", 0, INT),
    ceiling("user.max_time_namespaces", 0, INT),
    ceiling("user.max_user_namespaces", 0, INT),
    ceiling("user.max_uts_namespaces", 0, INT),
    ceiling("vm.max_map_count", 0, INT),
    plain("vm.overcommit_memory", 0, 2),
    plain("vm.swappiness", 0, 200),
    plain("vm.vfs_cache_pressure", 0, INT),
];

/// Keys that change another when they are written, so that writing the old value back does not undo
/// it (mm/page-writeback.c, mm/util.c, net/ipv4/devinet.c, net/ipv6/addrconf.c).
const COUPLED: &[(&str, &str)] = &[
    ("vm.dirty_bytes", "vm.dirty_ratio"),
    ("vm.dirty_ratio", "vm.dirty_bytes"),
    ("vm.dirty_background_bytes", "vm.dirty_background_ratio"),
    ("vm.dirty_background_ratio", "vm.dirty_background_bytes"),
    ("vm.overcommit_kbytes", "vm.overcommit_ratio"),
    ("vm.overcommit_ratio", "vm.overcommit_kbytes"),
    ("net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding"),
    ("net.ipv4.conf.all.forwarding", "net.ipv4.ip_forward"),
    (
        "net.ipv6.conf.all.forwarding",
        "net.ipv6.conf.default.forwarding",
    ),
];

/// The key that writing `name` changes too.
pub(crate) fn coupled(name: &str) -> Option<&'static str> {
    let pair = COUPLED.iter().find(|(key, _)| *key == name);
    pair.map(|(_, other)| *other)
}

/// Pairs that are one variable of the kernel (fs/notify/inotify/inotify_user.c, inotify_table;
/// net/netfilter/nf_conntrack_standalone.c).
pub(crate) const PAIRS: [(&str, &str); 3] = [
    (
        "fs.inotify.max_user_instances",
        "user.max_inotify_instances",
    ),
    ("fs.inotify.max_user_watches", "user.max_inotify_watches"),
    ("net.netfilter.nf_conntrack_max", "net.nf_conntrack_max"),
];

/// The other key of the same variable.
pub(crate) fn same_variable(name: &str) -> Option<&'static str> {
    PAIRS.iter().find_map(|(one, other)| match name {
        _ if name == *one => Some(*other),
        _ if name == *other => Some(*one),
        _ => None,
    })
}

/// The row of a key, by its canonical name.
pub(crate) fn row(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}

/// Keys that a module brings, by how they begin (each module's own `register_sysctl` or
/// `register_net_sysctl`).
const OF_MODULES: [(&str, &str); 10] = [
    ("fs.fuse.", "fuse"),
    ("fs.xfs.", "xfs"),
    ("net.bridge.", "br_netfilter"),
    ("net.ipv4.vs.", "ip_vs"),
    ("net.mpls.", "mpls_router"),
    ("net.netfilter.nf_conntrack", "nf_conntrack"),
    ("net.nf_conntrack_max", "nf_conntrack"),
    ("net.sctp.", "sctp"),
    ("net.vrf.", "vrf"),
    ("sunrpc.", "sunrpc"),
];

/// The module without which a key does not exist.
pub(crate) fn module_of(name: &str) -> Option<&'static str> {
    let mut rows = OF_MODULES.iter();
    let found = rows.find(|(start, _)| name.starts_with(start));
    found.map(|(_, module)| *module)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_unique() {
        let names: Vec<&str> = ROWS.iter().map(|row| row.name).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(names, sorted);
    }

    #[test]
    fn bounds_refuse_what_the_kernel_would() {
        let pid_max = row("kernel.pid_max").unwrap().shape;
        assert!(pid_max.parse("300").is_err());
        assert!(pid_max.parse("4194305").is_err());
        assert!(pid_max.parse("4M").is_ok());
    }
}

//! Settings that are often raised and let no further container start, each with the reason.

use model::Key;

/// A key, in which `*` stands for any text, and why raising it admits no container.
struct Row {
    key: &'static str,
    why: &'static str,
}

const fn row(key: &'static str, why: &'static str) -> Row {
    Row { key, why }
}

const BACKLOG: &str = "it bounds the connections that wait on one listening socket, in each network namespace; a container takes none of it";
const PAM: &str = "PAM gives it to sessions that log in; daemons and containers are no sessions, and root is exempt from nproc";
const MEMORY: &str =
    "it bounds the buffers of single sockets: throughput, not how many containers there are";
const OPEN_FILES: &str = "dockerd and containerd take 4 to 8 files a container, so 524,288 serve 65,000; infinity slows programs that walk all their file numbers";
const UNIT_TASKS: &str = "docker.service and containerd.service have TasksMax=infinity and slices have no bound, so the default reaches neither";
const SCHEDULING: &str =
    "it moves work between tasks or between memory and disk; nothing is refused for its sake";
const IPC: &str = "each container has an IPC namespace with values of its own";
const TIMERS: &str = "it decides how long a connection is kept, in each network namespace; a container takes none of it";

/// The table. Of several rows that fit, the first counts.
const ROWS: &[Row] = &[
    row("sysctl:net.core.somaxconn", BACKLOG),
    row("sysctl:net.ipv4.tcp_max_syn_backlog", BACKLOG),
    row(
        "sysctl:fs.file-max",
        "systemd has raised it to 2^63-1 at boot, root may exceed it, and a container takes about 40",
    ),
    row("sysctl:fs.nr_open", OPEN_FILES),
    row("unit:*/LimitNOFILE", OPEN_FILES),
    row("manager:DefaultLimitNOFILE", OPEN_FILES),
    row("manager:DefaultTasksMax", UNIT_TASKS),
    row("ulimit:*", PAM),
    row(
        "sysctl:kernel.threads-max",
        "the kernel's own default, a thread for each 128 KiB of memory, is about 2 million on 251 GB",
    ),
    row(
        "sysctl:user.max_*_namespaces",
        "the kernel's own default is half of threads-max, about 1 million here, and a container takes one",
    ),
    row(
        "sysctl:kernel.pid_max",
        "systemd's 50-pid-max.conf has set the largest value already; it guards against a file that lowers it",
    ),
    row(
        "sysctl:fs.inotify.max_user_watches",
        "since 5.11 the kernel sizes it by memory, up to 1,048,576; what runs out is max_user_instances",
    ),
    row(
        "sysctl:kernel.keys.*",
        "root may hold 1,000,000 keys and a container takes one; the pair without root_ counts only for remapped users",
    ),
    row(
        "sysctl:vm.max_map_count",
        "it bounds the mappings of each process by itself",
    ),
    row("sysctl:kernel.shm*", IPC),
    row("sysctl:kernel.sem", IPC),
    row("sysctl:kernel.msgm*", IPC),
    row(
        "sysctl:net.ipv4.ip_local_port_range",
        "each network namespace has its own; it counts for containers on the host's network and for NAT to one destination",
    ),
    row("sysctl:net.ipv4.tcp_tw_reuse", TIMERS),
    row("sysctl:net.ipv4.tcp_fin_timeout", TIMERS),
    row("sysctl:net.ipv4.tcp_keepalive_*", TIMERS),
    row("sysctl:net.core.rmem_*", MEMORY),
    row("sysctl:net.core.wmem_*", MEMORY),
    row("sysctl:net.core.optmem_max", MEMORY),
    row("sysctl:net.ipv4.tcp_rmem", MEMORY),
    row("sysctl:net.ipv4.tcp_wmem", MEMORY),
    row("sysctl:kernel.sched_*", SCHEDULING),
    row("sysctl:vm.swappiness", SCHEDULING),
    row("sysctl:vm.vfs_cache_pressure", SCHEDULING),
    row("sysctl:vm.dirty_*", SCHEDULING),
    row(
        "sysctl:net.core.bpf_jit_limit",
        "Docker loads seccomp filters with CAP_BPF in the first user namespace, for which it is not enforced (kernel/bpf/core.c)",
    ),
    row(
        "sysctl:fs.mount-max",
        "each mount namespace has 100,000, and a container takes 2 of the host's",
    ),
];

/// Why raising this key admits no further container, if it is one of those.
pub fn raises_no_capacity(key: &Key) -> Option<&'static str> {
    let spelled = key.to_string();
    let row = ROWS.iter().find(|row| fits(row.key, &spelled));
    row.map(|row| row.why)
}

/// Whether `text` fits a pattern with at most one `*`.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, end)) => {
            text.len() >= start.len() + end.len() && text.starts_with(start) && text.ends_with(end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stands_for_its_keys_and_no_others() {
        let why = |kind, name: &str| raises_no_capacity(&Key::new(kind, name));
        assert_eq!(why("unit", "docker.service/LimitNOFILE"), Some(OPEN_FILES));
        assert_eq!(why("ulimit", "*/nofile"), Some(PAM));
        assert!(why("sysctl", "user.max_user_namespaces").is_some());
        assert_eq!(why("sysctl", "user.max_inotify_instances"), None);
        assert_eq!(why("sysctl", "fs.inotify.max_user_instances"), None);
        assert_eq!(why("unit", "docker.service/TasksMax"), None);
    }

    #[test]
    fn no_pattern_has_two_stars_or_fits_nothing() {
        for row in ROWS {
            assert!(row.key.matches('*').count() <= 1, "{}", row.key);
            assert!(fits(row.key, &row.key.replace('*', "x")), "{}", row.key);
        }
    }
}

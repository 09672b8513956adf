//! The command that shows a limit's ceiling beside its use.

/// What shows each; each is run as root on the host.
const LOOKS: &[(&str, &str)] = &[
    ("bpf.cgroup-max-progs", "bpftool cgroup tree"),
    ("bridge.ports", "ls /sys/class/net/BRIDGE/brif | wc -l"),
    (
        "cgroup.controllers",
        "grep -r . /sys/fs/cgroup/cgroup.controllers /sys/fs/cgroup/*/cgroup.subtree_control",
    ),
    ("cgroup.dying", "grep dying /sys/fs/cgroup/cgroup.stat"),
    (
        "cgroup.max.depth",
        "find /sys/fs/cgroup -maxdepth 3 -name cgroup.max.depth -exec grep -Hv max {} +",
    ),
    (
        "cgroup.max.descendants",
        "find /sys/fs/cgroup -maxdepth 3 -name cgroup.max.descendants -exec grep -Hv max {} +",
    ),
    (
        "cgroup.pids.max",
        "find /sys/fs/cgroup -name pids.events -exec grep -H 'max [1-9]' {} +",
    ),
    ("cni.subnet", "ls /var/lib/cni/networks/* | wc -l"),
    (
        "containerd.timeouts",
        "journalctl -b -u containerd.service | grep -c 'shim disconnected'",
    ),
    ("cpu.contention", "cat /proc/pressure/cpu /proc/pressure/io"),
    (
        "dbus.max_completed_connections",
        "busctl list --no-legend | wc -l",
    ),
    (
        "dbus.max_connections_per_user",
        "busctl list --no-legend | awk '{print $4}' | sort | uniq -c",
    ),
    (
        "dbus.other",
        "journalctl -b -u dbus.service -u dbus-broker.service",
    ),
    ("dbus.private", "ss -x | grep -c /run/systemd/private"),
    ("disk.inodes", "df -i"),
    ("disk.space", "df -h"),
    (
        "docker.address-pools",
        "docker network ls -q | xargs docker network inspect -f '{{.Name}} {{.IPAM.Config}}'",
    ),
    (
        "docker.ports",
        "cat /proc/sys/net/ipv4/ip_local_port_range; ss -tuln",
    ),
    ("docker.start-rate", "systemctl list-jobs"),
    (
        "docker.subnet",
        "docker network inspect -f '{{.IPAM.Config}} {{len .Containers}}' NETWORK",
    ),
    (
        "fs.aio-max-nr",
        "cat /proc/sys/fs/aio-nr /proc/sys/fs/aio-max-nr",
    ),
    (
        "fs.epoll.max_user_watches",
        "cat /proc/sys/fs/epoll/max_user_watches; grep -hs tfd: /proc/*/fdinfo/* | wc -l",
    ),
    (
        "fs.fanotify.max_user_groups",
        "cat /proc/sys/fs/fanotify/max_user_groups; find /proc/*/fd -lname '*fanotify*' | wc -l",
    ),
    ("fs.file-max", "cat /proc/sys/fs/file-nr"),
    (
        "fs.inotify.max_user_instances",
        "cat /proc/sys/fs/inotify/max_user_instances; find /proc/*/fd -lname '*inotify' | wc -l",
    ),
    (
        "fs.inotify.max_user_watches",
        "cat /proc/sys/fs/inotify/max_user_watches; grep -hs '^inotify' /proc/*/fdinfo/* | wc -l",
    ),
    (
        "fs.mount-max",
        "cat /proc/sys/fs/mount-max; wc -l /proc/1/mountinfo",
    ),
    (
        "fs.nr_open",
        "cat /proc/sys/fs/nr_open; systemctl show -p LimitNOFILE containerd.service docker.service",
    ),
    (
        "fs.pipe-user-pages-soft",
        "cat /proc/sys/fs/pipe-user-pages-soft; find /proc/*/fd -lname 'pipe:*' | wc -l",
    ),
    (
        "go.max-threads",
        "grep Threads /proc/$(pidof dockerd)/status",
    ),
    (
        "grpc.max-message",
        "ctr --namespace moby containers list -q | wc -l",
    ),
    ("iptables.lock", "fuser -v /run/xtables.lock"),
    ("iptables.rules", "iptables-save | wc -l"),
    (
        "kernel.anon-bdev",
        "awk '{print $3}' /proc/*/mountinfo | grep ^0: | sort -u | wc -l",
    ),
    ("kernel.keys.maxbytes", "cat /proc/key-users"),
    ("kernel.keys.maxkeys", "cat /proc/key-users"),
    (
        "kernel.pid_max",
        "cat /proc/sys/kernel/pid_max; ls -d /proc/[0-9]*/task/* | wc -l",
    ),
    (
        "kernel.pty.max",
        "cat /proc/sys/kernel/pty/nr /proc/sys/kernel/pty/max",
    ),
    ("kernel.sem", "ipcs -ls; ipcs -s | wc -l"),
    ("kernel.shmmni", "ipcs -lm; ipcs -m | wc -l"),
    (
        "kernel.threads-max",
        "cat /proc/sys/kernel/threads-max /proc/loadavg",
    ),
    (
        "memcg.ids",
        "grep memory /proc/cgroups; grep memory /sys/fs/cgroup/cgroup.stat",
    ),
    ("memory", "free -m; dmesg | grep -i 'out of memory'"),
    (
        "memory.commit",
        "grep Commit /proc/meminfo; cat /proc/sys/vm/overcommit_memory",
    ),
    (
        "memory.shrinker",
        "grep SUnreclaim /proc/meminfo; grep kmalloc-1k /proc/slabinfo",
    ),
    (
        "net.core.bpf_jit_limit",
        "cat /proc/sys/net/core/bpf_jit_limit; grep bpf_ /proc/vmallocinfo",
    ),
    ("net.core.netdev_max_backlog", "cat /proc/net/softnet_stat"),
    (
        "net.core.rmem_max",
        "cat /proc/sys/net/core/rmem_max; cat /proc/net/netlink",
    ),
    (
        "net.core.somaxconn",
        "nstat -az TcpExtListenOverflows; ss -lx",
    ),
    (
        "net.ipv4.ip_local_port_range",
        "cat /proc/sys/net/ipv4/ip_local_port_range; ss -s",
    ),
    ("net.ipv4.tcp_max_orphans", "cat /proc/net/sockstat"),
    ("net.ipv4.tcp_mem", "cat /proc/net/sockstat"),
    ("net.ipv4.udp_mem", "cat /proc/net/sockstat"),
    (
        "net.neigh.gc_thresh3",
        "head -2 /proc/net/stat/arp_cache; sysctl net.ipv4.neigh.default.gc_thresh3",
    ),
    (
        "net.nf_conntrack_max",
        "sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max",
    ),
    (
        "overlay.max-layers",
        "docker image inspect -f '{{len .RootFS.Layers}}' IMAGE",
    ),
    (
        "overlay.mount-options",
        "docker image inspect -f '{{len .RootFS.Layers}}' IMAGE; docker info -f '{{.DockerRootDir}}'",
    ),
    (
        "podman.num_locks",
        "podman info --format '{{.Host.FreeLocks}}'",
    ),
    ("ports.published", "pgrep -c docker-proxy"),
    (
        "registry.rate-limit",
        "docker info -f '{{.RegistryConfig.Mirrors}}'",
    ),
    ("rlimit.memlock", "grep locked /proc/PID/limits"),
    ("rlimit.msgqueue", "grep msgqueue /proc/PID/limits"),
    (
        "rlimit.nofile",
        "grep 'open files' /proc/$(pidof dockerd)/limits; ls /proc/$(pidof dockerd)/fd | wc -l",
    ),
    (
        "rlimit.nproc",
        "grep processes /proc/PID/limits; ps -eLo ruser= | sort | uniq -c",
    ),
    ("subuid.range", "cat /etc/subuid /etc/subgid"),
    (
        "systemd.job-timeout",
        "time busctl get-property org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager Version",
    ),
    (
        "systemd.max-units",
        "systemctl list-units --all --no-legend | wc -l",
    ),
    (
        "systemd.mountinfo",
        "wc -l /proc/1/mountinfo; top -b -n1 -p1",
    ),
    ("tmpfs.run", "df -h /run; df -i /run"),
    ("udev.workers", "systemctl status systemd-udevd"),
    (
        "user.max_namespaces",
        "sysctl -a 2>/dev/null | grep ^user.max_; lsns | awk '{print $2}' | sort | uniq -c",
    ),
    ("user.sigpending", "grep SigQ /proc/PID/status"),
    (
        "vm.max_map_count",
        "cat /proc/sys/vm/max_map_count; wc -l /proc/PID/maps",
    ),
];

/// The command for a limit.
pub(crate) fn look(id: &str) -> Option<&'static str> {
    let found = LOOKS.iter().find(|(known, _)| *known == id);
    found.map(|(_, look)| *look)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_with_a_sign_is_shown_by_a_command() {
        for limit in limits::all().filter(|limit| !limit.signs.is_empty()) {
            assert!(look(limit.id).is_some(), "{}", limit.id);
        }
        for (id, _) in LOOKS {
            assert!(limits::all().any(|limit| limit.id == *id), "{id}");
        }
    }
}

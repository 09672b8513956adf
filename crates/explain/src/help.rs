//! Values that are enough, and what helps where no value does.

/// Values that leave room on a host with hundreds of containers; what a host needs more, `preflight` says.
pub(crate) const GENEROUS: &[(&str, &str)] = &[
    ("fs.aio-max-nr", "1048576"),
    ("fs.epoll.max_user_watches", "16777216"),
    ("fs.fanotify.max_user_groups", "8192"),
    ("fs.file-max", "9223372036854775807"),
    ("fs.inotify.max_user_instances", "65536"),
    ("fs.inotify.max_user_watches", "1048576"),
    ("fs.mount-max", "1000000"),
    ("fs.nr_open", "1048576"),
    ("fs.pipe-user-pages-soft", "0"),
    ("kernel.keys.maxbytes", "2000000"),
    ("kernel.keys.maxkeys", "20000"),
    ("kernel.keys.root_maxbytes", "250000000"),
    ("kernel.keys.root_maxkeys", "1000000"),
    ("kernel.pid_max", "4194304"),
    ("kernel.pty.max", "65536"),
    ("kernel.threads-max", "4194304"),
    ("net.core.bpf_jit_limit", "1056964608"),
    ("net.core.netdev_max_backlog", "16384"),
    ("net.core.rmem_max", "16777216"),
    ("net.core.somaxconn", "8192"),
    ("net.ipv4.neigh.default.gc_thresh3", "65536"),
    ("net.ipv6.neigh.default.gc_thresh3", "65536"),
    ("net.netfilter.nf_conntrack_max", "1048576"),
    ("user.max_cgroup_namespaces", "1000000"),
    ("user.max_ipc_namespaces", "1000000"),
    ("user.max_mnt_namespaces", "1000000"),
    ("user.max_net_namespaces", "1000000"),
    ("user.max_pid_namespaces", "1000000"),
    ("user.max_user_namespaces", "1000000"),
    ("user.max_uts_namespaces", "1000000"),
    ("vm.max_map_count", "1048576"),
    ("vm.overcommit_memory", "0"),
];

/// What helps where no setting does.
pub(crate) const OTHERWISE: &[(&str, &str)] = &[
    (
        "bpf.cgroup-max-progs",
        "see with `bpftool cgroup tree` who attaches programs to the same cgroup, and detach what is left over",
    ),
    (
        "bridge.ports",
        "spread the containers over several bridge networks of at most 1,000 each; no setting raises it",
    ),
    (
        "cgroup.controllers",
        "move the processes of the inner node into a leaf and enable the controllers in each cgroup.subtree_control above; `Delegate=yes` for a unit that makes cgroups itself",
    ),
    (
        "cgroup.dying",
        "reclaim what pins them: memory pressure, or `echo 1 > /proc/sys/vm/drop_caches`",
    ),
    (
        "cgroup.max.depth",
        "write `max` to cgroup.max.depth of the ancestor that has a bound",
    ),
    (
        "cgroup.max.descendants",
        "write `max` to cgroup.max.descendants of the ancestor that has a bound",
    ),
    (
        "cni.subnet",
        "give the node a larger range, or remove the leases of pods that are gone",
    ),
    (
        "containerd.timeouts",
        "raise `[timeouts]` of containerd's configuration and start fewer containers at once",
    ),
    (
        "cpu.contention",
        "run fewer containers here, or start them more slowly; look at pressure in /proc/pressure",
    ),
    (
        "dbus.other",
        "raise the limit that the message names in a file below /etc/dbus-1/system.d, and reload the bus",
    ),
    (
        "dbus.private",
        "start fewer containers at once; the bound is systemd's own",
    ),
    (
        "disk.inodes",
        "remove what has many small files (`docker system prune`), or make a file system with more inodes",
    ),
    (
        "disk.space",
        "make room: `docker system df` shows what takes it, `docker system prune` removes what nothing uses",
    ),
    (
        "docker.ports",
        "publish fewer ports, or keep outgoing connections off them with net.ipv4.ip_local_reserved_ports",
    ),
    ("docker.start-rate", "start fewer containers at once"),
    (
        "docker.subnet",
        "make the network anew with a larger subnet, or use a second one",
    ),
    (
        "go.max-threads",
        "look for what blocks its threads, mostly a slow disk; the bound is compiled in",
    ),
    (
        "grpc.max-message",
        "remove containers that are dead, or use a release with a larger bound",
    ),
    (
        "iptables.lock",
        "publish fewer ports, or use Docker's nftables backend",
    ),
    (
        "iptables.rules",
        "publish fewer ports, or use Docker's nftables backend",
    ),
    (
        "kernel.anon-bdev",
        "fewer mounts without a disk; the bound is compiled in",
    ),
    (
        "memcg.ids",
        "remove cgroups, and what keeps those alive that are removed already; the bound is compiled in",
    ),
    ("memory", "give the host more memory or fewer containers"),
    (
        "memory.shrinker",
        "fewer mounts for each container, or a later kernel",
    ),
    ("overlay.max-layers", "build the image with fewer layers"),
    (
        "overlay.mount-options",
        "a shorter data-root, or an image with fewer layers",
    ),
    (
        "podman.num_locks",
        "raise num_locks in containers.conf and run `podman system renumber` with no container running",
    ),
    (
        "ports.published",
        "publish fewer ports, or turn the userland proxy off",
    ),
    (
        "registry.rate-limit",
        "log in to the registry, or pull through a mirror",
    ),
    (
        "rlimit.msgqueue",
        "give the container a larger `--ulimit msgqueue`",
    ),
    (
        "rlimit.nproc",
        "give the container `--ulimit nproc=-1`, or its programs a user of their own",
    ),
    (
        "subuid.range",
        "give the user a range of at least 65536 in /etc/subuid and /etc/subgid",
    ),
    (
        "systemd.job-timeout",
        "start fewer containers at once; `systemd-cgtop` and the journal of PID 1 show what keeps it",
    ),
    (
        "systemd.max-units",
        "remove mounts and scopes that are left over; the bound is compiled in",
    ),
    ("systemd.mountinfo", "fewer mounts and fewer starts at once"),
    (
        "tmpfs.run",
        "mount /run larger: `mount -o remount,size=50%,nr_inodes=4M /run`",
    ),
    (
        "udev.workers",
        "start fewer containers at once; keep rules that call programs off veth interfaces",
    ),
    (
        "user.sigpending",
        "give the container a larger `--ulimit sigpending`",
    ),
];

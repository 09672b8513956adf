//! A stock Debian 13 with Docker and nothing running, for tests: every file that a limit reads.

use crate::{Row, Scene, containerd, engine, judge};
use model::{LimitAnswer, Network, Property, Space, Workload};
use testkit::FakeHost;

const CONTAINERD: &str = "/sys/fs/cgroup/system.slice/containerd.service";
const MOUNTS: &str = "\
    22 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n\
    23 22 0:21 / /proc rw - proc proc rw\n\
    24 22 0:22 / /sys rw - sysfs sysfs rw\n\
    25 22 0:27 / /run rw - tmpfs tmpfs rw,size=203000k,mode=755\n\
    26 24 0:29 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
const LIMITS: &str = "\
Limit                     Soft Limit           Hard Limit           Units     
Max processes             unlimited            unlimited            processes 
Max open files            524288               524288               files     
Max locked memory         8388608              8388608              bytes     
Max pending signals       7823                 7823                 signals   
Max msgqueue size         819200               819200               bytes     
";
const MEMORY: &str = "\
MemTotal:        2030000 kB
MemAvailable:    1700000 kB
CommitLimit:     1015000 kB
Committed_AS:     500000 kB
";
/// What stands below `/proc/sys`.
const SYSCTLS: &[(&str, &str)] = &[
    ("fs/aio-max-nr", "65536"),
    ("fs/aio-nr", "0"),
    ("fs/epoll/max_user_watches", "458752"),
    ("fs/fanotify/max_user_groups", "128"),
    ("fs/file-max", "9223372036854775807"),
    ("fs/file-nr", "1000\t0\t9223372036854775807"),
    ("fs/inotify/max_user_instances", "128"),
    ("fs/inotify/max_user_watches", "14000"),
    ("fs/mount-max", "100000"),
    ("fs/nr_open", "1073741816"),
    ("fs/pipe-user-pages-hard", "0"),
    ("fs/pipe-user-pages-soft", "16384"),
    ("kernel/keys/maxbytes", "20000"),
    ("kernel/keys/maxkeys", "200"),
    ("kernel/keys/root_maxbytes", "25000000"),
    ("kernel/keys/root_maxkeys", "1000000"),
    ("kernel/osrelease", "6.12.57+deb13-amd64"),
    ("kernel/pid_max", "4194304"),
    ("kernel/pty/max", "4096"),
    ("kernel/pty/nr", "1"),
    ("kernel/pty/reserve", "1024"),
    ("kernel/sem", "32000\t1024000000\t500\t32000"),
    ("kernel/shmmni", "4096"),
    ("kernel/threads-max", "15646"),
    ("net/core/bpf_jit_limit", "528482304"),
    ("net/core/netdev_max_backlog", "1000"),
    ("net/core/somaxconn", "4096"),
    ("net/ipv4/ip_local_port_range", "32768\t60999"),
    ("net/ipv4/neigh/default/gc_thresh2", "512"),
    ("net/ipv4/neigh/default/gc_thresh3", "1024"),
    ("net/ipv4/tcp_max_orphans", "8192"),
    ("net/ipv4/tcp_mem", "22000\t29000\t44000"),
    ("net/ipv4/udp_mem", "44000\t58000\t88000"),
    ("net/ipv6/neigh/default/gc_thresh2", "512"),
    ("net/ipv6/neigh/default/gc_thresh3", "1024"),
    ("net/netfilter/nf_conntrack_count", "12"),
    ("net/netfilter/nf_conntrack_max", "65536"),
    ("user/max_cgroup_namespaces", "7823"),
    ("user/max_ipc_namespaces", "7823"),
    ("user/max_mnt_namespaces", "7823"),
    ("user/max_net_namespaces", "7823"),
    ("user/max_pid_namespaces", "7823"),
    ("user/max_uts_namespaces", "7823"),
    ("vm/max_map_count", "65530"),
    ("vm/overcommit_memory", "0"),
];
/// Everything else that is text.
const FILES: &[(&str, &str)] = &[
    ("/sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n"),
    ("/sys/fs/cgroup/cgroup.max.depth", "max\n"),
    ("/sys/fs/cgroup/cgroup.max.descendants", "max\n"),
    (
        "/sys/fs/cgroup/cgroup.stat",
        "nr_descendants 60\nnr_subsys_memory 50\nnr_dying_descendants 4\nnr_dying_subsys_memory 3\n",
    ),
    ("/sys/devices/system/cpu/online", "0-1\n"),
    ("/sys/devices/system/node/online", "0\n"),
    ("/proc/5/cgroup", "0::/system.slice/containerd.service\n"),
    ("/proc/5/comm", "containerd\n"),
    ("/proc/5/limits", LIMITS),
    (
        "/proc/5/status",
        "Name:\tcontainerd\nThreads:\t10\nUid:\t0\t0\t0\t0\n",
    ),
    ("/proc/9/cmdline", "/usr/sbin/dockerd\0-H\0fd://\0"),
    ("/proc/9/limits", LIMITS),
    ("/proc/9/maps", "a\nb\nc\n"),
    (
        "/proc/9/status",
        "Name:\tdockerd\nThreads:\t11\nUid:\t0\t0\t0\t0\n",
    ),
    (
        "/proc/1/status",
        "Name:\tsystemd\nUid:\t0\t0\t0\t0\nSigQ:\t2/7823\n",
    ),
    ("/proc/1/mountinfo", MOUNTS),
    ("/proc/self/mountinfo", MOUNTS),
    (
        "/proc/key-users",
        "    0:     9 8/8 3/1000000 40/25000000\n",
    ),
    ("/proc/loadavg", "0.10 0.05 0.01 1/146 1234\n"),
    ("/proc/meminfo", MEMORY),
    (
        "/proc/net/unix",
        "Num RefCount Protocol Flags Type St Inode Path\n",
    ),
    (
        "/proc/net/route",
        "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n\
         eth0\t00000000\t0202000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n\
         eth0\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n\
         docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n",
    ),
    (
        "/proc/net/sockstat",
        "sockets: used 120\nTCP: inuse 5 orphan 1 tw 2 alloc 9 mem 3\nUDP: inuse 4 mem 2\n",
    ),
    (
        "/proc/net/stat/arp_cache",
        "entries  allocs   destroys hash_grows lookups  hits     res_failed rcv_probes_mcast \
         rcv_probes_ucast periodic_gc_runs forced_gc_runs unresolved_discards table_fulls\n\
         00000003 00000000 00000000 00000000 0 0 0 0 0 0 0 0 00000000\n\
         00000003 00000000 00000000 00000000 0 0 0 0 0 0 0 0 00000000\n",
    ),
    (
        "/proc/net/stat/ndisc_cache",
        "entries  allocs   destroys hash_grows lookups  hits     res_failed rcv_probes_mcast \
         rcv_probes_ucast periodic_gc_runs forced_gc_runs unresolved_discards table_fulls\n\
         00000004 00000000 00000000 00000000 0 0 0 0 0 0 0 0 00000000\n",
    ),
    (
        "/proc/net/softnet_stat",
        "00001000 00000000 00000000\n00000800 00000000 00000000\n",
    ),
    ("/proc/net/tcp", "  sl  local_address\n"),
    ("/proc/net/tcp6", "  sl  local_address\n"),
    ("/proc/sysvipc/sem", "       key      semid perms\n"),
    ("/proc/sysvipc/shm", "       key      shmid perms\n"),
];

/// The host: 23 inotify instances, 146 threads, docker0 with no port.
pub(crate) fn stock() -> FakeHost {
    let room = |bytes, bytes_free, inodes, inodes_free| Space {
        bytes,
        bytes_free,
        inodes,
        inodes_free,
    };
    let mut host = FakeHost::new()
        .directory("/run/systemd/system")
        .counting("/proc/1/schedstat", 1_000_000)
        .directory("/sys/class/net/docker0/brif")
        .unit_with(containerd::UNIT, &[("MainPID", Property::Number(5))])
        .unit_with(engine::UNIT, &[("MainPID", Property::Number(9))])
        .default_of_units("NNames", Property::Number(180))
        .default_of_units("DefaultTasksMax", Property::Number(2346))
        .file(&format!("{CONTAINERD}/pids.max"), "max\n")
        .file(&format!("{CONTAINERD}/memory.max"), "max\n")
        .room("/run", room(208_000_000, 207_000_000, 253_000, 252_500))
        .room(
            "/var/lib/docker",
            room(8_000_000_000, 6_000_000_000, 500_000, 460_000),
        );
    for (path, text) in SYSCTLS {
        host = host.file(&format!("/proc/sys/{path}"), &format!("{text}\n"));
    }
    for (path, text) in FILES {
        host = host.file(path, text);
    }
    for fd in 0..23 {
        host = host.link(&format!("/proc/1/fd/{fd}"), "anon_inode:inotify");
        host = host.file(&format!("/proc/1/fdinfo/{fd}"), "pos:\t0\ninotify wd:1\n");
    }
    for fd in 0..12 {
        host = host
            .link(&format!("/proc/9/fd/{fd}"), &format!("socket:[{fd}]"))
            .link(&format!("/proc/5/fd/{fd}"), &format!("pipe:[{fd}]"));
    }
    host
}

/// Nodes of one container each on the default bridge, started one by one.
pub(crate) fn nodes(nodes: u64) -> Workload {
    Workload {
        nodes,
        jobs_per_node: 0,
        starts_at_once: Some(1),
        ..Workload::default()
    }
}

/// The same on another network.
pub(crate) fn nodes_on(network: Network, count: u64) -> Workload {
    Workload {
        node_network: network,
        ..nodes(count)
    }
}

/// What a row says of a workload.
pub(crate) fn ask(row: &Row, host: &FakeHost, workload: &Workload) -> Vec<LimitAnswer> {
    let ceilings = (row.read)(&Scene::new(host, workload, Ok(1_000_000))).into_iter();
    let judged = ceilings.map(|ceiling| judge(&row.limit, ceiling, workload));
    judged.collect()
}

/// The same of so many nodes of one container, where the row has one place.
pub(crate) fn ask_one(row: &Row, host: &FakeHost, count: u64) -> LimitAnswer {
    let mut answers = ask(row, host, &nodes(count));
    assert_eq!(answers.len(), 1, "{answers:?}");
    answers.remove(0)
}

/// A whole number of an answer.
pub(crate) fn whole(amount: Option<model::Amount>) -> Option<u64> {
    amount.map(model::Amount::ceil)
}

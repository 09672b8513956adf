"""What a running container takes of each counter of the host: the figures that docs/costs.md carries."""

import containers

SUITES = ["trixie", "bookworm"]
BUDGET = 240
EVERY_CHANGE = []

COUNT = 10
COUNTERS = r"""
pid_of() { pidof -s "$1"; }
echo threads $(awk '{split($4, a, "/"); print a[2]}' /proc/loadavg)
echo files $(cut -f1 /proc/sys/fs/file-nr)
echo dockerd-files $(ls /proc/$(pid_of dockerd)/fd | wc -l)
echo containerd-files $(ls /proc/$(pid_of containerd)/fd | wc -l)
echo shim-files $(ls /proc/$(pidof -s containerd-shim-runc-v2 || echo self)/fd | wc -l)
echo mounts $(wc -l < /proc/1/mountinfo)
echo units $(busctl get-property org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager NNames | cut -d' ' -f2)
echo run-kib $(df --output=used -k /run | tail -1)
echo run-inodes $(df --output=iused /run | tail -1)
sync
echo disk-kib $(df --output=used -k /var/lib/docker | tail -1)
echo disk-inodes $(df --output=iused /var/lib/docker | tail -1)
echo pipes-of-root $(find /proc/[0-9]*/fd -lname 'pipe:*' -printf '%l\n' 2>/dev/null | sort -u | wc -l)
echo named-pipes $(find /proc/[0-9]*/fd -lname '/run/docker/containerd/*' -printf '%l\n' 2>/dev/null | sort -u | wc -l)
echo watches $(cat /proc/[0-9]*/fdinfo/* 2>/dev/null | grep -c '^inotify wd')
echo instances $(find /proc/[0-9]*/fd -lname 'anon_inode:inotify' 2>/dev/null | wc -l)
echo epoll $(cat /proc/[0-9]*/fdinfo/* 2>/dev/null | grep -c '^tfd:')
echo arp $((0x$(awk 'NR == 2 {print $1}' /proc/net/stat/arp_cache)))
echo ndisc $((0x$(awk 'NR == 2 {print $1}' /proc/net/stat/ndisc_cache)))
echo keys $(awk '$1 == "0:" {split($4, a, "/"); print a[1]}' /proc/key-users)
echo key-bytes $(awk '$1 == "0:" {split($5, a, "/"); print a[1]}' /proc/key-users)
echo highest-minor $(awk '{split($3, a, ":"); if (a[1] == 0 && a[2] > m) m = a[2]} END {print m}' /proc/1/mountinfo)
echo devices-in-container $(cat /proc/[0-9]*/mountinfo 2>/dev/null | awk '{print $3}' | grep '^0:' | sort -u | wc -l)
echo memcgs $(awk '$1 == "nr_descendants" {print $2}' /sys/fs/cgroup/cgroup.stat)
echo mnt-namespaces $(find /proc/[0-9]*/ns/mnt -printf '%l\n' 2>/dev/null | sort -u | wc -l)
echo net-namespaces $(find /proc/[0-9]*/ns/net -printf '%l\n' 2>/dev/null | sort -u | wc -l)
echo uts-namespaces $(find /proc/[0-9]*/ns/uts -printf '%l\n' 2>/dev/null | sort -u | wc -l)
echo cgroup-namespaces $(find /proc/[0-9]*/ns/cgroup -printf '%l\n' 2>/dev/null | sort -u | wc -l)
echo available-kib $(awk '/MemAvailable/ {print $2}' /proc/meminfo)
echo committed-kib $(awk '/Committed_AS/ {print $2}' /proc/meminfo)
echo dockerd-threads $(awk '/Threads/ {print $2}' /proc/$(pid_of dockerd)/status)
echo containerd-threads $(awk '/Threads/ {print $2}' /proc/$(pid_of containerd)/status)
echo dockerd-maps $(wc -l < /proc/$(pid_of dockerd)/maps)
"""


def run(vm):
    """Count, start containers on a bridge and on none, and count again."""
    for network in ("bridge",):
        vm.step(f"network {network}")
        containers.start_until_refused(vm, 1, network)
        before = counters(vm)
        containers.start_until_refused(vm, COUNT, network)
        after = counters(vm)
        print(f"\n    {'counter':<24} {'before':>10} {'after':>10} {'each':>10}")
        for name, count in before.items():
            print(f"    {name:<24} {count:>10} {after[name]:>10} {(after[name] - count) / COUNT:>10.2f}")
        print("    keys of the caches: " + vm.run(
            "grep -E 'inotify|fanotify|fsnotify|net_namespace|eventpoll' /proc/slabinfo | cut -c1-60; true").stdout)
        containers.remove_all(vm)


def counters(vm):
    """Return every counter by its name, when the machine has come to rest."""
    vm.run("sleep 4")
    lines = vm.run(COUNTERS, timeout=120).stdout.split("\n")
    return {line.split()[0]: int(line.split()[1]) for line in lines if len(line.split()) == 2}

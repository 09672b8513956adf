"""Knows how to lower each limit of the truth test until a few containers reach it, and how to put it back."""

from dataclasses import dataclass, field

THREADS = "$(awk '{split($4, a, \"/\"); print a[2]}' /proc/loadavg)"
SLICE = "/sys/fs/cgroup/system.slice"
PIDS = f"{SLICE}/containerd.service/pids"
KEY_USERS = "awk '$1 == \"0:\" {split($%d, a, \"/\"); print a[1]}' /proc/key-users"
INSTANCES = ("$(find /proc/[0-9]*/fd -lname anon_inode:inotify 2>/dev/null | cut -d/ -f3 | xargs -I{}"
             " grep -hP '^Uid:\\t\\d+\\t0\\t' /proc/{}/status | wc -l)")
MOUNTS = "$(wc -l < /proc/1/mountinfo)"
LOGIND = "namespace of systemd-logind"
MOUNTS_OF_LOGIND = "$(wc -l < /proc/$(pidof systemd-logind)/mountinfo)"
# All of Docker's own pools but docker0's and the last two /20.
ROUTES = ["172.18.0.0/15", "172.20.0.0/14", "172.24.0.0/13", "192.168.0.0/17", "192.168.128.0/18",
          "192.168.192.0/19"]
# Threads that hold numbers, outside of every group that bounds them, until the machine has few left.
HOLDER = """
import os
import sys
import threading
threading.stack_size(65536)
for _ in range(int(sys.argv[1])):
    threading.Thread(target=threading.Event().wait, daemon=True).start()
print(os.getpid(), file=open("/run/held", "w"), flush=True)
threading.Event().wait()
"""
# systemd starts a unit only so often within a minute.
UNRATED = "systemctl reset-failed docker.service docker.socket"


@dataclass(frozen=True)
class Case:
    """One limit: how to lower it and put it back, and how many containers the prediction may be off."""

    limit: str
    place: str
    lower: str
    restore: str
    network: str = "none"
    # The widest interval that a prediction may have.
    width: int = 0
    # More that `docker run` and `preflight` are told.
    options: str = ""
    question: str = ""
    # What starts node $i, where that is more than `docker run`.
    start: str | None = None
    # Docker refuses nobody: who goes without is counted by this.
    degrades: bool = False
    # What takes away, when all containers are gone.
    after: str = "true"
    # What Docker's refusal contains, where that is the point.
    says: str = ""
    # A daemon without files answers nobody, and so its message may be missing.
    silent: bool = False
    suites: tuple[str, ...] = field(default=("trixie", "bookworm"))

    @property
    def name(self):
        """What the variable HOSTTUNE_TRUTH calls it: the limit, and the place where a limit has several."""
        return f"{self.limit}@{self.place.split(' ')[0]}" if self.place else self.limit


def written(key, value):
    """Return the commands that write a sysctl, and that write back what was there."""
    path = "/proc/sys/" + key.replace(".", "/")
    return f"cat {path} > /root/stock; echo {value} > {path}", f"cat /root/stock > {path}"


def sysctl(limit, place, key, value, stock=None, **more):
    """Return the case that lowers a sysctl, and writes the stock value back."""
    lower, restore = written(key, value)
    return Case(limit, place, lower, stock or restore, **more)


def open_files(daemon, room):
    """Return the case that lowers the soft limit of open files of a daemon."""
    pid = f"$(pidof -s {daemon})"
    return Case("rlimit.nofile", daemon, f"prlimit --pid {pid} --nofile=$(($(ls /proc/{pid}/fd | wc -l) + {room})):",
                f"prlimit --pid {pid} --nofile=$(awk '/Max open files/ {{print $5}}' /proc/{pid}/limits):",
                width=3, silent=True)


def namespaces(kind, room):
    """Return the case that lowers one kind of namespaces; the first of each kind is not counted."""
    used = f"$(($(find /proc/[0-9]*/ns/{kind} -printf '%l\\n' 2>/dev/null | sort -u | wc -l) - 1))"
    return sysctl("user.max_namespaces", f"{kind} of uid 0", f"user.max_{kind}_namespaces", f"$(({used} + {room}))")


def mounts_of_host(room):
    """Return the case of the host's mounts, with nobody who has a namespace of its own."""
    lower, restore = written("fs.mount-max", f"$(({MOUNTS} + 12 + 2 * {room}))")
    units = ("systemd-logind.service systemd-udevd-control.socket systemd-udevd-kernel.socket"
             " systemd-udevd.service")
    return Case("fs.mount-max", "host", f"systemctl stop {units}; {lower}", f"{restore}; systemctl start {units}")


def small_disk(limit, place, fill, width):
    """Return a case with Docker's directory on a file system of its own, which nobody else writes to."""
    return Case(
        limit, place,
        f"{UNRATED}; systemctl stop docker.socket docker.service; gunzip --stdout /root/disk.gz > /disk;"
        " mkdir -p /mnt/disk; mount -o loop /disk /mnt/disk; cp -a /var/lib/docker/. /mnt/disk; umount /mnt/disk;"
        f" mount -o loop /disk /var/lib/docker; systemctl start docker.service; sync; {fill}",
        f"{UNRATED}; systemctl stop docker.socket docker.service; umount /var/lib/docker || umount -l /var/lib/docker;"
        " rm /disk; systemctl start docker.service",
        width=width,
    )


CASES = [
    # First of all: every number that is in use has to be below the ceiling, and numbers only rise.
    Case("kernel.pid_max", "host",
         "cat /proc/sys/kernel/pid_max > /root/stock; rm -f /run/held;"
         " top=$(($(find /proc/[0-9]*/task -maxdepth 1 -printf '%f\\n' 2>/dev/null | sort -n | tail -1) + 100));"
         " echo $top > /proc/sys/kernel/pid_max; low=$(ls /proc | grep -E '^[0-9]+$' | awk '$1 < 300' | wc -l);"
         f" (echo 0 > /sys/fs/cgroup/cgroup.procs; exec setsid python3 /root/holder.py"
         f" $((top - 300 - {THREADS} + low - 72)) >/dev/null 2>&1 </dev/null &);"
         " for i in $(seq 120); do test -s /run/held && break; sleep 1; done;"
         " sleep 1",
         "kill $(cat /run/held); cat /root/stock > /proc/sys/kernel/pid_max; sleep 2", width=3),
    sysctl("kernel.threads-max", "host", "kernel.threads-max", f"$(({THREADS} + 68))", width=3),
    Case("cgroup.pids.max", "/system.slice/containerd.service", f"echo $(($(cat {PIDS}.current) + 53)) > {PIDS}.max",
         f"echo max > {PIDS}.max", width=3),
    sysctl("fs.mount-max", LOGIND, "fs.mount-max", f"$(({MOUNTS_OF_LOGIND} + 1 + 2 * 3))", suites=("trixie",)),
    # What systemd before 253 leaves below the root of a service counts, and gets all that the host gets.
    sysctl("fs.mount-max", LOGIND, "fs.mount-max", f"$(({MOUNTS_OF_LOGIND} + {MOUNTS} + 1 + 4 * 3))",
           suites=("bookworm",)),
    mounts_of_host(3),
    sysctl("kernel.keys.maxkeys", "uid 0", "kernel.keys.root_maxkeys", f"$(($({KEY_USERS % 4}) + 2))"),
    sysctl("kernel.keys.maxbytes", "uid 0", "kernel.keys.root_maxbytes", f"$(($({KEY_USERS % 5}) + 150))"),
    namespaces("net", 2),
    namespaces("uts", 2),
    Case("cgroup.max.descendants", "/system.slice",
         f"echo $(($(awk '/nr_descendants/ {{print $2; exit}}' {SLICE}/cgroup.stat) + 2)) > {SLICE}/cgroup.max.descendants",
         f"echo max > {SLICE}/cgroup.max.descendants", says="unable to apply cgroup configuration"),
    Case("cgroup.max.depth", "/system.slice", f"echo 0 > {SLICE}/cgroup.max.depth",
         f"echo max > {SLICE}/cgroup.max.depth"),
    Case("tmpfs.run", "bytes of /run", "mount -o remount,size=$(($(df --output=used -k /run | tail -1) + 320))k /run",
         "mount -o remount,size=200m /run", width=3),
    Case("tmpfs.run", "inodes of /run",
         "mount -o remount,nr_inodes=$(($(df --output=iused /run | tail -1) + 85)) /run",
         "mount -o remount,nr_inodes=250000 /run", width=3),
    small_disk("disk.space", "bytes of /var/lib/docker",
               "fallocate -l $(($(df --output=avail -k /var/lib/docker | tail -1) - 450))k /var/lib/docker/fill", 3),
    small_disk("disk.inodes", "inodes of /var/lib/docker",
               "mkdir /var/lib/docker/fill && for i in $(seq $(($(df --output=iavail /var/lib/docker | tail -1) - 105)));"
               " do echo /var/lib/docker/fill/$i; done | xargs touch", 3),
    Case("docker.subnet", "", "docker network create --subnet 10.99.0.0/29 tiny >/dev/null", "true",
         network="tiny", after="docker network rm tiny"),
    Case("docker.address-pools", "Docker's pools",
         "ip link add lab type dummy; ip link set lab up; "
         + "; ".join(f"ip route add {route} dev lab" for route in ROUTES),
         "ip link del lab", network="per-node",
         after="docker network ls --quiet --filter label=lab | xargs --no-run-if-empty docker network rm",
         start="docker network create --label lab node$i && docker run --detach --label lab --network node$i pause"),
    Case("docker.ports", "each address and protocol of the host",
         "cat /proc/sys/net/ipv4/ip_local_port_range > /root/stock;"
         " echo 41000 41001 > /proc/sys/net/ipv4/ip_local_port_range; systemctl reset-failed docker.service; systemctl restart docker.service",
         "cat /root/stock > /proc/sys/net/ipv4/ip_local_port_range; systemctl reset-failed docker.service; systemctl restart docker.service",
         network="bridge", options="--publish 80", question="--published-ports 1"),
    sysctl("kernel.pty.max", "host", "kernel.pty.max",
           "$(($(cat /proc/sys/kernel/pty/reserve) + $(cat /proc/sys/kernel/pty/nr) + 2))",
           options="--tty", question="--tty nodes"),
    sysctl("fs.inotify.max_user_instances", "uid 0", "fs.inotify.max_user_instances", f"$(({INSTANCES} + 2))",
           degrades=True),
    Case("rlimit.nproc", "uid 0", "prlimit --pid $(pidof -s containerd) --nproc=5:",
         "prlimit --pid $(pidof -s containerd) --nproc=unlimited:"),
    sysctl("net.core.bpf_jit_limit", "host", "net.core.bpf_jit_limit", "4096"),
    open_files("containerd", 17),
    open_files("dockerd", 23),
]

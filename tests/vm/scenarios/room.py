"""How much room the next start needs under each limit, found by halving: the figures that docs/costs.md carries."""

from dataclasses import dataclass

import containers

SUITES = ["trixie", "bookworm"]
BUDGET = 420
EVERY_CHANGE = []

THREADS = "awk '{split($4, a, \"/\"); print a[2]}' /proc/loadavg"


@dataclass(frozen=True)
class Case:
    """One limit: its use now, how to leave so much room ($room) above it, and how to put it back."""

    name: str
    use: str
    leave: str
    restore: str
    low: int
    high: int
    grain: int = 1


def soft(daemon):
    """Return the commands of a case that lowers the soft limit of open files of a daemon."""
    pid = f"$(pidof -s {daemon})"
    return Case(
        f"open files of {daemon}",
        f"ls /proc/{pid}/fd | wc -l",
        f"prlimit --pid {pid} --nofile=$((use + room)):",
        f"prlimit --pid {pid} --nofile=$(awk '/Max open files/ {{print $5}}' /proc/{pid}/limits):",
        8, 24,
    )


CASES = [
    Case("kernel.threads-max", THREADS, "echo $((use + room)) > /proc/sys/kernel/threads-max",
         "echo 15000 > /proc/sys/kernel/threads-max", 32, 48),
    Case("fs.mount-max", "wc -l < /proc/1/mountinfo", "echo $((use + room)) > /proc/sys/fs/mount-max",
         "echo 100000 > /proc/sys/fs/mount-max", 4, 36),
    soft("dockerd"),
    soft("containerd"),
    Case("bytes of /run, in KiB", "df --output=used -k /run | tail -1",
         "mount -o remount,size=$((use + room))k /run", "mount -o remount,size=200m /run", 32, 288, 32),
    Case("inodes of /run", "df --output=iused /run | tail -1",
         "mount -o remount,nr_inodes=$((use + room)) /run", "mount -o remount,nr_inodes=100000 /run", 16, 48),
]


def run(vm):
    """Measure every case on the bridge: between the first and the second number lies the threshold."""
    containers.start_until_refused(vm, 1, "bridge")
    print(f"\n    {'limit':<28} {'refused':>8} {'started':>8}")
    for case in CASES:
        refused, started = around(vm, case, "bridge")
        print(f"    {case.name:<28} {refused:>8} {started:>8}", flush=True)
    containers.remove_all(vm)


def around(vm, case, network):
    """Halve the interval between a room that was too little and one that was enough."""
    low, high = case.low, case.high
    while high - low > case.grain:
        middle = (low + high) // 2
        low, high = (low, middle) if starts(vm, case, network, middle) else (middle, high)
    return low, high


def starts(vm, case, network, room):
    """Tell whether a container starts with so much room; it is removed again."""
    script = f"""
    sleep 1; room={room}; use=$({case.use}); {case.leave}
    docker run --detach --label probe --network {network} pause >/dev/null 2>/root/refusal && echo started
    {case.restore}
    docker ps --all --quiet --filter label=probe | xargs --no-run-if-empty docker rm --force >/dev/null
    """
    return "started" in vm.run(script, timeout=120).stdout

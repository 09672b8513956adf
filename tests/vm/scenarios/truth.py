"""Limits of every mechanism lowered in turn: what preflight predicts, and where real containers are refused."""

from dataclasses import dataclass
from pathlib import Path

import assertions
import containers
import host_state

SUITES = ["trixie", "bookworm"]
BUDGET = 900
EVERY_CHANGE = []

PAGE = Path(__file__).resolve().parents[3] / "docs/truth"
THREADS = "$(awk '{split($4, a, \"/\"); print a[2]}' /proc/loadavg)"
LOW = "$(ls /proc | grep -E '^[0-9]+$' | awk '$1 < 300' | wc -l)"
SLICE = "/sys/fs/cgroup/system.slice"
PIDS = f"{SLICE}/containerd.service/pids"
KEY_USERS = "awk '$1 == \"0:\" {split($%d, a, \"/\"); print a[1]}' /proc/key-users"
NAMESPACES = "$(($(find /proc/[0-9]*/ns/net -printf '%l\\n' 2>/dev/null | sort -u | wc -l) - 1))"
# All of Docker's own pools but one /20 and docker0's.
ROUTES = ["172.18.0.0/15", "172.20.0.0/14", "172.24.0.0/13", "192.168.0.0/17", "192.168.128.0/18",
          "192.168.192.0/19", "192.168.224.0/20"]


@dataclass(frozen=True)
class Case:
    """One limit: how to lower it and put it back, and how many containers the prediction may be off."""

    limit: str
    place: str
    lower: str
    restore: str
    network: str = "none"
    width: int = 1
    start: str | None = None


def open_files(daemon, room):
    """Return the case that lowers the soft limit of open files of a daemon."""
    pid = f"$(pidof -s {daemon})"
    return Case("rlimit.nofile", daemon, f"prlimit --pid {pid} --nofile=$(($(ls /proc/{pid}/fd | wc -l) + {room})):",
                f"prlimit --pid {pid} --nofile=$(awk '/Max open files/ {{print $5}}' /proc/{pid}/limits):", width=3)


def sysctl(limit, place, key, value, stock, **more):
    """Return the case that lowers a sysctl, and writes the stock value back."""
    path = "/proc/sys/" + key.replace(".", "/")
    return Case(limit, place, f"cat {path} > /root/stock; echo {value} > {path}",
                stock or f"cat /root/stock > {path}", **more)


CASES = [
    sysctl("kernel.threads-max", "host", "kernel.threads-max", f"$(({THREADS} + 68))", None, width=3),
    Case("cgroup.pids.max", "/system.slice/containerd.service", f"echo $(($(cat {PIDS}.current) + 53)) > {PIDS}.max",
         f"echo max > {PIDS}.max", width=3),
    sysctl("fs.mount-max", "host", "fs.mount-max", "$(($(wc -l < /proc/1/mountinfo) + 25))", None, width=3),
    sysctl("kernel.keys.maxkeys", "uid 0", "kernel.keys.root_maxkeys", f"$(($({KEY_USERS % 4}) + 2))", None),
    sysctl("kernel.keys.maxbytes", "uid 0", "kernel.keys.root_maxbytes", f"$(($({KEY_USERS % 5}) + 150))", None),
    sysctl("user.max_namespaces", "net of uid 0", "user.max_net_namespaces", f"$(({NAMESPACES} + 2))", None),
    Case("cgroup.max.descendants", "/system.slice",
         f"echo $(($(awk '/nr_descendants/ {{print $2; exit}}' {SLICE}/cgroup.stat) + 2)) > {SLICE}/cgroup.max.descendants",
         f"echo max > {SLICE}/cgroup.max.descendants"),
    Case("cgroup.max.depth", "/system.slice", f"echo 0 > {SLICE}/cgroup.max.depth",
         f"echo max > {SLICE}/cgroup.max.depth"),
    Case("tmpfs.run", "bytes of /run", "mount -o remount,size=$(($(df --output=used -k /run | tail -1) + 320))k /run",
         "mount -o remount,size=200m /run", width=3),
    Case("tmpfs.run", "inodes of /run",
         "mount -o remount,nr_inodes=$(($(df --output=iused /run | tail -1) + 85)) /run",
         "mount -o remount,nr_inodes=250000 /run", width=3),
    Case("docker.subnet", "", "docker network create --subnet 10.99.0.0/29 tiny >/dev/null", "docker network rm tiny",
         network="tiny"),
    Case("docker.address-pools", "Docker's pools",
         "docker network create first >/dev/null; ip link add lab type dummy; ip link set lab up; "
         + "; ".join(f"ip route add {route} dev lab" for route in ROUTES),
         "ip link del lab; docker network rm first", network="second", start="docker network create second"),
    sysctl("kernel.pid_max", "host", "kernel.pid_max", f"$(({THREADS} - {LOW} + 368))", None, width=3),
    Case("disk.space", "bytes of /var/lib/docker",
         "tune2fs -m 0 /dev/vda >/dev/null; sync;"
         " fallocate -l $(($(df --output=avail -k /var/lib/docker | tail -1) - 400))k /fill",
         "rm -f /fill", width=3),
    Case("rlimit.nproc", "uid 0", "prlimit --pid $(pidof -s containerd) --nproc=5:",
         "prlimit --pid $(pidof -s containerd) --nproc=unlimited:"),
    sysctl("net.core.bpf_jit_limit", "host", "net.core.bpf_jit_limit", "4096", None),
    open_files("containerd", 17),
    open_files("dockerd", 23),
]


def run(vm):
    """Go through all cases, and only then say which ones were not as predicted."""
    containers.start_until_refused(vm, 1, "none")
    table, wrong = [], []
    for case in CASES:
        vm.step(f"{case.limit} on {case.place or case.network}")
        row, complaint = outcome(vm, case)
        table.append(row)
        print(f"    predicted {row[2]}, observed {row[3]}: {row[4]}" + (f" WRONG: {complaint}" if complaint else ""),
              flush=True)
        wrong += [complaint] if complaint else []
    write_page(vm, table)
    assertions.equal(wrong, [], "predictions that did not come true")


def outcome(vm, case):
    """Lower one limit, predict, start containers, put the limit back; return the row and what is wrong with it."""
    vm.run("sleep 2; " + case.lower, timeout=120)
    try:
        row = predict(vm, case)
        low, high = between(row)
        if case.start:
            refused = vm.run(case.start, check=False)
            started, text = (0 if refused.rc else 1), refused.stderr.strip()
        else:
            started, text = containers.start_until_refused(vm, min(high + 2, 8), case.network)
    finally:
        vm.run(case.restore, timeout=120)
        remove(vm)
    free = row["verdict"] == "not-enforced"
    predicted = "not enforced" if free else (str(low) if low == high else f"{low} to {high}")
    line = (case.limit, row["place"], predicted, f"{started}, none refused" if text is None else str(started),
            last_words(text))
    return line, complain(case, row, low, high, started, text)


def complain(case, row, low, high, started, text):
    """Return what was not as predicted, or None: counted things within one, the rest within its interval."""
    name = f"{case.limit}@{row['place']}"
    if row["verdict"] == "not-enforced":
        return f"{name}: not enforced, and yet: {text}" if text else None
    if row["verdict"] not in ("stops", "unknown"):
        return f"{name}: {row['verdict']} with {row['used']} of {row['ceiling']}"
    if high - low > case.width + 1:
        return f"{name}: the interval {low} to {high} is wide"
    slack = 1 if low == high else 0
    if text is None or not low - slack <= started <= high + slack:
        return f"{name}: {low} to {high} predicted, {started} started"
    return None


def predict(vm, case):
    """Return the row of one limit at one place, for nodes of one container started one by one."""
    question = f"preflight --nodes 30 --jobs-per-node 0 --node-network {case.network} --starts-at-once 1"
    document = host_state.report(vm, question, codes=(0, 1, 3))
    rows = [r for r in document["limits"] if r["id"] == case.limit and (not case.place or r["place"] == case.place)]
    assertions.equal(len(rows), 1, f"rows of {case.limit} at {case.place}")
    return rows[0]


def between(row):
    """Return the fewest and the most nodes that a row lets start."""
    if row["nodes_fit_between"]:
        return row["nodes_fit_between"]
    fit = row["nodes_fit"] if row["nodes_fit"] is not None else 2
    return fit, fit


def remove(vm):
    """Remove the containers of a case, and wait until their processes are gone."""
    containers.remove_all(vm)
    vm.run("for i in $(seq 20); do pidof containerd-shim-runc-v2 runc >/dev/null || break; sleep 0.5; done")


def last_words(text):
    """Return the end of what Docker said, in one line."""
    line = " ".join((text or "").split()).replace("|", "/")
    return line if len(line) <= 120 else "…" + line[-119:]


def write_page(vm, table):
    """Write the table where the documents are."""
    lines = [f"# Predicted and observed on {vm.suite}", "",
             "Written by the scenario `truth` of tests/vm: each limit lowered in turn, nodes of one container started",
             "one by one until Docker refuses one. Whole numbers are exact to one; the rest is an interval.", "",
             "| limit | place | predicted | started | what Docker said |", "|---|---|---|---|---|"]
    lines += [f"| `{limit}` | {place} | {predicted} | {started} | {words} |"
              for limit, place, predicted, started, words in table]
    PAGE.mkdir(exist_ok=True)
    (PAGE / f"{vm.suite}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")

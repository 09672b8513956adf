"""Limits lowered in turn: where a rehearsal stops is where preflight said and where real containers are refused."""

from dataclasses import dataclass
from pathlib import Path
import random
import time

import assertions
import containers
import host_state
import truth_cases
from truth_cases import KEY_USERS, PIDS, SLICE, THREADS, written

SUITES = ["trixie"]
BUDGET = 1200
EVERY_CHANGE = []

PAGE = Path(__file__).resolve().parents[3] / "docs/truth"
KINDS = ["net", "uts", "ipc"]
MOMENTS = 20


@dataclass(frozen=True)
class Case:
    """One limit: how to lower it and put it back, what the workload is, and whether Docker is asked too."""

    limit: str
    place: str
    lower: str
    restore: str
    flags: str = "--node-network none"
    network: str = "none"
    docker: bool = True


def sysctl(limit, place, key, value, **more):
    """Return the case that lowers a sysctl and puts back what was there."""
    return Case(limit, place, *written(key, value), **more)


def namespaces(kind):
    """Return the case of one type of namespace with room for three."""
    made = f"$(($(find /proc/[0-9]*/ns/{kind} -printf '%l\\n' 2>/dev/null | sort -u | wc -l) - 1))"
    return sysctl("user.max_namespaces", f"{kind} of uid 0", f"user.max_{kind}_namespaces", f"$(({made} + 3))",
                  docker=kind == "net")


NUMBERS = next(case for case in truth_cases.CASES if case.limit == "kernel.pid_max")
MOUNTS = truth_cases.mounts_of_host(3)
CASES = [
    # First of all, as it says there.
    Case("kernel.pid_max", "host", NUMBERS.lower, NUMBERS.restore),
    sysctl("kernel.threads-max", "host", "kernel.threads-max", f"$(({THREADS} + 70))"),
    Case("cgroup.pids.max", "/system.slice/containerd.service", f"echo $(($(cat {PIDS}.current) + 55)) > {PIDS}.max",
         f"echo max > {PIDS}.max"),
    Case("fs.mount-max", "host", MOUNTS.lower, MOUNTS.restore),
    sysctl("kernel.keys.maxkeys", "uid 0", "kernel.keys.root_maxkeys", f"$(($({KEY_USERS % 4}) + 3))"),
    sysctl("kernel.keys.maxbytes", "uid 0", "kernel.keys.root_maxbytes", f"$(($({KEY_USERS % 5}) + 220))"),
    *[namespaces(kind) for kind in KINDS],
    Case("cgroup.max.descendants", "/system.slice",
         f"echo $(($(awk '/nr_descendants/ {{print $2; exit}}' {SLICE}/cgroup.stat) + 4)) > {SLICE}/cgroup.max.descendants",
         f"echo max > {SLICE}/cgroup.max.descendants"),
    sysctl("kernel.pty.max", "host", "kernel.pty.max",
           "$(($(cat /proc/sys/kernel/pty/nr) + $(cat /proc/sys/kernel/pty/reserve) + 3))",
           flags="--node-network none --tty nodes", docker=False),
    Case("bridge.ports", "docker0",
         "systemctl stop systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udevd.service;"
         " for i in $(seq 1020); do echo link add name lab$i type dummy; echo link set lab$i master docker0; done"
         " | ip -batch -; systemctl start systemd-udevd.service",
         "for i in $(seq 1020); do echo link del lab$i; done | ip -batch -",
         flags="--node-network bridge", network="bridge"),
]


def run(vm):
    """Go through the cases and the ways of ending, and only then say what was not as it should be."""
    vm.put_text(truth_cases.HOLDER, "/root/holder.py")
    containers.start_until_refused(vm, 1, "none")
    containers.remove_all(vm)
    before = traces(vm)
    wrong, table = [], []
    for case in CASES:
        vm.step(f"{case.limit} on {case.place}")
        try:
            row, complaint = outcome(vm, case)
        except AssertionError as error:
            wrong.append(f"{case.limit}@{case.place}: {error}")
            continue
        table.append(row)
        print("    predicted {2}, rehearsed {3}, Docker {4}: {5}".format(*row) + (f" WRONG: {complaint}" if complaint else ""),
              flush=True)
        wrong += [complaint] if complaint else []
        write_page(vm, table)
    table.append(degrades(vm, wrong))
    write_page(vm, table)
    # Last, since what was killed has used up many numbers, and every one of them would have to be held.
    wrong += [complaint for moment in range(MOMENTS) for complaint in killed(vm, before, moment)]
    after = as_before(vm, before)
    wrong += [f"left: {before} became {after}"] if before != after else []
    assertions.equal(wrong, [], "what was not as it should be")


def outcome(vm, case):
    """Lower one limit, predict, rehearse, start containers, put it back; return the row and what is wrong with it."""
    settle(vm)
    vm.run(case.lower, timeout=300)
    started, text = None, None
    try:
        low, high = predicted(vm, case)
        report = rehearse(vm, f"--nodes {high + 4} {case.flags}")
        settle(vm)
        if case.docker:
            started, text = containers.start_until_refused(vm, high + 2, case.network)
    finally:
        vm.run(case.restore, timeout=300)
        containers.remove_all(vm)
    reached, refusal = report["reached"], report["refusal"] or {}
    row = (case.limit, case.place, str(low) if low == high else f"{low} to {high}", str(reached),
           "-" if started is None else str(started), refusal.get("message", "none refused"))
    return row, complain(case, low, high, reached, refusal, started)


def settle(vm):
    """Wait until what was removed is gone: shims end after their containers."""
    vm.run("for i in $(seq 40); do pidof containerd-shim-runc-v2 runc >/dev/null || break; sleep 0.5; done; sleep 3",
           timeout=60)


def complain(case, low, high, reached, refusal, started):
    """Return what is further apart than one container, or named otherwise, or None."""
    name = f"{case.limit}@{case.place}"
    if refusal.get("limit") != name:
        return f"{name}: the rehearsal says {refusal}"
    if not low - 1 <= reached <= high + 1:
        return f"{name}: {low} to {high} predicted, {reached} rehearsed"
    if started is not None and abs(started - reached) > 1:
        return f"{name}: {reached} rehearsed, {started} started by Docker"
    return None


def predicted(vm, case):
    """Return the fewest and the most nodes that preflight says start."""
    question = f"preflight --nodes 30 --jobs-per-node 0 {case.flags} --starts-at-once 1"
    document = host_state.report(vm, question, codes=(0, 1, 3))
    rows = [r for r in document["limits"] if r["id"] == case.limit and r["place"] == case.place]
    assertions.equal(len(rows), 1, f"rows of {case.limit} at {case.place}")
    return rows[0]["nodes_fit_between"] or (rows[0]["nodes_fit"], rows[0]["nodes_fit"])


def rehearse(vm, flags):
    """Return what a rehearsal to the limit comes to."""
    question = f"rehearse --jobs-per-node 0 --starts-at-once 1 --to-the-limit {flags}"
    return host_state.report(vm, question, codes=(0, 1))


def degrades(vm, wrong):
    """Leave room for three watchers: all stand-ins run, and from the fourth on they go without."""
    vm.step("fs.inotify.max_user_instances degrades")
    limit, path = "fs.inotify.max_user_instances", "/proc/sys/fs/inotify/max_user_instances"
    question = "preflight --nodes 30 --jobs-per-node 0 --node-network none --starts-at-once 1"
    # A worker of udev has copies of its parent's instances, which are counted twice.
    vm.run("for i in $(seq 60); do pgrep udev-worker >/dev/null || break; sleep 1; done", timeout=90)
    rows = host_state.report(vm, question, codes=(0, 1, 3))["limits"]
    used = [row for row in rows if row["id"] == limit][0]["used"]
    vm.run(f"echo {used + 3} > {path}")
    try:
        report = rehearse(vm, "--nodes 6 --node-network none")
        started, _ = containers.start_until_refused(vm, 5, "none")
        without = containers.shims_without_watcher(vm)
    finally:
        containers.remove_all(vm)
        vm.run(f"echo 128 > {path}")
    lost = [each for each in report["degraded"] if each["limit"] == f"{limit}@uid 0"]
    first = min((each["count"] for each in lost), default=None)
    if report["reached"] != 6 or first is None or abs(first - 4) > 1 or abs(started - without - 3) > 1:
        wrong.append(f"{limit}: {report['reached']} rehearsed, lost {lost}, Docker {started} with {without} without")
    return limit, "uid 0", "from 4", f"from {first}", f"from {started - without + 1}", lost[0]["message"] if lost else ""


def killed(vm, before, moment):
    """Kill hosttune at a random moment: within half a minute nothing is left."""
    wait = random.Random(moment).uniform(0.2, 5)
    vm.step(f"kill -9 after {wait:.1f} s")
    vm.run("hosttune rehearse --nodes 60 --jobs-per-node 0 --node-network none --to-the-limit >/dev/null 2>&1 &"
           f" pid=$!; sleep {wait}; kill -9 $pid; wait $pid 2>/dev/null; true", check=False, timeout=60)
    after = as_before(vm, before)
    return [f"kill -9 after {wait:.1f} s: {before} became {after}"] if before != after else []


def as_before(vm, before):
    """Return what there is as soon as it is what there was, at the latest after half a minute."""
    deadline = time.monotonic() + 30
    while (after := traces(vm)) != before and time.monotonic() < deadline:
        time.sleep(1)
    return after


def traces(vm):
    """Return what a rehearsal could leave, counted."""
    counts = {
        "cgroups": "find /sys/fs/cgroup -type d -name '*hosttune-rehearse*' | wc -l",
        "units": "systemctl list-units --all --no-legend 'hosttune-rehearse*' | wc -l",
        "processes": "ps -eo args | grep -c '[r]ehearse-guard'",
        "mounts": "wc -l < /proc/1/mountinfo",
        "links": "ls /sys/class/net | grep -cE '^ht(v|br|f|g|p)'",
        "objects": "tail -qn +2 /proc/sysvipc/* | wc -l",
        "keys": KEY_USERS % 4,
    }
    for kind in ("cgroup", "ipc", "mnt", "net", "pid", "user", "uts"):
        counts[kind] = f"find /proc/[0-9]*/ns/{kind} -printf '%l\\n' 2>/dev/null | sort -u | wc -l"
    text = vm.run("; ".join(f"echo {name} $({command})" for name, command in counts.items()), check=False).stdout
    return dict(line.split() for line in text.splitlines())


def write_page(vm, table):
    """Write the table where the documents are."""
    lines = [f"# Predicted, rehearsed and observed on {vm.suite}", "",
             "Written by the scenario `rehearse` of tests/vm: each limit lowered in turn; what preflight says, where",
             "`hosttune rehearse --to-the-limit` stops, and where Docker refuses a container.", "",
             "| limit | place | predicted | rehearsed | Docker | what the rehearsal was told |", "|---|---|---|---|---|---|"]
    lines += ["| `{0}` | {1} | {2} | {3} | {4} | {5} |".format(*row) for row in table]
    PAGE.mkdir(exist_ok=True)
    (PAGE / f"rehearse-{vm.suite}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")

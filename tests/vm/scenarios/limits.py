"""Each limit lowered until it binds after a few containers: what preflight says is what Docker then does."""

from dataclasses import dataclass

import assertions
import containers
import host_state
from truth_cases import PIDS, SLICE

SUITES = ["trixie", "bookworm"]
BUDGET = 600
EVERY_CHANGE = []

DESCENDANTS = f"{SLICE}/cgroup.max.descendants"


@dataclass(frozen=True)
class Case:
    """One limit: how to lower it and put it back, and what Docker says when it refuses."""

    limit: str
    place: str
    lower: str
    restore: str
    says: str
    network: str = "none"


CASES = [
    Case(
        "kernel.keys.maxkeys", "uid 0",
        "used=$(awk '$1 == \"0:\" {split($4, a, \"/\"); print a[1]}' /proc/key-users);"
        " echo $((used + 4)) > /proc/sys/kernel/keys/root_maxkeys",
        "echo 1000000 > /proc/sys/kernel/keys/root_maxkeys",
        "disk quota exceeded",
    ),
    Case(
        "cgroup.max.descendants", "/system.slice",
        f"used=$(awk '/nr_descendants/ {{print $2; exit}}' {SLICE}/cgroup.stat); echo $((used + 4)) > {DESCENDANTS}",
        f"echo max > {DESCENDANTS}",
        "unable to apply cgroup configuration",
    ),
    Case(
        "cgroup.pids.max", "/system.slice/containerd.service",
        f"echo $(($(cat {PIDS}.current) + 65)) > {PIDS}.max",
        f"echo max > {PIDS}.max",
        "",
        network="bridge",
    ),
    Case(
        "bridge.ports", "docker0",
        # udev has nothing to do with a thousand dummies, and would take minutes over them.
        "systemctl stop systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udevd.service;"
        " for i in $(seq 1019); do echo link add name lab$i type dummy; echo link set lab$i master docker0; done"
        " | ip -batch -; systemctl start systemd-udevd.service",
        "for i in $(seq 1019); do echo link del lab$i; done | ip -batch -",
        "exchange full",
        network="bridge",
    ),
]


def run(vm):
    """Go through the limit that degrades, then through those that refuse."""
    # The watchers first: udev's workers hold some for a while after links were made.
    table = [inotify_degrades(vm)]
    table += [refuses(vm, case) for case in CASES]
    print(f"\n    {'limit':<32} {'place':<32} {'predicted':>12} {'observed':>9}")
    for limit, place, predicted, observed in table:
        print(f"    {limit:<32} {place:<32} {predicted:>12} {observed:>9}")


def predict(vm, limit, place, network, nodes=50):
    """Return what preflight says of one limit at one place, for nodes of one container started one by one."""
    document = host_state.report(
        vm,
        f"preflight --nodes {nodes} --jobs-per-node 0 --node-network {network} --starts-at-once 1",
        codes=(0, 1, 3),
    )
    rows = [row for row in document["limits"] if row["id"] == limit and row["place"] == place]
    assertions.equal(len(rows), 1, f"rows of {limit} at {place} in {[(r['id'], r['place']) for r in document['limits']]}")
    return document, rows[0]


def refuses(vm, case):
    """Lower a limit, predict, start containers until one is refused, compare, and put the limit back."""
    vm.step(f"{case.limit} on {case.place}")
    vm.run(case.lower, timeout=300)
    try:
        document, row = predict(vm, case.limit, case.place, case.network)
        assertions.equal(row["verdict"], "stops", f"verdict of {case.limit}")
        assertions.equal(document["nodes_fit"], row["nodes_fit"], f"nodes that fit, by {case.limit}")
        low, high = row["nodes_fit_between"] or (row["nodes_fit"], row["nodes_fit"])
        assertions.between(high - low, 0, 3, "width of the interval")
        started, text = containers.start_until_refused(vm, high + 3, case.network)
        assertions.between(started, low, high, f"containers before {case.limit} refuses one")
        assertions.contains(text or "", case.says, "what Docker says")
        left = predict(vm, case.limit, case.place, case.network)[1]
        assertions.equal(left["nodes_fit"], 0, f"nodes that fit after the refusal, by {case.limit}")
    finally:
        containers.remove_all(vm)
        vm.run(case.restore, timeout=300)
    predicted = str(low) if low == high else f"{low} to {high}"
    return case.limit, case.place, predicted, started


def inotify_degrades(vm):
    """Leave room for three watchers, start six containers: none is refused, three shims go without."""
    limit, place = "fs.inotify.max_user_instances", "uid 0"
    vm.step(f"{limit} degrades")
    _, row = predict(vm, limit, place, "none")
    vm.run(f"echo $(({row['used']} + 3)) > /proc/sys/fs/inotify/max_user_instances")
    try:
        _, row = predict(vm, limit, place, "none")
        assertions.equal((row["verdict"], row["degrades_at"]), ("degrades", 4), "what preflight says")
        started, text = containers.start_until_refused(vm, 6, "none")
        assertions.equal((started, text), (6, None), "containers started")
        without = containers.shims_without_watcher(vm)
        assertions.equal(6 - without, row["degrades_at"] - 1, "shims with a watcher")
    finally:
        containers.remove_all(vm)
        vm.run("echo 128 > /proc/sys/fs/inotify/max_user_instances")
    return limit, place, "from 4", f"from {6 - without + 1}"

"""The founding question staged: PID 1 cannot keep up, and Docker says `unable to apply cgroup configuration`."""

import assertions
import containers
import host_state

SUITES = ["trixie"]
BUDGET = 600
EVERY_CHANGE = []
MEMORY = 3072

AT_ONCE = 24
QUOTA = "3%"
STORM = """
rm -f /root/out.*
for id in $(docker ps --all --quiet --filter label=lab); do
    ( docker start $id >/root/out.$id 2>&1 && mv /root/out.$id /root/out.started.$id ) &
done
wait
ls /root | grep -c out.started || true
"""


def run(vm):
    """Start so many containers at once with PID 1 as it is, then with PID 1 held back."""
    vm.step("PID 1 as it is: all start")
    place = ask(vm)
    print(f"    preflight: {place['verdict']}, {place['note']}")
    assertions.equal(place["verdict"], "fits", "verdict of docker.start-rate on PID 1")
    create(vm)
    assertions.equal(storm(vm), AT_ONCE, "containers that started")
    containers.remove_all(vm)

    vm.step(f"PID 1 held to {QUOTA} of a processor: some are refused")
    create(vm)
    vm.run(f"systemctl set-property --runtime init.scope CPUQuota={QUOTA}")
    try:
        place = ask(vm)
        started = storm(vm)
    finally:
        vm.run("systemctl set-property --runtime init.scope CPUQuota=", timeout=300)
    print(f"    preflight: {place['verdict']}, {place['nodes_fit_between']} fit; {started} of {AT_ONCE} started")
    compare(vm, place, started)
    vm.step("take them away")
    containers.remove_all(vm)


def compare(vm, place, started):
    """Hold what happened against what was said."""
    fewest, most = place["nodes_fit_between"]
    assertions.between(started, fewest, min(most, AT_ONCE - 1), "containers that started")
    said = vm.run("cat $(ls /root/out.* | grep -v started)").stdout
    assertions.contains(said, "unable to apply cgroup configuration", "what Docker says")
    assertions.contains(said, "Timeout waiting for systemd to create docker-", "what runc says")


def ask(vm):
    """Return what preflight says of PID 1 for a hundred starts at once."""
    document = host_state.report(vm, "preflight --nodes 100 --jobs-per-node 0 --node-network none", codes=(0, 1, 3))
    return [r for r in document["limits"] if (r["id"], r["place"]) == ("docker.start-rate", "PID 1")][0]


def create(vm):
    """Create the containers without starting them."""
    vm.run(f"for i in $(seq {AT_ONCE}); do docker create --label lab --network none pause; done", timeout=300)


def storm(vm):
    """Start every container at the same moment; return how many run."""
    return int(vm.run(STORM, timeout=500).stdout)

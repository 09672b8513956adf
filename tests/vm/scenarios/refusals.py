"""A few limits of different mechanisms, each lowered: where a container is refused, and that explain proves it."""

import assertions
import truth_cases
from scenarios import truth

SUITES = ["trixie", "bookworm"]
BUDGET = 300
EVERY_CHANGE = ["trixie"]

# Mounts, keys, and the two bounds of a tree of cgroups: few starts each, and always the same words. What Docker
# prints where a thread is refused changes from run to run: that case is one of `truth` alone.
LIMITS = ["fs.mount-max", "kernel.keys.maxkeys", "cgroup.max.descendants", "cgroup.max.depth"]


def run(vm):
    """Hold these cases against the machine; the page is that of the scenario `truth`."""
    cases = [case for case in truth_cases.CASES if case.limit in LIMITS and vm.suite in case.suites]
    assertions.equal({case.limit for case in cases}, set(LIMITS), "limits that have a case")
    _, wrong = truth.check(vm, cases)
    assertions.equal(wrong, [], "predictions that did not come true")

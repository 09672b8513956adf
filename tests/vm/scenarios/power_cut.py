"""The power goes off at random moments of an apply; whatever is left, one revert makes it as it was."""

import os
import random
import time

import assertions
import host_state

CUTS = int(os.environ.get("HOSTTUNE_POWER_CUTS", "3"))
SUITES = ["trixie"]
BUDGET = 600 if CUTS <= 3 else 1500
EVERY_CHANGE = []


def run(vm):
    """Cut the power so many times, each at another moment."""
    vm.step("look at the machine, and how long an apply takes")
    host_state.remember_keys(vm, "dense-1200")
    etc, running = host_state.etc(vm), host_state.running(vm)
    began = time.monotonic()
    host_state.report(vm, "apply --profile dense-1200 --yes")
    duration = time.monotonic() - began
    host_state.report(vm, "revert")
    host_state.same(etc, host_state.etc(vm), "/etc after revert")
    vm.run("sync")

    seed = int(os.environ.get("HOSTTUNE_SEED", random.randrange(1 << 32)))
    moments = random.Random(seed)
    print(f"    an apply takes {duration:.2f} s; seed {seed}")
    for cut in range(CUTS):
        moment = moments.uniform(0.0, duration * 1.1)
        vm.step(f"cut {cut + 1} of {CUTS}, {moment:.2f} s into apply")
        once(vm, moment, etc, running)


def once(vm, moment, etc, running):
    """Cut the power at a moment of an apply, and expect a way back."""
    vm.run("nohup hosttune apply --profile dense-1200 --yes >/dev/null 2>&1 </dev/null &")
    time.sleep(moment)
    vm.reset()
    standing = host_state.report(vm, "status", codes=(0, 1, 3))
    interrupted = standing["interrupted"] is not None
    assertions.equal(bool(standing["problems"]), interrupted, "status names the interruption")
    print(f"    interrupted: {interrupted}; in force: {standing['profile']}")
    if interrupted:
        found = host_state.report(vm, "check --profile dense-1200", codes=(1,))
        assertions.equal(found["verdict"], "interrupted", "verdict of check")
    host_state.report(vm, "revert")
    host_state.same(etc, host_state.etc(vm), "/etc after the power cut and a revert")
    host_state.same(running, host_state.running(vm), "what runs after the power cut and a revert")

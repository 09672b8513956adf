"""An apply that nobody confirms goes by itself, by its timer or at a boot; one that is confirmed stays."""

import time

import assertions
import host_state

SUITES = ["trixie", "bookworm"]
BUDGET = 300
EVERY_CHANGE = []

PROFILE = """
[sysctl]
vm.swappiness = 7

[unit docker.service]
TasksMax = exact 6000
"""
PIDS = "/sys/fs/cgroup/system.slice/docker.service/pids.max"
UNITS = "/etc/systemd/system"


def run(vm):
    """Install, then four applies: confirmed, timed out, killed half-way, and rebooted before a word."""
    vm.put_text(PROFILE, "/root/small.ini")
    vm.put_text("/proc/sys/vm/swappiness\n", "/root/keys")
    before = host_state.etc(vm), host_state.running(vm)

    vm.step("installed and uninstalled without a trace")
    files = assertions.word(vm, "find /usr/local | sort | sha256sum")
    host_state.report(vm, "install --yes")
    listed = assertions.word(vm, "/usr/local/bin/hosttune profile list --format json")
    assertions.contains(listed, "/usr/local/lib/hosttune/profiles/dense-1200.ini", "the installed profiles")
    host_state.report(vm, "uninstall --yes")
    assertions.equal(assertions.word(vm, "find /usr/local | sort | sha256sum"), files, "/usr/local after uninstall")

    vm.step("confirmed: it stays, and a later revert is exact")
    apply(vm, "10m")
    waits = host_state.report(vm, "status", codes=(0, 1))
    assertions.equal(waits["unconfirmed"] is None, False, "status while it waits")
    host_state.report(vm, "confirm")
    left = assertions.word(vm, f"find {UNITS} -name 'hosttune-confirm*' | wc -l")
    assertions.equal(left, "0", "units of the guard after the confirmation")
    host_state.report(vm, "check")
    host_state.report(vm, "revert")
    same(vm, before, "after the confirmed apply was reverted")

    vm.step("nobody confirms: the timer reverts")
    apply(vm, "20s")
    wait_until_reverted(vm, 90)
    same(vm, before, "after the timer")
    host_state.report(vm, "confirm", codes=(1,))
    last = host_state.report(vm, "history")["history"]
    assertions.contains(str(last[-1]), "timer", "who reverted")

    vm.step("killed right after its guard stands: the timer reverts what is half done")
    vm.run("hosttune apply --profile /root/small.ini --yes --confirm-within 20s & pid=$!;"
           f" until systemctl --quiet is-active hosttune-confirm.timer; do sleep 0.02; done; kill -9 $pid; wait $pid",
           check=False)
    wait_until_reverted(vm, 90)
    same(vm, before, "after the kill and the timer")

    vm.step("rebooted before a word: the boot reverts")
    apply(vm, "1h")
    vm.reboot()
    wait_until_reverted(vm, 60)
    assertions.equal(assertions.word(vm, "cat /proc/sys/vm/swappiness"), "60", "swappiness after the boot")
    host_state.same(before[0], host_state.etc(vm), "/etc after the boot")
    assertions.equal(assertions.word(vm, "systemctl is-active docker.service"), "active", "docker.service")
    failed = assertions.word(vm, "systemctl --failed --plain --no-legend | cat")
    assertions.equal(failed, "", "failed units")


def apply(vm, within):
    """Apply the profile, to be confirmed within this time."""
    report = host_state.report(vm, f"apply --profile /root/small.ini --yes --confirm-within {within}")
    assertions.equal(report["verdict"], "done", "verdict of apply")
    assertions.equal(assertions.word(vm, f"cat {PIDS}"), "6000", "pids.max of docker.service")


def wait_until_reverted(vm, seconds):
    """Wait until no apply is in force and the guard is gone."""
    gone = f"! ls {UNITS}/hosttune-confirm.* && ! systemctl --quiet is-active hosttune-confirm.service"
    deadline = time.monotonic() + seconds
    while vm.run(gone, check=False).rc != 0:
        if time.monotonic() > deadline:
            log = vm.run("journalctl --boot --unit hosttune-confirm.service | tail -20", check=False).stdout
            raise AssertionError(f"not reverted within {seconds} s\n{log}")
        time.sleep(1)
    assertions.equal(host_state.report(vm, "status", codes=(0, 1))["profile"], None, "profile in force")


def same(vm, before, when):
    """Expect the machine to be as it was."""
    etc, running = before
    host_state.same(etc, host_state.etc(vm), f"/etc {when}")
    host_state.same(running, host_state.running(vm), f"what runs {when}")

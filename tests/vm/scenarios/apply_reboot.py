"""A profile applied, proved, rebooted, proved again and reverted leaves no trace, and no container notices."""

import assertions
import host_state

SUITES = ["trixie", "bookworm"]
BUDGET = 300
EVERY_CHANGE = ["bookworm"]

TIGHT = """
[profile]
summary = limits of the daemons that are not the distribution's

[unit containerd.service]
TasksMax = exact 5000
LimitNOFILE = exact 4096:200000

[unit docker.service]
TasksMax = exact 6000

[unit system.slice]
TasksMax = exact 20000
"""


def run(vm):
    """Apply dense-1200 through its whole life, then a profile that changes the daemons' limits."""
    vm.step("look at the machine as it is, with two containers running")
    vm.run("for i in 1 2; do docker run --detach --restart always pause; done", timeout=180)
    daemons = assertions.word(vm, "pidof dockerd containerd")
    keys = host_state.remember_keys(vm, "dense-1200")
    assertions.between(keys, 10, 100, "sysctls of the profile")
    etc, running = host_state.etc(vm), host_state.running(vm)
    whole_life(vm, etc, running, daemons)
    tight_limits(vm, etc)


def whole_life(vm, etc, running, daemons):
    """Plan, apply, check, reboot, check, revert."""
    vm.step("a dry run shows the plan and changes nothing")
    plan = host_state.report(vm, "apply --profile dense-1200 --dry-run", codes=(1,))
    assertions.equal(plan["verdict"], "would-change", "verdict of the dry run")
    host_state.same(etc, host_state.etc(vm), "/etc after the dry run")

    vm.step("apply")
    assertions.equal(host_state.report(vm, "apply --profile dense-1200 --yes")["verdict"], "done", "verdict of apply")
    assertions.equal(assertions.word(vm, "pidof dockerd containerd"), daemons, "daemons after apply")
    assertions.equal(assertions.word(vm, "docker ps --quiet | wc -l"), "2", "containers after apply")
    proved(vm)

    vm.step("a second apply finds nothing to do")
    applied = host_state.etc(vm)
    again = host_state.report(vm, "apply --profile dense-1200 --yes")
    assertions.equal(again["verdict"], "nothing-to-do", "verdict of the second apply")
    host_state.same(applied, host_state.etc(vm), "/etc after the second apply")

    vm.step("reboot")
    vm.reboot()
    proved(vm)

    vm.step("revert")
    assertions.equal(host_state.report(vm, "revert")["verdict"], "done", "verdict of revert")
    host_state.same(etc, host_state.etc(vm), "/etc after revert")
    host_state.same(running, host_state.running(vm), "what runs after revert")


def proved(vm):
    """Expect every setting to be met; nobody is told what is closed to them, and by which right it would open."""
    vm.step("check, as root and as nobody")
    found = host_state.report(vm, "check")
    assertions.equal(found["verdict"], "met", "verdict of check")
    conntrack = assertions.word(vm, "cat /proc/sys/net/netfilter/nf_conntrack_max")
    assertions.equal(conntrack, "1048576", "nf_conntrack_max")
    seen = host_state.report(vm, "check", codes=(3,), user="nobody")
    closed = [finding for finding in seen["findings"] if finding["verdict"] != "met"]
    assertions.equal([finding["id"] for finding in closed], ["docker:live-restore"], "what is closed to nobody")
    assertions.equal(closed[0]["verdict"], "unknown", "what nobody is told of it")
    assertions.contains(closed[0]["layers"][-1]["observed"], "needs", "the right that nobody lacks")


def tight_limits(vm, etc):
    """Change the limits of running daemons, see them hold, and see them go."""
    vm.step("limits of running daemons hold at once")
    running = host_state.running(vm)
    vm.put_text(TIGHT, "/etc/hosttune/profiles/tight.ini")
    applied = host_state.report(vm, "apply --profile tight --yes", codes=(1,))
    waits = [(finding["id"], layer["source"], layer["verdict"]) for finding in applied["findings"]
             for layer in finding["layers"] if layer["verdict"] not in ("met", "not-applicable")]
    shims = ("unit:containerd.service/LimitNOFILE", "2 of 2 shims of containerd.service", "pending")
    assertions.equal(waits, [shims], "what keeps the old limits")
    group = "/sys/fs/cgroup/system.slice"
    assertions.equal(assertions.word(vm, f"cat {group}/containerd.service/pids.max"), "5000", "containerd's pids.max")
    assertions.equal(assertions.word(vm, f"cat {group}/docker.service/pids.max"), "6000", "docker's pids.max")
    assertions.equal(assertions.word(vm, f"cat {group}/pids.max"), "20000", "the slice's pids.max")
    files = assertions.word(vm, "grep 'open files' /proc/$(pidof containerd)/limits | tr -s ' '")
    assertions.equal(files, "Max open files 4096 200000 files", "containerd's open files")

    vm.step("what systemd realizes again is the same number, and a new container inherits the files")
    vm.run("systemctl set-property --runtime containerd.service CPUWeight=50")
    assertions.equal(assertions.word(vm, f"cat {group}/containerd.service/pids.max"), "5000", "pids.max realized again")
    vm.run("rm -r /run/systemd/system.control && systemctl daemon-reload")
    name = assertions.word(vm, "docker run --detach pause")
    pid = assertions.word(vm, f"docker inspect --format '{{{{.State.Pid}}}}' {name}")
    inherited = assertions.word(vm, f"grep 'open files' /proc/{pid}/limits | tr -s ' '")
    assertions.contains(inherited, "200000", "open files of a new container")
    vm.run(f"docker rm --force {name}")

    vm.step("shims that run have the new limits once their containers were restarted")
    vm.run("docker restart --time 1 $(docker ps --quiet)")
    host_state.report(vm, "check")

    vm.step("an operator's later drop-in that wins is named")
    vm.put_text("[Service]\nTasksMax=7000\n", "/etc/systemd/system/docker.service.d/99-operator.conf")
    found = host_state.report(vm, "check", codes=(1,))
    winner = [f for f in found["findings"] if f["id"] == "unit:docker.service/TasksMax"][0]
    assertions.equal(winner["layers"][0]["source"], "/etc/systemd/system/docker.service.d/99-operator.conf:2", "winner")
    vm.run("rm /etc/systemd/system/docker.service.d/99-operator.conf && systemctl daemon-reload")

    vm.step("revert")
    host_state.report(vm, "revert")
    vm.run("rm -r /etc/hosttune")
    host_state.same(etc, host_state.etc(vm), "/etc after revert")
    host_state.same(running, host_state.running(vm), "what runs after revert")

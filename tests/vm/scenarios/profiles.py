"""Both profiles in turn, each value read back where it decides: switching and reverting leave nothing of either."""

import assertions
import host_state
import places

SUITES = ["trixie", "bookworm"]
BUDGET = 420
EVERY_CHANGE = ["trixie"]

CLASSIC = "optimize-for-containers"
DENSE = "dense-1200"
FOREIGN = "vm.swappiness = 5\nnet.core.somaxconn = 81920\n"


def run(vm):
    """The replaced script's profile through a reboot, then dense-1200 and back, then none."""
    vm.step("look at the machine as it is, with what the replaced script left on it")
    vm.put_text(FOREIGN, "/etc/sysctl.d/99-container-network.conf")
    vm.run("useradd --create-home lab")
    host_state.remember_keys(vm, CLASSIC, DENSE)
    etc, running, docker = host_state.etc(vm), host_state.running(vm), places.of_docker(vm)

    vm.step(f"apply {CLASSIC}, and restart Docker since it wants what only a start takes")
    host_state.report(vm, f"apply --profile {CLASSIC} --restart docker.service --yes")
    classic(vm)

    vm.step("reboot")
    vm.reboot()
    classic(vm)
    applied = host_state.etc(vm)

    vm.step(f"switch to {DENSE}")
    host_state.report(vm, f"apply --profile {DENSE} --yes", codes=(0, 1))
    host_state.report(vm, "check")
    dense(vm)
    left = vm.run("grep -rl optimize-for-containers /etc | cat").stdout
    assertions.equal(left, "", f"files of {CLASSIC} after the switch")

    vm.step(f"switch back to {CLASSIC}")
    host_state.report(vm, f"apply --profile {CLASSIC} --restart docker.service --yes")
    classic(vm)
    host_state.same(applied, host_state.etc(vm), f"/etc with {CLASSIC} again")

    vm.step("revert everything; what only a start takes is as before after one")
    host_state.report(vm, "revert --all")
    host_state.same(etc, host_state.etc(vm), "/etc after revert")
    host_state.same(running, host_state.running(vm), "what runs after revert")
    vm.run("systemctl restart docker.service")
    assertions.equal(places.of_docker(vm), docker, "what Docker uses after revert")


def classic(vm):
    """Expect what the replaced script wanted, where it decides."""
    vm.step("every value where it decides, for the replaced script's profile")
    host_state.report(vm, "check")
    assertions.equal(assertions.word(vm, "cat /proc/sys/net/core/somaxconn"), "81920", "somaxconn")
    assertions.equal(assertions.word(vm, "ls /etc/sysctl.d/99-container-network.conf 2>/dev/null | wc -l", check=False), "0",
                     "the retired file")
    assertions.equal(places.pids_max(vm, "docker.service"), "max", "pids.max of docker.service")
    for user in ["root", "lab"]:
        assertions.equal(places.login(vm, user, "-n"), "1048576", f"open files at a login of {user}")
        assertions.equal(places.login(vm, user, "-u"), "1048576", f"processes at a login of {user}")
    seen = places.of_docker(vm)
    assertions.equal(seen["log driver"], "local", "log driver")
    assertions.equal(seen["pools"], "172.20.0.0/16 20", "address pools")
    assertions.equal(seen["mtu"], "1450", "MTU of docker0's network")
    limits = places.of_container(vm)
    assertions.equal(limits["container"], "1048576 1048576", "open files of a new container")


def dense(vm):
    """Expect what dense-1200 wants, where it decides."""
    vm.step(f"every value where it decides, for {DENSE}")
    for unit in ["containerd.service", "docker.service"]:
        assertions.equal(places.pids_max(vm, unit), "max", f"pids.max of {unit}")
    assertions.equal(places.bus_connections(vm, 300), "300", "connections of root to the bus")
    assertions.equal(places.of_docker(vm)["live-restore"], "true", "live-restore of the running daemon")
    limits = places.of_container(vm)
    assertions.equal(limits["shim"], limits["containerd"], "open files of a new shim are its parent's")

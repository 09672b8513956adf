"""The lab machine itself is what the other scenarios rely on: cgroup v2, the systemd driver, a container that runs."""

import assertions

SUITES = ["trixie", "bookworm"]
BUDGET = 150
EVERY_CHANGE = []


def run(vm):
    """Look at the machine and run one container in it."""
    vm.step("cgroup v2 and the systemd driver")
    filesystem = assertions.word(vm, "stat --file-system --format=%T /sys/fs/cgroup")
    assertions.equal(filesystem, "cgroup2fs", "file system of /sys/fs/cgroup")
    driver = assertions.word(vm, "docker info --format '{{.CgroupDriver}} {{.CgroupVersion}}'")
    assertions.equal(driver, "systemd 2", "docker's cgroup driver and version")

    vm.step("no unit has failed")
    assertions.equal(assertions.word(vm, "systemctl --failed --no-legend --plain"), "", "failed units")

    vm.step("docker runs a container")
    identity = assertions.word(vm, "docker run --detach pause")
    group = assertions.word(vm, f"cat /sys/fs/cgroup/system.slice/docker-{identity}.scope/pids.current")
    assertions.equal(group, "1", "processes in the container's scope")
    vm.run(["docker", "rm", "--force", identity])

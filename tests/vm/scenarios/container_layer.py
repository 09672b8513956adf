"""What a new container gets is what the probe says, and nothing of the probe stays, not even after a kill."""

import assertions
import containers
import host_state

SUITES = ["trixie", "bookworm"]
BUDGET = 240
EVERY_CHANGE = []

PROFILE = """
[sysctl]
fs.inotify.max_user_instances = 16
fs.pipe-user-pages-soft = 1
net.core.somaxconn = 5555

[unit containerd.service]
LimitNOFILE = 65536

[docker]
default-ulimits.nofile = exact 5000:6000
"""
ULIMITS = '{"default-ulimits": {"nofile": {"Name": "nofile", "Soft": 5000, "Hard": 6000}}}\n'
DROP_IN = "/etc/systemd/system/containerd.service.d/50-lab.conf"
CHECK = "check --profile /srv/layer.ini"
PROBE = f"{CHECK} --probe-container"
INSTANCES = "/proc/sys/fs/inotify/max_user_instances"
PAGES = "/proc/sys/fs/pipe-user-pages-soft"
SOMAXCONN = "/proc/sys/net/core/somaxconn"
LEFT = """
docker ps --all --quiet --no-trunc | sort; docker image ls --all --quiet --no-trunc | sort
ls /var/lib/docker/containers | sort; ls /var/lib/docker/image/*/imagedb/content/sha256 | sort
ls /var/lib/docker/overlay2 | grep -v '^l$' | sort; ls /sys/fs/cgroup/system.slice | grep ^docker- | sort
"""


def run(vm):
    """A default the daemon has not read, a real container beside the probe's, lost watchers, and kills."""
    vm.put_text(PROFILE, "/srv/layer.ini")
    vm.run(f"echo 5555 > {SOMAXCONN}")
    apart(vm)
    stale_default(vm)
    as_by_hand(vm)
    lost_watchers(vm)
    full_host(vm)
    kills(vm)


def look(vm, arguments, setting, layer, codes=(1,)):
    """Return the look of one layer at one setting, and the document it is from."""
    found = host_state.report(vm, arguments, codes=codes)
    findings = [finding for finding in found["findings"] if finding["id"] == setting]
    looks = [one for one in findings[0]["layers"] if one["layer"] == layer]
    return (looks[-1] if looks else None), findings[0], found


def apart(vm):
    """Expect a soft limit below the hard one to be met, though Go raises it in containerd and in shims.

    containerd 1.6 hands the raised one on to containers, and check says so.
    """
    vm.step("containerd's soft limit is below its hard one, and a new container has both")
    vm.run("mkdir /etc/systemd/system/containerd.service.d")
    vm.put_text("[Service]\nLimitNOFILE=4096:200000\n", DROP_IN)
    vm.run("systemctl daemon-reload && systemctl restart containerd.service docker.service")
    vm.put_text("[unit containerd.service]\nLimitNOFILE = exact 4096:200000\n", "/root/apart.ini")
    name = assertions.word(vm, "docker run --detach pause")
    found = host_state.report(vm, "check --profile /root/apart.ini --probe-container")
    looks = [(one["layer"], one["verdict"]) for one in found["findings"][0]["layers"]]
    layers = ["stored", "next-boot", "unit", "process", "process", "container"]
    assertions.equal(looks[:-1], [(layer, "met") for layer in layers], "verdicts")
    given = found["findings"][0]["layers"][-1]
    pid = assertions.word(vm, f"docker inspect --format '{{{{.State.Pid}}}}' {name}")
    own = assertions.word(vm, f"awk '/Max open files/ {{print $4 \":\" $5}}' /proc/{pid}/limits")
    if own == "4096:200000":
        assertions.equal((given["observed"], given["verdict"]), (own, "met"), "a new container's open files")
    else:
        assertions.equal(own, "200000:200000", "the open files of a container by hand")
        assertions.equal(given["verdict"], "not-applicable", "what was handed on")
        assertions.contains(given["observed"], "200000: containerd raises", "what was handed on")
    vm.run(f"docker rm --force {name}; rm -r /etc/systemd/system/containerd.service.d; systemctl daemon-reload")
    vm.run("systemctl restart containerd.service docker.service")


def stale_default(vm):
    """Expect a default that only the file has to be caught, and met once the daemon has it."""
    vm.step("daemon.json has a default-ulimits that the running daemon does not have")
    vm.put_text(ULIMITS, "/etc/docker/daemon.json")
    setting = "docker:default-ulimits.nofile"
    seen, finding, found = look(vm, PROBE, setting, "container")
    assertions.equal(found["problems"], [], "problems of the probe")
    assertions.equal(finding["layers"][0]["verdict"], "met", "verdict of the file")
    assertions.equal(seen["verdict"], "pending", "verdict of the container")
    assertions.contains(finding["fix"], "restart of docker.service", "fix")

    vm.step("after a restart the container has it")
    vm.run("systemctl restart docker.service")
    seen, finding, _ = look(vm, PROBE, setting, "container")
    assertions.equal((seen["observed"], seen["verdict"]), ("5000:6000", "met"), "the container's open files")
    assertions.equal(finding["verdict"], "met", "verdict of the setting")


def as_by_hand(vm):
    """Expect the probe to have seen what a container started by hand has."""
    vm.step("a container started by hand has the same")
    name = assertions.word(vm, "docker run --detach pause")
    pid = assertions.word(vm, f"docker inspect --format '{{{{.State.Pid}}}}' {name}")
    seen, finding, found = look(vm, PROBE, "unit:containerd.service/LimitNOFILE", "container")
    inside = found["probe"]
    assertions.equal(inside["limits"], vm.run(f"cat /proc/{pid}/limits").stdout, "limits")
    scope = f"/sys/fs/cgroup/system.slice/docker-{name}.scope"
    for key, file in [("pids_max", "pids.max"), ("memory_max", "memory.max")]:
        assertions.equal(inside[key], assertions.word(vm, f"cat {scope}/{file}"), file)
    assertions.equal(inside["pipe_bytes"], 65536, "a fresh pipe")
    assertions.equal(inside["uid_map"], vm.run(f"cat /proc/{pid}/uid_map").stdout, "uid map")
    own = assertions.word(vm, f"nsenter --target {pid} --net cat {SOMAXCONN}")
    assertions.equal(inside["sysctls"], {SOMAXCONN: own}, "sysctls of its network namespace")
    assertions.equal(own, "4096", "somaxconn of a container, while the host's is 5555")
    assertions.equal(seen["verdict"], "not-applicable", "verdict of the limit that default-ulimits covers")
    assertions.contains(seen["observed"], "/etc/docker/daemon.json:1", "what covers it")
    seen, finding, _ = look(vm, CHECK, "docker:default-ulimits.nofile", "container")
    assertions.equal((seen["observed"], seen["source"]), ("5000:6000", "1 container that runs"), "what runs")
    vm.run(f"docker rm --force {name}")


def lost_watchers(vm):
    """Expect shims that were refused an inotify instance to be counted until their containers restart."""
    vm.step("three shims are refused an inotify instance, one has its own")
    setting = "sysctl:fs.inotify.max_user_instances"
    before = assertions.word(vm, f"cat {INSTANCES}")
    vm.run("docker run --detach --label lab pause")
    vm.run(f"echo 1 > {INSTANCES}")
    vm.run("for i in 1 2 3; do docker run --detach --label lab --label lost pause; done")
    vm.run(f"echo {before} > {INSTANCES}")
    assertions.equal(containers.shims_without_watcher(vm), 3, "shims without an instance")
    seen, finding, _ = look(vm, CHECK, setting, "process")
    assertions.equal((seen["source"], seen["verdict"]), ("3 of 4 shims", "pending"), "what check says of them")
    assertions.equal(host_state.report(vm, CHECK, codes=(1,), user="nobody")["findings"][0]["layers"][-1]["layer"],
                     "running", "the last layer that nobody sees")

    vm.step("after a restart of these containers all have one")
    vm.run("docker restart --time 1 $(docker ps --quiet --filter label=lost)")
    seen, finding, _ = look(vm, CHECK, setting, "process")
    assertions.equal((seen["source"], seen["verdict"]), ("4 shims", "met"), "what check says then")
    containers.remove_all(vm)


def full_host(vm):
    """Expect a host at its limits to be seen from inside, though the settings are as wanted."""
    vm.step("inotify instances and pipe pages of root are used up")
    before = [assertions.word(vm, f"cat {path}") for path in (INSTANCES, PAGES)]
    vm.run(f"echo 1 > {PAGES}")
    vm.run(f"echo 1 > {INSTANCES}")
    found = host_state.report(vm, PROBE, codes=(1,))
    looks = {finding["id"]: finding["layers"][-1] for finding in found["findings"]}
    pipe, inotify = looks["sysctl:fs.pipe-user-pages-soft"], looks["sysctl:fs.inotify.max_user_instances"]
    assertions.equal((pipe["layer"], pipe["verdict"]), ("container", "drifted"), "the pipe's verdict")
    assertions.between(found["probe"]["pipe_bytes"], 4096, 8192, "bytes of a fresh pipe")
    assertions.equal((inotify["layer"], inotify["verdict"]), ("container", "drifted"), "the instances' verdict")
    assertions.between(found["probe"]["inotify"]["done"], 0, 3, "instances that could be made")
    for path, value in zip((INSTANCES, PAGES), before):
        vm.run(f"echo {value} > {path}")


def kills(vm):
    """Expect nothing to be left after success, after SIGTERM, and one probe after a kill."""
    vm.step("nothing is left of a probe")
    before = vm.run(LEFT).stdout
    host_state.report(vm, PROBE, codes=(1,))
    host_state.same(before, vm.run(LEFT).stdout, "what Docker has after a probe")
    for signal, code in [("TERM", "143"), ("KILL", "137")]:
        vm.step(f"a probe that SIG{signal} meets while its container is there")
        script = f"""
        hosttune {PROBE} >/root/out 2>&1 & pid=$!
        until docker ps --all --quiet --filter label=hosttune.probe | grep --quiet .; do
            kill -0 $pid || exit 9
        done
        kill -{signal} $pid; wait $pid; echo $?
        """
        assertions.equal(assertions.word(vm, script), code, f"how it ended by SIG{signal}")
        left = vm.run(LEFT).stdout
        if signal == "TERM":
            host_state.same(before, left, "what Docker has after SIGTERM")
    assertions.contains(left, assertions.word(vm, "docker ps --all --quiet --no-trunc --filter label=hosttune.probe"),
                        "the container that a kill leaves")
    assertions.equal(left == before, False, "a kill leaves nothing")
    said = vm.run(f"hosttune {PROBE}", check=False).stderr
    assertions.contains(said, "removing what a probe that was killed left", "what the next probe says")
    host_state.same(before, vm.run(LEFT).stdout, "what Docker has after the next probe")
    rights(vm, before)


def rights(vm, before):
    """Expect a sentence with the right that is missing, and no verdict that pretends otherwise."""
    vm.step("nobody may not, and is told why")
    found = host_state.report(vm, PROBE, codes=(1,), user="nobody")
    problem = [one for one in found["problems"] if one["kind"] == "probe"][0]
    assertions.contains(problem["message"], "needs root or membership in the group docker", "the sentence")
    looks = [f["layers"][-1] for f in found["findings"] if f["id"] == "docker:default-ulimits.nofile"]
    assertions.equal((looks[0]["layer"], looks[0]["verdict"]), ("container", "unknown"), "what nobody is told")
    host_state.same(before, vm.run(LEFT).stdout, "what Docker has then")

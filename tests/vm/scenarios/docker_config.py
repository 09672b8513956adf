"""A daemon.json that Docker would not start with never costs the Docker that runs, nor its containers."""

import assertions
import host_state
import places

SUITES = ["trixie", "bookworm"]
BUDGET = 420
EVERY_CHANGE = ["trixie"]

FILE = "/etc/docker/daemon.json"
OPERATORS = '{\n   "labels" : ["rack=7"],\n   "max-concurrent-downloads":4\n}\n'
CONTAINERS = 12

# What a profile says, what the operator's file says, and what the sentence must name. With a restart, so that
# what only a start shows is shown.
REFUSED = [
    ("bip = 10.1.2.3.4/24", None, 2, ["bip", "10.1.2.3.4/24"]),
    ("default-address-pools = 172.20.0.0/16 size 12", None, 2, ["default-address-pools", "/12"]),
    ("storage-driver = overlay9", None, 2, ["storage-driver", "overlay9"]),
    ("storage-driver = zfs", None, 4, ["docker:storage-driver = zfs"]),
    ("debug = true", '{"hosts": ["tcp://127.0.0.1:2375"]}\n', 2, [f"{FILE}:1", "hosts", "-H"]),
    ("debug = true", '{"bip": "10.1.2.3.4/24"}\n', 2, [FILE, "bip", "10.1.2.3.4/24"]),
    ("debug = true", '{\n  "debug": false,\n}\n', 2, [f"{FILE}:2:17"]),
    ("debug = true", '{"debug": false,\n "debug": true}\n', 2, [f"{FILE}:2:", "debug"]),
]


def run(vm):
    """Refusals first, each leaving all as it was; then twelve containers through a restart."""
    refusals(vm)
    twelve(vm)


def refusals(vm):
    """Expect every profile that Docker could not live with to be refused with the reason."""
    for number, (line, operators, code, words) in enumerate(REFUSED):
        vm.step(f"{line}{', and the operator has ' + operators.strip() if operators else ''}")
        vm.run(f"rm -f {FILE}; systemctl is-active docker.service")
        if operators:
            vm.put_text(operators, FILE)
        etc = host_state.etc(vm)
        answering = assertions.word(vm, "docker version --format '{{.Server.Version}}'")
        vm.put_text(f"[docker]\n{line}\n", f"/root/{number}.ini")
        restart = "" if code == 2 else "--restart docker.service"
        report = host_state.report(vm, f"apply --profile /root/{number}.ini --yes {restart}", codes=(code,))
        said = " ".join(f"{p.get('where', '')} {p['message']}" for p in report["problems"])
        for word in words:
            assertions.contains(said, word, "the sentence")
        host_state.same(etc, host_state.etc(vm), "/etc after the refusal")
        version = assertions.word(vm, "docker version --format '{{.Server.Version}}'")
        assertions.equal(version, answering, "Docker after the refusal")
    vm.run(f"rm -f {FILE}")


def twelve(vm):
    """Merge into the operator's file under running containers, and restart only when told to."""
    vm.step(f"{CONTAINERS} containers run; a key that only a start takes waits and says for whom")
    vm.put_text(OPERATORS, FILE)
    vm.run("systemctl reload docker.service")
    vm.run(f"for i in $(seq {CONTAINERS}); do docker run --detach pause; done", timeout=300)
    etc, shims = host_state.etc(vm), assertions.word(vm, "pidof containerd-shim-runc-v2")
    daemon = assertions.word(vm, "pidof dockerd")
    vm.put_text("[docker]\nlog-driver = local\n", "/root/log.ini")
    report = host_state.report(vm, "apply --profile /root/log.ini --yes", codes=(1,))
    assertions.equal(report["verdict"], "pending", "verdict")
    notes = " ".join(f["fix"] or "" for f in report["findings"])
    assertions.contains(notes, f"stops {CONTAINERS} containers", "what a restart would do")
    assertions.equal(assertions.word(vm, "pidof dockerd"), daemon, "dockerd after apply")
    text = assertions.word(vm, f"cat {FILE}")
    assertions.contains(text, '   "labels" : ["rack=7"],\n   "max-concurrent-downloads":4', "the operator's own lines")

    vm.step("live-restore is taken without a restart; the restart that is asked for keeps all containers")
    vm.put_text("[docker]\nlog-driver = local\nlive-restore = true\n", "/root/live.ini")
    host_state.report(vm, "apply --profile /root/live.ini --yes --restart docker.service")
    assertions.equal(places.of_docker(vm)["live-restore"], "true", "live-restore")
    assertions.equal(places.of_docker(vm)["log driver"], "local", "log driver")
    assertions.equal(assertions.word(vm, "pidof containerd-shim-runc-v2"), shims, "shims after the restart")
    running = assertions.word(vm, "docker ps --quiet | wc -l")
    assertions.equal(running, str(CONTAINERS), "containers after the restart")

    vm.step("revert: the operator's file is back, byte for byte")
    host_state.report(vm, "revert --all")
    host_state.same(etc, host_state.etc(vm), "/etc after revert")
    # A reload without the key leaves the daemon's live-restore as it is; the next start takes the file as it stands.
    vm.run("systemctl restart docker.service", timeout=300)
    assertions.equal(places.of_docker(vm)["live-restore"], "false", "live-restore after revert and a start")
    assertions.equal(places.of_docker(vm)["log driver"], "json-file", "log driver after revert and a start")

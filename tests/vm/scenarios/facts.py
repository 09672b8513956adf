"""A recording answers as the machine did, byte for byte: stock, for a user, and with a profile in force."""

from pathlib import Path

import assertions
import host_state

SUITES = ["trixie", "bookworm"]
BUDGET = 300
EVERY_CHANGE = []

# Copy from here to tests/hosts what is to be kept.
FETCHED = Path(__file__).resolve().parents[3] / "target" / "vm" / "facts"
NAMES = {"trixie": "debian-13", "bookworm": "debian-12"}
RUNS = [
    "check --profile dense-1200 --verbose",
    "check --profile optimize-for-containers --format json",
    "status --format json",
    "preflight --nodes 600 --job-network bridge --verbose",
    "preflight --profile dense-1200 --format json",
]
SECRET = "hosttune-secret"


def run(vm):
    """Record, replay and compare; then apply a profile and do it again."""
    suite = next(suite for suite in NAMES if suite in vm.run("cat /etc/os-release").stdout)
    FETCHED.mkdir(parents=True, exist_ok=True)

    vm.step("facts of the stock machine")
    fetch(vm, f"{NAMES[suite]}-stock")
    vm.step("each run and its replay print the same")
    replays(vm)

    vm.step("for a user, to whom much is closed, too")
    vm.run("useradd --create-home lab")
    replays(vm, "lab")

    vm.step("no environment, command line or label is kept")
    vm.run("mkdir -p /etc/systemd/system/docker.service.d")
    vm.put_text(f"[Service]\nEnvironment=TOKEN={SECRET}\n", "/etc/systemd/system/docker.service.d/10-secret.conf")
    vm.put_text(f'{{"labels": ["owner={SECRET}"]}}\n', "/etc/docker/daemon.json")
    vm.run("systemctl daemon-reload && systemctl restart docker.service")
    vm.run(f"docker run --detach --label a={SECRET} --env B={SECRET} --name {SECRET} pause sh {SECRET}", check=False)
    text = vm.run("hosttune facts --profile dense-1200").stdout
    assertions.equal(SECRET in text, False, "a secret in the recording")
    vm.run(f"docker rm --force {SECRET}", check=False)
    vm.run("rm /etc/systemd/system/docker.service.d/10-secret.conf /etc/docker/daemon.json")
    vm.run("systemctl daemon-reload && systemctl restart docker.service")

    vm.step("apply dense-1200 and reboot")
    host_state.report(vm, "apply --profile dense-1200 --yes", codes=(0, 1))
    vm.reboot()
    replays(vm)
    fetch(vm, f"{NAMES[suite]}-dense")


def fetch(vm, name):
    """Bring the facts of the machine out of it."""
    vm.run("rm -f /root/facts.json; hosttune facts --output /root/facts.json")
    mode = assertions.word(vm, "stat --format=%a /root/facts.json")
    assertions.equal(mode, "600", "who may read a recording")
    (FETCHED / f"{name}.json").write_bytes(vm.get("/root/facts.json"))


def replays(vm, user=None):
    """Expect that each of the runs prints the same again from its own recording."""
    for command in RUNS:
        lines = f"""
cd $(mktemp -d) && unset DOCKER_HOST
hosttune {command} --record run.json >live 2>&1; echo exit $? >>live
hosttune {command} --facts run.json >replay 2>&1; echo exit $? >>replay
diff live replay && ! grep -q 'exit 2' live && wc -c <run.json
"""
        shell = "sh -s" if user is None else f"su {user} -s /bin/sh -c 'sh -s'"
        result = vm.run(shell, check=False, stdin=lines.encode())
        assertions.equal(result.rc, 0, f"{command} and its replay: {result.stdout}{result.stderr}")
        assertions.between(int(result.stdout.split()[-1]), 100, 200_000, f"bytes of the recording of {command}")

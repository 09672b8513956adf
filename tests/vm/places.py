"""Knows the places that decide what a workload gets: a cgroup, a login, a shim, a container, the bus, Docker."""

import json

from assertions import word

BUS = r"""
import os, socket, sys
kept = []
for _ in range(int(sys.argv[1])):
    peer = socket.socket(socket.AF_UNIX)
    peer.connect("/run/dbus/system_bus_socket")
    peer.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
    if not peer.recv(200).startswith(b"OK"):
        break
    body = b"l\1\0\1\0\0\0\0\1\0\0\0" + b"\x6d\0\0\0"
    field = lambda code, sign, text: (
        bytes([code, 1]) + sign + b"\0" + len(text).to_bytes(4, "little") + text + b"\0")
    fields = b""
    for code, sign, text in [(1, b"o", b"/org/freedesktop/DBus"), (6, b"s", b"org.freedesktop.DBus"),
                             (2, b"s", b"org.freedesktop.DBus"), (3, b"s", b"Hello")]:
        fields += b"\0" * (-len(fields) % 8) + field(code, sign, text)
    head = b"l\1\0\1" + (0).to_bytes(4, "little") + (1).to_bytes(4, "little") + len(fields).to_bytes(4, "little")
    message = head + fields
    peer.sendall(b"BEGIN\r\n" + message + b"\0" * (-len(message) % 8))
    answer = peer.recv(4096)
    # The second byte says what came back: 2 is a return, 3 an error.
    if len(answer) < 2 or answer[1] != 2:
        break
    kept.append(peer)
print(len(kept))
"""


def pids_max(vm, unit):
    """Return the pids.max of a unit's cgroup."""
    return word(vm, f"cat /sys/fs/cgroup/system.slice/{unit}/pids.max")


def login(vm, user, limit):
    """Return a limit of a fresh login of `user`."""
    return word(vm, f"su --login --shell /bin/bash {user} --command 'ulimit {limit}'")


def open_files(vm, pid):
    """Return the soft and hard limit of open files of a process."""
    return word(vm, f"awk '/Max open files/ {{print $4, $5}}' /proc/{pid}/limits")


def of_container(vm):
    """Start a container, return the open files of containerd, its new shim and the container, and remove it."""
    name = word(vm, "docker run --detach pause")
    inspect = f"docker inspect --format '{{{{.State.Pid}}}}' {name}"
    pid = word(vm, inspect)
    shim = word(vm, f"awk '/PPid/ {{print $2}}' /proc/{pid}/status")
    limits = {
        "containerd": open_files(vm, "$(pidof containerd)"),
        "shim": open_files(vm, shim),
        "container": open_files(vm, pid),
    }
    vm.run(f"docker rm --force {name}")
    return limits


def bus_connections(vm, wanted):
    """Return how many connections root gets to the system bus, of so many wanted."""
    vm.put_text(BUS, "/root/bus.py")
    return vm.run(f"python3 /root/bus.py {wanted}", timeout=300).stdout.strip()


def of_docker(vm):
    """Return what the running daemon uses."""
    info = json.loads(vm.run("docker info --format '{{json .}}'").stdout)
    bridge = json.loads(vm.run("docker network inspect bridge --format '{{json .Options}}'").stdout)
    pools = [f"{pool['Base']} {pool['Size']}" for pool in info.get("DefaultAddressPools") or []]
    return {
        "log driver": info["LoggingDriver"],
        "live-restore": str(info["LiveRestoreEnabled"]).lower(),
        "pools": ", ".join(pools),
        "mtu": bridge.get("com.docker.network.driver.mtu", ""),
    }

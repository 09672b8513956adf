"""Knows how to run a Docker engine of its own beside whatever else the machine does, and how to end it."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

PAUSE = Path(__file__).resolve().parent.parent / "vm/guest/pause.c"


class Refused(Exception):
    """The engine would not do what it was asked; the text is its own."""


class Connection(http.client.HTTPConnection):
    """A connection to a unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=300)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Engine:
    """A dockerd with folders, socket and containerd of its own; use it in a `with` statement."""

    def __init__(self, *options):
        self.options = options
        self.folder = Path(tempfile.mkdtemp(prefix="hosttune-docker-"))
        self.socket = self.folder / "docker.sock"
        self.process = None
        self.containers = []
        self.had_bridge = Path("/sys/class/net/docker0").exists()

    def __enter__(self):
        log = open(self.folder / "dockerd.log", "wb")
        self.process = subprocess.Popen(
            [
                "dockerd", "--host", f"unix://{self.socket}", "--data-root", str(self.folder / "data"),
                "--exec-root", str(self.folder / "exec"), "--pidfile", str(self.folder / "pid"),
                "--iptables=false", "--ip6tables=false", "--log-driver", "none",
                *self.options,
            ],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )
        try:
            self.wait()
            self.import_pause()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def wait(self):
        """Wait until the engine answers."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                self.ask("GET", "/_ping")
                return
            except (OSError, Refused):
                time.sleep(0.2)
        log = (self.folder / "dockerd.log").read_text(errors="replace")
        raise AssertionError("dockerd does not answer:\n" + "\n".join(log.splitlines()[-15:]))

    def ask(self, method, path, body=None):
        """Send one request and return the answer's bytes."""
        connection = Connection(self.socket)
        try:
            headers = {"Content-Type": "application/json"} if isinstance(body, str) else {}
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status >= 400:
            raise Refused(content.decode(errors="replace"))
        return content

    def import_pause(self):
        """Make the image `pause` from one static program."""
        program = self.folder / "pause"
        subprocess.run(["gcc", "-static", "-nostdlib", "-Os", "-fno-asynchronous-unwind-tables",
                        "-fno-stack-protector", "-o", str(program), str(PAUSE)], check=True)
        archive = self.folder / "pause.tar"
        subprocess.run(["tar", "--create", "--file", str(archive), "-C", str(self.folder), "pause"], check=True)
        changes = "&changes=ENTRYPOINT%20%5B%22%2Fpause%22%5D"
        self.ask("POST", f"/images/create?fromSrc=-&repo=pause&tag=latest{changes}", archive.read_bytes())

    def start(self, network="bridge"):
        """Create and start one container; return its id."""
        body = json.dumps({"Image": "pause", "HostConfig": {"NetworkMode": network}})
        identity = json.loads(self.ask("POST", "/containers/create", body))["Id"]
        self.containers.append(identity)
        self.ask("POST", f"/containers/{identity}/start")
        return identity

    def close(self):
        """End the containers and the engine, and remove what they left."""
        for pid in self.pids():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if self.process is not None:
            self.process.wait()
        self.unmount()
        self.remove_cgroups()
        shutil.rmtree(self.folder, ignore_errors=True)
        if not self.had_bridge:
            subprocess.run(["ip", "link", "delete", "docker0"], check=False, capture_output=True)

    def pids(self):
        """Return the engine's processes: those whose command line names our folder, and their containers."""
        found, children = [], {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
            if str(self.folder) in command and int(entry.name) != os.getpid():
                found.append(int(entry.name))
        containers = [child for pid in found for child in children.get(pid, [])]
        return sorted(set(found + containers))

    def remove_cgroups(self):
        """Remove the containers' cgroups, which a runtime that was killed leaves behind."""
        for place in Path("/sys/fs/cgroup").glob("*/docker"):
            for identity in self.containers:
                try:
                    (place / identity).rmdir()
                except OSError:
                    continue

    def unmount(self):
        """Take the mounts below our folder away, last first."""
        lines = Path("/proc/self/mountinfo").read_text().splitlines()
        points = [line.split()[4] for line in lines if line.split()[4].startswith(str(self.folder))]
        for at in range(len(points), 0, -50):
            batch = points[max(0, at - 50):at][::-1]
            subprocess.run(["umount", "--lazy", *batch], check=False, capture_output=True)

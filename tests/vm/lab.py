"""Knows how to start one lab machine under qemu, reach it over ssh, and end it whatever happens."""

import ctypes
import fcntl
import os
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import image
import qmp
import tools

# An emulated processor now and then panics early in a boot: the next boot is seconds away.
KERNEL_ARGUMENTS = "root=/dev/vda rw console=ttyS0 net.ifnames=0 quiet systemd.show_status=0 panic=1"
BOOT_SECONDS = 300
PR_SET_PDEATHSIG = 1


class CommandFailed(AssertionError):
    """A command in the machine ended with an error."""


class BootFailed(AssertionError):
    """The machine did not become ready in time."""


@dataclass(frozen=True)
class Result:
    """What a command in the machine left behind."""

    command: str
    stdout: str
    stderr: str
    rc: int


def die_with_parent():
    """Let the kernel end qemu when the process that started it is gone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port():
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class VM:
    """One running machine; use it in a `with` statement, which always ends qemu."""

    def __init__(self, suite, memory=2048, processors=2, name="lab"):
        self.image = image.prepare(suite)
        self.suite = suite
        self.memory = memory
        self.processors = processors
        self.name = name
        self.process = None
        self.lock = None
        self.folder = None
        self.port = None
        self.serial_log = image.CACHE / "logs" / f"{name}-{suite}.log"

    def __enter__(self):
        try:
            self.start()
            self.wait_ready()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def start(self):
        """Start qemu; there are as many places as `run` has jobs, and whoever finds its place taken waits."""
        place = os.environ.get("HOSTTUNE_VM_PLACE", "0")
        self.lock = open(image.CACHE / ("lab.lock" if place == "0" else f"lab-{place}.lock"), "w", encoding="ascii")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.folder = Path(tempfile.mkdtemp(prefix="hosttune-vm-"))
        self.serial_log.parent.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        environment = dict(os.environ, TMPDIR=str(image.CACHE))
        self.process = subprocess.Popen(
            self.qemu_command(), stdin=subprocess.DEVNULL, env=environment, preexec_fn=die_with_parent
        )

    def qemu_command(self):
        """Return the command line: an unchanged disk, no way out to any network."""
        accelerator = os.environ.get("HOSTTUNE_VM_ACCELERATOR", "tcg,thread=multi")
        return [
            tools.find("qemu-system-x86_64"), "-accel", accelerator, "-cpu", "max",
            "-smp", str(self.processors), "-m", str(self.memory), "-nodefaults", "-display", "none",
            "-kernel", str(self.image.kernel), "-initrd", str(self.image.initrd),
            "-append", KERNEL_ARGUMENTS,
            "-drive", f"file={self.image.disk},format=raw,if=virtio,snapshot=on,cache=unsafe",
            "-netdev", f"user,id=net0,restrict=on,hostfwd=tcp:127.0.0.1:{self.port}-10.0.2.15:22",
            "-device", "virtio-net-pci,netdev=net0", "-device", "virtio-rng-pci",
            "-qmp", f"unix:{self.folder}/qmp,server=on,wait=off",
            "-chardev", f"file,id=serial0,path={self.serial_log}", "-serial", "chardev:serial0",
        ]

    def ssh_command(self, *options):
        """Return the ssh command line up to the host name, over one shared connection."""
        settings = [
            "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "BatchMode=yes",
            "ControlMaster=auto", "ControlPersist=yes", f"ControlPath={self.folder}/ssh",
            "ConnectTimeout=20", "ServerAliveInterval=30", "IdentitiesOnly=yes",
        ]
        command = [tools.find("ssh"), "-F", "none", "-p", str(self.port), "-i", str(self.image.private_key)]
        for setting in settings:
            command += ["-o", setting]
        return command + list(options) + ["root@127.0.0.1"]

    def run(self, command, check=True, timeout=120, stdin=None):
        """Run a shell command in the machine and return its Result."""
        if isinstance(command, (list, tuple)):
            command = shlex.join(command)
        done = subprocess.run(
            self.ssh_command() + [command], input=stdin, capture_output=True, timeout=timeout, check=False,
            **({"stdin": subprocess.DEVNULL} if stdin is None else {}),
        )
        result = Result(command, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"),
                        done.returncode)
        if check and result.rc != 0:
            raise CommandFailed(f"{command}\n  ended with {result.rc}\n{result.stdout}{result.stderr}".rstrip())
        return result

    def put(self, local, remote, mode=None):
        """Copy a file or a folder of the host to the path `remote`."""
        local = Path(local)
        target = shlex.quote(remote)
        if local.is_dir():
            pack = [tools.find("tar"), "--create", "--owner=0", "--group=0", "-C", str(local), "."]
            content = subprocess.run(pack, check=True, capture_output=True).stdout
            self.run(f"mkdir -p {target} && tar --extract -C {target}", stdin=content)
            return
        self.run(f"mkdir -p $(dirname {target}) && cat > {target}", stdin=local.read_bytes())
        mode = mode if mode is not None else local.stat().st_mode & 0o777
        self.run(f"chmod {mode:o} {target}")

    def put_text(self, text, remote):
        """Write `text` to the path `remote`."""
        target = shlex.quote(remote)
        self.run(f"mkdir -p $(dirname {target}) && cat > {target}", stdin=text.encode())

    def get(self, remote):
        """Return the bytes of a file of the machine."""
        command = self.ssh_command() + [f"cat {shlex.quote(remote)}"]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
        if done.returncode != 0:
            raise CommandFailed(f"{remote}: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout

    def shell(self):
        """Hand the terminal to an interactive shell in the machine."""
        return subprocess.run(self.ssh_command("-t"), check=False).returncode

    def wait_ready(self, timeout=BOOT_SECONDS):
        """Wait until ssh answers, systemd has ended its start, and Docker knows the pause image."""
        deadline = time.monotonic() + timeout
        self.wait_for("true", deadline, "ssh does not answer")
        self.wait_for("systemctl is-system-running --wait | grep -qE 'running|degraded'", deadline,
                      "systemd has not ended its start")
        self.wait_for("docker image inspect pause:latest", deadline, "docker does not know pause:latest")

    def wait_for(self, command, deadline, complaint):
        """Repeat `command` until it succeeds or the deadline has passed."""
        while True:
            if self.process.poll() is not None:
                raise BootFailed(f"qemu ended with {self.process.returncode}")
            left = deadline - time.monotonic()
            if left <= 0:
                raise BootFailed(f"{complaint}; the console is in {self.serial_log}")
            try:
                if self.run(command, check=False, timeout=left).rc == 0:
                    return
            except subprocess.TimeoutExpired:
                continue
            time.sleep(0.5)

    def boot_id(self):
        """Return what tells one boot from the next."""
        return self.run("cat /proc/sys/kernel/random/boot_id").stdout.strip()

    def reboot(self):
        """Restart the machine in good order: what it stored survives."""
        before = self.boot_id()
        self.run("systemctl --no-block reboot", check=False)
        self.wait_next_boot(before)

    def reset(self):
        """Cut the power and switch it on again: what was not written to disk is lost."""
        before = self.boot_id()
        qmp.order(self.folder / "qmp", "system_reset")
        self.wait_next_boot(before)

    def wait_next_boot(self, before):
        """Wait until the machine answers from a boot that is not `before`."""
        self.drop_connection()
        deadline = time.monotonic() + BOOT_SECONDS
        other_boot = f"! grep -q {before} /proc/sys/kernel/random/boot_id"
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise BootFailed(f"no next boot; the console is in {self.serial_log}")
            try:
                if self.run(other_boot, check=False, timeout=min(left, 20)).rc == 0:
                    break
            except subprocess.TimeoutExpired:
                pass
            self.drop_connection()
            time.sleep(0.5)
        self.wait_ready(deadline - time.monotonic())

    def drop_connection(self):
        """End the shared ssh connection."""
        if (self.folder / "ssh").exists():
            command = self.ssh_command("-O", "exit")
            subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False)
            (self.folder / "ssh").unlink(missing_ok=True)

    def close(self):
        """End ssh and qemu, and leave no file behind but the console log."""
        if self.folder is not None and self.process is not None and self.process.poll() is None:
            self.drop_connection()
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None
        if self.lock is not None:
            self.lock.close()
            self.lock = None

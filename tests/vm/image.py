"""Knows the recipe of the two Debian images, and rebuilds one only when its recipe changed."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import tools

HERE = Path(__file__).resolve().parent
CACHE = HERE.parent.parent / "target" / "vm"
GUEST_FILES = HERE / "guest"
DISK_BYTES = 6 * 1024**3
MACHINE_ID = "6c61622d686f737474756e652d766d31"

COMMON_PACKAGES = [
    "linux-image-cloud-amd64", "systemd", "systemd-sysv", "dbus", "udev", "iproute2", "procps",
    "kmod", "iptables", "docker.io", "apparmor", "openssh-server", "netbase", "python3",
]
SUITE_PACKAGES = {
    "trixie": COMMON_PACKAGES + ["docker-cli"],
    "bookworm": COMMON_PACKAGES,
}
# A small initial RAM disk: what it takes to mount the root disk, nothing else.
INITRD_MODULES = ["virtio_pci", "virtio_blk", "virtio_net", "ext4"]
MASKED_UNITS = [
    "apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer",
    "e2scrub_reap.service", "fstrim.timer", "getty@tty1.service",
]
ENABLED_UNITS = ["lab-network.service", "lab-pause.service"]
LEFT_DISABLED = ("NetworkManager", "dbus-org.freedesktop.nm-dispatcher", "tuned", "ufw", "networking")
EXCLUDED_PATHS = ["/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*"]


@dataclass(frozen=True)
class Image:
    """The files that one suite boots from."""

    suite: str
    disk: Path
    kernel: Path
    initrd: Path
    private_key: Path


def prepare(suite, packages=(), report=print):
    """Return the image of `suite` with further packages, building it when the cache has none of this recipe."""
    tools.find_all()
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "build.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        private_key = ensure_key()
        name = "+".join([suite, *packages])
        folder = CACHE / name / recipe_hash(suite, packages, private_key)
        if not folder.is_dir():
            report(f"building the {name} image (several minutes, once per recipe)")
            build(suite, packages, folder, private_key)
    return Image(suite, folder / "disk.ext4", folder / "kernel", folder / "initrd", private_key)


def ensure_key():
    """Return the key that logs in as root, made once for each checkout."""
    private_key = CACHE / "id_ed25519"
    if not private_key.exists():
        command = [tools.find("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", "lab"]
        subprocess.run(command + ["-f", str(private_key)], check=True)
    return private_key


def recipe_hash(suite, packages, private_key):
    """Return a name for everything that decides what the image contains, the mirror left out."""
    digest = hashlib.sha256()
    digest.update(json.dumps([suite, SUITE_PACKAGES[suite], list(packages), DISK_BYTES]).encode())
    inputs = [Path(__file__), private_key.with_suffix(".pub"), *sorted(GUEST_FILES.iterdir())]
    for path in inputs:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def mirror():
    """Return the address of the Debian archive that this machine's own apt is set up with."""
    configured = os.environ.get("HOSTTUNE_VM_MIRROR")
    if configured:
        return configured
    target_format = "$(CREATED_BY) $(ORIGIN) $(LABEL) $(COMPONENT) $(REPO_URI)"
    command = ["apt-get", "indextargets", "--format", target_format]
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        created_by, origin, label, component, address = line.split(maxsplit=4)
        if (created_by, origin, label, component) == ("Packages", "Debian", "Debian", "main"):
            return address
    raise tools.MissingTool("apt knows no Debian archive here: name one in HOSTTUNE_VM_MIRROR")


def build(suite, packages, folder, private_key):
    """Build the image beside its final folder, and rename it there when it is whole."""
    if os.geteuid() != 0:
        raise tools.MissingTool("building a lab image needs root, because its files belong to root")
    archive = mirror()
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="build-", dir=folder.parent))
    try:
        tree = work / "tree"
        bootstrap(suite, packages, archive, tree, work)
        customize(tree, private_key, work)
        result = work / "result"
        result.mkdir()
        extract_boot_files(tree, result)
        make_disk(tree, result / "disk.ext4")
        for outdated in folder.parent.iterdir():
            if outdated != work:
                shutil.rmtree(outdated)
        result.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def bootstrap(suite, packages, archive, tree, work):
    """Install the packages into `tree`."""
    settings = work / "settings"
    (settings / "etc/initramfs-tools/conf.d").mkdir(parents=True)
    (settings / "etc/initramfs-tools/conf.d/lab").write_text("MODULES=list\n", encoding="ascii")
    (settings / "usr/share/initramfs-tools/modules.d").mkdir(parents=True)
    modules = settings / "usr/share/initramfs-tools/modules.d/lab"
    modules.write_text("\n".join(INITRD_MODULES) + "\n", encoding="ascii")
    command = [
        tools.find("mmdebstrap"), "--mode=root", "--variant=minbase", "--quiet",
        "--include=" + ",".join([*SUITE_PACKAGES[suite], *packages]), "--dpkgopt=force-unsafe-io",
        '--aptopt=Acquire::Languages "none"', f"--essential-hook=copy-in {settings}/etc {settings}/usr /",
    ]
    command += [f"--dpkgopt=path-exclude={pattern}" for pattern in EXCLUDED_PATHS]
    with open(CACHE / ("+".join([suite, *packages]) + "-build.log"), "w", encoding="utf-8") as log:
        subprocess.run(command + [suite, str(tree), archive], check=True, stdout=log, stderr=log)


def customize(tree, private_key, work):
    """Turn the installed system into the lab machine: name, login, network, pause image."""
    write(tree, "etc/hostname", "lab\n")
    write(tree, "etc/hosts", "127.0.0.1 localhost\n127.0.1.1 lab\n")
    write(tree, "etc/machine-id", MACHINE_ID + "\n")
    write(tree, "etc/fstab", "/dev/vda / ext4 defaults 0 1\n")
    write(tree, "etc/resolv.conf", "")
    write(tree, "etc/ssh/sshd_config.d/lab.conf", "PermitRootLogin yes\nUseDNS no\nMaxSessions 64\n")
    write(tree, "root/.ssh/authorized_keys", private_key.with_suffix(".pub").read_text(encoding="ascii"))
    (tree / "root/.ssh").chmod(0o700)
    (tree / "root/.ssh/authorized_keys").chmod(0o600)
    for unit in ENABLED_UNITS:
        write(tree, f"etc/systemd/system/{unit}", (GUEST_FILES / unit).read_text(encoding="utf-8"))
        link = tree / "etc/systemd/system/multi-user.target.wants" / unit
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(f"../{unit}")
    for unit in MASKED_UNITS:
        link = tree / "etc/systemd/system" / unit
        link.unlink(missing_ok=True)
        link.symlink_to("/dev/null")
    disable(tree)
    for index in (tree / "var/lib/apt/lists").glob("*_*"):
        index.unlink()
    make_pause(work, tree / "usr/share/lab")


def disable(tree):
    """Leave it to the scenario to enable what would take the network card or change the kernel's values."""
    for link in (tree / "etc/systemd/system").rglob("*.service"):
        if link.is_symlink() and link.name.startswith(LEFT_DISABLED):
            link.unlink()


def write(tree, name, text):
    """Write one file of the image, with the folders above it."""
    path = tree / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")


def make_pause(work, folder):
    """Compile the pause program and pack it as the only file of a Docker image."""
    root = work / "pause"
    root.mkdir()
    folder.mkdir(parents=True)
    command = [
        tools.find("gcc"), "-static", "-nostdlib", "-nostartfiles", "-ffreestanding", "-fno-pie", "-no-pie",
        "-fno-stack-protector", "-fno-asynchronous-unwind-tables", "-Os", "-s", "-Wl,--build-id=none",
        "-o", str(root / "pause"), str(GUEST_FILES / "pause.c"),
    ]
    subprocess.run(command, check=True)
    pack = [tools.find("tar"), "--create", "--owner=0", "--group=0", "--mtime=@0", "--sort=name"]
    subprocess.run(pack + ["--file", str(folder / "pause.tar"), "-C", str(root), "pause"], check=True)


def extract_boot_files(tree, result):
    """Copy the kernel and the initial RAM disk out, for qemu starts them directly."""
    for pattern, name in (("vmlinuz-*", "kernel"), ("initrd.img-*", "initrd")):
        shutil.copyfile(max((tree / "boot").glob(pattern)), result / name)


def make_disk(tree, disk):
    """Make a sparse ext4 disk without a partition table from `tree`."""
    with open(disk, "wb") as file:
        file.truncate(DISK_BYTES)
    command = [tools.find("mke2fs"), "-q", "-t", "ext4", "-L", "lab", "-m", "0", "-d", str(tree), str(disk)]
    subprocess.run(command, check=True)

"""Knows which host programs the lab calls, and the Debian package of each."""

import shutil

PACKAGES = {
    "qemu-system-x86_64": "qemu-system-x86",
    "mmdebstrap": "mmdebstrap",
    "mke2fs": "e2fsprogs",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "gcc": "gcc",
    "tar": "tar",
}

SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class MissingTool(Exception):
    """A program, or a right, without which no scenario can run."""


def find(program):
    """Return the path of `program`, or raise a sentence that names its package."""
    path = shutil.which(program) or shutil.which(program, path=SEARCH_PATH)
    if path is None:
        package = PACKAGES[program]
        raise MissingTool(f"{program} is not installed: it is in the Debian package {package}")
    return path


def find_all():
    """Raise one sentence for all programs that are missing."""
    missing = []
    for program, package in PACKAGES.items():
        try:
            find(program)
        except MissingTool:
            missing.append(f"{program} (Debian package {package})")
    if missing:
        raise MissingTool("not installed: " + ", ".join(missing))

"""Runs in the machine: puts up one tree after another and notes what systemd and hosttune make of each."""

import json
import os
import shutil
import subprocess
import sys


def put(files):
    """Write the files of a tree."""
    for path, kind, content in files:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if kind == "link":
            os.symlink(content, path)
        else:
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(content)


def take(files):
    """Remove them again."""
    for path, _, _ in files:
        os.unlink(path)


def stored(profile):
    """Return what hosttune says is stored for each key of a profile: state, value and source."""
    done = subprocess.run(["hosttune", "--format", "json", "check", "--profile", profile], capture_output=True, check=False)
    found = {}
    for finding in json.loads(done.stdout)["findings"]:
        layer = [layer for layer in finding["layers"] if layer["layer"] == "stored"][0]
        found[finding["id"]] = [layer["state"], layer["observed"], layer["source"]]
    return found


def sysctl(case):
    """Load a tree of sysctl.d into keys that all have the same value before."""
    put(case["files"])
    for key in case["keys"]:
        with open(f"/proc/sys/{key}", "w", encoding="ascii") as file:
            file.write(str(case["base"]))
    environment = dict(os.environ, SYSTEMD_LOG_LEVEL="debug", SYSTEMD_LOG_TARGET="console")
    log = subprocess.run(["/usr/lib/systemd/systemd-sysctl"], capture_output=True, check=False, env=environment).stderr
    kernel = {}
    for key in case["keys"]:
        with open(f"/proc/sys/{key}", encoding="ascii") as file:
            kernel[key] = int(file.read())
    found = stored(case["profile"])
    take(case["files"])
    return {"kernel": kernel, "found": found, "log": log.decode(errors="replace")}


def units(case):
    """Reload systemd with a tree of drop-ins."""
    put(case["files"])
    subprocess.run(["systemctl", "daemon-reload"], check=True)
    shown = {}
    for unit in case["units"]:
        command = ["systemctl", "show", "--value", "-p", "TasksMax", unit]
        shown[unit] = subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()
    found = stored(case["profile"])
    take(case["files"])
    return {"shown": shown, "found": found}


def limits(case):
    """Log in with a tree of limits.d."""
    put(case["files"])
    given = {}
    for user in case["users"]:
        command = ["su", "--login", "--shell", "/bin/bash", user, "--command", "ulimit -Sn; ulimit -Hn"]
        given[user] = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    found = stored(case["profile"])
    take(case["files"])
    return {"given": given, "found": found}


def main():
    """Run every case of the file named on the command line."""
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    for place in ["/etc/sysctl.d", "/usr/lib/sysctl.d", "/usr/local/lib/sysctl.d", "/etc/security/limits.d"]:
        shutil.rmtree(place, ignore_errors=True)
    os.unlink("/etc/security/limits.conf")
    run = {"sysctl": sysctl, "units": units, "limits": limits}
    json.dump([run[case["kind"]](case) for case in cases], sys.stdout)


main()

"""Knows what apply may change on a machine and revert must bring back: /etc, sysctls, limits of daemons."""

import json

ETC = r"""
cd /etc && find . -printf '%p %y %m %u:%g %l\n' | LC_ALL=C sort
find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
"""

RUNNING = r"""
for key in $(cat /root/keys); do printf '%s = ' "$key"; cat "$key" 2>/dev/null || echo absent; done
for unit in docker containerd; do
    cat /sys/fs/cgroup/system.slice/$unit.service/pids.max
    grep -vE 'Max (nice|realtime priority)' /proc/$(systemctl show --value -p MainPID $unit)/limits
    systemctl show $unit -p TasksMax -p LimitNOFILE -p LimitNOFILESoft -p DropInPaths
done
ls -R /run/systemd/system.control 2>/dev/null || true
"""


def report(vm, arguments, codes=(0,), user=None):
    """Run hosttune with JSON output, expect one of the exit codes, and return the document."""
    command = f"hosttune --format json {arguments}"
    if user is not None:
        command = f"su {user} -s /bin/sh -c '{command}'"
    result = vm.run(command, check=False, timeout=300)
    if result.rc not in codes:
        output = (result.stdout + result.stderr).rstrip()
        raise AssertionError(f"hosttune {arguments}: exit code {result.rc}, not {codes}\n{output}")
    return json.loads(result.stdout)


def remember_keys(vm, *profiles):
    """Note in the machine which files below /proc/sys the profiles speak about."""
    documents = [report(vm, f"check --profile {profile}", codes=(0, 1)) for profile in profiles]
    paths = [
        layer["source"]
        for document in documents
        for finding in document["findings"]
        for layer in finding["layers"]
        if layer["layer"] == "running" and layer["source"].startswith("/proc/sys/")
    ]
    paths = sorted(set(paths))
    vm.put_text("\n".join(paths) + "\n", "/root/keys")
    return len(paths)


def etc(vm):
    """Return names, kinds, modes, owners, links and contents of everything below /etc."""
    return vm.run(ETC).stdout


def running(vm):
    """Return the values of the remembered sysctls and the limits of Docker's daemons."""
    return vm.run(RUNNING).stdout


def difference(before, after):
    """Return the lines that only one of two states has."""
    old, new = before.splitlines(), after.splitlines()
    gone = [f"- {line}" for line in old if line not in set(new)]
    come = [f"+ {line}" for line in new if line not in set(old)]
    return "\n".join(gone + come)


def same(before, after, what):
    """Fail with the differing lines unless both states are the same."""
    if before != after:
        raise AssertionError(f"{what} differs:\n{difference(before, after)}")

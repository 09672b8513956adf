"""Knows how to start containers one by one until Docker refuses one, and how to take them away."""

import shlex

NO_ANSWER = "no answer within 90 s"


def start_until_refused(vm, at_most, network="bridge", options="", start=None):
    """Start containers, at most so many; return how many run and what the refusal said, if there was one.

    `start` is what starts number $i, where that is more than `docker run`.
    """
    start = start or f"docker run --detach --label lab --network {network} {options} pause"
    script = f"""
    for i in $(seq {at_most}); do
        i=$i timeout 90 sh -c {shlex.quote(start)} >/dev/null 2>/root/refusal
        code=$?
        if [ $code -ne 0 ]; then
            # A daemon that has no file left to accept with does not even refuse.
            [ $code -eq 124 ] && echo "{NO_ANSWER}" >> /root/refusal
            echo refused; break
        fi
        echo started
    done
    """
    lines = vm.run(script, timeout=60 + 30 * at_most).stdout.split()
    refused = "refused" in lines
    text = vm.run("cat /root/refusal").stdout.strip() if refused else None
    return lines.count("started"), text


def remove_all(vm):
    """Remove every container of the lab, those that never ran included."""
    vm.run("docker ps --all --quiet --filter label=lab | xargs --no-run-if-empty docker rm --force", timeout=300)


def shims_without_watcher(vm):
    """Count shims that have no inotify instance: their containers run without OOM events."""
    script = """
    count=0
    for pid in $(pidof containerd-shim-runc-v2); do
        ls -l /proc/$pid/fd | grep -q anon_inode:inotify || count=$((count + 1))
    done
    echo $count
    """
    return int(vm.run(script).stdout)

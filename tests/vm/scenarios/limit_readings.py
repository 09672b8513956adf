"""Every limit on a whole machine: enough of them have a number, and none contradicts an independent command."""

import assertions
import host_state

SUITES = ["trixie", "bookworm"]
BUDGET = 180
EVERY_CHANGE = []

IDS = 50
NUMBERS = 40

# limit, place (its beginning), `ceiling` or `used`, how far both may be apart, and a command that says it otherwise.
WITNESSES = [
    ("fs.mount-max", "host", "used", 2, "wc -l < /proc/1/mountinfo"),
    ("fs.mount-max", "host", "ceiling", 0, "sysctl -n fs.mount-max"),
    ("tmpfs.run", "bytes", "used", 2**19, "df --output=used --block-size=1 /run | tail -1"),
    ("tmpfs.run", "bytes", "ceiling", 0, "df --output=size --block-size=1 /run | tail -1"),
    ("tmpfs.run", "inodes", "used", 40, "df --output=iused /run | tail -1"),
    ("disk.inodes", "inodes", "used", 40, "df --output=iused /var/lib/docker | tail -1"),
    ("disk.space", "bytes", "ceiling", 0, "df --output=size --block-size=1 /var/lib/docker | tail -1"),
    ("fs.file-max", "host", "used", 300, "cut -f1 /proc/sys/fs/file-nr"),
    ("systemd.max-units", "PID 1", "used", 6,
     "busctl get-property org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager NNames"
     " | cut -d' ' -f2"),
    ("systemd.default-tasks-max", "each", "ceiling", 0, "systemctl show --value --property DefaultTasksMax"),
    ("kernel.threads-max", "host", "used", 20, "ps -eLf --no-headers | wc -l"),
    ("kernel.pid_max", "host", "ceiling", 0, "echo $(($(sysctl -n kernel.pid_max) - 300))"),
    ("kernel.pty.max", "host", "ceiling", 0,
     "echo $(($(sysctl -n kernel.pty.max) - $(sysctl -n kernel.pty.reserve) - 1))"),
    ("kernel.keys.maxkeys", "uid 0", "used", 3,
     "awk '$1 == \"0:\" {split($4, a, \"/\"); print a[1]}' /proc/key-users"),
    ("kernel.keys.maxbytes", "uid 0", "ceiling", 0, "sysctl -n kernel.keys.root_maxbytes"),
    ("rlimit.nofile", "dockerd", "used", 3, "ls /proc/$(pidof -s dockerd)/fd | wc -l"),
    ("rlimit.nofile", "containerd", "ceiling", 0, "prlimit --pid $(pidof -s containerd) --nofile -o SOFT --noheadings"),
    ("go.max-threads", "dockerd", "used", 2, "ls /proc/$(pidof -s dockerd)/task | wc -l"),
    ("memory", "host", "ceiling", 0, "free --bytes | awk '/Mem:/ {print $2}'"),
    ("memory", "host", "used", 60_000_000, "free --bytes | awk '/Mem:/ {print $2 - $7}'"),
    ("memory.commit", "host", "used", 300_000_000, "awk '/Committed_AS/ {print $2 * 1024}' /proc/meminfo"),
    ("docker.subnet", "docker0", "ceiling", 0,
     "docker network inspect bridge --format '{{(index .IPAM.Config 0).Subnet}}'"
     " | awk -F/ '{print 2 ^ (32 - $2) - 3}'"),
    ("net.ipv4.ip_local_port_range", "host", "ceiling", 0, "awk '{print $2 - $1 + 1}' /proc/sys/net/ipv4/ip_local_port_range"),
    ("net.neigh.gc_thresh3", "IPv4", "ceiling", 0, "sysctl -n net.ipv4.neigh.default.gc_thresh3"),
    ("fs.inotify.max_user_instances", "uid 0", "used", 4,
     "find /proc/[0-9]*/fd -lname anon_inode:inotify 2>/dev/null | cut -d/ -f3 | xargs -I{} grep -hP '^Uid:\\t\\d+\\t0\\t' "
     "/proc/{}/status | wc -l"),
    ("user.max_namespaces", "net", "ceiling", 0, "sysctl -n user.max_net_namespaces"),
    ("memcg.ids", "host", "ceiling", 0, "echo 65535"),
    ("kernel.sem", "host", "ceiling", 0, "ipcs --limits --semaphores | awk '/max number of arrays/ {print $NF}'"),
    ("kernel.shmmni", "host", "ceiling", 0, "ipcs --limits --shmems | awk '/max number of segments/ {print $NF}'"),
]


def run(vm):
    """Ask preflight as root and hold its readings against other commands."""
    vm.step("preflight --nodes 600 as root")
    document = host_state.report(vm, "preflight --nodes 600", codes=(0, 1, 3))
    rows = document["limits"]
    told = {row["id"] for row in rows if is_told(row)}
    silent = sorted({row["id"] for row in rows} - told)
    print(f"    {len({row['id'] for row in rows})} limits at {len(rows)} places; {len(told)} with a number; "
          f"without: {', '.join(silent)}")
    print(f"    {document['headline']}")
    for row in rows:
        if row["verdict"] == "unknown":
            print(f"    unknown: {row['id']}@{row['place']}: {row['note']}")
    assertions.between(len({row["id"] for row in rows}), IDS, 1000, "limits")
    assertions.between(len(told), NUMBERS, 1000, f"limits with a number (without: {silent})")

    vm.step(f"{len(WITNESSES)} readings against other commands")
    wrong = [complaint for witness in WITNESSES if (complaint := contradiction(vm, rows, witness))]
    assertions.equal(wrong, [], "readings that another command contradicts")

    vm.step("in seconds, and as text")
    text = vm.run("time -p hosttune preflight --nodes 600", check=False)
    assertions.contains(text.stdout, "more fit or do not apply", "the text folds what has room")
    print("    " + " ".join(text.stderr.split()))


def is_told(row):
    """Tell whether a row has a ceiling and a use, or has no bound."""
    return row["unlimited"] or (row["ceiling"] is not None and row["used"] is not None)


def contradiction(vm, rows, witness):
    """Return what is wrong with a reading, or None."""
    limit, place, field, apart, command = witness
    seen = [row[field] for row in rows if row["id"] == limit and row["place"].startswith(place)]
    said = float(assertions.word(vm, command))
    if not seen or seen[0] is None or abs(seen[0] - said) > apart:
        return f"{field} of {limit}@{place}: {seen} where `{command}` says {said:.0f}"
    return None

"""On random trees of sysctl.d, drop-ins and limits.d, what hosttune names as stored is what systemd and PAM load."""

import json
import os
import random
from pathlib import Path

import assertions
from trees import limits, sysctl, units

SUITES = ["trixie", "bookworm"]
BUDGET = 240
EVERY_CHANGE = ["trixie"]

CASES = int(os.environ.get("HOSTTUNE_TREES", "48"))
SEED = int(os.environ.get("HOSTTUNE_SEED", "20"))
DRIVER = Path(__file__).resolve().parent.parent / "trees" / "driver.py"


def run(vm):
    """Make all trees, have the machine load them in one go, and compare."""
    vm.step(f"make {CASES} trees of sysctl.d, {CASES // 6} of drop-ins and {CASES // 8} of limits.d from seed {SEED}")
    # Every value stands for a line: above any default of systemd's, below what seconds may be.
    chance, counter = random.Random(SEED), [100_000]
    of_sysctl = [sysctl.Tree(chance, counter) for _ in range(CASES)]
    of_units = [units.Tree(chance, counter) for _ in range(CASES // 6)]
    of_limits = [limits.Tree(chance) for _ in range(CASES // 8)]
    cases = [{"kind": "sysctl", "files": tree.files, "keys": sysctl.KEYS, "base": sysctl.BASE,
              "profile": "/root/sysctl.ini"} for tree in of_sysctl]
    cases += [{"kind": "units", "files": tree.files, "units": units.UNITS, "profile": "/root/units.ini"}
              for tree in of_units]
    cases += [{"kind": "limits", "files": tree.files, "users": limits.USERS, "profile": "/root/limits.ini"}
              for tree in of_limits]
    vm.put_text(sysctl.profile(), "/root/sysctl.ini")
    vm.put_text(units.profile(), "/root/units.ini")
    vm.put_text(limits.profile(), "/root/limits.ini")
    vm.put_text(json.dumps(cases), "/root/cases.json")
    vm.put(DRIVER, "/root/driver.py")
    vm.run("ip link add xa type dummy && ip link add x.1 type dummy && groupadd ptg && "
           "useradd --create-home --groups ptg pta && useradd --create-home ptb")

    vm.step("have systemd-sysctl, systemd and PAM load each of them")
    seen = json.loads(vm.run("python3 /root/driver.py /root/cases.json", timeout=600).stdout)

    vm.step("compare")
    wrong, told = [], 0
    for number, (case, result) in enumerate(zip(cases, seen)):
        compare = {"sysctl": of_kernel, "units": of_systemd, "limits": of_pam}[case["kind"]]
        trees = of_sysctl + of_units + of_limits
        differences = list(compare(trees[number], result))
        told += sum(1 for difference in differences if difference is None)
        wrong += [f"seed {SEED}, case {number}: {difference}" for difference in differences if difference]
    text = "\n".join(wrong[:4])
    assertions.equal(text, "", f"{len(wrong)} differences, {told} values alike")
    vm.step(f"{told} values alike, none different")


def of_kernel(tree, result):
    """Yield None for a key that is as hosttune says, else the difference."""
    for key in sysctl.KEYS:
        state, value, source = result["found"][sysctl.identity(key)]
        kernel = result["kernel"][key]
        wanted = ["absent", None] if kernel == sysctl.BASE else ["value", str(kernel)]
        if [state, value] != wanted:
            yield f"{key}: the kernel has {kernel}, hosttune says {state} {value} at {source}\n{tree.files}"
        elif state == "value" and source not in winners(tree, kernel, result["log"]):
            yield f"{key}: {kernel} is from {winners(tree, kernel, result['log'])}, hosttune says {source}\n{tree.files}"
        else:
            yield None


def winners(tree, value, log):
    """Return the line that systemd kept: the one it overwrote another with, else the first that it read."""
    read = [place for place in tree.sources(value) if is_read(tree, place)]
    kept = [place for place in read if f"at '{place}'" in log or f"{place}: Overwriting" in log]
    return [kept[-1]] if kept else read[:1]


def is_read(tree, place):
    """Return whether the file of a line is the strongest of its name."""
    path = place.rsplit(":", 1)[0]
    name = path.rsplit("/", 1)[1]
    there = [file for file, _, _ in tree.files if file.endswith("/" + name)]
    order = {file: sysctl.PLACES.index(file.rsplit("/", 1)[0]) for file in there}
    return min(there, key=order.get) == path


def of_systemd(tree, result):
    """Yield None for a unit that is as hosttune says, else the difference."""
    for unit in units.UNITS:
        state, value, source = result["found"][f"unit:{unit}/TasksMax"]
        shown = result["shown"][unit]
        line = tree.lines.get(int(shown)) if shown.isdigit() else None
        expected = ["value", shown, line] if line else ["absent", None]
        if [state, value, source][:len(expected)] != expected:
            yield f"{unit}: systemd has {shown} from {line}, hosttune says {state} {value} at {source}\n{tree.files}"
        else:
            yield None


def of_pam(tree, result):
    """Yield None for each limit that hosttune knows and a login has, else the difference."""
    for user, domain in (("pta", "pta"), ("ptb", "*")):
        state, value, source = result["found"][f"ulimit:{domain}/nofile"]
        if state != "value":
            continue
        soft, hard = (value.split(":") * 2)[:2]
        given = result["given"][user]
        if given != [soft, hard]:
            yield f"{user}: a login has {given}, hosttune says {value} at {source}\n{tree.files}"
        else:
            yield None

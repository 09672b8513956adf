"""Limits of every mechanism lowered in turn: what preflight predicts, where real containers are refused, what explain says."""

import gzip
import json
import os
import subprocess
import tempfile
from pathlib import Path

import assertions
import containers
import host_state
import tools
import truth_cases

SUITES = ["trixie", "bookworm"]
BUDGET = 1200
EVERY_CHANGE = []

CHECKOUT = Path(__file__).resolve().parents[3]
PAGE = CHECKOUT / "docs/truth"
OBSERVED = CHECKOUT / "tests/errors"
HEAD = ["limit", "place", "predicted", "started", "explained", "what Docker said"]


def run(vm):
    """Go through the cases, and only then say which ones were not as predicted."""
    cases = chosen(vm.suite)
    table, wrong = check(vm, cases)
    write_page(vm, table)
    assertions.equal(wrong, [], "predictions that did not come true")


def check(vm, cases):
    """Go through some cases; return the rows of those that came true, and what is wrong with the others."""
    prepare(vm)
    # The first container warms up daemons that are not at rest before it.
    containers.start_until_refused(vm, 1, "none")
    remove(vm)
    table, wrong = [], []
    for case in cases:
        vm.step(case.name)
        try:
            row, complaints = outcome(vm, case)
        except (AssertionError, subprocess.TimeoutExpired) as error:
            row, complaints = (f"`{case.limit}`", case.place, "", "", "", "broke off"), [f"{case.name}: {error}"]
        table += [] if complaints else [row]
        print("    " + " | ".join(row) + "".join(f"\n    WRONG: {complaint}" for complaint in complaints), flush=True)
        wrong += complaints
    return table, wrong


def prepare(vm):
    """Bring into the machine what the cases use: a program that holds threads, and a disk that is small."""
    vm.put_text(truth_cases.HOLDER, "/root/holder.py")
    with tempfile.TemporaryDirectory() as folder:
        disk = Path(folder) / "disk"
        # No journal and nothing kept for root, so that all of it is there for Docker.
        subprocess.run([tools.find("mke2fs"), "-q", "-t", "ext4", "-b", "4096", "-m", "0", "-N", "1024", "-O", "^has_journal", str(disk), "32M"],
                       check=True)
        vm.run("cat > /root/disk.gz", stdin=gzip.compress(disk.read_bytes()))


def chosen(suite):
    """Return the cases of this run: those that HOSTTUNE_TRUTH names, or all that the suite has."""
    cases = [case for case in truth_cases.CASES if suite in case.suites]
    wanted = os.environ.get("HOSTTUNE_TRUTH")
    if not wanted:
        return cases
    names = wanted.split(",")
    unknown = [name for name in names if not any(case.name == name or case.limit == name for case in cases)]
    assertions.equal(unknown, [], "HOSTTUNE_TRUTH names no case")
    return [case for case in cases if case.name in names or case.limit in names]


def outcome(vm, case):
    """Lower one limit, predict, start containers, explain, put the limit back; return the row and what is wrong."""
    # What the case before left in motion comes to rest.
    vm.run("sleep 2; " + case.lower, timeout=300)
    explained, complaints = "", []
    try:
        row = predict(vm, case)
        low, high = between(row)
        started, text = containers.start_until_refused(vm, min(high + 2, 8), case.network, case.options, case.start)
        if case.degrades:
            without = containers.shims_without_watcher(vm)
            complaints += [f"{case.name}: refused: {text}"] if text else []
            started, text = started - without, text or f"nothing; {without} shims go without"
        elif text and containers.NO_ANSWER not in text:
            keep(vm, case, text)
            explained, complaint = explain(vm, case, text)
            complaints += complaint
    finally:
        vm.run(case.restore, timeout=300)
        remove(vm)
        vm.run(case.after, timeout=120)
    free = row["verdict"] == "not-enforced"
    predicted = "not enforced" if free else (str(low) if low == high else f"{low} to {high}")
    count = f"{started}, none refused" if text is None else str(started)
    return (f"`{case.limit}`", row["place"], predicted, count, explained, last_words(text)), \
        complain(case, row, low, high, started, text) + complaints


def complain(case, row, low, high, started, text):
    """Return what was not as predicted: counted things within one, the rest within its interval."""
    if row["verdict"] == "not-enforced":
        return [f"{case.name}: not enforced, and yet: {text}"] if text else []
    wanted = ("degrades",) if case.degrades else ("stops", "unknown")
    if row["verdict"] not in wanted:
        return [f"{case.name}: {row['verdict']} with {row['used']} of {row['ceiling']}: {row['note']}"]
    if high - low > case.width:
        return [f"{case.name}: the interval {low} to {high} is wide"]
    slack = 1 if low == high else 0
    if text is None or not low - slack <= started <= high + slack:
        return [f"{case.name}: {low} to {high} predicted, {started} started: {text}"]
    if case.says not in text:
        return [f"{case.name}: Docker does not say {case.says!r}: {text}"]
    return []


def predict(vm, case):
    """Return the row of one limit at one place, for nodes of one container started one by one."""
    question = (f"preflight --nodes 30 --jobs-per-node 0 --node-network {case.network} --starts-at-once 1"
                f" {case.question}")
    document = host_state.report(vm, question, codes=(0, 1, 3))
    rows = [r for r in document["limits"] if r["id"] == case.limit and (not case.place or r["place"] == case.place)]
    assertions.equal(len(rows), 1, f"rows of {case.limit} at {case.place}")
    return rows[0]


def between(row):
    """Return the fewest and the most nodes that a row lets start, or, where it degrades, start whole."""
    if row["nodes_fit_between"]:
        return row["nodes_fit_between"]
    if row["degrades_at"] is not None:
        return row["degrades_at"] - 1, row["degrades_at"] - 1
    fit = row["nodes_fit"] if row["nodes_fit"] is not None else 2
    return fit, fit


def explain(vm, case, text):
    """Ask what is behind the refusal while the limit is still exhausted; return the answer and what is wrong with it."""
    result = vm.run("hosttune explain - --format json", check=False, stdin=text.encode())
    try:
        matches = json.loads(result.stdout)["matches"]
    except (ValueError, KeyError):
        return "", [f"{case.name}: explain ended with {result.rc}: {result.stdout}{result.stderr}"]
    said = [f"{match['limit']}, {match['confidence']}" for match in matches]
    wanted = f"{case.limit}, proven"
    if not said or said[0] != wanted:
        return "; ".join(said), [f"{case.name}: explain says {said} of: {text}"]
    if not any(fix.get("command") or fix.get("setting") or fix["text"] for fix in matches[0]["fix"]):
        return wanted, [f"{case.name}: explain has no way out: {matches[0]}"]
    return "proven", []


def keep(vm, case, text):
    """Keep what Docker said in full, once for each case and suite: fixtures of the judgement by words."""
    path = OBSERVED / f"observed-{vm.suite}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    kept = {(entry["limit"], entry["place"]): entry for entry in map(json.loads, lines)}
    # What is kept stays, so that a run that finds nothing new changes no file.
    if (case.limit, case.place) in kept:
        return
    kept[case.limit, case.place] = {"text": text, "limit": case.limit, "place": case.place, "suite": vm.suite}
    text = "".join(json.dumps(kept[key]) + "\n" for key in sorted(kept))
    path.write_text(text, encoding="utf-8")


def remove(vm):
    """Remove the containers of a case, and wait until their processes are gone."""
    containers.remove_all(vm)
    vm.run("for i in $(seq 20); do pidof containerd-shim-runc-v2 runc >/dev/null || break; sleep 0.5; done")


def last_words(text):
    """Return the end of what Docker said, in one line, without what its client adds."""
    line = " ".join((text or "").split()).replace("|", "/")
    line = line.removesuffix("See 'docker run --help'.").removesuffix("Run 'docker run --help' for more information").strip()
    return line if len(line) <= 120 else "…" + line[-119:]


def write_page(vm, table):
    """Write the table where the documents are: rows of this run, and of runs before it on the same versions."""
    versions = vm.run("uname -r; systemctl --version | head -1 | cut -d' ' -f2; docker version --format '{{.Server.Version}}';"
                      " containerd --version | cut -d' ' -f3; runc --version | head -1 | cut -d' ' -f3").stdout.split()
    kernel, systemd, docker, containerd, runc = versions
    line = f"Kernel {kernel}, systemd {systemd}, Docker {docker}, containerd {containerd}, runc {runc}; 2 processors."
    path = PAGE / f"{vm.suite}.md"
    rows = merged(rows_before(path, line), table)
    lines = [f"# Predicted and observed on {vm.suite}", "",
             "Written by the scenario `truth` of tests/vm: each limit lowered in turn, nodes of one container started",
             "one by one until Docker refuses one. Whole numbers are exact to one; the rest is an interval. A run may go",
             "through some of the cases only, so rows can be of several boots; each is of the last run that it was true in.",
             "`explained` is what `hosttune explain` says of Docker's message while the limit is exhausted.", "",
             line, "", "| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    PAGE.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def rows_before(path, line):
    """Return the rows of a page, unless it is of other versions or has other columns."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    if line not in lines or "| " + " | ".join(HEAD) + " |" not in lines:
        return []
    rows = [tuple(text.removeprefix("| ").removesuffix(" |").split(" | ")) for text in lines if text.startswith("| `")]
    return [row for row in rows if len(row) == len(HEAD)]


def merged(before, table):
    """Return both in the order of the cases; a row of this run stands for the one before it."""
    rows = {row[:2]: row for row in [*before, *table]}
    order = [f"`{case.limit}`" for case in truth_cases.CASES]
    return sorted((row for row in rows.values() if row[0] in order), key=lambda row: order.index(row[0]))

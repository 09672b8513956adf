"""Each boot is held to what was applied: met, sabotaged and after an interrupted apply; who needs it waits for it."""

import json

import assertions
import host_state

SUITES = ["trixie", "bookworm"]
BUDGET = 300
EVERY_CHANGE = ["trixie"]

VERIFIER = "hosttune-verify.service"
READY = "hosttune-ready.target"
DEMO = """
[Unit]
Requires=hosttune-ready.target
After=hosttune-ready.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=true

[Install]
WantedBy=multi-user.target
"""
OTHER = "[sysctl]\nvm.swappiness = exact 7\n[unit docker.service]\nTasksMax = exact 6000\n"
INOTIFY = "sysctl:fs.inotify.max_user_instances"


def run(vm):
    """Install and apply, then boot three times: as it is, with two files in the way, and half-way to another profile."""
    before = host_state.etc(vm)
    vm.step("install, apply, and a unit that needs a verified host")
    host_state.report(vm, "install --yes")
    vm.run(f"systemd-analyze verify --man=no {VERIFIER} {READY}")
    figure = assertions.word(vm, f"systemd-analyze security --no-pager {VERIFIER} | tail -1", check=False)
    print(f"    {figure}")
    host_state.report(vm, "apply --profile dense-1200 --yes")
    vm.put_text(DEMO, "/etc/systemd/system/demo.service")
    vm.run("systemctl enable demo.service")
    waiting = host_state.report(vm, "check --boot", codes=(3,))
    assertions.equal(waiting["verdict"], "not-verified", "verdict before any boot was verified")
    assertions.contains(waiting["problems"][0]["message"], "it has not run yet", "why there is no receipt")

    vm.step("reboot: the receipt is there without anyone asking")
    vm.reboot()
    verified(vm)
    sabotaged(vm)
    interrupted(vm)

    vm.step("uninstalled without a trace")
    host_state.report(vm, "revert --all")
    gone = host_state.report(vm, "uninstall --yes")
    assertions.contains(gone["problems"][0]["message"], "demo.service", "who still requires it")
    vm.run("systemctl disable demo.service && rm /etc/systemd/system/demo.service && systemctl daemon-reload")
    host_state.same(before, host_state.etc(vm), "/etc after uninstall")
    left = assertions.word(vm, "find /usr/local -name 'hosttune*'; systemctl list-units --all --plain --no-legend 'hosttune*'")
    assertions.equal(left, "", "what is left of it")


def states(vm):
    """Return the states of the verifier, of the target, and of the unit that needs it."""
    return vm.run(f"systemctl is-active {VERIFIER} {READY} demo.service", check=False).stdout.split()


def log(vm):
    """Return what the verifier said in this boot."""
    return vm.run(f"journalctl --boot --output cat --unit {VERIFIER}").stdout


def setting(document, name):
    """Return what a receipt says of one setting."""
    return [shown for shown in document["boot"]["settings"] if shown["id"] == name][0]


def verified(vm):
    """Expect this boot to be verified, for everybody to see."""
    print("    " + log(vm).replace("\n", "\n    ").rstrip())
    assertions.equal(states(vm), ["active"] * 3, "verifier, target, demo")
    for user in (None, "nobody"):
        found = host_state.report(vm, "check --boot", user=user)
        assertions.equal(found["verdict"], "met", "verdict of the boot")
        assertions.equal(found["boot"]["boot_id"], vm.boot_id(), "boot of the receipt")
        assertions.equal((found["boot"]["current"], found["boot"]["apply"]), (True, 2), "this boot, and its apply")
    running = [layer for layer in setting(found, INOTIFY)["layers"] if layer["layer"] == "running"][0]
    assertions.equal((running["expected"], running["seen"]), ("8192", "8192"), "expected and seen")
    kept = json.loads(vm.get(f"/var/lib/hosttune/boots/{vm.boot_id()}.json"))
    assertions.equal(kept["findings"], host_state.report(vm, "check")["findings"], "findings of the receipt and of check")
    status = host_state.report(vm, "status")
    assertions.equal(status["last_boot"]["verdict"], "met", "status of the last boot")
    refused = vm.run(f"systemctl restart {VERIFIER}", check=False)
    assertions.contains(refused.stderr, "refused", "a restart that would stop the demo")


def sabotaged(vm):
    """Put a file in the way and mask another, reboot, and expect to be told; then mend it."""
    vm.step("sabotage, reboot: what was lost, who did it, and nobody starts on it")
    vm.put_text("fs.inotify.max_user_instances = 128\n", "/etc/sysctl.d/99-zz.conf")
    modules = "/etc/modules-load.d/60-hosttune.conf"
    vm.run(f"mv {modules} /root/modules && ln -s /dev/null {modules}")
    vm.reboot()
    said = log(vm)
    print("    " + said.replace("\n", "\n    ").rstrip())
    assertions.equal(states(vm), ["failed", "inactive", "inactive"], "verifier, target, demo")
    assertions.contains(assertions.word(vm, "systemctl --failed --plain --no-legend"), VERIFIER, "failed units")
    found = host_state.report(vm, "check --boot", codes=(1,))
    assertions.equal((found["verdict"], found["boot"]["current"]), ("drifted", True), "verdict of the boot")
    lost = setting(found, INOTIFY)
    assertions.equal([layer["seen"] for layer in lost["layers"] if layer["layer"] in ("stored", "running")], ["128"] * 2,
                     "what there is instead")
    assertions.equal(lost["layers"][0]["source"], "/etc/sysctl.d/99-zz.conf:1", "who did it")
    assertions.contains(lost["fix"], "/etc/sysctl.d/99-zz.conf:1", "the fix")
    assertions.equal(setting(found, "module:nf_conntrack")["verdict"], "drifted", "the masked module")
    line = [line for line in said.splitlines() if line.startswith(f"drifted {INOTIFY}: ")]
    assertions.equal(len(line), 1, "lines of the journal about it")
    for part in ("expected 8192", "stored 128 at /etc/sysctl.d/99-zz.conf:1", "fix: remove the line"):
        assertions.contains(line[0], part, "the journal's line")
    print("    " + vm.run("hosttune check --boot", check=False).stdout.replace("\n", "\n    ").rstrip())

    vm.step("mended: whoever needs it has it verified again")
    vm.run(f"rm /etc/sysctl.d/99-zz.conf && mv /root/modules {modules}")
    host_state.report(vm, "apply --yes")
    vm.run("systemctl start demo.service")
    assertions.equal(states(vm), ["active"] * 3, "verifier, target, demo")
    host_state.report(vm, "check --boot")


def interrupted(vm):
    """Kill an apply of another profile half-way, reboot, and expect to be told."""
    vm.step("an apply that is killed, reboot: it is named, and nobody starts on it")
    vm.put_text(OTHER, "/root/other.ini")
    record = int(host_state.report(vm, "history")["history"][-1]["id"]) + 1
    path = f"/var/lib/hosttune/journal/{record:04}.json"
    vm.run(f"hosttune apply --profile /root/other.ini --yes >/dev/null 2>&1 & pid=$!;"
           f" until [ -e {path} ]; do sleep 0.01; done; kill -9 $pid; wait $pid; sync", check=False)
    state = json.loads(vm.get(path))["state"]
    assertions.equal(state, "applying", "the apply that was killed")
    vm.reboot()
    said = log(vm)
    print("    " + said.replace("\n", "\n    ").rstrip())
    assertions.equal(states(vm), ["failed", "inactive", "inactive"], "verifier, target, demo")
    found = host_state.report(vm, "check --boot", codes=(1,))
    assertions.equal(found["verdict"], "interrupted", "verdict of the boot")
    assertions.contains(said, f"apply {record} of profile other", "the journal's line")
    assertions.contains(said, "was interrupted", "the journal's line")

"""What check says of the next boot, with every late writer at work, is what the reboot then shows."""

import assertions
import host_state

SUITES = ["trixie", "bookworm"]
BUDGET = 300
EVERY_CHANGE = []
PACKAGES = ["network-manager", "tuned", "ufw"]

PROFILES = ["optimize-for-containers", "dense-1200"]

# Keys beside those of the profiles, one a cause.
EXTRA = """
[profile]
summary = a key for each cause

[sysctl]
net.ipv4.conf.eth0.rp_filter = 2
net.ipv4.conf.lo.rp_filter = 2
net.ipv4.conf.eth0.log_martians = 1
net.ipv4.conf.eth0.promote_secondaries = 0
net.ipv4.icmp_echo_ignore_all = 1
net.ipv4.tcp_keepalive_probes = exact 6
vm.swappiness = exact 5
vm.page-cluster = 2
kernel.printk_ratelimit = 4
net.core.message_cost = 6
net.core.netdev_budget = 300
net.bridge.bridge-nf-call-arptables = 0
net.ipv4.tcp_keepalive_intvl = exact 33
net.ipv4.conf.eth0.proxy_arp = 1
"""

# Debian 13 has TuneD 2.25, which looks into no other folders; Debian 12 has 2.20.
PROFILES_OF_TUNED = {"trixie": "/etc/tuned/profiles", "bookworm": "/etc/tuned"}

FILES = {
    # Overrides what the profile in force stores.
    "/etc/sysctl.d/99-zz.conf": """
net.ipv4.tcp_fin_timeout = 44
net/core/netdev_max_backlog = 1234
net.ipv4.conf.*.rp_filter = 2
-net.ipv4.conf.lo.rp_filter
net.ipv4.conf.eth0.log_martians = 1
net.ipv4.conf.eth0.promote_secondaries = 0
net.ipv4.icmp_echo_ignore_all = 1
vm.page-cluster = 2
net.core.netdev_budget = 99999999999
net.bridge.bridge-nf-call-arptables = 0
net.ipv4.conf.e*.proxy_arp = 0
""",
    "/usr/lib/sysctl.d/70-masked.conf": "kernel.printk_ratelimit = 4\n",
    "/run/sysctl.d/98-run.conf": "net.core.message_cost = 6\n",
    # systemd does not read it on Debian 13, TuneD does and reads it last.
    "/etc/sysctl.conf": "net.ipv4.tcp_keepalive_probes = 6\n",
    "/etc/network/interfaces": "# none\n",
    "/etc/systemd/network/10-lab.network": """
[Match]
Name=eth0
[Network]
Address=10.0.2.15/24
Gateway=10.0.2.2
IPv4ProxyARP=yes
""",
    "/etc/NetworkManager/conf.d/lab.conf": "[keyfile]\nunmanaged-devices=interface-name:eth0\n",
    "TUNED/lab/tuned.conf": """
[main]
include=lab-base
[sysctl]
vm.swappiness = 77
net.core.optmem_max = >1000
""",
    "TUNED/lab-base/tuned.conf": "[sysctl]\nvm.swappiness = 66\nvm.page-cluster = 1\n",
    "/etc/tuned/active_profile": "lab\n",
    "/etc/tuned/profile_mode": "manual\n",
}


def run(vm):
    """Apply each profile with others at work, ask before the reboot, look after it."""
    vm.step("put up files and services of others")
    for path, text in FILES.items():
        vm.put_text(text.lstrip("\n"), path.replace("TUNED", PROFILES_OF_TUNED[vm.suite]))
    vm.put_text(EXTRA, "/etc/hosttune/profiles/causes.ini")
    vm.run("ln -sf /dev/null /etc/sysctl.d/70-masked.conf")
    vm.run("sed -i s/^ENABLED=.*/ENABLED=yes/ /etc/ufw/ufw.conf")
    # The machine must stay within reach.
    vm.run("sed -i 's/^DEFAULT_INPUT_POLICY=.*/DEFAULT_INPUT_POLICY=\"ACCEPT\"/' /etc/default/ufw")
    vm.run("echo net/ipv4/tcp_keepalive_intvl=33 >> /etc/ufw/sysctl.conf")
    vm.run("systemctl enable ufw tuned NetworkManager systemd-networkd")
    vm.run("systemctl disable NetworkManager-wait-online systemd-networkd-wait-online", check=False)
    vm.run("/usr/lib/systemd/systemd-sysctl; sysctl -w vm.page-cluster=2", check=False)
    for profile in PROFILES:
        one_boot(vm, profile)


def one_boot(vm, profile):
    """One profile through one boot."""
    vm.step(f"apply {profile}")
    host_state.report(vm, f"apply --profile {profile} --restart docker.service --yes", codes=(0, 1))
    vm.step("what check says of the next boot")
    said = {name: next_boot(vm, name) for name in (profile, "causes")}
    vm.step("reboot")
    vm.run("rm -f /var/log/tuned/tuned.log")
    vm.reboot()
    vm.run("timeout 90 sh -c 'until grep -q \"static tuning from profile\" /var/log/tuned/tuned.log; do sleep 1; done'")
    wrong, right, open_ends = [], 0, []
    for name, layers in said.items():
        after = running(vm, name)
        for key, (state, value, source) in layers.items():
            if state != "value":
                open_ends.append(f"{key}: {value or state}")
                continue
            if value == after.get(key):
                right += 1
            else:
                wrong.append(f"{key}: {after.get(key)} after the boot, {value} from {source} was said before it")
    print("\n".join(f"             open: {line}" for line in sorted(set(open_ends))))
    assertions.equal("\n".join(wrong), "", f"what the next boot shows ({right} right)")
    vm.step(f"{right} values right, {len(set(open_ends))} said to be unknown")
    causes(vm, said["causes"], said[profile])


def next_boot(vm, profile):
    """Return what is said of the next boot: state, value and source of each sysctl."""
    return layer(vm, profile, "next-boot")


def running(vm, profile):
    """Return the running value of each sysctl."""
    return {key: value for key, (state, value, _) in layer(vm, profile, "running").items() if state == "value"}


def layer(vm, profile, wanted):
    """Return one layer of each sysctl of a profile."""
    document = host_state.report(vm, f"check --profile {profile}", codes=(0, 1, 3))
    found = {}
    for finding in document["findings"]:
        for one in finding["layers"]:
            if one["layer"] == wanted and finding["id"].startswith("sysctl:"):
                found[finding["id"][len("sysctl:"):]] = (one["state"], one["observed"], one["source"])
    return found


def causes(vm, said, of_profile):
    """Expect the winner that each cause was made for."""
    vm.step("the winners are the lines they were meant to be")
    last = "/etc/sysctl.d/99-zz.conf"
    wanted = {
        "net.ipv4.conf.eth0.log_martians": f"{last}:5",
        "vm.page-cluster": f"{last}:8",
        "net.ipv4.tcp_keepalive_probes": "/etc/sysctl.conf:1",
    }
    wanted["net.ipv4.conf.eth0.proxy_arp"] = "/etc/systemd/network/10-lab.network:6"
    wanted["net.ipv4.conf.eth0.rp_filter"] = f"{last}:3"
    for key, source in wanted.items():
        assertions.equal(said[key][2], source, f"source of {key}")
    for key, why in {
        "net.ipv4.conf.lo.rp_filter": "own default",
        "kernel.printk_ratelimit": "own default",
        "net.core.message_cost": "own default",
        "net.ipv4.conf.eth0.promote_secondaries": "no fixed order",
    }.items():
        assertions.equal(said[key][0], "unreadable", f"state of {key}")
        assertions.contains(said[key][1], why, f"why {key} is not known")
    assertions.equal(said["net.bridge.bridge-nf-call-arptables"][0], "absent", "a key without its module")
    if "net.ipv4.tcp_fin_timeout" in of_profile:
        assertions.equal(of_profile["net.ipv4.tcp_fin_timeout"][1:], ("44", f"{last}:1"), "a file read later")
    # TuneD applies the files again, and 2.25 does not know a name with slashes: there the line before it wins.
    slashes = "/etc/sysctl.d/60-hosttune.conf" if vm.suite == "trixie" else f"{last}:2"
    assertions.contains(of_profile["net.core.netdev_max_backlog"][2], slashes, "a name with slashes")

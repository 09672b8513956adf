//! What a boot makes of a sysctl, cause by cause.

use crate::check;
use model::{Entry, Finding, Layer, LayerFinding, Observed, Setting, Span, Verdict};
use testkit::FakeHost;

const OURS: &str = "/etc/sysctl.d/60-hosttune.conf";

fn setting(key: &str, value: &str) -> Setting {
    let entry = Entry {
        kind: "sysctl".to_owned(),
        name: None,
        key: key.to_owned(),
        value: value.to_owned(),
        reason: None,
        span: Span::new("p.ini", 2),
    };
    crate::parse(&[entry]).unwrap().remove(0)
}

fn found(host: &FakeHost, key: &str, value: &str) -> Finding {
    check(host, &[setting(key, value)]).remove(0)
}

fn next(host: &FakeHost, key: &str, value: &str) -> LayerFinding {
    found(host, key, value)
        .layer(Layer::NextBoot)
        .unwrap()
        .clone()
}

fn swappiness(value: &str) -> FakeHost {
    FakeHost::new()
        .file("/proc/sys/vm/swappiness", "5\n")
        .file(OURS, &format!("vm.swappiness = {value}\n"))
}

#[test]
fn what_is_stored_comes_back() {
    let found = found(&swappiness("5"), "vm.swappiness", "5");
    assert_eq!(found.verdict, Verdict::Met);
    assert_eq!(
        found.layer(Layer::NextBoot).unwrap().source,
        format!("{OURS}:1")
    );
}

#[test]
fn a_size_is_no_number_to_the_kernel() {
    let host = FakeHost::new().file("/etc/sysctl.d/1.conf", "fs.file-max = 4M\n");
    let found = found(&host, "fs.file-max", "4M");
    let looks = [Layer::Stored, Layer::NextBoot].map(|layer| found.layer(layer).unwrap());
    assert!(looks.iter().all(|look| look.verdict == Verdict::Unknown));
    assert!(
        looks[1]
            .note
            .as_ref()
            .unwrap()
            .contains("no number to the kernel")
    );
}

#[test]
fn what_was_set_by_hand_is_lost() {
    let host = FakeHost::new().file("/proc/sys/vm/swappiness", "5\n");
    let look = next(&host, "vm.swappiness", "5");
    assert_eq!(look.verdict, Verdict::Unknown);
    assert!(look.note.unwrap().contains("nothing keeps it"));
    // With another value stored, what comes instead is known.
    let look = next(&swappiness("60"), "vm.swappiness", "5");
    assert_eq!(look.verdict, Verdict::Drifted);
    assert_eq!(look.source, format!("{OURS}:1"));
}

#[test]
fn what_lies_in_run_is_lost() {
    let host = FakeHost::new()
        .file("/proc/sys/vm/swappiness", "5\n")
        .file("/usr/lib/sysctl.d/50-a.conf", "vm.swappiness = 60\n")
        .file("/run/sysctl.d/99-a.conf", "vm.swappiness = 5\n");
    let look = next(&host, "vm.swappiness", "5");
    assert_eq!(look.source, "/usr/lib/sysctl.d/50-a.conf:1");
    assert!(look.note.unwrap().contains("/run, which is empty"));
}

#[test]
fn a_key_without_its_module_is_skipped() {
    let (key, path) = (
        "net.netfilter.nf_conntrack_max",
        "/proc/sys/net/netfilter/nf_conntrack_max",
    );
    let host = FakeHost::new()
        .file(path, "1048576\n")
        .file(OURS, "net.netfilter.nf_conntrack_max = 1048576\n");
    let found = found(&host, key, "1048576");
    let look = found.layer(Layer::NextBoot).unwrap();
    assert_eq!(
        (look.verdict, &look.observed),
        (Verdict::Drifted, &Observed::Absent)
    );
    assert!(found.fix.unwrap().contains("modules-load.d"));
    let host = host.file("/etc/modules-load.d/60-hosttune.conf", "nf_conntrack\n");
    assert_eq!(next(&host, key, "1048576").verdict, Verdict::Met);
}

#[test]
fn a_masked_service_applies_nothing() {
    let host = swappiness("5").link("/etc/systemd/system/systemd-sysctl.service", "/dev/null");
    let look = next(&host, "vm.swappiness", "5");
    assert_eq!(look.verdict, Verdict::Unknown);
    assert_eq!(look.fix.unwrap(), "systemctl unmask systemd-sysctl.service");
}

#[test]
fn what_the_kernel_refuses_leaves_what_another_key_or_nobody_wrote() {
    let host = FakeHost::new()
        .file("/proc/sys/kernel/pid_max", "4194304\n")
        .file(
            "/usr/lib/sysctl.d/50-pid-max.conf",
            "kernel.pid_max = 4194304\n",
        )
        .file(
            "/etc/sysctl.d/99-x.conf",
            "kernel.pid_* = 5000\nkernel.pid_max=9999999999\n",
        );
    let look = next(&host, "kernel.pid_max", "4194304");
    // The line of 50-pid-max.conf was replaced before anything was written.
    assert_eq!(look.verdict, Verdict::Unknown);
    assert!(look.note.unwrap().contains("the kernel refuses it"));
    assert!(look.overruled[0].source.ends_with("99-x.conf:2"));
    let path = "/proc/sys/net/netfilter/nf_conntrack_max";
    let host = FakeHost::new().file(path, "6\n").file(
        "/etc/sysctl.d/99-x.conf",
        "net.nf_conntrack_max=6\nnet.netfilter.nf_conntrack_max=9999999999\n",
    );
    let host = host.file("/etc/modules-load.d/x.conf", "nf_conntrack\n");
    let look = next(&host, "net.netfilter.nf_conntrack_max", "6");
    assert_eq!(look.source, "/etc/sysctl.d/99-x.conf:1");
}

#[test]
fn what_comes_with_an_interface_is_in_no_order_with_other_late_writers() {
    let wants = "/etc/systemd/system/multi-user.target.wants";
    let host = FakeHost::new()
        .link(&format!("{wants}/systemd-networkd.service"), "x")
        .file("/proc/sys/net/ipv4/conf/eth0/proxy_arp", "1\n")
        .file("/etc/sysctl.d/9.conf", "net.ipv4.conf.eth0.proxy_arp = 0\n")
        .file(
            "/etc/systemd/network/a.network",
            "[Match]\nName=eth0\n[Network]\nIPv4ProxyARP=yes\n",
        );
    let key = "net.ipv4.conf.eth0.proxy_arp";
    assert_eq!(
        next(&host, key, "1").source,
        "/etc/systemd/network/a.network:4"
    );
    let host = host
        .link(&format!("{wants}/tuned.service"), "x")
        .file("/etc/tuned/active_profile", "a")
        .file("/etc/tuned/a/tuned.conf", "[sysctl]\nvm.x=1\n");
    let look = next(&host, key, "1");
    assert!(matches!(look.observed, Observed::Unreadable(why) if why.contains("no fixed order")));
}

#[test]
fn the_command_line_is_early_and_files_come_after_it() {
    let host = FakeHost::new()
        .file("/proc/sys/vm/swappiness", "5\n")
        .file("/proc/cmdline", "quiet sysctl.vm.swappiness=5\n");
    assert_eq!(next(&host, "vm.swappiness", "5").verdict, Verdict::Met);
    let host = host.file(OURS, "vm.swappiness=60\n");
    assert_eq!(next(&host, "vm.swappiness", "5").verdict, Verdict::Drifted);
}

#[test]
fn a_later_writer_is_named_with_its_line() {
    let wants = "/etc/systemd/system/multi-user.target.wants/ufw.service";
    let host = swappiness("5")
        .link(wants, "/usr/lib/systemd/system/ufw.service")
        .file("/etc/ufw/ufw.conf", "ENABLED=yes\n")
        .file("/etc/default/ufw", "IPT_SYSCTL=/etc/ufw/sysctl.conf\n")
        .file("/etc/ufw/sysctl.conf", "vm/swappiness=60\n");
    let found = found(&host, "vm.swappiness", "5");
    let look = found.layer(Layer::NextBoot).unwrap();
    assert_eq!(look.source, "/etc/ufw/sysctl.conf:1");
    assert!(
        look.note
            .as_ref()
            .unwrap()
            .starts_with("ufw writes 60 from /etc/ufw/sysctl.conf:1")
    );
    assert!(found.fix.unwrap().contains("/etc/ufw/sysctl.conf:1"));
}

#[test]
fn two_writers_in_no_order_are_no_answer_unless_they_agree() {
    let host = swappiness("5").file(
        "/etc/tmpfiles.d/a.conf",
        "w /proc/sys/vm/swappiness - - - - 60\n",
    );
    assert_eq!(next(&host, "vm.swappiness", "5").verdict, Verdict::Unknown);
    let host = host.file(
        "/etc/tmpfiles.d/a.conf",
        "w /proc/sys/vm/swappiness - - - - 5\n",
    );
    assert_eq!(next(&host, "vm.swappiness", "5").verdict, Verdict::Met);
}

#[test]
fn a_tree_is_worked_out_too() {
    let host = swappiness("5").tree();
    assert_eq!(next(&host, "vm.swappiness", "5").verdict, Verdict::Met);
}

//! Each trap of sysctl.d, as systemd-sysctl was seen to take it.

use super::super::stored::overruled;
use super::*;
use testkit::FakeHost;

const KEY: &str = "vm.swappiness";
const LAST: &str = "/etc/sysctl.d/99-z.conf";

fn read(host: &FakeHost, name: &str) -> Reading {
    reading(host, name, Boot::This)
}

fn winner(host: &FakeHost, name: &str) -> Option<String> {
    let last = read(host, name).said.pop()?;
    Some(format!("{} {}", last.value, last.span))
}

fn losers(host: &FakeHost, name: &str) -> Vec<String> {
    let lost = overruled(read(host, name), "").into_iter();
    lost.map(|one| format!("{} {}: {}", one.source, one.value, one.rule))
        .collect()
}

#[test]
fn later_names_win_and_equal_names_go_to_the_stronger_place() {
    let host = FakeHost::new()
        .file("/usr/lib/sysctl.d/50-a.conf", "vm.swappiness = 60\n")
        .file("/etc/sysctl.d/50-a.conf", "# mine\nvm/swappiness=50\n")
        .file("/run/sysctl.d/99-z.conf", "-vm.swappiness = 1\n");
    assert_eq!(winner(&host, KEY).unwrap(), "1 /run/sysctl.d/99-z.conf:1");
    let wanted = [
        "/etc/sysctl.d/50-a.conf:2 50: read before /run/sysctl.d/99-z.conf:1",
        "/usr/lib/sysctl.d/50-a.conf:1 60: /etc/sysctl.d/50-a.conf has the same name in a stronger place",
    ];
    assert_eq!(losers(&host, KEY), wanted);
    let next = reading(&host, KEY, Boot::Next).said.pop().unwrap();
    assert_eq!(next.span.to_string(), "/etc/sysctl.d/50-a.conf:2");
}

#[test]
fn a_link_to_dev_null_masks_and_so_does_an_empty_file() {
    let host = FakeHost::new()
        .file("/usr/lib/sysctl.d/50-a.conf", "vm.swappiness = 60\n")
        .link("/etc/sysctl.d/50-a.conf", "/dev/null");
    assert_eq!(winner(&host, KEY), None);
    assert_eq!(
        losers(&host, KEY),
        [
            "/usr/lib/sysctl.d/50-a.conf:1 60: masked by /etc/sysctl.d/50-a.conf, a link to /dev/null"
        ]
    );
    host.take("/etc/sysctl.d/50-a.conf");
    let host = host.file("/run/sysctl.d/50-a.conf", "");
    assert_eq!(winner(&host, KEY), None);
    assert!(reading(&host, KEY, Boot::Next).said.len() == 1);
}

#[test]
fn a_pattern_reaches_only_keys_nobody_names() {
    let host = FakeHost::new().file(
        LAST,
        "net.ipv4.conf.*.rp_filter = 2\n-net.ipv4.conf.lo.rp_filter\n",
    );
    let key = "net.ipv4.conf.all.rp_filter";
    assert!(winner(&host, key).unwrap().starts_with("2 "));
    assert_eq!(winner(&host, "net.ipv4.conf.lo.rp_filter"), None);
    assert_eq!(
        losers(&host, "net.ipv4.conf.lo.rp_filter"),
        [
            "/etc/sysctl.d/99-z.conf:1 2: a pattern, and -net/ipv4/conf/lo/rp_filter at \
          /etc/sysctl.d/99-z.conf:2 excludes the key"
        ]
    );
    let host = host.file(
        "/usr/lib/sysctl.d/10-a.conf",
        "net.ipv4.conf.all.rp_filter=1\n",
    );
    assert!(winner(&host, key).unwrap().starts_with("1 "));
    assert!(losers(&host, key)[0].contains("10-a.conf:1 names the key itself"));
}

#[test]
fn of_several_patterns_the_last_in_the_table_wins() {
    let key = "net.ipv4.conf.all.rp_filter";
    let text = "net.ipv4.conf.*.rp_filter = 1\nnet.ipv4.conf.a*.rp_filter = 2\n";
    let host = FakeHost::new().file(LAST, text);
    assert!(winner(&host, key).unwrap().starts_with("2 "));
    // Said again with another value, the pattern goes to the end; with the same it keeps its place.
    let host = host.file(
        "/etc/sysctl.d/99-zz.conf",
        "net/ipv4/conf/*/rp_filter = 0\n",
    );
    assert!(winner(&host, key).unwrap().starts_with("0 "));
    let host = host.file(
        "/etc/sysctl.d/99-zz.conf",
        "net/ipv4/conf/*/rp_filter = 1\n",
    );
    assert!(winner(&host, key).unwrap().starts_with("2 "));
}

#[test]
fn taking_a_key_back_cancels_a_line_and_the_other_way_round() {
    let host = FakeHost::new().file(LAST, "vm.swappiness = 5\n- vm/swappiness\n");
    assert_eq!(winner(&host, KEY), None);
    assert_eq!(read(&host, KEY).cancelled.unwrap().line, 2);
    assert_eq!(
        losers(&host, KEY),
        ["/etc/sysctl.d/99-z.conf:1 5: cancelled by -vm/swappiness at /etc/sysctl.d/99-z.conf:2"]
    );
    let host = host.file(LAST, "-vm.swappiness\nvm.swappiness = 5\n");
    assert!(winner(&host, KEY).unwrap().ends_with(":2"));
    assert!(read(&host, KEY).cancelled.is_none());
}

#[test]
fn the_same_value_again_changes_nothing() {
    let host = FakeHost::new()
        .file("/etc/sysctl.d/10-a.conf", "vm.swappiness = 5\n")
        .file(LAST, "vm.swappiness=5\n");
    assert_eq!(winner(&host, KEY).unwrap(), "5 /etc/sysctl.d/10-a.conf:1");
    assert_eq!(read(&host, KEY).said[0].again.len(), 1);
}

#[test]
fn odd_lines_are_read_as_systemd_reads_them() {
    let text = "\u{feff}vm.swappiness=1\r\n;vm.swappiness=2\r\n\tvm..swappiness =\t3 # 4\r\n\
                vm.swappiness\r\nvm.swappiness 5\\\r\n";
    let host = FakeHost::new().file(LAST, text);
    assert_eq!(
        winner(&host, KEY).unwrap(),
        "3 # 4 /etc/sysctl.d/99-z.conf:3"
    );
    let host = host.file(LAST, "vm.swappiness=\n");
    assert_eq!(winner(&host, KEY).unwrap(), " /etc/sysctl.d/99-z.conf:1");
}

#[test]
fn two_keys_of_one_variable_are_written_in_the_order_of_the_table() {
    let key = "net.netfilter.nf_conntrack_max";
    let host = FakeHost::new().file(
        LAST,
        "net.netfilter.nf_conntrack_max=5\nnet.nf_conntrack_max=6\n",
    );
    assert!(winner(&host, key).unwrap().starts_with("6 "));
    // The same value again keeps the first place, so the other key comes later.
    let host = host.file(
        "/etc/sysctl.d/99-zz.conf",
        "net.netfilter.nf_conntrack_max=5\n",
    );
    assert!(winner(&host, key).unwrap().starts_with("6 "));
}

#[test]
fn what_cannot_be_read_might_win_until_a_line_names_the_key() {
    let host = FakeHost::new()
        .file("/etc/sysctl.d/50-x.conf", "")
        .denied("/etc/sysctl.d/50-x.conf")
        .file("/etc/sysctl.d/40-a.conf", "vm.swappiness=1\n");
    assert!(read(&host, KEY).unreadable.is_some());
    let host = host.file("/etc/sysctl.d/60-a.conf", "vm.swapp*=1\n");
    assert!(read(&host, KEY).unreadable.is_some());
    let host = host.file("/etc/sysctl.d/60-a.conf", "-vm.swappiness\n");
    assert!(read(&host, KEY).unreadable.is_none());
}

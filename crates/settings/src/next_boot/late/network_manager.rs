//! NetworkManager: keys of the interfaces that it manages, by its connections.

use super::{Effect, LateWriter, NextBoot, Write, of_interface};
use crate::kinds::glob::matches;
use model::{Host, files_in};

pub(super) const WRITER: LateWriter = LateWriter {
    name: "NetworkManager",
    says: "keys of net.ipv4.conf and net.ipv6.conf of interfaces that it manages, by connections that \
           only root can read (src/core/devices/nm-device.c, `nm_device_ipv6_sysctl_set`)",
    writes,
};

/// What it writes for an interface.
const KEYS: &[(&str, &str)] = &[
    ("ipv4", "forwarding"),
    ("ipv4", "promote_secondaries"),
    ("ipv4", "rp_filter"),
    ("ipv6", "accept_ra"),
    ("ipv6", "accept_ra_defrtr"),
    ("ipv6", "accept_ra_pinfo"),
    ("ipv6", "accept_ra_rtr_pref"),
    ("ipv6", "addr_gen_mode"),
    ("ipv6", "disable_ipv6"),
    ("ipv6", "forwarding"),
    ("ipv6", "hop_limit"),
    ("ipv6", "mtu"),
    ("ipv6", "use_tempaddr"),
];

fn writes(boot: &NextBoot<'_>, key: &str) -> Vec<Write> {
    let Some((family, interface, name)) = of_interface(key) else {
        return Vec::new();
    };
    let host = boot.host();
    if !KEYS.contains(&(family, name)) || !boot.starts("NetworkManager.service") {
        return Vec::new();
    }
    if leaves_alone(host, interface) {
        return Vec::new();
    }
    vec![Write::new(
        WRITER.name,
        key,
        Effect::May,
        "NetworkManager.service",
    )]
}

/// Whether its configuration names the interface among those that it does not manage
/// (NetworkManager.conf(5), unmanaged-devices; the last file that sets it counts).
fn leaves_alone(host: &dyn Host, interface: &str) -> bool {
    let places = [
        "/etc/NetworkManager/conf.d",
        "/usr/lib/NetworkManager/conf.d",
    ];
    let files = files_in(host, &places.map(str::to_owned), ".conf").files;
    let main = host.read_text("/etc/NetworkManager/NetworkManager.conf");
    let texts = std::iter::once(main).chain(files.into_iter().map(|file| file.content));
    let texts: Vec<String> = texts.filter_map(Result::ok).collect();
    let lines = texts.iter().flat_map(|text| text.lines());
    let mut values = lines.filter_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "unmanaged-devices").then_some(value)
    });
    let devices = values.next_back().unwrap_or_default().split([';', ',']);
    let mut names = devices.filter_map(|device| device.trim().strip_prefix("interface-name:"));
    names.any(|name| matches(name.trim_start_matches('='), interface))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{starting, told};
    use super::*;

    #[test]
    fn it_may_write_keys_of_interfaces_and_no_others() {
        let host = starting("NetworkManager.service");
        assert_eq!(
            told(&WRITER, &host, "net/ipv6/conf/eth0/accept_ra").len(),
            1
        );
        assert_eq!(
            told(&WRITER, &host, "net/ipv6/conf/default/accept_ra"),
            [""; 0]
        );
        assert_eq!(
            told(&WRITER, &host, "net/ipv4/conf/eth0/log_martians"),
            [""; 0]
        );
    }
}

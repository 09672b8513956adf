//! NetworkManager: keys of the interfaces that it manages, by its connections.

use super::super::units::starts;
use super::{Effect, LateWriter, NextBoot, Write, of_interface};

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
    let Some((family, _, name)) = of_interface(key) else {
        return Vec::new();
    };
    if !KEYS.contains(&(family, name)) || !starts(boot.host(), "NetworkManager.service") {
        return Vec::new();
    }
    vec![Write::new(
        WRITER.name,
        key,
        Effect::May,
        "NetworkManager.service",
    )]
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

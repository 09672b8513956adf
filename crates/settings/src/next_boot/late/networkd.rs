//! systemd-networkd: keys of the interfaces that it manages.

use super::{Effect, LateWriter, NextBoot, Write, of_interface};
use crate::kinds::glob::matches;
use crate::kinds::unit_reading;
use model::{Host, files_in};

pub(super) const WRITER: LateWriter = LateWriter {
    name: "systemd-networkd",
    says: "keys of net.ipv4.conf and net.ipv6.conf of an interface, from the first .network file that \
           matches it, and of all interfaces from networkd.conf (systemd.network(5), networkd.conf(5); \
           src/network/networkd-sysctl.c)",
    writes,
};

/// What the words of an option come to.
type Meaning = fn(&str) -> Option<&'static str>;

/// The option of `[Network]`, the family and key it writes, and what its words come to.
const OPTIONS: &[(&str, &str, &str, Meaning)] = &[
    ("IPForward", "ipv4", "forwarding", family_4),
    ("IPForward", "ipv6", "forwarding", family_6),
    ("IPMasquerade", "ipv4", "forwarding", only_4),
    ("IPMasquerade", "ipv6", "forwarding", only_6),
    ("IPv4Forwarding", "ipv4", "forwarding", boolean),
    ("IPv6Forwarding", "ipv6", "forwarding", boolean),
    ("IPv4ProxyARP", "ipv4", "proxy_arp", boolean),
    (
        "IPv4ProxyARPPrivateVLAN",
        "ipv4",
        "proxy_arp_pvlan",
        boolean,
    ),
    ("IPv4AcceptLocal", "ipv4", "accept_local", boolean),
    ("IPv4RouteLocalnet", "ipv4", "route_localnet", boolean),
    ("IPv4ReversePathFilter", "ipv4", "rp_filter", filter),
    ("IPv6ProxyNDP", "ipv6", "proxy_ndp", boolean),
    ("IPv6PrivacyExtensions", "ipv6", "use_tempaddr", privacy),
];

/// What it writes for every interface that a .network file matches.
const ALWAYS: &[(&str, &str, &str)] = &[
    ("ipv4", "promote_secondaries", "1"),
    ("ipv6", "accept_ra", "0"),
];

fn boolean(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "1" | "yes" | "y" | "true" | "t" | "on" => Some("1"),
        "0" | "no" | "n" | "false" | "f" | "off" => Some("0"),
        _ => None,
    }
}

fn family_4(word: &str) -> Option<&'static str> {
    match word {
        "ipv4" => Some("1"),
        "ipv6" => None,
        // Until 255 a `no` leaves the value alone; from 256 on it is written.
        word => boolean(word).filter(|value| *value == "1"),
    }
}

fn family_6(word: &str) -> Option<&'static str> {
    match word {
        "ipv6" => Some("1"),
        "ipv4" => None,
        word => boolean(word).filter(|value| *value == "1"),
    }
}

fn only_4(word: &str) -> Option<&'static str> {
    matches!(word, "ipv4" | "both" | "yes" | "true" | "1").then_some("1")
}

fn only_6(word: &str) -> Option<&'static str> {
    matches!(word, "ipv6" | "both").then_some("1")
}

fn filter(word: &str) -> Option<&'static str> {
    match word {
        "no" => Some("0"),
        "strict" => Some("1"),
        "loose" => Some("2"),
        _ => None,
    }
}

fn privacy(word: &str) -> Option<&'static str> {
    match word {
        "prefer-public" => Some("1"),
        "kernel" => None,
        word => match boolean(word)? {
            "1" => Some("2"),
            other => Some(other),
        },
    }
}

fn writes(boot: &NextBoot<'_>, key: &str) -> Vec<Write> {
    let Some((family, interface, name)) = of_interface(key) else {
        return Vec::new();
    };
    let host = boot.host();
    if !boot.starts("systemd-networkd.service") {
        return Vec::new();
    }
    let mut all = Vec::new();
    let configuration = ["/etc/systemd/networkd.conf".to_owned()];
    let drop_ins = drop_ins(host, &directories("networkd.conf.d"));
    let global = configuration
        .into_iter()
        .chain(drop_ins)
        .collect::<Vec<_>>();
    if matches!(name, "forwarding" | "use_tempaddr") {
        all.extend(of_options(host, &global, key, family, name));
    }
    match matching(host, interface) {
        Some((path, true)) => {
            let mut files = vec![path.clone()];
            let file = path.rsplit('/').next().unwrap_or_default();
            files.extend(self::drop_ins(host, &directories(&format!("{file}.d"))));
            for (of, always, value) in ALWAYS {
                if (*of, *always) == (family, name) {
                    let effect = Effect::Whenever((*value).to_owned());
                    all.push(Write::new(WRITER.name, key, effect, path.as_str()));
                }
            }
            all.extend(of_options(host, &files, key, family, name));
        }
        Some((path, false)) if known(family, name) => {
            all.push(Write::new(WRITER.name, key, Effect::May, path));
        }
        _ => {}
    }
    all
}

fn known(family: &str, name: &str) -> bool {
    let of_options = OPTIONS.iter().map(|(_, of, key, _)| (*of, *key));
    let always = ALWAYS.iter().map(|(of, key, _)| (*of, *key));
    of_options
        .chain(always)
        .any(|known| known == (family, name))
}

fn directories(folder: &str) -> Vec<String> {
    let of_files = match folder.starts_with("networkd.conf") {
        true => "systemd",
        false => "systemd/network",
    };
    ["/etc", "/usr/local/lib", "/usr/lib"]
        .iter()
        .map(|place| format!("{place}/{of_files}/{folder}"))
        .collect()
}

fn drop_ins(host: &dyn Host, directories: &[String]) -> Vec<String> {
    let tree = files_in(host, directories, ".conf");
    tree.files.into_iter().map(|file| file.path).collect()
}

/// What the last option of each sort says.
fn of_options(
    host: &dyn Host,
    files: &[String],
    key: &str,
    family: &str,
    name: &str,
) -> Vec<Write> {
    let rows = OPTIONS
        .iter()
        .filter(|row| (row.1, row.2) == (family, name));
    rows.filter_map(|(option, _, _, meaning)| {
        let last = unit_reading(host, files, "Network", option).pop()?;
        let value = meaning(&last.value)?;
        let effect = Effect::Whenever(value.to_owned());
        Some(Write::new(WRITER.name, key, effect, last.span.to_string()))
    })
    .collect()
}

/// The first file that matches an interface, and whether that is certain: matches by anything but the
/// name depend on hardware.
fn matching(host: &dyn Host, interface: &str) -> Option<(String, bool)> {
    let places =
        ["/etc", "/usr/local/lib", "/usr/lib"].map(|place| format!("{place}/systemd/network"));
    for file in files_in(host, &places, ".network").files {
        let path = [file.path.clone()];
        let text = file.content.unwrap_or_default();
        let names = unit_reading(host, &path, "Match", "Name");
        let other = text
            .split("[Match]")
            .nth(1)
            .and_then(|rest| rest.split('[').next())
            .is_some_and(|lines| {
                let mut keys = lines.lines().filter_map(|line| line.split_once('='));
                keys.any(|(key, _)| !key.starts_with(['#', ';']) && key.trim() != "Name")
            });
        let words: Vec<&str> = names
            .iter()
            .flat_map(|one| one.value.split_whitespace())
            .collect();
        let hit = |word: &&&str| matches(word.trim_start_matches('!'), interface);
        let negated = words.first().is_some_and(|word| word.starts_with('!'));
        let named = words.iter().any(|word| hit(&word)) != negated;
        match (words.is_empty(), named, other) {
            (false, true, false) => return Some((file.path, true)),
            (false, true, true) | (true, _, true) => return Some((file.path, false)),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::tests::{starting, told};
    use super::*;

    #[test]
    fn the_first_file_that_matches_decides() {
        let host = starting("systemd-networkd.service")
            .file(
                "/etc/systemd/network/20-b.network",
                "[Match]\nName=eth0\n[Network]\nIPv4ReversePathFilter=strict\n",
            )
            .file(
                "/usr/lib/systemd/network/10-a.network",
                "[Match]\nName=e* !eth9\n[Network]\nIPv4Forwarding=no\n",
            )
            .file(
                "/etc/systemd/network/10-a.network.d/x.conf",
                "[Network]\nIPv4Forwarding=yes\n",
            );
        assert_eq!(
            told(&WRITER, &host, "net/ipv4/conf/eth0/forwarding"),
            ["Whenever(\"1\") /etc/systemd/network/10-a.network.d/x.conf:2"]
        );
        assert_eq!(
            told(&WRITER, &host, "net/ipv4/conf/eth0/rp_filter"),
            [""; 0]
        );
        assert_eq!(
            told(&WRITER, &host, "net/ipv4/conf/eth0/promote_secondaries").len(),
            1
        );
        assert_eq!(told(&WRITER, &host, "net/ipv4/conf/all/rp_filter"), [""; 0]);
    }

    #[test]
    fn hardware_is_not_known_beforehand() {
        let host = starting("systemd-networkd.service").file(
            "/etc/systemd/network/20-b.network",
            "[Match]\nMACAddress=1:2:3:4:5:6\n[Network]\nIPForward=yes\n",
        );
        assert_eq!(
            told(&WRITER, &host, "net/ipv4/conf/eth0/rp_filter"),
            ["May /etc/systemd/network/20-b.network"]
        );
    }
}

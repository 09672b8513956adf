//! What dockerd would not start with, or would start no container with, told before it is asked:
//! `dockerd --validate` lets a bad bip, pool or storage driver pass, and Docker 20.10 has no
//! `--validate` at all.

use super::document::Document;
use model::nearest;
use serde_json::Value;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether one word is fit for its key; if not, why.
pub(super) type Check = fn(&str) -> Result<(), String>;

/// The limits of a process that a container can be given (github.com/docker/go-units, ulimit.go).
const ULIMITS: [&str; 15] = [
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nice",
    "nofile",
    "nproc",
    "rss",
    "rtprio",
    "rttime",
    "sigpending",
    "stack",
];
const LOG_DRIVERS: [&str; 10] = [
    "awslogs",
    "fluentd",
    "gcplogs",
    "gelf",
    "journald",
    "json-file",
    "local",
    "none",
    "splunk",
    "syslog",
];
/// Drivers of the classic store, then snapshotters of containerd's.
const STORAGE_DRIVERS: [&str; 8] = [
    "btrfs",
    "fuse-overlayfs",
    "overlay2",
    "vfs",
    "zfs",
    "native",
    "overlayfs",
    "stargz",
];

pub(super) fn any(word: &str) -> Result<(), String> {
    match word.is_empty() {
        true => Err("has no value".to_owned()),
        false => Ok(()),
    }
}

pub(super) fn path(word: &str) -> Result<(), String> {
    match word.starts_with('/') {
        true => Ok(()),
        false => Err(format!("`{word}` is no absolute path")),
    }
}

pub(super) fn address(word: &str) -> Result<(), String> {
    parsed::<IpAddr>(word, "address").map(drop)
}

pub(super) fn address4(word: &str) -> Result<(), String> {
    parsed::<Ipv4Addr>(word, "IPv4 address").map(drop)
}

pub(super) fn address6(word: &str) -> Result<(), String> {
    parsed::<Ipv6Addr>(word, "IPv6 address").map(drop)
}

fn parsed<T: std::str::FromStr>(word: &str, what: &str) -> Result<T, String> {
    word.parse().map_err(|_| format!("`{word}` is no {what}"))
}

/// A network as `ADDRESS/LENGTH`. Bits behind the length do no harm: dockerd masks them off.
fn network(word: &str) -> Result<(IpAddr, u8), String> {
    let no = || format!("`{word}` is no network in the form ADDRESS/LENGTH");
    let (address, length) = word.split_once('/').ok_or_else(no)?;
    let address: IpAddr = address.parse().map_err(|_| no())?;
    let length: u8 = length.parse().map_err(|_| no())?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    match length <= most {
        true => Ok((address, length)),
        false => Err(format!("/{length} is longer than /{most}")),
    }
}

pub(super) fn network4(word: &str) -> Result<(), String> {
    match network(word)? {
        (IpAddr::V4(_), _) => Ok(()),
        (IpAddr::V6(_), _) => Err(format!("`{word}` is no IPv4 network")),
    }
}

pub(super) fn network6(word: &str) -> Result<(), String> {
    match network(word)? {
        (IpAddr::V6(_), _) => Ok(()),
        (IpAddr::V4(_), _) => Err(format!("`{word}` is no IPv6 network")),
    }
}

/// The bridge's own address: one that a host can have, in a network with room for a container.
pub(super) fn address4_with_room(word: &str) -> Result<(), String> {
    let (IpAddr::V4(address), length) = network(word)? else {
        return Err(format!("`{word}` is no IPv4 address with a length"));
    };
    if length > 30 {
        return Err(format!(
            "/{length} leaves no address for a container beside the bridge's own"
        ));
    }
    let hosts = u32::MAX.checked_shr(length.into()).unwrap_or_default();
    match u32::from(address) & hosts {
        0 => Err(format!(
            "{address} is the network itself; the bridge needs an address in it, such as {}",
            Ipv4Addr::from(u32::from(address) + 1)
        )),
        part if part == hosts => Err(format!("{address} is the network's broadcast address")),
        _ => Ok(()),
    }
}

pub(super) fn address6_with_room(word: &str) -> Result<(), String> {
    match network(word)? {
        (IpAddr::V6(_), 127..) => Err(format!("`{word}` leaves no address for a container")),
        (IpAddr::V6(_), _) => Ok(()),
        (IpAddr::V4(_), _) => Err(format!("`{word}` is no IPv6 address with a length")),
    }
}

/// A pool: a network that can be cut into parts of `size`, each with room for a container.
pub(super) fn pool(base: &str, size: i64) -> Result<(), String> {
    let (address, length) = network(base)?;
    let most = if address.is_ipv4() { 30 } else { 126 };
    if size < length.into() {
        return Err(format!("{base} cannot be cut into parts of /{size}"));
    }
    if size > most {
        return Err(format!("parts of /{size} have no room for a container"));
    }
    Ok(())
}

pub(super) fn ulimit(name: &str) -> Result<(), String> {
    one_of(name, &ULIMITS, "limit of a process")
}

pub(super) fn storage_driver(word: &str) -> Result<(), String> {
    if ["aufs", "devicemapper", "overlay"].contains(&word) {
        return Err(format!(
            "`{word}` is gone from Docker; overlay2 replaces it"
        ));
    }
    one_of(word, &STORAGE_DRIVERS, "storage driver")
}

/// The name of a plugin has a tag or an owner, by which it is told from a slip of the pen.
pub(super) fn log_driver(word: &str) -> Result<(), String> {
    match word.contains([':', '/']) {
        true => Ok(()),
        false => one_of(word, &LOG_DRIVERS, "log driver"),
    }
}

pub(super) fn log_format(word: &str) -> Result<(), String> {
    one_of(word, &["text", "json"], "log format")
}

pub(super) fn log_level(word: &str) -> Result<(), String> {
    let levels = ["debug", "info", "warn", "error", "fatal"];
    one_of(word, &levels, "log level")
}

pub(super) fn firewall(word: &str) -> Result<(), String> {
    one_of(word, &["iptables", "nftables"], "firewall backend")
}

pub(super) fn ipc_mode(word: &str) -> Result<(), String> {
    one_of(word, &["private", "shareable"], "default mode for IPC")
}

pub(super) fn cgroup_namespace(word: &str) -> Result<(), String> {
    one_of(word, &["host", "private"], "cgroup namespace mode")
}

pub(super) fn exec_option(word: &str) -> Result<(), String> {
    match word.split_once('=') {
        Some(("native.cgroupdriver", driver)) => {
            one_of(driver, &["systemd", "cgroupfs"], "cgroup driver")
        }
        _ => Err(format!("`{word}` is no native.cgroupdriver=DRIVER")),
    }
}

pub(super) fn pair(word: &str) -> Result<(), String> {
    match word.split_once('=') {
        Some((key, _)) if !key.is_empty() => Ok(()),
        _ => Err(format!("`{word}` is no KEY=VALUE")),
    }
}

pub(super) fn mirror(word: &str) -> Result<(), String> {
    match word.starts_with("https://") || word.starts_with("http://") {
        true => Ok(()),
        false => Err(format!("`{word}` begins with neither https:// nor http://")),
    }
}

fn one_of(word: &str, known: &[&str], what: &str) -> Result<(), String> {
    if known.contains(&word) {
        return Ok(());
    }
    let near = nearest(word, known.iter().copied());
    Err(match near {
        Some(near) => format!("`{word}` is no {what}; did you mean `{near}`?"),
        None => format!("`{word}` is no {what}; there are {}", known.join(", ")),
    })
}

/// Keys that dockerd does not start with side by side, where one of `ours` is among them.
pub(super) fn together(document: &Document, ours: &[&str]) -> Result<(), String> {
    let set = |key: &str| document.get(&[key]).map(|found| found.value);
    let touched = |keys: &[&str]| keys.iter().any(|key| ours.contains(key));
    let off = |key: &str| set(key) == Some(Value::Bool(false));
    // daemon/daemon_unix.go, verifyDaemonSettings.
    let bridge = set("bridge").filter(|name| name != "");
    if touched(&["bip", "bridge"]) && bridge.is_some() && set("bip").is_some() {
        return Err("bip and bridge exclude each other".to_owned());
    }
    if touched(&["iptables", "icc"]) && off("iptables") && off("icc") {
        return Err("icc = false needs iptables".to_owned());
    }
    let migrated = ["host-gateway-ip", "host-gateway-ips"];
    if touched(&migrated) && migrated.iter().all(|key| set(key).is_some()) {
        return Err("host-gateway-ip and host-gateway-ips exclude each other".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bridge_address_is_a_hosts_with_room_beside_it() {
        assert_eq!(address4_with_room("172.20.0.1/16"), Ok(()));
        assert_eq!(address4_with_room("10.0.0.2/30"), Ok(()));
        for (word, why) in [
            ("172.20.0.0/16", "such as 172.20.0.1"),
            ("172.20.255.255/16", "broadcast"),
            ("10.0.0.1/31", "no address for a container"),
            ("10.0.0.1/33", "longer than /32"),
            ("10.0.0.1", "ADDRESS/LENGTH"),
            ("fd00::1/64", "no IPv4"),
            ("0.0.0.0/0", "the network itself"),
        ] {
            let error = address4_with_room(word).unwrap_err();
            assert!(error.contains(why), "{word}: {error}");
        }
    }

    #[test]
    fn a_pool_is_cut_into_parts_with_room() {
        // As the published script has it; dockerd masks the bits behind the length.
        assert_eq!(pool("172.17.0.0/12", 24), Ok(()));
        assert_eq!(pool("fd00::/48", 64), Ok(()));
        assert!(pool("172.20.0.0/16", 15).is_err());
        assert!(pool("172.20.0.0/16", 31).is_err());
        assert!(pool("172.20.0.0", 20).is_err());
    }

    #[test]
    fn slips_are_named() {
        assert_eq!(
            log_driver("jsonfile").unwrap_err(),
            "`jsonfile` is no log driver; did you mean `json-file`?"
        );
        assert_eq!(log_driver("grafana/loki-docker-driver:latest"), Ok(()));
        assert!(storage_driver("overlay").unwrap_err().contains("gone"));
        assert!(storage_driver("nonsense").is_err());
        assert!(exec_option("native.cgroupdriver=systemdd").is_err());
        assert_eq!(address("1.1.1").unwrap_err(), "`1.1.1` is no address");
    }

    #[test]
    fn what_excludes_each_other_is_refused_where_it_is_touched() {
        let document = Document::parse(br#"{"bip": "10.0.0.1/24", "bridge": "br0"}"#).unwrap();
        assert!(together(&document, &["bip"]).is_err());
        assert_eq!(together(&document, &["mtu"]), Ok(()));
    }
}

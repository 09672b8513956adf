//! The keys of daemon.json: what each takes, whether SIGHUP is enough, and who shows it at work.
//!
//! From dockerd's own table of options and its reload functions (moby, daemon/config/config.go,
//! daemon/reload.go and reload_unix.go), releases 20.10 to 29.

use super::checks::{self, Check};
use serde_json::Value;

/// What a key holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Type {
    /// `true` or `false`.
    Flag,
    /// A number from, to.
    Number(i64, i64),
    /// Bytes, which dockerd wants as a string.
    Size,
    /// One word or sentence.
    Text(Check),
    /// Several, each as the check wants it.
    List(Check),
    /// Networks and the size of the parts they are cut into.
    Pools,
    /// A resource limit of containers, soft and hard.
    Ulimit,
}

/// Where the running daemon shows what it uses.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shown {
    /// Nowhere.
    Nowhere,
    /// In `/info`.
    Info(fn(&Value) -> Option<Value>),
    /// In `/networks/bridge`.
    Bridge(fn(&Value) -> Option<Value>),
}

/// One key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// Its name; `log-opts.*` stands for every key below `log-opts`.
    pub(super) name: &'static str,
    pub(super) takes: Type,
    /// The flag that sets the same, and its letter. dockerd starts with one of the two, not with both.
    pub(super) flag: &'static str,
    pub(super) letter: Option<char>,
    /// Whether SIGHUP is enough; everything else waits for a restart.
    pub(super) reloads: bool,
    pub(super) shown: Shown,
    /// The first release that has it.
    pub(super) since: u32,
}

const fn row(name: &'static str, takes: Type) -> Row {
    Row {
        name,
        takes,
        flag: name,
        letter: None,
        reloads: false,
        shown: Shown::Nowhere,
        since: 20,
    }
}

impl Row {
    const fn flag(mut self, flag: &'static str) -> Self {
        self.flag = flag;
        self
    }

    const fn letter(mut self, letter: char) -> Self {
        self.letter = Some(letter);
        self
    }

    const fn reloads(mut self) -> Self {
        self.reloads = true;
        self
    }

    const fn info(mut self, of: fn(&Value) -> Option<Value>) -> Self {
        self.shown = Shown::Info(of);
        self
    }

    const fn bridge(mut self, of: fn(&Value) -> Option<Value>) -> Self {
        self.shown = Shown::Bridge(of);
        self
    }

    const fn since(mut self, release: u32) -> Self {
        self.since = release;
        self
    }

    /// The keys that lead to the value of `name`, which this row describes.
    pub(super) fn path<'a>(&self, name: &'a str) -> Vec<&'a str> {
        let depth = self.name.split('.').count();
        name.splitn(depth, '.').collect()
    }

    fn covers(&self, name: &str) -> bool {
        let stars = self.name.split('.');
        let parts = self.path(name);
        parts.len() == self.name.split('.').count()
            && stars
                .zip(parts)
                .all(|(star, part)| star == part || (star == "*" && !part.is_empty()))
    }
}

const ANY: Type = Type::Text(checks::any);
const INT: i64 = i32::MAX as i64;

/// The rows, sorted by name.
pub(super) const ROWS: &[Row] = &[
    row("allow-direct-routing", Type::Flag).since(28),
    row("allow-nondistributable-artifacts", Type::List(checks::any)).reloads(),
    row("authorization-plugins", Type::List(checks::any))
        .flag("authorization-plugin")
        .reloads()
        .info(|info| some(&info["Plugins"]["Authorization"])),
    row("bip", Type::Text(checks::address4_with_room)).bridge(gateway),
    row("bip6", Type::Text(checks::address6_with_room)).since(28),
    row("bridge", ANY).letter('b'),
    row("bridge-accept-fwmark", ANY).since(28),
    row("cdi-spec-dirs", Type::List(checks::path))
        .flag("cdi-spec-dir")
        .since(25),
    row("cgroup-parent", ANY),
    row("containerd", Type::Text(checks::path)),
    row("containerd-namespace", ANY),
    row("cpu-rt-period", Type::Number(0, i64::MAX)),
    row("cpu-rt-runtime", Type::Number(0, i64::MAX)),
    row("cri-containerd", Type::Flag),
    row("data-root", Type::Text(checks::path)).info(|info| some(&info["DockerRootDir"])),
    row("debug", Type::Flag)
        .letter('D')
        .reloads()
        .info(|info| some(&info["Debug"])),
    row("default-address-pools", Type::Pools)
        .flag("default-address-pool")
        .info(|info| some(&info["DefaultAddressPools"])),
    row(
        "default-cgroupns-mode",
        Type::Text(checks::cgroup_namespace),
    )
    .reloads(),
    row("default-gateway", Type::Text(checks::address4)),
    row("default-gateway-v6", Type::Text(checks::address6)),
    row("default-ipc-mode", Type::Text(checks::ipc_mode)).reloads(),
    row("default-network-opts.*.*", ANY)
        .flag("default-network-opt")
        .since(24),
    row("default-runtime", ANY)
        .reloads()
        .info(|info| some(&info["DefaultRuntime"])),
    row("default-shm-size", Type::Size).reloads(),
    row("default-ulimits.*", Type::Ulimit).flag("default-ulimit"),
    row("dns", Type::List(checks::address)),
    row("dns-opts", Type::List(checks::any)).flag("dns-opt"),
    row("dns-search", Type::List(checks::any)),
    row("exec-opts", Type::List(checks::exec_option))
        .flag("exec-opt")
        .info(cgroup_driver),
    row("exec-root", Type::Text(checks::path)),
    row("experimental", Type::Flag).info(|info| some(&info["ExperimentalBuild"])),
    row("features.*", Type::Flag).flag("feature").reloads(),
    row("firewall-backend", Type::Text(checks::firewall)).since(29),
    row("fixed-cidr", Type::Text(checks::network4)),
    row("fixed-cidr-v6", Type::Text(checks::network6)),
    row("group", ANY).letter('G'),
    row("host-gateway-ip", Type::Text(checks::address)),
    row("host-gateway-ips", Type::List(checks::address))
        .flag("host-gateway-ip")
        .since(28),
    row("hosts", Type::List(checks::any))
        .flag("host")
        .letter('H'),
    row("icc", Type::Flag).bridge(|net| option(net, "com.docker.network.bridge.enable_icc")),
    row("init", Type::Flag),
    row("init-path", Type::Text(checks::path)),
    row("insecure-registries", Type::List(checks::any))
        .flag("insecure-registry")
        .reloads(),
    row("ip", Type::Text(checks::address))
        .bridge(|net| option(net, "com.docker.network.bridge.host_binding_ipv4")),
    row("ip-forward", Type::Flag),
    row("ip-forward-no-drop", Type::Flag).since(28),
    row("ip-masq", Type::Flag)
        .bridge(|net| option(net, "com.docker.network.bridge.enable_ip_masquerade")),
    row("ip6tables", Type::Flag),
    row("iptables", Type::Flag),
    row("ipv6", Type::Flag).bridge(|net| some(&net["EnableIPv6"])),
    row("labels", Type::List(checks::pair))
        .flag("label")
        .reloads()
        .info(|info| some(&info["Labels"])),
    row("live-restore", Type::Flag)
        .reloads()
        .info(|info| some(&info["LiveRestoreEnabled"])),
    row("log-driver", Type::Text(checks::log_driver)).info(|info| some(&info["LoggingDriver"])),
    row("log-format", Type::Text(checks::log_format)).since(25),
    row("log-level", Type::Text(checks::log_level)).letter('l'),
    row("log-opts.*", ANY).flag("log-opt"),
    row("max-concurrent-downloads", Type::Number(1, INT)).reloads(),
    row("max-concurrent-uploads", Type::Number(1, INT)).reloads(),
    row("max-download-attempts", Type::Number(1, INT)).reloads(),
    row("metrics-addr", ANY),
    // Below 68 bytes there is no IPv4 (net/ipv4/devinet.c, inetdev_valid_mtu).
    row("mtu", Type::Number(68, 65_535)).bridge(|net| option(net, "com.docker.network.driver.mtu")),
    row("network-control-plane-mtu", Type::Number(68, 65_535)),
    row("network-diagnostic-port", Type::Number(0, 65_535)).reloads(),
    row("no-new-privileges", Type::Flag),
    row("node-generic-resources", Type::List(checks::pair)).flag("node-generic-resource"),
    row("pidfile", Type::Text(checks::path)).letter('p'),
    row("proxies.http-proxy", ANY)
        .flag("http-proxy")
        .since(23)
        .info(|info| some(&info["HttpProxy"])),
    row("proxies.https-proxy", ANY)
        .flag("https-proxy")
        .since(23)
        .info(|info| some(&info["HttpsProxy"])),
    row("proxies.no-proxy", ANY)
        .flag("no-proxy")
        .since(23)
        .info(|info| some(&info["NoProxy"])),
    row("raw-logs", Type::Flag),
    row("registry-mirrors", Type::List(checks::mirror))
        .flag("registry-mirror")
        .reloads()
        .info(|info| some(&info["RegistryConfig"]["Mirrors"])),
    row("seccomp-profile", ANY),
    row("selinux-enabled", Type::Flag),
    row("shutdown-timeout", Type::Number(-1, INT)).reloads(),
    row("storage-driver", Type::Text(checks::storage_driver))
        .letter('s')
        .info(|info| some(&info["Driver"])),
    row("storage-opts", Type::List(checks::pair)).flag("storage-opt"),
    row("swarm-default-advertise-addr", ANY),
    row("tls", Type::Flag),
    row("tlscacert", Type::Text(checks::path)),
    row("tlscert", Type::Text(checks::path)),
    row("tlskey", Type::Text(checks::path)),
    row("tlsverify", Type::Flag),
    row("userland-proxy", Type::Flag),
    row("userland-proxy-path", Type::Text(checks::path)),
    row("userns-remap", ANY),
];

/// Keys that a line of a profile cannot hold, or that do nothing any more.
const REFUSED: &[(&str, &str)] = &[
    ("api-cors-header", "Docker 28 refuses to start with it"),
    (
        "builder",
        "holds a structure; write it into daemon.json yourself",
    ),
    ("cluster-store", "is gone since Docker 23"),
    ("graph", "is named `data-root` since Docker 17.05"),
    (
        "oom-score-adjust",
        "is gone since Docker 25; the unit's OOMScoreAdjust= does the same",
    ),
    (
        "runtimes",
        "holds a structure; write it into daemon.json yourself",
    ),
];

/// The row of a key.
pub(super) fn find(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.covers(name))
}

/// Why a key is not taken though Docker knows or knew it.
pub(super) fn refused(name: &str) -> Option<&'static str> {
    let first = name.split('.').next()?;
    let refused = REFUSED.iter().find(|(refused, _)| *refused == first);
    refused.map(|(_, why)| *why)
}

fn some(value: &Value) -> Option<Value> {
    (!value.is_null()).then(|| value.clone())
}

/// Options of a network are strings; flags and numbers among them are read as what they are.
fn option(network: &Value, name: &str) -> Option<Value> {
    let text = network["Options"][name].as_str()?;
    Some(serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)))
}

/// The bridge's own address with the length of its subnet, as `bip` writes it.
fn gateway(network: &Value) -> Option<Value> {
    let config = network["IPAM"]["Config"].as_array()?.iter();
    let mut first = config.filter(|one| one["Gateway"].as_str().is_some_and(|ip| ip.contains('.')));
    let config = first.next()?;
    let (_, length) = config["Subnet"].as_str()?.split_once('/')?;
    let address = config["Gateway"].as_str()?;
    Some(Value::from(format!("{address}/{length}")))
}

fn cgroup_driver(info: &Value) -> Option<Value> {
    let driver = info["CgroupDriver"].as_str()?;
    Some(Value::from(vec![format!("native.cgroupdriver={driver}")]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_are_sorted_and_unique() {
        let names: Vec<&str> = ROWS.iter().map(|row| row.name).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(names, sorted);
    }

    #[test]
    fn a_star_takes_the_rest_of_the_name() {
        let path = |name| find(name).map(|row| row.path(name));
        assert_eq!(path("mtu"), Some(vec!["mtu"]));
        assert_eq!(path("log-opts.a.b"), Some(vec!["log-opts", "a.b"]));
        let mtu = "default-network-opts.bridge.com.docker.network.driver.mtu";
        assert_eq!(
            path(mtu),
            Some(vec![
                "default-network-opts",
                "bridge",
                "com.docker.network.driver.mtu"
            ])
        );
        for name in [
            "log-opts",
            "log-opts.",
            "mtu.x",
            "default-network-opts.bridge",
        ] {
            assert_eq!(path(name), None, "{name}");
        }
    }

    #[test]
    fn the_bridge_shows_its_address_and_options() {
        let network = json!({
            "IPAM": {"Config": [{"Subnet": "172.20.0.0/20", "Gateway": "172.20.0.1"}]},
            "Options": {"com.docker.network.driver.mtu": "1450"}
        });
        let shown = |name: &str| match find(name).map(|row| row.shown) {
            Some(Shown::Bridge(of)) => of(&network),
            _ => None,
        };
        assert_eq!(shown("bip"), Some(json!("172.20.0.1/20")));
        assert_eq!(shown("mtu"), Some(json!(1450)));
        assert_eq!(shown("icc"), None);
    }
}

//! The Docker engine's configuration, from its own file and its daemon's command line.

use model::{Host, HostError, Unread};
use serde_json::Value;

const CONFIG: &str = "/etc/docker/daemon.json";
const PID_FILES: &[&str] = &["/run/docker.pid", "/var/run/docker.pid"];
/// The unit that runs the daemon.
pub(crate) const UNIT: &str = "docker.service";

/// Who makes the cgroups of containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Driver {
    /// runc asks systemd for a scope.
    Systemd,
    /// runc makes the directory itself.
    Cgroupfs,
}

/// What the daemon was told; an option may stand in the file or on the command line, not in both
/// (dockerd refuses to start then).
#[derive(Debug, Clone)]
pub(crate) struct Engine {
    argv: Vec<String>,
    config: Value,
    /// Where the configuration was looked for.
    pub(crate) source: String,
}

impl Engine {
    /// Reads both. No file is an empty configuration; a daemon that does not run has no arguments.
    pub(crate) fn read(host: &dyn Host) -> Result<Self, Unread> {
        let mut engine = Self {
            argv: pid(host).map(|(_, argv)| argv).unwrap_or_default(),
            config: Value::Null,
            source: CONFIG.to_owned(),
        };
        if let Some(path) = engine.arguments(&["--config-file"]).pop() {
            engine.source = path.to_owned();
        }
        engine.config = match host.read(&engine.source) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| Unread::because(format!("{}: {error}", engine.source)))?,
            Err(HostError::NotFound(_)) => Value::Null,
            Err(error) => return Err(error.into()),
        };
        Ok(engine)
    }

    /// The cgroup driver, if one is asked for.
    pub(crate) fn driver(&self) -> Result<Option<Driver>, Unread> {
        let listed = self.config["exec-opts"].as_array().into_iter().flatten();
        let mut options: Vec<&str> = listed.filter_map(Value::as_str).collect();
        options.extend(self.arguments(&["--exec-opt"]));
        let mut words = options
            .iter()
            .filter_map(|o| o.strip_prefix("native.cgroupdriver="));
        match words.next_back() {
            None => Ok(None),
            Some("systemd") => Ok(Some(Driver::Systemd)),
            Some("cgroupfs") => Ok(Some(Driver::Cgroupfs)),
            Some(word) => Err(Unread::because(format!(
                "Docker's cgroup driver is `{word}`"
            ))),
        }
    }

    /// The cgroup or slice that containers are put below, if one is asked for.
    pub(crate) fn cgroup_parent(&self) -> Option<&str> {
        self.option("cgroup-parent", &["--cgroup-parent"])
    }

    /// The bridge of the default network.
    pub(crate) fn bridge(&self) -> &str {
        self.option("bridge", &["--bridge", "-b"])
            .unwrap_or("docker0")
    }

    /// Whose subordinate ids containers run with, if that is asked for.
    pub(crate) fn userns_remap(&self) -> Option<&str> {
        self.option("userns-remap", &["--userns-remap"])
    }

    /// Which cgroup namespace containers get, if that is said: `host` or `private`.
    pub(crate) fn cgroup_namespaces(&self) -> Option<&str> {
        self.option("default-cgroupns-mode", &["--default-cgroupns-mode"])
    }

    /// Where images and containers are stored.
    pub(crate) fn data_root(&self) -> &str {
        self.option("data-root", &["--data-root", "-g", "--graph"])
            .unwrap_or("/var/lib/docker")
    }

    /// The part of the default bridge's subnet that containers get addresses of, if one is named.
    pub(crate) fn fixed_range(&self) -> Option<&str> {
        self.option("fixed-cidr", &["--fixed-cidr"])
    }

    /// The pools that new networks are cut from, as `base` and prefix length; none where Docker's own
    /// are taken.
    pub(crate) fn address_pools(&self) -> Vec<(String, u64)> {
        let listed = self.config["default-address-pools"].as_array();
        let listed = listed
            .into_iter()
            .flatten()
            .filter_map(|pool| Some((pool["base"].as_str()?.to_owned(), pool["size"].as_u64()?)));
        let flags = self.arguments(&["--default-address-pool"]).into_iter();
        let told = flags.filter_map(|flag| {
            let part = |name: &str| flag.split(',').find_map(|part| part.strip_prefix(name));
            Some((part("base=")?.to_owned(), part("size=")?.parse().ok()?))
        });
        listed.chain(told).collect()
    }

    fn option(&self, key: &str, flags: &[&str]) -> Option<&str> {
        let told = self
            .arguments(flags)
            .pop()
            .or_else(|| self.config[key].as_str());
        told.filter(|word| !word.is_empty())
    }

    /// The values of a flag, in both of its spellings.
    fn arguments(&self, flags: &[&str]) -> Vec<&str> {
        let following = self.argv.iter().skip(1).map(String::as_str);
        let pairs = self.argv.iter().map(String::as_str).zip(following);
        let apart = pairs
            .filter(|(flag, _)| flags.contains(flag))
            .map(|(_, value)| value);
        let joined = self.argv.iter().filter_map(|argument| {
            let (flag, value) = argument.split_once('=')?;
            flags.contains(&flag).then_some(value)
        });
        apart.chain(joined).collect()
    }
}

/// Where the daemon that answers stores images and containers.
pub fn told_root(host: &dyn Host) -> Option<String> {
    let info: Value = serde_json::from_str(&host.docker("/info").ok()?).ok()?;
    Some(info["DockerRootDir"].as_str()?.to_owned())
}

/// The running daemon and its arguments. A pid file outlives a killed daemon, so the process that
/// it names must be one.
pub(crate) fn pid(host: &dyn Host) -> Option<(i32, Vec<String>)> {
    let from_file = |path: &&str| host.read_text(path).ok()?.trim().parse().ok();
    let daemon = |pid: i32| {
        let line = host.read_text(&format!("/proc/{pid}/cmdline")).ok()?;
        let argv: Vec<String> = line.split_terminator('\0').map(ToOwned::to_owned).collect();
        argv.first()?.ends_with("dockerd").then_some((pid, argv))
    };
    let mut from_files = PID_FILES.iter().filter_map(from_file).filter_map(daemon);
    from_files
        .next()
        .or_else(|| daemon(host.unit(UNIT).ok()?.main_pid()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    fn daemon(arguments: &str) -> FakeHost {
        FakeHost::new()
            .file("/run/docker.pid", "9\n")
            .file("/proc/9/cmdline", &arguments.replace(' ', "\0"))
    }

    #[test]
    fn both_spellings_of_a_flag_are_read() {
        let host = daemon("/usr/sbin/dockerd -b br7 --exec-opt=native.cgroupdriver=cgroupfs");
        let engine = Engine::read(&host).unwrap();
        assert_eq!(engine.bridge(), "br7");
        assert_eq!(engine.driver(), Ok(Some(Driver::Cgroupfs)));
        assert_eq!(engine.cgroup_parent(), None);
    }

    #[test]
    fn the_file_may_be_elsewhere() {
        let host = daemon("dockerd --config-file /srv/d.json").file(
            "/srv/d.json",
            r#"{"exec-opts": ["native.cgroupdriver=systemd"], "cgroup-parent": "jobs.slice"}"#,
        );
        let engine = Engine::read(&host).unwrap();
        assert_eq!(engine.driver(), Ok(Some(Driver::Systemd)));
        assert_eq!(engine.cgroup_parent(), Some("jobs.slice"));
    }

    #[test]
    fn pools_stand_in_the_file_or_on_the_command_line() {
        let host = daemon("dockerd --default-address-pool base=10.1.0.0/16,size=24");
        let pools = Engine::read(&host).unwrap().address_pools();
        assert_eq!(pools, [("10.1.0.0/16".to_owned(), 24)]);
        let listed = r#"{"default-address-pools": [{"base": "10.64.0.0/10", "size": 22}],
            "data-root": "/srv/docker"}"#;
        let engine = Engine::read(&FakeHost::new().file(CONFIG, listed)).unwrap();
        assert_eq!(engine.address_pools(), [("10.64.0.0/10".to_owned(), 22)]);
        assert_eq!(
            (engine.data_root(), engine.fixed_range()),
            ("/srv/docker", None)
        );
    }

    #[test]
    fn a_stale_pid_file_names_no_daemon() {
        let host = daemon("/bin/sleep 9").file(CONFIG, "{}");
        let engine = Engine::read(&host).unwrap();
        assert_eq!((engine.bridge(), engine.driver()), ("docker0", Ok(None)));
    }

    #[test]
    fn a_broken_or_closed_file_is_unknown() {
        assert!(Engine::read(&FakeHost::new().file(CONFIG, "{")).is_err());
        let closed = Engine::read(&FakeHost::new().denied(CONFIG)).unwrap_err();
        assert_eq!(closed.needs.as_deref(), Some("root"));
    }
}

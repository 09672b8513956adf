//! The scene that limits are read in: a host, a workload, and what several limits need to know.

use crate::cgroup::{self, Version};
use crate::engine::{Driver, Engine};
use crate::sockets::Sockets;
use model::{Holdings, Host, Unread, Workload};
use std::cell::OnceCell;

/// A host and a workload; facts that more than one limit asks for are looked up once.
pub struct Scene<'a> {
    /// The host.
    pub host: &'a dyn Host,
    /// The workload.
    pub workload: &'a Workload,
    /// Nanoseconds of PID 1 for one answer on the bus.
    pub(crate) pace: Result<u64, Unread>,
    version: OnceCell<Result<Version, Unread>>,
    engine: OnceCell<Result<Engine, Unread>>,
    sockets: OnceCell<Result<Sockets, Unread>>,
}

impl<'a> Scene<'a> {
    /// A scene that nothing is known of yet.
    pub fn new(host: &'a dyn Host, workload: &'a Workload, pace: Result<u64, Unread>) -> Self {
        Self {
            host,
            workload,
            pace,
            version: OnceCell::new(),
            engine: OnceCell::new(),
            sockets: OnceCell::new(),
        }
    }

    /// The connected unix sockets, read once.
    pub(crate) fn sockets(&self) -> Result<&Sockets, Unread> {
        self.sockets
            .get_or_init(|| Sockets::read(self.host))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// What root's processes have open.
    pub(crate) fn of_root(&self) -> Result<Holdings, Unread> {
        self.host.census()?.held_by(0)
    }

    /// The cgroup version that containers get here.
    pub(crate) fn cgroup_version(&self) -> Result<Version, Unread> {
        self.version
            .get_or_init(|| cgroup::version(self.host))
            .clone()
    }

    /// How Docker is configured here.
    pub(crate) fn engine(&self) -> Result<&Engine, Unread> {
        self.engine
            .get_or_init(|| Engine::read(self.host))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// Who makes the containers' cgroups. Docker takes systemd where the hierarchy is unified and
    /// systemd runs, and writes to cgroupfs itself elsewhere (moby daemon_unix.go, UsingSystemd).
    pub(crate) fn driver(&self) -> Result<Driver, Unread> {
        match self.engine()?.driver()? {
            Some(driver) => Ok(driver),
            None if self.cgroup_version()? == Version::V2 && self.has_systemd() => {
                Ok(Driver::Systemd)
            }
            None => Ok(Driver::Cgroupfs),
        }
    }

    /// The group that container groups are made in: Docker's defaults are the slice `system.slice`
    /// and the group `/docker` (moby daemon/oci_linux.go, WithCgroups).
    pub(crate) fn container_parent(&self) -> Result<String, Unread> {
        let driver = self.driver()?;
        let told = self.engine()?.cgroup_parent();
        Ok(match driver {
            Driver::Systemd => slice_path(told.unwrap_or("system.slice")),
            Driver::Cgroupfs => told.unwrap_or("/docker").to_owned(),
        })
    }

    /// Whether systemd is PID 1, as sd_booted(3) tells.
    pub(crate) fn has_systemd(&self) -> bool {
        self.host.list("/run/systemd/system").is_ok()
    }
}

/// The group that Docker makes containers' groups in here.
pub fn containers_parent(host: &dyn Host, workload: &Workload) -> Result<String, Unread> {
    let pace = Err(Unread::because("not asked for"));
    Scene::new(host, workload, pace).container_parent()
}

/// `a-b.slice` is `/a.slice/a-b.slice`, and `-.slice` is the root (systemd.slice(5)).
fn slice_path(slice: &str) -> String {
    let name = slice.trim_end_matches(".slice");
    let parts = name.match_indices('-').map(|(end, _)| &name[..end]);
    let names = parts
        .chain([name])
        .filter(|part| !part.is_empty() && *part != "-");
    let path: String = names.map(|part| format!("/{part}.slice")).collect();
    if path.is_empty() {
        "/".to_owned()
    } else {
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dash_in_a_slice_is_a_level() {
        assert_eq!(slice_path("system.slice"), "/system.slice");
        assert_eq!(slice_path("a-b-c.slice"), "/a.slice/a-b.slice/a-b-c.slice");
        assert_eq!(slice_path("-.slice"), "/");
    }
}

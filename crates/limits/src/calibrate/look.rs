//! The look: what can be told of the containers that run, from the census and the table of mounts.

use super::seen::Seen;
use crate::limits::MOUNTS;
use crate::{containerd, engine};
use model::{Census, Daemon, Host, Shims};
use std::sync::Arc;

const CLOSED: &str = "some shims do not show what they hold";
const OF_WHOM: &str = "not every shim is one of the Docker's that answers here";

/// What is there to measure by.
pub(super) struct Look {
    census: Option<Arc<Census>>,
    dockerd: Option<i32>,
    containerd: Option<i32>,
    /// Roots of containers and handles of their network namespaces, among the mounts of the host.
    mounts: Option<(u64, u64)>,
}

impl Look {
    pub(super) fn take(host: &dyn Host) -> Self {
        let census = host.census().ok().filter(|census| census.shims.running > 0);
        // Without a shim there is nothing to measure, and nothing is read.
        let any = census.is_some();
        Self {
            dockerd: any.then(|| engine::pid(host)).flatten().map(|(pid, _)| pid),
            containerd: any.then(|| containerd::pid(host).ok()).flatten(),
            mounts: any.then(|| mounts(host)).flatten(),
            census,
        }
    }

    /// The average over the shims.
    pub(super) fn of_shims(
        &self,
        tally: impl Fn(&Shims) -> model::Tally,
        how: &'static str,
    ) -> Option<Seen> {
        let shims = &self.census.as_ref()?.shims;
        let mut seen = Seen::average(tally(shims), how)?;
        if shims.closed > 0 {
            seen.refused = Some(CLOSED);
        }
        Some(seen)
    }

    /// Between what of a daemon's descriptors names a container, and all that it has.
    pub(super) fn of_dockerd(&self, how: &'static str) -> Option<Seen> {
        self.of_daemon(self.dockerd?, how)
    }

    /// The same of containerd.
    pub(super) fn of_containerd(&self, how: &'static str) -> Option<Seen> {
        self.of_daemon(self.containerd?, how)
    }

    fn of_daemon(&self, pid: i32, how: &'static str) -> Option<Seen> {
        let census = self.census.as_ref()?;
        let daemon = census.daemons.get(&pid)?;
        let (all, naming) = (daemon.descriptors?, daemon.of_containers?);
        let mut seen = Seen::between(naming, all, census.shims.running, how)?;
        let same = |other: &&Daemon| other.name == daemon.name;
        let alone = census.daemons.values().filter(same).count() == 1;
        if !alone || naming < census.shims.running {
            seen.refused = Some(OF_WHOM);
        }
        Some(seen)
    }

    /// Mounts of the host that are a container's.
    pub(super) fn of_mounts(&self, how: &'static str) -> Option<Seen> {
        let (roots, networks) = self.mounts?;
        let running = self.census.as_ref()?.shims.running;
        let sum = roots.checked_add(networks)?;
        let mut seen = Seen::between(sum, sum, running, how)?;
        // With the host's network a container has none, and shims of others than Docker no root here.
        if roots != running || networks < running {
            seen.refused = Some(OF_WHOM);
        }
        Some(seen)
    }
}

/// Docker mounts the root of a container at `…/merged` or `…/rootfs/overlayfs/ID`, and the handle of its
/// network namespace at `…/netns/KEY` (moby daemon/graphdriver/overlay2, daemon/snapshotter,
/// libnetwork/osl).
fn mounts(host: &dyn Host) -> Option<(u64, u64)> {
    let text = host.read_text(MOUNTS).ok()?;
    let points = || text.lines().filter_map(|line| line.split(' ').nth(4));
    let is_root = |point: &&str| {
        point.ends_with("/merged") && point.contains("/overlay2/")
            || point.contains("/rootfs/overlayfs/")
    };
    let is_network = |point: &&str| match point.rsplit_once("/netns/") {
        Some((_, name)) => name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => false,
    };
    Some((
        points().filter(is_root).count() as u64,
        points().filter(is_network).count() as u64,
    ))
}

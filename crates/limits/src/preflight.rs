//! Preflight: every limit is asked, and the answers are put together.

use crate::{LIMITS, Scene, conclude, containerd, engine, judge, pace, processors};
use model::{Answer, Ceiling, Host, Limit, Workload};

/// The units that the readings may ask for, so that one round of calls fetches them all.
const UNITS: &[&str] = &[containerd::UNIT, engine::UNIT, crate::limits::BUS_UNIT];

/// Containers that dockerd starts at once for each processor when it starts itself
/// (moby daemon/daemon.go, restore: `adjustParallelLimit(len(dir), 128*runtime.NumCPU())`).
const STARTS_A_PROCESSOR: u64 = 128;

/// What every limit showed for a workload; it can be asked again as if settings were raised.
#[derive(Debug, Clone)]
pub struct Readings {
    pub(crate) workload: Workload,
    pub(crate) rows: Vec<(&'static Limit, Ceiling)>,
}

impl Readings {
    /// Asks every limit.
    pub fn take(host: &dyn Host, workload: &Workload) -> Self {
        host.expect_units(UNITS);
        let mut workload = workload.clone();
        workload.starts_at_boot = processors::online(host)
            .ok()
            .map(|count| count.saturating_mul(STARTS_A_PROCESSOR));
        let scene = Scene::new(host, &workload, pace::pace(host, UNITS));
        let rows = LIMITS.iter().flat_map(|row| {
            let ceilings = (row.read)(&scene).into_iter();
            ceilings.map(|ceiling| (&row.limit, ceiling))
        });
        let rows = rows.collect();
        Self { workload, rows }
    }

    /// What they come to.
    pub fn answer(&self) -> Answer {
        let rows = self.rows.iter();
        let judged = rows.map(|(limit, ceiling)| judge(limit, ceiling.clone(), &self.workload));
        conclude(&self.workload, judged.collect())
    }
}

/// Which limit stops or degrades a workload on a host, and at which node.
pub fn preflight(host: &dyn Host, workload: &Workload) -> Answer {
    Readings::take(host, workload).answer()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Fate, Network, Space};
    use testkit::FakeHost;

    /// A stock Debian 13 with Docker and the memory of a large machine, nothing running, 23 inotify
    /// instances in use.
    fn stock() -> FakeHost {
        let large = Space {
            bytes: 1 << 40,
            bytes_free: 1 << 39,
            inodes: 1 << 26,
            inodes_free: 1 << 25,
        };
        let memory = "MemTotal: 263192576 kB\nMemAvailable: 260000000 kB\n\
                      CommitLimit: 131596288 kB\nCommitted_AS: 900000 kB\n";
        crate::stock::stock()
            .file("/proc/meminfo", memory)
            .file("/proc/sys/kernel/threads-max", "2056192\n")
            .file("/proc/sys/fs/epoll/max_user_watches", "58000000\n")
            .room("/run", large)
            .room("/var/lib/docker", large)
    }

    fn workload(job_network: Network) -> Workload {
        Workload {
            nodes: 600,
            job_network,
            ..Workload::default()
        }
    }

    #[test]
    fn a_bridge_stops_600_nodes_of_two_containers() {
        let answer = preflight(&stock(), &workload(Network::Bridge));
        assert_eq!(
            answer.headline,
            "511 of 600 nodes start; node 512 is refused by bridge.ports on docker0; \
             from node 53 fs.inotify.max_user_instances degrades"
        );
        assert_eq!(
            (answer.nodes_fit, answer.nodes_fit_undegraded),
            (Some(511), Some(52))
        );
        assert_eq!((answer.verdict, answer.at_most), (Fate::Stops, false));
        assert!(answer.unknown.is_empty(), "{:?}", answer.unknown);
    }

    #[test]
    fn jobs_without_a_network_leave_the_bridge_room() {
        let answer = preflight(&stock(), &workload(Network::None));
        assert_eq!(
            (answer.nodes_fit, answer.verdict),
            (Some(1023), Fate::Degrades)
        );
        let order: Vec<&str> = answer.limits.iter().map(|row| row.id).collect();
        assert_eq!(
            order[..2],
            [
                "fs.inotify.max_user_instances",
                "dbus.max_connections_per_user"
            ]
        );
    }

    #[test]
    fn the_json_has_the_promised_fields() {
        let json = serde_json::to_value(preflight(&stock(), &workload(Network::Bridge))).unwrap();
        assert_eq!(json["workload"]["starts_at_once"], 1200);
        assert_eq!(json["nodes_fit"], 511);
        let row = json["limits"].as_array().unwrap().iter();
        let row = row.clone().find(|row| row["id"] == "bridge.ports").unwrap();
        assert_eq!(row["place"], "docker0");
        assert_eq!((&row["ceiling"], &row["used"]), (&1023.into(), &0.into()));
        assert_eq!(
            (&row["cost"]["node"], &row["cost"]["in_flight"]),
            (&1.into(), &0.into())
        );
        assert_eq!(
            (&row["stops_at"], &row["verdict"]),
            (&512.into(), &"stops".into())
        );
        assert!(row["degrades_at"].is_null() && row["raise"].is_array());
    }

    #[test]
    fn a_host_that_shows_nothing_is_unknown_and_still_bounded() {
        let answer = preflight(&FakeHost::new().user(1000), &workload(Network::Bridge));
        assert_eq!(answer.nodes_fit, Some(511));
        assert!(answer.at_most && answer.undegraded_at_most);
    }
}

//! `docker.start-rate`: the starts at once that PID 1 and the message bus keep up with.

pub(super) mod pid_one;

use crate::engine::Driver;
use crate::{Row, Scene};
use model::{Ceiling, Cost, Effect, Limit, Sign};

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "docker.start-rate",
        bounds: "container starts at once",
        defaults: &[
            "runc waits 30 s for systemd, compiled in (opencontainers/cgroups systemd/common.go startUnit)",
            "when dockerd starts, it starts 128 containers a processor at once (moby daemon/daemon.go \
             adjustParallelLimit)",
        ],
        effect: Effect::Stops,
        why: "with the systemd driver runc asks PID 1 for a scope and waits 30 s for it; PID 1 does \
              one thing at a time",
        raise: &[],
        source: "opencontainers/cgroups systemd/common.go startUnit",
        signs: &[
            Sign::allows("more starts at once than systemd can keep up with end so")
                .says(&["timeout waiting for systemd to create"]),
            Sign::suggests("many starts at once").says(&[
                "simultaneous start",
                "starting many containers",
                "starting containers in parallel",
                "parallel start",
                "concurrent start",
                "starts in parallel",
                "start * containers at once",
                "start * containers concurrently",
                "start * containers in parallel",
                "containers simultaneously",
                "rapidly spawn",
                "rapidly start",
                "rapidly creat",
                "many container starts",
                "many containers in parallel",
                "many containers at once",
                "containers in parallel",
                "spawning containers",
            ]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let why = match scene.driver() {
        Err(why) => return vec![Ceiling::unread(pid_one::PLACE, Cost::NOTHING, why)],
        Ok(Driver::Cgroupfs) => "with the cgroupfs driver a start does not ask PID 1",
        Ok(Driver::Systemd) if !scene.has_systemd() => "systemd does not run here",
        Ok(Driver::Systemd) => return vec![pid_one::ceiling(scene)],
    };
    vec![Ceiling::not_applicable(pid_one::PLACE, why)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge;
    use model::{Fate, LimitAnswer, Workload};
    use testkit::FakeHost;

    fn host() -> FakeHost {
        FakeHost::new()
            .file("/sys/fs/cgroup/cgroup.controllers", "cpu pids\n")
            .file("/sys/devices/system/cpu/online", "0-1\n")
            .file(
                "/proc/net/unix",
                "Num RefCount Protocol Flags Type St Inode Path\n",
            )
            .directory("/run/systemd/system")
    }

    fn ask(host: &FakeHost, starts_at_once: Option<u64>) -> Vec<LimitAnswer> {
        let workload = Workload {
            nodes: 600,
            starts_at_once,
            ..Workload::default()
        };
        // A millisecond for an answer, so 7 for a start.
        let scene = Scene::new(host, &workload, Ok(1_000_000));
        let ceilings = read(&scene).into_iter();
        ceilings.map(|c| judge(&ROW.limit, c, &workload)).collect()
    }

    #[test]
    fn two_processors_bring_starts_no_faster_than_pid_1_takes_them() {
        let rows = ask(&host(), None);
        assert_eq!(
            (rows[0].place.as_str(), rows[0].verdict),
            ("PID 1", Fate::Fits)
        );
    }

    #[test]
    fn a_slowed_pid_1_stops_a_start_of_all_and_not_a_start_in_batches() {
        let slow = host().file("/sys/fs/cgroup/init.scope/cpu.max", "1000 100000\n");
        let rows = ask(&slow, None);
        // Served every 700 ms and brought every 70 ms: the 48th waits longer than 30 s.
        assert_eq!(
            (rows[0].nodes_fit, rows[0].verdict),
            (Some(23), Fate::Stops)
        );
        assert!(
            rows[0]
                .reshape
                .as_deref()
                .unwrap()
                .contains("at most 19 containers")
        );
        assert_eq!(ask(&slow, Some(19))[0].verdict, Fate::Fits);
    }

    #[test]
    fn what_forty_processors_do_is_told_only_where_it_is_certain() {
        let wide = host().file("/sys/devices/system/cpu/online", "0-39\n");
        let rows = ask(&wide, None);
        assert_eq!(rows[0].verdict, Fate::Fits);
        let slow = wide.file("/sys/fs/cgroup/init.scope/cpu.max", "20000 100000\n");
        assert_eq!(ask(&slow, None)[0].verdict, Fate::Unknown);
    }

    #[test]
    fn it_does_not_matter_where_runc_makes_the_cgroups_itself() {
        let config = r#"{"exec-opts": ["native.cgroupdriver=cgroupfs"]}"#;
        let rows = ask(&host().file("/etc/docker/daemon.json", config), None);
        assert_eq!((rows.len(), rows[0].verdict), (1, Fate::NotApplicable));
        assert_eq!(ask(&FakeHost::new(), None)[0].verdict, Fate::Unknown);
    }
}

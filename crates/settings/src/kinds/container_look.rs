//! The layer `container`: what the program of a probe saw, as looks at settings.

use super::unit::pair;
use super::unit_keys::{self, Row, Target};
use super::{
    Look, docker, is_met, running_containers, shims, sysctl_name, sysctl_namespaces, unit_shims,
};
use model::{Host, Inside, Layer, Observed, Probe, Quantity, Setting, Value};
use procfs::FromBufRead;
use procfs::process::Limits;

/// Where it was seen.
const PLACE: &str = "a container made for it";
/// What a pipe holds unless its user's pipes have crossed the limit: 16 pages (pipe(7)).
const WHOLE_PIPE: u64 = 65_536;

fn look(observed: Observed, what: &str) -> Look {
    Look::new(Layer::Container, observed, format!("{what} in {PLACE}"))
}

/// The row of a resource limit that Docker gives to containers.
pub(super) fn ulimit(key: &str) -> Option<&'static Row> {
    let name = key.strip_prefix("default-ulimits.")?;
    unit_keys::row(&format!("Limit{}", name.to_uppercase()))
}

/// What a resource limit is in there.
pub(super) fn limit(host: &dyn Host, setting: &Setting, row: &Row, probe: &Probe) -> Look {
    let what = match row.target {
        Target::Resource { label, .. } => label,
        Target::Tasks => row.name,
    };
    let limits = |inside: &Inside| Limits::from_buf_read(inside.limits.as_bytes());
    let observed = match probe {
        Err(error) => Observed::Unreadable(error.to_string()),
        Ok(inside) => match limits(inside) {
            Ok(limits) => Observed::Value(pair(host, setting, row, &limits)),
            Err(error) => Observed::Unreadable(error.to_string()),
        },
    };
    look(observed, what)
}

/// Shims and containers that run under the limits of a unit.
pub(super) fn of_unit(
    host: &dyn Host,
    setting: &Setting,
    unit: &str,
    key: &str,
    looks: &[Look],
) -> Vec<Look> {
    let row = unit_keys::row(key).filter(|row| matches!(row.target, Target::Resource { .. }));
    let Some(row) = row.filter(|_| shims::HOMES.contains(&unit)) else {
        return Vec::new();
    };
    let renewed = is_met(setting, looks, Layer::Process);
    let Some(of_shims) = unit_shims::look(host, setting, row, unit, renewed) else {
        return Vec::new();
    };
    let containers = running_containers::look(host, setting, row);
    [of_shims].into_iter().chain(containers).collect()
}

/// What a container inherits from the unit that runs containerd, through its shim.
pub(super) fn inherited(
    host: &dyn Host,
    setting: &Setting,
    unit: &str,
    key: &str,
    looks: &[Look],
    probe: &Probe,
) -> Option<Look> {
    let row = unit_keys::row(key)?;
    if unit != shims::HOMES[0] || matches!(row.target, Target::Tasks) {
        return None;
    }
    let mut look = limit(host, setting, row, probe);
    let name = key.trim_start_matches("Limit").to_lowercase();
    if let Some(place) = docker::gives_ulimit(host, &name) {
        let found = look.observed.describe(&setting.shape);
        look.observed = Observed::NotApplicable(format!(
            "{found}: default-ulimits at {place} gives containers their own"
        ));
    } else if is_met(setting, looks, Layer::Unit) {
        look.pending = Some(format!("a restart of {unit}"));
    }
    Some(look)
}

/// What the scope of a container gets where Docker names no limit: systemd's default, at the time the
/// scope is made (systemd.resource-control(5), TasksMax=).
pub(super) fn of_manager(
    host: &dyn Host,
    setting: &Setting,
    looks: &[Look],
    probe: &Probe,
) -> Option<Look> {
    if setting.key.name != "DefaultTasksMax" {
        return None;
    }
    let info = host.docker("/info").ok()?;
    let info: serde_json::Value = serde_json::from_str(&info).ok()?;
    if info["CgroupDriver"] != "systemd" {
        return None;
    }
    let observed = match probe {
        Err(error) => Observed::Unreadable(error.to_string()),
        Ok(inside) => match inside.pids_max.as_deref() {
            None => Observed::Unreadable("pids.max is not to be seen there".to_owned()),
            Some("max") => Observed::Value(Value::Numbers(vec![Quantity::Unlimited])),
            Some(number) => match setting.shape.observe(number) {
                Ok(value) => Observed::Value(value),
                Err(error) => Observed::Unreadable(error.to_string()),
            },
        },
    };
    let mut look = look(observed, "pids.max");
    if is_met(setting, looks, Layer::Stored) {
        look.pending = Some("systemctl daemon-reload".to_owned());
    }
    Some(look)
}

/// What a sysctl comes to in there.
pub(super) fn of_sysctl(setting: &Setting, probe: &Probe) -> Option<Look> {
    match setting.key.name.as_str() {
        "fs.pipe-user-pages-soft" | "fs.pipe-user-pages-hard" => {
            Some(effect(probe, "a fresh pipe", pipe))
        }
        "fs.inotify.max_user_instances" | "user.max_inotify_instances" => {
            Some(effect(probe, "inotify", instances))
        }
        name => {
            let namespace = sysctl_namespaces::of(name)?;
            let path = sysctl_name::path(name).ok()?;
            let inside = probe.as_ref().ok()?;
            let value = match inside.sysctls.get(&path)? {
                Some(value) => value.split_whitespace().collect::<Vec<_>>().join(" "),
                None => "no such key".to_owned(),
            };
            let told = format!("{value}: {}", namespace.words());
            Some(look(Observed::NotApplicable(told), &path))
        }
    }
}

/// What was tried, in words, and whether it went as it does below the limit.
fn effect(probe: &Probe, what: &str, tried: fn(&Inside) -> Option<(String, bool)>) -> Look {
    let inside = match probe {
        Ok(inside) => inside,
        Err(error) => return look(Observed::Unreadable(error.to_string()), what),
    };
    let Some((told, fine)) = tried(inside) else {
        let why = "it could not be tried".to_owned();
        return look(Observed::Unreadable(why), what);
    };
    let mut look = look(Observed::Value(Value::words(&told)), what);
    look.proves = fine;
    look.fix = (!fine).then(|| {
        "raise it: the host is at this limit now; `hosttune preflight` says how far".to_owned()
    });
    look
}

fn pipe(inside: &Inside) -> Option<(String, bool)> {
    let bytes = inside.pipe_bytes?;
    Some((format!("{bytes} bytes"), bytes >= WHOLE_PIPE))
}

fn instances(inside: &Inside) -> Option<(String, bool)> {
    let seen = &inside.inotify;
    if seen.tried == 0 {
        return None;
    }
    let why = seen.refused.as_deref().map(|why| format!(", then: {why}"));
    let told = format!(
        "{} of {} more instances could be made{}",
        seen.done,
        seen.tried,
        why.unwrap_or_default()
    );
    Some((told, seen.done == seen.tried))
}

#[cfg(test)]
mod tests {
    use super::super::tally::tests::limits;
    use super::*;
    use crate::{asked_of_container, check_with};
    use model::{Attempts, Entry, Finding, HostError, LayerFinding, Property, Span, Verdict};
    use testkit::FakeHost;

    const JSON: &str = "/etc/docker/daemon.json";
    const ULIMITS: &str = r#"{"default-ulimits": {"nofile": {"Name": "nofile", "Soft": 5, "Hard": 6}}}"#;

    fn settings(lines: &[(&str, Option<&str>, &str, &str)]) -> Vec<Setting> {
        let entry = |(kind, name, key, value): &(&str, Option<&str>, &str, &str)| Entry {
            kind: (*kind).to_owned(),
            name: name.map(str::to_owned),
            key: (*key).to_owned(),
            value: (*value).to_owned(),
            reason: None,
            span: Span::new("p.ini", 1),
        };
        crate::parse(&lines.iter().map(entry).collect::<Vec<_>>()).unwrap()
    }

    fn inside() -> Inside {
        Inside {
            limits: limits("5", "6"),
            pids_max: Some("4915".to_owned()),
            pipe_bytes: Some(WHOLE_PIPE),
            inotify: Attempts {
                tried: 4,
                done: 4,
                refused: None,
            },
            ..Inside::default()
        }
    }

    /// Docker and containerd run, each of them as stock.
    fn host() -> FakeHost {
        let running = Property::Text("active".to_owned());
        let unlimited = Property::Number(u64::MAX);
        FakeHost::new()
            .unit_with("docker.service", &[("ActiveState", running.clone())])
            .unit_with(
                "containerd.service",
                &[
                    ("ActiveState", running),
                    ("LimitNOFILE", unlimited.clone()),
                    ("LimitNOFILESoft", unlimited),
                ],
            )
            .docker_answer("/info", r#"{"CgroupDriver": "systemd", "ContainersRunning": 3}"#)
    }

    fn found(host: &FakeHost, wish: (&str, Option<&str>, &str, &str), probe: &Probe) -> Finding {
        check_with(host, &settings(&[wish]), Some(probe)).remove(0)
    }

    fn container(finding: &Finding) -> &LayerFinding {
        finding.layer(Layer::Container).expect("a look at the container")
    }

    #[test]
    fn a_default_that_only_the_file_has_waits_for_a_restart() {
        let host = host().file(JSON, ULIMITS);
        let wish = ("docker", None, "default-ulimits.nofile", "exact 5:6");
        let other = Inside {
            limits: limits("1024", "524288"),
            ..inside()
        };
        let finding = found(&host, wish, &Ok(other));
        assert_eq!(container(&finding).verdict, Verdict::Pending);
        assert_eq!(
            container(&finding).note.as_deref(),
            Some("waits for a restart of docker.service, which stops 3 containers")
        );
        let finding = found(&host, wish, &Ok(inside()));
        assert_eq!(container(&finding).verdict, Verdict::Met);
    }

    #[test]
    fn containers_inherit_from_containerd_what_docker_does_not_give() {
        let wish = ("unit", Some("containerd.service"), "LimitNOFILE", "5");
        let finding = found(&host(), wish, &Ok(inside()));
        assert_eq!(container(&finding).verdict, Verdict::Met);
        let more = ("unit", Some("containerd.service"), "LimitNOFILE", "100");
        let finding = found(&host(), more, &Ok(inside()));
        assert_eq!(container(&finding).verdict, Verdict::Pending);
        let finding = found(&host().file(JSON, ULIMITS), more, &Ok(inside()));
        assert_eq!(container(&finding).verdict, Verdict::NotApplicable);
        let tasks = ("unit", Some("containerd.service"), "TasksMax", "100");
        assert!(found(&host(), tasks, &Ok(inside())).layer(Layer::Container).is_none());
    }

    #[test]
    fn a_scope_without_a_limit_of_its_own_has_systemds_default() {
        let wish = ("manager", None, "DefaultTasksMax", "4000");
        let finding = found(&host(), wish, &Ok(inside()));
        assert_eq!(container(&finding).observed, Observed::Value(Value::number(4915)));
        let cgroupfs = host().docker_answer("/info", r#"{"CgroupDriver": "cgroupfs"}"#);
        assert!(found(&cgroupfs, wish, &Ok(inside())).layer(Layer::Container).is_none());
    }

    #[test]
    fn a_limit_that_is_reached_shows_inside_whatever_its_value() {
        let pipe = ("sysctl", None, "fs.pipe-user-pages-soft", "1");
        let watch = ("sysctl", None, "fs.inotify.max_user_instances", "1");
        let full = Inside {
            pipe_bytes: Some(8192),
            inotify: Attempts {
                tried: 4,
                done: 1,
                refused: Some("too many open files".to_owned()),
            },
            ..inside()
        };
        for wish in [pipe, watch] {
            let fine = found(&host(), wish, &Ok(inside()));
            assert_eq!(container(&fine).verdict, Verdict::Met);
            let finding = found(&host(), wish, &Ok(full.clone()));
            let seen = container(&finding);
            assert_eq!(seen.verdict, Verdict::Drifted, "{seen:?}");
            assert!(seen.fix.as_ref().is_some_and(|fix| fix.contains("preflight")));
        }
    }

    #[test]
    fn a_key_of_a_namespace_is_told_and_not_judged() {
        let path = "/proc/sys/net/core/somaxconn".to_owned();
        let wish = ("sysctl", None, "net.core.somaxconn", "9999");
        assert_eq!(asked_of_container(&settings(&[wish])), [path.as_str()]);
        let mut seen = inside();
        seen.sysctls.insert(path, Some("4096".to_owned()));
        let finding = found(&host(), wish, &Ok(seen));
        let look = container(&finding);
        assert_eq!(look.verdict, Verdict::NotApplicable);
        let Observed::NotApplicable(told) = &look.observed else {
            panic!("{look:?}");
        };
        assert!(told.starts_with("4096: a container has its own"), "{told}");
    }

    #[test]
    fn without_a_container_nothing_is_proved() {
        let refused: Probe = Err(HostError::Unavailable {
            what: "docker".to_owned(),
            why: "nothing listens".to_owned(),
        });
        for wish in [
            ("docker", None, "default-ulimits.nofile", "5"),
            ("sysctl", None, "fs.inotify.max_user_instances", "1"),
            ("manager", None, "DefaultTasksMax", "1"),
            ("unit", Some("containerd.service"), "LimitNOFILE", "5"),
        ] {
            let finding = found(&host(), wish, &refused);
            assert_eq!(container(&finding).verdict, Verdict::Unknown, "{wish:?}");
        }
    }
}

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

//! The layer `container`: what the program of a probe saw, as looks at settings.

use super::unit_keys::{self, Row, Target};
use super::unit_looks::pair;
use super::{Look, Looked, docker, running_containers, shims, tally, unit_shims};
use model::{Inside, Layer, Observed, Probe, Quantity, Value};
use procfs::FromBufRead;
use procfs::process::Limits;

/// Where it was seen.
const PLACE: &str = "a container made for it";

/// A look at what was seen there.
pub(super) fn look(observed: Observed, what: &str) -> Look {
    Look::new(Layer::Container, observed, format!("{what} in {PLACE}"))
}

/// The row of a resource limit that Docker gives to containers.
pub(super) fn ulimit(key: &str) -> Option<&'static Row> {
    let name = key.strip_prefix("default-ulimits.")?;
    unit_keys::row(&format!("Limit{}", name.to_uppercase()))
}

/// What a resource limit is in there.
pub(super) fn limit(at: &Looked<'_>, row: &Row, probe: &Probe) -> Look {
    let what = match row.target {
        Target::Resource { label, .. } => label,
        Target::Tasks => row.name,
    };
    let limits = |inside: &Inside| Limits::from_buf_read(inside.limits.as_bytes());
    let observed = match probe {
        Err(error) => Observed::Unreadable(error.to_string()),
        Ok(inside) => match limits(inside) {
            Ok(limits) => Observed::Value(pair(at.host, at.setting, row, &limits)),
            Err(error) => Observed::Unreadable(error.to_string()),
        },
    };
    look(observed, what)
}

/// Shims and containers that run under the limits of a unit.
pub(super) fn of_unit(at: &Looked<'_>, unit: &str, key: &str) -> Vec<Look> {
    let row = unit_keys::row(key).filter(|row| matches!(row.target, Target::Resource { .. }));
    let Some(row) = row.filter(|_| shims::HOMES.contains(&unit)) else {
        return Vec::new();
    };
    let renewed = at.is_met(Layer::Process);
    let Some(of_shims) = unit_shims::look(at.host, at.setting, row, unit, renewed) else {
        return Vec::new();
    };
    let containers = running_containers::look(at.host, at.setting, row);
    [of_shims].into_iter().chain(containers).collect()
}

/// What a container inherits from the unit that runs containerd, through its shim.
pub(super) fn inherited(at: &Looked<'_>, unit: &str, key: &str, probe: &Probe) -> Option<Look> {
    let row = unit_keys::row(key)?;
    if unit != shims::HOMES[0] || matches!(row.target, Target::Tasks) {
        return None;
    }
    let mut look = limit(at, row, probe);
    let name = key.trim_start_matches("Limit").to_lowercase();
    if let Some(place) = docker::gives_ulimit(at.host, &name) {
        let found = look.observed.describe(&at.setting.shape);
        look.observed = Observed::NotApplicable(format!(
            "{found}: default-ulimits at {place} gives containers their own"
        ));
    } else if handed_on(at, row, &look) {
        let found = look.observed.describe(&at.setting.shape);
        look.observed = Observed::NotApplicable(format!(
            "{found}: containerd raises its soft limit as it starts and hands that on; \
             default-ulimits in daemon.json would give containers their own"
        ));
    } else if at.is_met(Layer::Unit) {
        look.pending = Some(format!("a restart of {unit}"));
    }
    Some(look)
}

/// Whether a container has the soft limit that containerd made of its hard one. Built with newer
/// releases of Go it gives its children back what it had; containerd 1.6 of Debian 12 does not.
fn handed_on(at: &Looked<'_>, row: &Row, look: &Look) -> bool {
    let (setting, value) = (at.setting, look.observed.value());
    let met = |value: &Value| setting.desired.met_by(value, &setting.shape);
    value.is_some_and(|value| !met(value) && tally::meets(setting, row, value))
}

/// What the scope of a container gets where Docker names no limit: systemd's default, at the time the
/// scope is made (systemd.resource-control(5), TasksMax=).
pub(super) fn of_manager(at: &Looked<'_>, probe: &Probe) -> Option<Look> {
    if at.setting.key.name != "DefaultTasksMax" {
        return None;
    }
    let info = at.host.docker("/info").ok()?;
    let info: serde_json::Value = serde_json::from_str(&info).ok()?;
    if info["CgroupDriver"] != "systemd" {
        return None;
    }
    let observed = match probe {
        Err(error) => Observed::Unreadable(error.to_string()),
        Ok(inside) => match inside.pids_max.as_deref() {
            None => Observed::Unreadable("pids.max is not to be seen there".to_owned()),
            Some("max") => Observed::Value(Value::Numbers(vec![Quantity::Unlimited])),
            Some(number) => match at.setting.shape.observe(number) {
                Ok(value) => Observed::Value(value),
                Err(error) => Observed::Unreadable(error.to_string()),
            },
        },
    };
    let mut look = look(observed, "pids.max");
    if at.is_met(Layer::Stored) {
        look.pending = Some("systemctl daemon-reload".to_owned());
    }
    Some(look)
}

#[cfg(test)]
#[path = "container_look/tests.rs"]
mod tests;

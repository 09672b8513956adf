//! Looks at a unit's limit: its files, systemd's property, its cgroup and its main process.

use super::unit::{DROP_IN, names};
use super::unit_files::reading;
use super::unit_keys::{Row, Target, row, section, shown};
use super::{Look, stored};
use model::{Boot, Host, HostError, Layer, Observed, Quantity, Setting, Value};
use procfs::FromBufRead;
use procfs::process::{LimitValue, Limits};

const OPEN_FILES: &str = "Max open files";

pub(super) fn look_stored(host: &dyn Host, setting: &Setting, unit: &str, key: &str) -> Look {
    let section = section(unit, key).unwrap_or("Service");
    let reading = reading(host, unit, section, key, &setting.shape, Boot::This);
    let place = format!("unit files of {unit}");
    let ours = format!("/etc/systemd/system/{unit}.d/{DROP_IN}");
    stored::look(setting, reading, &place, &ours)
}

pub(super) fn look_unit(setting: &Setting, unit: &str, key: &str, found: &model::Unit) -> Look {
    let observed = match shown(found, key, setting.shape.form) {
        Some(value) => Observed::Value(value),
        None => Observed::Unreadable(format!("systemd shows no {key} for {unit}")),
    };
    let mut look = Look::new(Layer::Unit, observed, format!("{key} of {unit}"));
    if found.properties.get("NeedDaemonReload") == Some(&model::Property::Flag(true)) {
        look.note = Some("files changed since systemd read them".to_owned());
        look.pending = Some("systemctl daemon-reload".to_owned());
    }
    look
}

pub(super) fn look_process(
    host: &dyn Host,
    setting: &Setting,
    unit: &str,
    key: &str,
    found: &model::Unit,
) -> Look {
    match row(key) {
        Some(Row {
            target: Target::Tasks,
            ..
        }) => look_tasks(host, setting, unit, found),
        Some(row) => look_limits(host, setting, row, found),
        None => Look::new(Layer::Process, Observed::Absent, unit),
    }
}

fn look_tasks(host: &dyn Host, setting: &Setting, unit: &str, found: &model::Unit) -> Look {
    let Some(group) = found.text("ControlGroup").filter(|group| !group.is_empty()) else {
        return not_running(unit);
    };
    // Version 2 has one tree; version 1 has a tree of the pids controller.
    let unified = format!("/sys/fs/cgroup{group}/pids.max");
    let legacy = format!("/sys/fs/cgroup/pids{group}/pids.max");
    let read = |path: &str| host.read_text(path);
    let (path, text) = match read(&unified) {
        Err(HostError::NotFound(_)) => match read(&legacy) {
            Err(HostError::NotFound(_)) => (unified, Err(HostError::NotFound(String::new()))),
            found => (legacy, found),
        },
        found => (unified, found),
    };
    let observed = match text {
        Ok(text) if text.trim() == "max" => {
            Observed::Value(Value::Numbers(vec![Quantity::Unlimited]))
        }
        Ok(text) => setting.shape.observe(text.trim()).map_or_else(
            |error| Observed::Unreadable(error.to_string()),
            Observed::Value,
        ),
        // No such file: the cgroup is gone, or the pids controller does not reach it.
        Err(HostError::NotFound(_)) => Observed::Absent,
        Err(error) => Observed::Unreadable(error.to_string()),
    };
    Look::new(Layer::Process, observed, path)
}

fn look_limits(host: &dyn Host, setting: &Setting, row: &Row, found: &model::Unit) -> Look {
    let unit = names(setting).0;
    let Some(pid) = found.main_pid() else {
        return not_running(unit);
    };
    let path = format!("/proc/{pid}/limits");
    let observed = match host.read(&path) {
        Ok(bytes) => match Limits::from_buf_read(bytes.as_slice()) {
            Ok(limits) => Observed::Value(pair(host, setting, row, &limits)),
            Err(error) => Observed::Unreadable(error.to_string()),
        },
        Err(HostError::NotFound(_)) => return not_running(unit),
        Err(error) => Observed::Unreadable(error.to_string()),
    };
    Look::new(Layer::Process, observed, path)
}

/// Soft and hard as the process has them. Who wants infinitely many open files has them at
/// fs.nr_open: the kernel gives no more.
pub(super) fn pair(host: &dyn Host, setting: &Setting, row: &Row, limits: &Limits) -> Value {
    let Target::Resource { of, label } = row.target else {
        return Value::Numbers(Vec::new());
    };
    let wants_all = match &setting.desired {
        model::Desired::Exact(Value::Numbers(n)) => n.contains(&Quantity::Unlimited),
        model::Desired::AtLeast(n) | model::Desired::AtMost(n) => n.contains(&Quantity::Unlimited),
        model::Desired::Exact(Value::Text(_)) => false,
    };
    let all = (wants_all && label == OPEN_FILES)
        .then(|| {
            host.read_text("/proc/sys/fs/nr_open")
                .ok()?
                .trim()
                .parse()
                .ok()
        })
        .flatten();
    let quantity = |value: LimitValue| match value {
        LimitValue::Value(number) if Some(number) != all => Quantity::Finite(number.into()),
        _ => Quantity::Unlimited,
    };
    let limit = of(limits);
    Value::Numbers(vec![quantity(limit.soft_limit), quantity(limit.hard_limit)])
}

fn not_running(unit: &str) -> Look {
    let why = Observed::NotApplicable(format!("{unit} does not run"));
    Look::new(Layer::Process, why, unit)
}

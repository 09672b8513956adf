//! A systemd unit's limits: the drop-in that keeps them, the unit's properties, and what its
//! cgroup and its main process really have.

use super::unit_files::reading;
use super::unit_keys::{ROWS, Target, row, section};
use super::unit_looks::{look_process, look_stored, look_unit};
use super::{
    Kind, KnownKey, Line, Live, Look, Looked, Page, container_look, look_at, stored, tally,
};
use crate::next_boot::NextBoot;
use crate::process::started;
use crate::wish;
use model::{
    Action, Boot, Entry, Host, Key, Layer, Observed, Probe, ProcessId, Quantity, Rejection, Rlimit,
    Scope, Setting, Span, Value, nearest,
};

pub(crate) const DROP_IN: &str = "60-hosttune.conf";
/// What a unit has that names no limit.
pub(super) const BY_DEFAULT: &str = "the unit starts with systemd's default";

/// The kind `unit`.
pub(crate) struct Unit;

impl Kind for Unit {
    fn section(&self) -> &'static str {
        "unit"
    }

    fn named(&self) -> bool {
        true
    }

    fn page(&self) -> Page {
        Page {
            summary: "Limits of a systemd service, socket, mount, swap or slice.",
            file: "/etc/systemd/system/NAME.d/60-hosttune.conf",
            takes: "now, for the unit's cgroup and its main process and what that starts from then \
                    on; at each start of the unit",
            example: "[unit docker.service]\nTasksMax = infinity\nLimitNOFILE = 65536:524288",
            keys: ROWS
                .iter()
                .map(|row| KnownKey::of(row.name, &row.shape))
                .collect(),
        }
    }

    fn parse(&self, entry: &Entry) -> Result<Setting, Rejection> {
        let unit = entry.name.as_deref().unwrap_or_default();
        let refuse = |message: String| Rejection::new(&entry.span, message);
        refuse_name(unit, &entry.span)?;
        let Some(row) = row(&entry.key) else {
            let names = ROWS.iter().map(|row| row.name);
            let rejection = refuse(format!("unknown key `{}` for a unit", entry.key));
            return Err(match nearest(&entry.key, names) {
                Some(near) => rejection.help(format!("did you mean `{near}`?")),
                None => {
                    rejection.help("a unit takes TasksMax and the Limit… keys of systemd.exec(5)")
                }
            });
        };
        section(unit, row.name).map_err(|why| refuse(format!("[unit {unit}]: {why}")))?;
        let (desired, shape) = wish::parse(entry, row.shape)?;
        Ok(Setting {
            key: Key::new(self.section(), format!("{unit}/{}", row.name)),
            desired,
            shape,
            optional: false,
            reason: entry.reason.clone(),
            span: entry.span.clone(),
        })
    }

    fn unit<'a>(&self, setting: &'a Setting) -> Option<&'a str> {
        Some(names(setting).0)
    }

    fn same_as(&self, setting: &Setting) -> Option<Key> {
        match names(setting) {
            (unit, "TasksMax") => Some(Key::new("cgroup", format!("{unit}/pids.max"))),
            _ => None,
        }
    }

    fn observe(&self, host: &dyn Host, setting: &Setting) -> Vec<Look> {
        let (unit, key) = names(setting);
        let mut looks = vec![look_stored(host, setting, unit, key)];
        if host.scope() == Scope::Tree {
            return looks;
        }
        let found = match host.unit(unit) {
            Ok(found) => found,
            Err(error) => {
                let source = format!("{key} of {unit}");
                let observed = Observed::Unreadable(error.to_string());
                looks.push(Look::new(Layer::Unit, observed, source));
                return looks;
            }
        };
        if found.is_missing() {
            let why = Observed::NotApplicable(format!("{unit} is not installed"));
            for look in &mut looks {
                look.observed = why.clone();
            }
            looks.push(Look::new(Layer::Unit, why, "LoadState"));
            return looks;
        }
        let of_unit = look_unit(setting, unit, key, &found);
        let mut of_process = look_process(host, setting, unit, key, &found);
        let met = |look: &Look| {
            let value = look.observed.value();
            value.is_some_and(|value| setting.desired.met_by(value, &setting.shape))
        };
        if met(&of_unit) {
            let given = |row, look: &Look| {
                let value = look.observed.value();
                value.is_some_and(|value| tally::meets(setting, row, value))
            };
            of_process.proves = row(key).is_some_and(|row| given(row, &of_process));
            of_process.pending = Some(format!("a restart of {unit}, or `hosttune apply`"));
        }
        looks.extend([of_unit, of_process]);
        looks
    }

    fn next_boot(&self, boot: &NextBoot<'_>, setting: &Setting, looks: &[Look]) -> Option<Look> {
        let (unit, key) = names(setting);
        let section = section(unit, key).unwrap_or("Service");
        let reading = reading(boot.host(), unit, section, key, &setting.shape, Boot::Next);
        let ours = format!("/etc/systemd/system/{unit}.d/{DROP_IN}");
        stored::next_boot(setting, reading, looks, &ours, BY_DEFAULT)
    }

    fn workloads(&self, at: &Looked<'_>) -> Vec<Look> {
        let (unit, key) = names(at.setting);
        container_look::of_unit(at, unit, key)
    }

    fn container(&self, at: &Looked<'_>, probe: &Probe) -> Option<Look> {
        let (unit, key) = names(at.setting);
        container_look::inherited(at, unit, key, probe)
    }

    fn store(&self, setting: &Setting, looks: &[Look]) -> Option<Line> {
        let (unit, key) = names(setting);
        let stored = look_at(looks, Layer::Stored)?;
        if let Observed::NotApplicable(_) = stored.observed {
            return None;
        }
        let path = format!("/etc/systemd/system/{unit}.d/{DROP_IN}");
        let keep = stored.observed.value().filter(|value| {
            stored.source.starts_with(&format!("{path}:"))
                && setting.desired.met_by(value, &setting.shape)
        });
        // What the unit has now, distribution's defaults included, is the floor of a lower bound.
        let seen = look_at(looks, Layer::Unit)
            .and_then(|look| look.observed.value())
            .or_else(|| stored.observed.value());
        let value = keep
            .cloned()
            .unwrap_or_else(|| setting.desired.target(seen, &setting.shape));
        Some(Line {
            path,
            section: section(unit, key).ok(),
            text: format!("{key}={}", setting.shape.render(&value)),
            value: setting.shape.describe(&value),
            takes: format!("at each start of {unit}"),
        })
    }

    fn reread(&self, _host: &dyn Host, path: &str) -> Option<Action> {
        path.starts_with("/etc/systemd/system/")
            .then_some(Action::Reload)
    }

    fn make_live(&self, host: &dyn Host, setting: &Setting, looks: &[Look]) -> Vec<Live> {
        let Some(look) = look_at(looks, Layer::Process) else {
            return Vec::new();
        };
        let Observed::Value(seen) = &look.observed else {
            return Vec::new();
        };
        if look.proves || setting.desired.met_by(seen, &setting.shape) {
            return Vec::new();
        }
        let value = setting.desired.target(Some(seen), &setting.shape);
        let (unit, _) = names(setting);
        action(host, setting, unit, &look.source, &value)
            .map(|action| Live {
                layer: Layer::Process,
                action,
                value: setting.shape.describe(&value),
                note: note(unit, setting),
            })
            .into_iter()
            .collect()
    }
}

/// Refuses what cannot be the name of a unit that has limits.
pub(crate) fn refuse_name(unit: &str, span: &Span) -> Result<(), Rejection> {
    let valid = |c: char| c.is_ascii_alphanumeric() || ":_.-@\\".contains(c);
    if unit.is_empty() || !unit.chars().all(valid) || unit.starts_with('.') {
        let message = format!("`{unit}` is no name of a unit");
        return Err(Rejection::new(span, message));
    }
    if unit.contains("@.") {
        let message = format!("`{unit}` is a template and runs nothing itself");
        return Err(
            Rejection::new(span, message).help("name an instance, such as `getty@tty1.service`")
        );
    }
    Ok(())
}

/// The unit's own pids.max is written in place: after the reload the unit's property says the same,
/// so whenever systemd realizes the cgroup again it writes the very value that is there. Setting
/// the property on the bus instead would leave a drop-in in system.control and cost a second
/// reload to take it away again (docs/design/0002).
fn action(
    host: &dyn Host,
    setting: &Setting,
    unit: &str,
    source: &str,
    value: &Value,
) -> Option<Action> {
    let Value::Numbers(numbers) = value else {
        return None;
    };
    match &row(names(setting).1)?.target {
        Target::Tasks => Some(Action::WriteKernel {
            path: source.to_owned(),
            value: match numbers.first()? {
                Quantity::Unlimited => "max".to_owned(),
                Quantity::Finite(number) => number.to_string(),
            },
        }),
        Target::Resource { label, .. } => {
            let pid = source
                .strip_prefix("/proc/")?
                .split('/')
                .next()?
                .parse()
                .ok()?;
            let [soft, hard] = numbers.as_slice() else {
                return None;
            };
            Some(Action::SetRlimit {
                unit: unit.to_owned(),
                process: ProcessId {
                    pid,
                    started: started(host, pid).ok()??,
                },
                resource: (*label).to_owned(),
                value: Rlimit {
                    soft: finite(*soft),
                    hard: finite(*hard),
                },
            })
        }
    }
}

fn finite(quantity: Quantity) -> Option<u64> {
    quantity
        .finite()
        .and_then(|number| u64::try_from(number).ok())
}

fn note(unit: &str, setting: &Setting) -> Option<String> {
    let inherits = matches!(row(names(setting).1)?.target, Target::Resource { .. });
    let carries_shims = unit == "containerd.service" || unit == "docker.service";
    (inherits && carries_shims).then(|| {
        "new shims and containers inherit it; those that run keep what they have".to_owned()
    })
}

/// The unit and the key of a setting.
pub(super) fn names(setting: &Setting) -> (&str, &str) {
    setting
        .key
        .name
        .rsplit_once('/')
        .unwrap_or((&setting.key.name, ""))
}

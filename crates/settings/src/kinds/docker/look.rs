//! The looks at one key: what the file says, and what the running daemon uses.

use super::super::Look;
use super::daemon::{self, InUse, UNIT};
use super::document::{Document, Fault};
use super::keys::Row;
use super::value;
use model::{Desired, Host, HostError, Layer, Observed, Overruled, Setting, Unit, Value};

/// Why there is no document to look into.
pub(super) enum Unread {
    Broken(Fault),
    Closed(HostError),
}

/// The file as it stands; one that is not there is empty.
pub(super) fn document(host: &dyn Host, path: &str) -> Result<Document, Unread> {
    let bytes = match host.read(path) {
        Ok(bytes) => bytes,
        Err(HostError::NotFound(_)) => Vec::new(),
        Err(error) => return Err(Unread::Closed(error)),
    };
    Document::parse(&bytes).map_err(Unread::Broken)
}

pub(super) fn stored(host: &dyn Host, setting: &Setting, row: &Row, path: &str) -> Look {
    let name = &setting.key.name;
    let unreadable = |why: String| Look::new(Layer::Stored, Observed::Unreadable(why), path);
    let document = match document(host, path) {
        Ok(document) => document,
        Err(Unread::Broken(fault)) => return unreadable(format!("{path}:{fault}")),
        Err(Unread::Closed(error)) => return unreadable(error.to_string()),
    };
    match document.get(&row.path(name)) {
        None => Look::new(Layer::Stored, Observed::Absent, path),
        Some(found) => {
            let value = value::from_json(row, name, &found.value);
            let source = format!("{path}:{}", found.line);
            Look::new(Layer::Stored, Observed::Value(value), source)
        }
    }
}

/// A line whose key is a flag of the daemon too: dockerd starts with one of the two, not with both
/// (cmd/dockerd/config.go, `findConfigurationConflicts`).
pub(super) fn set_twice(
    setting: &Setting,
    stored: &Look,
    word: &str,
    place: &str,
) -> Vec<Overruled> {
    let Observed::Value(value) = &stored.observed else {
        return Vec::new();
    };
    let rule = format!("`{word}` of {place} sets it, and dockerd does not start with both");
    let value = setting.shape.describe(value);
    vec![Overruled::new(stored.source.as_str(), value, rule)]
}

fn met(setting: &Setting, observed: &Observed) -> bool {
    let value = observed.value();
    value.is_some_and(|value| setting.desired.met_by(value, &setting.shape))
}

pub(super) fn running(
    host: &dyn Host,
    setting: &Setting,
    row: &Row,
    path: &str,
    stored: &Look,
) -> Look {
    let look = |observed, source: &str| Look::new(Layer::Running, observed, source);
    let unit = match daemon::active(host) {
        Ok(Some(unit)) => unit,
        Ok(None) => {
            let why = Observed::NotApplicable(format!("{UNIT} does not run"));
            return look(why, "ActiveState");
        }
        Err(error) => return look(Observed::Unreadable(error.to_string()), UNIT),
    };
    let mut look = match daemon::in_use(host, row) {
        InUse::Hidden => by_time(host, setting, row, path, stored, &unit),
        InUse::NoBridge => {
            let why = "the daemon has no default bridge".to_owned();
            look(Observed::NotApplicable(why), "docker /networks/bridge")
        }
        InUse::Unasked(error, place) => look(
            Observed::Unreadable(error.to_string()),
            &format!("docker {place}"),
        ),
        InUse::Shows(None, place) => look(Observed::Absent, &format!("docker {place}")),
        InUse::Shows(Some(json), place) => {
            let seen = value::from_json(row, &setting.key.name, &json);
            let value = match &setting.desired {
                Desired::Exact(wanted) if value::alike(row, wanted, &seen) => wanted.clone(),
                _ => seen,
            };
            look(Observed::Value(value), &format!("docker {place}"))
        }
    };
    if met(setting, &stored.observed) && !met(setting, &look.observed) {
        look.pending = Some(match row.reloads {
            true => format!("a reload of {UNIT}, or `hosttune apply`"),
            false => daemon::restart(host),
        });
    }
    look
}

/// What the daemon does not show is what its file says, if the file has stood as it is since the
/// daemon read it.
fn by_time(
    host: &dyn Host,
    setting: &Setting,
    row: &Row,
    path: &str,
    stored: &Look,
    unit: &Unit,
) -> Look {
    let look = |observed| Look::new(Layer::Running, observed, path);
    let hidden = |why: String| {
        let why = format!("the daemon does not show it, and {why}");
        look(Observed::Unreadable(why))
    };
    let changed = match host.modified(path) {
        Ok(changed) => changed,
        Err(HostError::NotFound(_)) => return look(Observed::Absent),
        Err(error) => return hidden(error.to_string()),
    };
    match daemon::has_used_since(unit, row) {
        None => hidden(format!("systemd does not say when {UNIT} started")),
        Some(since) if changed < since => look(stored.observed.clone()),
        Some(_) if met(setting, &stored.observed) => {
            look(Observed::Value(Value::words("not shown")))
        }
        Some(_) => hidden(format!("{path} has changed since it was read")),
    }
}

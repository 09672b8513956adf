//! The look at stored files: of all assignments the last wins, and one that beats ours is named.

use super::{Look, look_at};
use model::{Desired, Layer, Observed, Setting, Shape, Span, Value};

/// One assignment of a key in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assignment {
    pub(crate) value: String,
    pub(crate) span: Span,
}

/// What the assignments, in the order they are read, come to. `unreadable` is what might win and
/// could not be read; `place` names where was looked, `ours` is our own file.
pub(crate) fn look(
    setting: &Setting,
    found: &[Assignment],
    unreadable: Option<String>,
    place: &str,
    ours: &str,
) -> Look {
    if let Some(why) = unreadable {
        return Look::new(Layer::Stored, Observed::Unreadable(why), place);
    }
    let Some((last, earlier)) = found.split_last() else {
        return Look::new(Layer::Stored, Observed::Absent, place);
    };
    let observed = match setting.shape.observe(&last.value) {
        Ok(value) => Observed::Value(value),
        Err(error) => Observed::Unreadable(format!("`{}`: {error}", last.value)),
    };
    let met = observed.value();
    let met = met.is_some_and(|value| setting.desired.met_by(value, &setting.shape));
    let mut look = Look::new(Layer::Stored, observed, last.span.to_string());
    let beaten = earlier.iter().rev().find(|other| *other.span.file == *ours);
    let beaten = match beaten {
        Some(beaten) => Some(beaten.span.to_string()),
        None if !met && comes_after(&last.span.file, ours) => Some(ours.to_owned()),
        None => None,
    };
    match beaten {
        Some(beaten) => {
            look.fix = Some(remove(&last.span));
            look.warn(format!(
                "{} is read later and overrides {beaten}",
                last.span
            ))
        }
        None => look,
    }
}

/// What to do about a line that beats ours.
pub(crate) fn remove(span: &Span) -> String {
    format!("remove the line at {span}, or write the wanted value there")
}

/// What our file shall say: what it says already, if that will do; else the nearest value that
/// meets the wish and takes nothing away from what the host has stored or running.
pub(crate) fn target(setting: &Setting, looks: &[Look], ours: &str) -> Option<Value> {
    let stored = look_at(looks, Layer::Stored)?;
    if let Observed::NotApplicable(_) = stored.observed {
        return None;
    }
    let stored_value = stored.observed.value();
    if let Some(value) = stored_value
        && stored.source.starts_with(&format!("{ours}:"))
        && setting.desired.met_by(value, &setting.shape)
    {
        return Some(value.clone());
    }
    let running = look_at(looks, Layer::Running).and_then(|look| look.observed.value());
    let seen = running.or(stored.floor.as_ref());
    let value = setting.desired.target(seen, &setting.shape);
    Some(match (&setting.desired, stored_value) {
        (Desired::AtLeast(_) | Desired::AtMost(_), Some(stored)) => {
            widen(&setting.desired, &value, stored, &setting.shape)
        }
        _ => value,
    })
}

/// A bound's target seen from a second place: the further of the two on the good side.
fn widen(desired: &Desired, value: &Value, other: &Value, shape: &Shape) -> Value {
    let Value::Numbers(numbers) = value.clone() else {
        return value.clone();
    };
    let wish = match desired {
        Desired::AtMost(_) => Desired::AtMost(numbers),
        _ => Desired::AtLeast(numbers),
    };
    wish.target(Some(other), shape)
}

/// Whether `other` is read after `ours`: the file's name decides, wherever it lies. What lies in no
/// directory of drop-ins, such as a unit's own file or system.conf, comes before all that do.
pub(crate) fn comes_after(other: &str, ours: &str) -> bool {
    let parts = |path: &str| {
        let (folder, name) = path.rsplit_once('/').unwrap_or_default();
        (folder.ends_with(".d"), name.to_owned())
    };
    parts(other) > (true, parts(ours).1)
}

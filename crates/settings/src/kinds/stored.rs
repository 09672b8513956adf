//! The look at stored files: of all assignments the last wins, and one that beats ours is named.

use super::Look;
use model::{Layer, Observed, Setting, Span};

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
    look.note = beaten.map(|beaten| format!("{} is read later and overrides {beaten}", last.span));
    look
}

/// Whether systemd reads `other` after `ours`: the file's name decides, wherever it lies. A unit's own
/// file, which is no `.conf`, comes before every drop-in.
fn comes_after(other: &str, ours: &str) -> bool {
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    other.ends_with(".conf") && name(other) > name(ours)
}

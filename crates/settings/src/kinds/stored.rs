//! The look at stored files: of all assignments the last wins, and one that beats ours is named.

use super::{Look, look_at};
use model::{Desired, Layer, Observed, Overruled, Setting, Shape, Span, Value};

/// One assignment of a key in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assignment {
    pub(crate) value: String,
    pub(crate) span: Span,
    /// Later lines that say the very same.
    pub(crate) again: Vec<Span>,
    /// Whether another line took its place before anything was written.
    pub(crate) replaced: bool,
}

impl Assignment {
    pub(crate) fn new(value: impl Into<String>, span: Span) -> Self {
        Self {
            value: value.into(),
            span,
            again: Vec::new(),
            replaced: false,
        }
    }

    /// The line to name: ours, if it is one of those that say so.
    fn place(&self, ours: &str) -> &Span {
        let mut spans = std::iter::once(&self.span).chain(&self.again);
        spans.find(|span| *span.file == *ours).unwrap_or(&self.span)
    }

    fn last(&self) -> &Span {
        self.again.last().unwrap_or(&self.span)
    }
}

/// What files say about one key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Assignments in the order they take effect: the last one counts.
    pub(crate) said: Vec<Assignment>,
    /// Lines that do not count whatever follows, each with its rule.
    pub(crate) lost: Vec<Overruled>,
    /// A line that takes the key back, where nothing is assigned after it.
    pub(crate) cancelled: Option<Span>,
    /// What could not be read and might count.
    pub(crate) unreadable: Option<String>,
}

/// What the files come to. `place` names where was looked, `ours` is our own file.
pub(crate) fn look(setting: &Setting, reading: Reading, place: &str, ours: &str) -> Look {
    let mut look = judge(setting, &reading, place, ours);
    look.overruled = overruled(reading, ours);
    look
}

fn judge(setting: &Setting, reading: &Reading, place: &str, ours: &str) -> Look {
    if let Some(why) = &reading.unreadable {
        return Look::new(Layer::Stored, Observed::Unreadable(why.clone()), place);
    }
    let Some((last, earlier)) = reading.said.split_last() else {
        return nothing(reading, place, ours);
    };
    let observed = match setting.shape.observe(&last.value) {
        Ok(value) => Observed::Value(value),
        Err(error) => Observed::Unreadable(format!("`{}`: {error}", last.value)),
    };
    let met = observed.value();
    let met = met.is_some_and(|value| setting.desired.met_by(value, &setting.shape));
    let look = Look::new(Layer::Stored, observed, last.place(ours).to_string());
    let is_ours = |span: &&Span| *span.file == *ours;
    let spans = earlier.iter().rev().map(|other| &other.span);
    let beaten = match spans.clone().find(is_ours) {
        Some(_) if is_ours(&last.place(ours)) => None,
        Some(beaten) => Some(beaten.to_string()),
        None if !met && comes_after(&last.last().file, ours) => Some(ours.to_owned()),
        None => None,
    };
    match beaten {
        Some(beaten) => {
            let by = last.last();
            let mut look = look.warn(format!("{by} is read later and overrides {beaten}"));
            look.fix = Some(remove(by));
            look
        }
        None => look,
    }
}

/// Nothing is assigned; a line that takes the key back would do so to ours too.
fn nothing(reading: &Reading, place: &str, ours: &str) -> Look {
    let look = Look::new(Layer::Stored, Observed::Absent, place);
    match &reading.cancelled {
        Some(span) if comes_after(&span.file, ours) => {
            let mut look = look.warn(format!("{span} is read later and cancels {ours}"));
            look.fix = Some(format!("remove the line at {span}"));
            look
        }
        _ => look,
    }
}

/// The lines that do not count: those read earlier, then those that lost by another rule.
pub(super) fn overruled(reading: Reading, ours: &str) -> Vec<Overruled> {
    let Some((last, earlier)) = reading.said.split_last() else {
        return reading.lost;
    };
    let winner = last.place(ours);
    let told = |one: &Assignment| {
        let rule = format!("read before {winner}");
        Overruled::new(one.span.to_string(), &one.value, rule)
    };
    let same = std::iter::once(&last.span).chain(&last.again);
    let same = same.filter(|span| *span != winner).map(|span| {
        Overruled::new(
            span.to_string(),
            &last.value,
            format!("says the same as {winner}"),
        )
    });
    let mut all: Vec<Overruled> = earlier.iter().map(told).chain(same).collect();
    all.extend(reading.lost);
    all
}

/// What the next boot finds, given what it reads and what is stored now. `default` says what holds
/// where nothing is read.
pub(crate) fn next_boot(
    setting: &Setting,
    reading: Reading,
    looks: &[Look],
    ours: &str,
    default: &str,
) -> Option<Look> {
    let stored = look_at(looks, Layer::Stored)?;
    if let Observed::NotApplicable(_) = stored.observed {
        return None;
    }
    let now = stored.observed.value();
    let (observed, source) = match (&reading.unreadable, reading.said.last()) {
        (Some(why), _) => (Observed::Unreadable(why.clone()), "next boot".to_owned()),
        (None, None) => {
            let why = format!("nothing that a boot reads sets it: {default}");
            (Observed::Unreadable(why), "next boot".to_owned())
        }
        (None, Some(last)) => {
            let observed = match setting.shape.observe(&last.value) {
                Ok(value) => Observed::Value(value),
                Err(error) => Observed::Unreadable(format!("`{}`: {error}", last.value)),
            };
            (observed, last.place(ours).to_string())
        }
    };
    let mut look = Look::new(Layer::NextBoot, observed, source);
    if look.source != stored.source && stored.source.starts_with("/run/") && now.is_some() {
        look.note = Some(format!(
            "{} lies in /run, which is empty at each boot",
            stored.source
        ));
    }
    if look.is_unreadable() {
        look.fix = Some("hosttune apply".to_owned());
    }
    Some(look)
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

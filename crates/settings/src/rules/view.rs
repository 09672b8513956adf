//! The view of a rule: the value that will hold of any key, from the profile and from the host.

use super::fault::Fault;
use crate::kinds::{KINDS, Look, kind_of, look_at, sysctl_row};
use model::{
    Desired, Form, Host, Key, Layer, Observed, Quantity, Scope, Setting, Shape, Span, Value,
};

/// What rules look at.
pub(super) struct View<'a> {
    host: Option<&'a dyn Host>,
    /// The profile's settings.
    pub(super) settings: &'a [Setting],
}

/// One side of a relation.
#[derive(Debug)]
pub(super) struct Side<'a> {
    /// The key.
    pub(super) key: Key,
    /// What the profile says of it, if it does.
    pub(super) setting: Option<&'a Setting>,
    /// The value that will hold; none where nobody says one, an error where it cannot be read.
    value: Result<Option<Value>, String>,
}

impl<'a> View<'a> {
    /// The view of these settings on this host.
    pub(super) fn new(host: Option<&'a dyn Host>, settings: &'a [Setting]) -> Self {
        Self { host, settings }
    }

    /// The host, if it is one that runs.
    pub(super) fn live(&self) -> Option<&'a dyn Host> {
        self.host.filter(|host| host.scope() == Scope::Live)
    }

    /// The host or file tree.
    pub(super) fn host(&self) -> Option<&'a dyn Host> {
        self.host
    }

    /// A sysctl, from the profile or else from the host.
    pub(super) fn sysctl(&self, name: &str) -> Side<'a> {
        let side = self.side("sysctl", name);
        match (side.setting, self.host) {
            (None, Some(host)) => Side {
                value: held_by_host(host, &look_at_sysctl(host, name)),
                ..side
            },
            _ => side,
        }
    }

    /// A key of any kind, as far as the profile sets it.
    pub(super) fn side(&self, kind: &'static str, name: &str) -> Side<'a> {
        let has = |setting: &&Setting| setting.key.kind == kind && setting.key.name == name;
        match self.settings.iter().find(has) {
            Some(setting) => self.of(setting),
            None => Side {
                key: Key::new(kind, name),
                setting: None,
                value: Ok(None),
            },
        }
    }

    /// A setting of the profile with the value that will hold.
    pub(super) fn of(&self, setting: &'a Setting) -> Side<'a> {
        Side {
            key: setting.key.clone(),
            setting: Some(setting),
            value: to_come(setting, &self.looks(setting)),
        }
    }

    /// Every look at a setting of the profile.
    pub(super) fn looks(&self, setting: &Setting) -> Vec<Look> {
        let kind = KINDS.iter().find(|kind| kind.section() == setting.key.kind);
        match (kind, self.host) {
            (Some(kind), Some(host)) => kind.observe(host, setting),
            _ => Vec::new(),
        }
    }

    /// What is stored of a sysctl that the profile does not set: it holds from the next boot on.
    pub(super) fn stored_sysctl(&self, name: &str) -> Option<Value> {
        let looks = look_at_sysctl(self.host?, name);
        look_at(&looks, Layer::Stored)?.observed.value().cloned()
    }
}

/// A bound takes nothing from what the host has on its good side; a setting that does not arise
/// here has no value.
fn to_come(setting: &Setting, looks: &[Look]) -> Result<Option<Value>, String> {
    let moot = |look: &Look| matches!(look.observed, Observed::NotApplicable(_));
    if !looks.is_empty() && looks.iter().all(moot) {
        return Ok(None);
    }
    let mut value = setting.desired.target(None, &setting.shape);
    for look in looks {
        match (&look.observed, &setting.desired) {
            (_, Desired::Exact(_)) | (Observed::Absent | Observed::NotApplicable(_), _) => {}
            (Observed::Unreadable(why), _) => return Err(why.clone()),
            (Observed::Value(seen), desired) => {
                if let Value::Numbers(numbers) = value.clone() {
                    let further = match desired {
                        Desired::AtMost(_) => Desired::AtMost(numbers),
                        _ => Desired::AtLeast(numbers),
                    };
                    value = further.target(Some(seen), &setting.shape);
                }
            }
        }
    }
    Ok(Some(value))
}

fn held_by_host(host: &dyn Host, looks: &[Look]) -> Result<Option<Value>, String> {
    let layer = match host.scope() {
        Scope::Live => Layer::Running,
        Scope::Tree => Layer::Stored,
    };
    match look_at(looks, layer).map(|look| &look.observed) {
        Some(Observed::Value(value)) => Ok(Some(value.clone())),
        Some(Observed::Unreadable(why)) => Err(why.clone()),
        _ => Ok(None),
    }
}

/// The looks at a sysctl that no profile mentions, with the shape that its kind knows for it.
fn look_at_sysctl(host: &dyn Host, name: &str) -> Vec<Look> {
    let shape = Shape::number(i128::MIN, i128::MAX);
    let setting = Setting {
        key: Key::new("sysctl", name),
        desired: Desired::AtLeast(Vec::new()),
        shape: sysctl_row(name).map_or(shape, |row| row.shape),
        optional: false,
        reason: None,
        span: Span::new("", 0),
    };
    kind_of(&setting).observe(host, &setting)
}

impl Side<'_> {
    /// The one number that will hold; of soft and hard the hard one, which is the larger.
    pub(super) fn number(&self) -> Option<Quantity> {
        match self.value.as_ref().ok()?.as_ref()? {
            Value::Numbers(numbers) => numbers.iter().copied().max(),
            Value::Text(_) => None,
        }
    }

    /// The numbers that will hold.
    pub(super) fn numbers(&self) -> &[Quantity] {
        match &self.value {
            Ok(Some(Value::Numbers(numbers))) => numbers,
            _ => &[],
        }
    }

    /// The text that will hold.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Ok(Some(Value::Text(text))) => Some(text),
            _ => None,
        }
    }

    /// What the profile promises: a bound's own number, whatever the host has beyond it.
    pub(super) fn promised(&self) -> Option<Quantity> {
        let setting = self.setting.filter(|_| !self.is_nowhere())?;
        match setting.desired.target(None, &setting.shape) {
            Value::Numbers(numbers) => numbers.into_iter().max(),
            Value::Text(_) => None,
        }
    }

    /// Whether nobody says a value, or the key does not arise on this host.
    fn is_nowhere(&self) -> bool {
        self.value == Ok(None)
    }

    /// The key with its value, for a sentence: `fs.nr_open 1048576`, and who says so.
    pub(super) fn told(&self) -> String {
        let value = match &self.value {
            Ok(Some(value)) => self.shape().describe(value),
            _ => "?".to_owned(),
        };
        let host = if self.setting.is_none() {
            " (of the host)"
        } else {
            ""
        };
        format!("{} {value}{host}", self.key.name)
    }

    fn shape(&self) -> Shape {
        let form = |width| match width {
            1 => Form::Scalar,
            width => Form::Vector(width),
        };
        self.setting.map_or_else(
            || Shape::number(i128::MIN, i128::MAX).form(form(self.numbers().len())),
            |setting| setting.shape,
        )
    }
}

/// The numbers of the two sides of a relation, of which the profile sets one at least. Where nobody
/// says one there is no fault; where one that only the host has cannot be read, that is the fault. A
/// setting that cannot be read is unknown by its own finding already.
pub(super) fn numbers(
    left: &Side<'_>,
    right: &Side<'_>,
) -> Result<Option<(Quantity, Quantity)>, Fault> {
    if left.setting.is_none() && right.setting.is_none() {
        return Ok(None);
    }
    for (side, other) in [(left, right), (right, left)] {
        if let (Err(why), None, false) = (&side.value, side.setting, other.is_nowhere()) {
            let (one, other) = (&left.key, &right.key);
            let message = format!("cannot tell whether {one} and {other} go together: {why}");
            return Err(Fault::unknown(&[left, right], message));
        }
    }
    Ok(left.number().zip(right.number()))
}

/// What the profile promises, a number, and the one that bounds it.
pub(super) fn promise(
    promise: &Side<'_>,
    most: &Side<'_>,
) -> Result<Option<(i128, Quantity)>, Fault> {
    let Some(Quantity::Finite(promised)) = promise.promised() else {
        return Ok(None);
    };
    let promise = Side {
        key: promise.key.clone(),
        setting: promise.setting,
        value: Ok(Some(Value::number(promised))),
    };
    let both = numbers(&promise, most)?;
    Ok(both.map(|(_, most)| (promised, most)))
}

/// What a look at one relation comes to.
pub(super) type Judged = Result<Option<Fault>, Fault>;

/// The fault, if there is one.
pub(super) fn settle(judged: Judged) -> Option<Fault> {
    judged.unwrap_or_else(Some)
}

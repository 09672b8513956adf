//! The kinds of settings: one file each, and the table that says they exist.

mod module;
mod stored;
mod sysctl;
mod sysctl_files;
mod sysctl_keys;
mod sysctl_name;
mod unit;
mod unit_files;
mod unit_keys;

pub(crate) use sysctl_keys::module_of;
pub(crate) use unit_keys::by_label as limit_by_label;

use model::{Action, Entry, Host, Layer, Observed, Rejection, Setting};

/// Every kind. The order is the order of work: modules bring sysctls into being, and `fs.nr_open`
/// must stand before a unit's open files are raised to it.
pub const KINDS: &[&dyn Kind] = &[&module::Module, &sysctl::Sysctl, &unit::Unit];

/// A kind of setting: what a profile section may say, and what that means on a host. It describes;
/// it never changes anything itself.
pub trait Kind: Sync {
    /// The section's first word in a profile, and the kind in `kind:name`.
    fn section(&self) -> &'static str;

    /// Whether the section carries a name (`[unit docker.service]`).
    fn named(&self) -> bool {
        false
    }

    /// What an entry means, or why it means nothing.
    fn parse(&self, entry: &Entry) -> Result<Setting, Rejection>;

    /// The unit that `observe` will ask the bus for.
    fn unit<'a>(&self, _setting: &'a Setting) -> Option<&'a str> {
        None
    }

    /// Every look at the setting, farthest from the workload first.
    fn observe(&self, host: &dyn Host, setting: &Setting) -> Vec<Look>;

    /// A key that this host shows to be a slip of the pen.
    fn refuse(&self, _host: &dyn Host, _setting: &Setting, _looks: &[Look]) -> Option<Rejection> {
        None
    }

    /// The line that keeps the setting across a boot, and the file of ours it belongs to.
    fn store(&self, setting: &Setting, looks: &[Look]) -> Option<Line>;

    /// What makes the setting hold now.
    fn make_live(&self, host: &dyn Host, setting: &Setting, looks: &[Look]) -> Vec<Live>;
}

/// The kind of a setting.
pub(crate) fn kind_of(setting: &Setting) -> &'static dyn Kind {
    KINDS
        .iter()
        .copied()
        .find(|kind| kind.section() == setting.key.kind)
        .unwrap_or(&sysctl::Sysctl)
}

/// One look of a kind at one layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The layer.
    pub layer: Layer,
    /// What was seen.
    pub observed: Observed,
    /// Where: `path:line`, a path, or a property.
    pub source: String,
    /// A sentence about it, such as what it overrides.
    pub note: Option<String>,
    /// If the value is not the wanted one: what will make it so without another apply.
    pub pending: Option<String>,
}

impl Look {
    pub(crate) fn new(layer: Layer, observed: Observed, source: impl Into<String>) -> Self {
        Self {
            layer,
            observed,
            source: source.into(),
            note: None,
            pending: None,
        }
    }
}

/// The look at `layer`, if there is one.
pub(crate) fn look_at(looks: &[Look], layer: Layer) -> Option<&Look> {
    looks.iter().find(|look| look.layer == layer)
}

/// One line of a file that is wholly ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The file.
    pub path: String,
    /// The section inside the file (`Service`), for files that have sections.
    pub section: Option<&'static str>,
    /// The line without a newline.
    pub text: String,
    /// The value in it, for people.
    pub value: String,
    /// When the line takes effect.
    pub takes: String,
}

/// A change that holds at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// The layer it changes.
    pub layer: Layer,
    /// The change.
    pub action: Action,
    /// The value it brings about, for people.
    pub value: String,
    /// What a reader of the plan should know about it.
    pub note: Option<String>,
}

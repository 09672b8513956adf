//! The kinds of settings: one file each, and the table that says they exist.

mod cgroup;
mod cgroup_keys;
mod cgroup_place;
mod container_look;
mod container_sysctl;
mod dbus;
mod dbus_files;
mod dbus_limits;
mod docker;
mod file;
pub(crate) mod glob;
mod limits_conf;
pub(crate) mod lines;
mod manager;
mod module;
mod page;
mod require;
mod require_facts;
mod retire;
mod running_containers;
mod shims;
mod stored;
mod sysctl;
mod sysctl_boot;
mod sysctl_files;
mod sysctl_keys;
mod sysctl_name;
mod sysctl_namespaces;
mod sysctl_value;
mod sysctl_watchers;
mod tally;
mod tmpfiles;
mod ulimit;
mod ulimit_items;
mod ulimit_look;
mod unit;
mod unit_files;
mod unit_keys;
mod unit_looks;
mod unit_shims;
mod unit_values;

pub use container_sysctl::asked_of_container;
pub use file::{FileOfLines, Line};
pub use page::{KnownKey, Page};
pub(crate) use sysctl_files::reading as sysctl_reading;
pub(crate) use sysctl_keys::PAIRS as SYSCTL_PAIRS;
pub(crate) use sysctl_keys::module_of;
pub(crate) use sysctl_keys::row as sysctl_row;
pub(crate) use sysctl_name::as_systemd;
pub(crate) use unit_files::of_files as unit_reading;
pub(crate) use unit_keys::by_label as limit_by_label;

use crate::next_boot::NextBoot;
use model::{
    Action, Entry, Host, HostResult, Key, Layer, Observed, Overruled, Probe, Rejection, Scope,
    Setting, Value,
};

/// Every kind. The order is the order of work: modules bring sysctls into being, and `fs.nr_open`
/// must stand before a unit's open files are raised to it. What is required comes first, to be read
/// first; of two kinds that write one file (`unit` and `cgroup`), the first writes it.
pub const KINDS: &[&dyn Kind] = &[
    &require::Require,
    &retire::Retire,
    &module::Module,
    &sysctl::Sysctl,
    &manager::Manager,
    &unit::Unit,
    &cgroup::Cgroup,
    &ulimit::Ulimit,
    &dbus::Dbus,
    &docker::Docker,
];

/// A kind of setting: what a profile section may say, and what that means on a host. It describes;
/// it never changes anything itself.
pub trait Kind: Sync {
    /// The section's first word in a profile, and the kind in `kind:name`.
    fn section(&self) -> &'static str;

    /// Whether the section carries a name (`[unit docker.service]`).
    fn named(&self) -> bool {
        false
    }

    /// What a reader of profiles is told of it.
    fn page(&self) -> Page;

    /// What an entry means, or why it means nothing.
    fn parse(&self, entry: &Entry) -> Result<Setting, Rejection>;

    /// The unit that `observe` will ask the bus for.
    fn unit<'a>(&self, _setting: &'a Setting) -> Option<&'a str> {
        None
    }

    /// The key under which another kind sets the very same thing; a profile may name one of them.
    fn same_as(&self, _setting: &Setting) -> Option<Key> {
        None
    }

    /// Every look at the setting, farthest from the workload first.
    fn observe(&self, host: &dyn Host, setting: &Setting) -> Vec<Look>;

    /// What the next boot will come to, given what there is now; none where the question does not
    /// arise, or where everything lies in files that a boot leaves alone.
    fn next_boot(&self, _boot: &NextBoot<'_>, _setting: &Setting, _looks: &[Look]) -> Option<Look> {
        None
    }

    /// What shims and containers that run have of it. Only a check asks: no plan rests on it.
    fn workloads(&self, _at: &Looked<'_>) -> Vec<Look> {
        Vec::new()
    }

    /// What a container made for the look has of it, if that says anything about the setting.
    fn container(&self, _at: &Looked<'_>, _probe: &Probe) -> Option<Look> {
        None
    }

    /// A key that this host shows to be a slip of the pen.
    fn refuse(&self, _host: &dyn Host, _setting: &Setting, _looks: &[Look]) -> Option<Rejection> {
        None
    }

    /// The line that keeps the setting across a boot, and the file of ours it belongs to.
    fn store(&self, _setting: &Setting, _looks: &[Look]) -> Option<Line> {
        None
    }

    /// Whether a file that holds `text` has the line already.
    fn holds(&self, text: &str, line: &Line) -> bool {
        let has = |wanted: &str| text.lines().any(|there| there == wanted);
        line.text.lines().all(has)
    }

    /// The content of one of the files that lines are stored in.
    fn write(&self, file: &FileOfLines<'_>) -> HostResult<String> {
        Ok(file.wholly_ours())
    }

    /// Whether the files that lines are stored in hold what is the operator's as well.
    fn merges(&self) -> bool {
        false
    }

    /// Whoever must agree before a file of lines may stand where it is read.
    fn validate(&self, _host: &dyn Host, _path: &str, _content: &str) -> Option<Action> {
        None
    }

    /// Whoever must read a file again after it has changed, if its path is one that this kind knows.
    fn reread(&self, _host: &dyn Host, _path: &str) -> Option<Action> {
        None
    }

    /// What makes the setting hold now; a file that is not made of lines is replaced here too.
    fn make_live(&self, _host: &dyn Host, _setting: &Setting, _looks: &[Look]) -> Vec<Live> {
        Vec::new()
    }
}

/// Whoever must read again what stands at `paths`, in table order, each once.
pub(crate) fn rereads(host: &dyn Host, paths: &[String]) -> Vec<Action> {
    let mut actions = Vec::new();
    if host.scope() == Scope::Tree {
        return actions;
    }
    for kind in KINDS {
        for action in paths.iter().filter_map(|path| kind.reread(host, path)) {
            if !actions.contains(&action) {
                actions.push(action);
            }
        }
    }
    actions
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
    /// Whether a plan repeats the note: it is about what no apply changes.
    pub warns: bool,
    /// Whether it proves the setting, though what was seen is not its value.
    pub proves: bool,
    /// If the value is not the wanted one: what will make it so without another apply.
    pub pending: Option<String>,
    /// If the value is not the wanted one and no apply makes it so: what does.
    pub fix: Option<String>,
    /// What holds as long as nothing is stored, so that a lower bound stores no less.
    pub floor: Option<Value>,
    /// The lines that speak about it too and do not count.
    pub overruled: Vec<Overruled>,
}

impl Look {
    /// Whether it could not be told what there is.
    pub(crate) fn is_unreadable(&self) -> bool {
        matches!(self.observed, Observed::Unreadable(_))
    }

    pub(crate) fn new(layer: Layer, observed: Observed, source: impl Into<String>) -> Self {
        Self {
            layer,
            observed,
            source: source.into(),
            note: None,
            warns: false,
            proves: false,
            pending: None,
            fix: None,
            floor: None,
            overruled: Vec::new(),
        }
    }

    /// The same with a sentence that a plan repeats.
    pub(crate) fn warn(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self.warns = true;
        self
    }
}

/// A setting that was looked at, and where.
#[derive(Clone, Copy)]
pub struct Looked<'a> {
    /// The host.
    pub host: &'a dyn Host,
    /// The setting.
    pub setting: &'a Setting,
    /// What [`Kind::observe`] saw of it.
    pub looks: &'a [Look],
    /// Whether there is time for more than an everyday look takes.
    pub thorough: bool,
}

impl Looked<'_> {
    /// Whether the look at `layer` shows what is wanted.
    pub(crate) fn is_met(&self, layer: Layer) -> bool {
        let look = look_at(self.looks, layer);
        look.is_some_and(|look| match &look.observed {
            Observed::Value(value) => {
                look.proves || self.setting.desired.met_by(value, &self.setting.shape)
            }
            _ => false,
        })
    }
}

/// The look at `layer`, if there is one.
pub(crate) fn look_at(looks: &[Look], layer: Layer) -> Option<&Look> {
    looks.iter().find(|look| look.layer == layer)
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

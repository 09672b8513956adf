//! The plan: what an apply would change, setting by setting, and the actions that do it in order.

use crate::check::expect_units;
use crate::confirm::Guard;
use crate::journal::{Before, Journal};
use crate::kinds::{Kind, Live, Look, kind_of, look_at, rereads};
use crate::leftovers;
use crate::own_files::Files;
use crate::restore::{as_the_kernel_has_it, before, subject, words};
use crate::rules::{RuleFinding, rules, warnings};
use crate::undone::Undone;
use model::{Action, Entry, Host, HostError, HostResult, Layer, Rejection, Setting};
use std::collections::BTreeMap;

/// A profile ready to be applied.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Its file.
    pub path: String,
    /// Its entries, for the journal.
    pub entries: Vec<Entry>,
    /// What they mean.
    pub settings: Vec<Setting>,
}

/// What an apply would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Setting by setting, in the profile's order; settings that hold already are left out.
    pub steps: Vec<Step>,
    /// Keys that only the profile in force set, and that go back to what was before it.
    pub restores: Vec<Planned>,
    /// Everything to be done, in order, the restores included.
    pub actions: Vec<Planned>,
    /// What the operator should know and hosttune will not change.
    pub warnings: Vec<String>,
    /// The settings that each file of lines keeps.
    pub keeps: BTreeMap<String, Vec<String>>,
    /// What reverts it by itself unless it is confirmed; its actions come first.
    pub guard: Option<Guard>,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    /// Adds the restarts that the operator asked for, at the end.
    pub fn restart(&mut self, units: &[String]) {
        let restarts = units
            .iter()
            .map(|unit| Action::Restart { unit: unit.clone() });
        self.actions
            .extend(restarts.map(|action| Planned::shared(action, Before::Nothing)));
    }
}

/// One setting's way from what is to what is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The setting.
    pub setting: Setting,
    /// One line a layer that changes.
    pub lines: Vec<StepLine>,
}

/// The change of one setting at one layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepLine {
    /// The layer.
    pub layer: Layer,
    /// What is there now.
    pub now: String,
    /// What will be there.
    pub then: String,
    /// Where.
    pub place: String,
    /// When it takes effect.
    pub takes: String,
    /// What to know about it.
    pub note: Option<String>,
}

/// An action with what it will replace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The action.
    pub action: Action,
    /// The setting it serves (`kind:name`), where it serves one alone.
    pub key: Option<String>,
    /// What is there now.
    pub before: Before,
}

impl Planned {
    /// An action that serves no single setting.
    pub(crate) fn shared(action: Action, before: Before) -> Self {
        Self {
            action,
            key: None,
            before,
        }
    }
}

/// Works out what it takes to bring `host` to `profile`. Keys that this kernel shows to be slips
/// are refused before anything is planned.
pub fn plan(
    host: &dyn Host,
    profile: &Profile,
    journal: &Journal,
) -> Result<HostResult<Plan>, Vec<Rejection>> {
    expect_units(host, &profile.settings);
    let seen: Vec<Seen<'_>> = profile
        .settings
        .iter()
        .map(|setting| {
            let kind = kind_of(setting);
            let now = kind.observe(host, setting);
            Seen { setting, kind, now }
        })
        .collect();
    let mut rejections: Vec<Rejection> = seen
        .iter()
        .filter_map(|seen| seen.kind.refuse(host, seen.setting, &seen.now))
        .collect();
    // A file that several settings live in is at fault once.
    rejections.dedup();
    if !rejections.is_empty() {
        return Err(rejections);
    }
    let undone = match Undone::new(host, journal) {
        Ok(undone) => undone,
        Err(error) => return Ok(Err(error)),
    };
    let found = rules(Some(&undone), &profile.settings);
    let rejections: Vec<Rejection> = found.iter().filter_map(RuleFinding::rejection).collect();
    if !rejections.is_empty() {
        return Err(rejections);
    }
    let plan = lay_out(host, &undone, profile, journal, &seen);
    Ok(plan.map(|mut plan| {
        plan.warnings.extend(warnings(&found, profile));
        plan
    }))
}

/// A setting and what there is of it now.
struct Seen<'a> {
    setting: &'a Setting,
    kind: &'static dyn Kind,
    now: Vec<Look>,
}

/// What is wanted is worked out against the host without the profiles in force; what has to be done
/// for it, against the host as it is.
fn lay_out(
    host: &dyn Host,
    undone: &Undone<'_>,
    profile: &Profile,
    journal: &Journal,
    all: &[Seen<'_>],
) -> HostResult<Plan> {
    let mut plan = Plan::default();
    let mut files = Files::default();
    let mut live: Vec<Planned> = Vec::new();
    let (mut subjects, mut unseen) = (Vec::new(), Vec::new());
    for Seen { setting, kind, now } in all {
        let looks = match journal.active().is_empty() {
            true => now.clone(),
            false => kind.observe(undone, setting),
        };
        if looks.iter().any(Look::is_unreadable) {
            unseen.push(setting.key.to_string());
            unseen.extend(kind.same_as(setting).map(|key| key.to_string()));
        }
        let mut lines = Vec::new();
        if let Some(line) = kind.store(setting, &looks) {
            lines.extend(files.add(host, *kind, setting, &line, now)?);
        }
        for change in kind.make_live(undone, setting, &looks) {
            subjects.extend(subject(&change.action));
            let before = before(host, &change.action)?;
            if holds(host, &change.action, &before) {
                continue;
            }
            lines.push(line_of(setting, &change, now));
            let loads = |planned: &Planned| matches!(planned.action, Action::LoadModule { .. });
            if before == Before::Kernel(None) && !live.iter().any(loads) {
                return Err(HostError::Failed {
                    what: setting.span.to_string(),
                    why: format!(
                        "{} does not exist until its module is loaded; name it in [module]",
                        setting.key
                    ),
                });
            }
            live.push(Planned {
                before,
                action: change.action,
                key: Some(setting.key.to_string()),
            });
        }
        warn(&mut plan, now);
        if !lines.is_empty() {
            plan.steps.push(Step {
                setting: (*setting).clone(),
                lines,
            });
        }
    }
    let written = files.actions(host, &profile.name, journal)?;
    plan.warnings.extend(written.warnings);
    let leftovers = leftovers::leftovers(host, journal, &subjects, &files.paths(), &unseen)?;
    plan.warnings.extend(leftovers.warnings);
    let leftovers = leftovers.planned;
    plan.actions = in_order(host, written.actions, &leftovers, live);
    plan.restores = leftovers;
    plan.keeps = files.keys();
    Ok(plan)
}

/// Whether what an action would bring about is there already.
fn holds(host: &dyn Host, action: &Action, now: &Before) -> bool {
    match (action, now) {
        (Action::Replace { image, .. }, Before::Image(now)) => image == now,
        (Action::WriteKernel { value, .. }, Before::Kernel(Some(now))) => *now == words(value),
        (
            Action::SetRlimit {
                resource, value, ..
            },
            Before::Rlimit(now),
        ) => *now == *value || *now == as_the_kernel_has_it(host, resource, *value),
        _ => false,
    }
}

/// Files first, then whoever must read them again, then what runs. Validating comes before all.
fn in_order(
    host: &dyn Host,
    written: Vec<Planned>,
    leftovers: &[Planned],
    live: Vec<Planned>,
) -> Vec<Planned> {
    let on_disk = |planned: &Planned| planned.action.is_on_disk();
    let validates = |planned: &Planned| matches!(planned.action, Action::Validate { .. });
    let (validate, written): (Vec<_>, Vec<_>) = written.into_iter().partition(validates);
    let (files_back, live_back): (Vec<_>, Vec<_>) = leftovers.iter().cloned().partition(on_disk);
    let (files_gone, live): (Vec<_>, Vec<_>) = live.into_iter().partition(on_disk);
    let mut actions = validate;
    let removes = |planned: &Planned| matches!(planned.action, Action::RemoveDirectory { .. });
    let (emptied, files_back): (Vec<_>, Vec<_>) = files_back.into_iter().partition(removes);
    actions.extend(written);
    actions.extend(files_back);
    actions.extend(files_gone);
    actions.extend(emptied);
    let paths: Vec<String> = actions.iter().filter_map(replaced).collect();
    let rereads = rereads(host, &paths).into_iter();
    actions.extend(rereads.map(|action| Planned::shared(action, Before::Nothing)));
    actions.extend(live_back);
    for planned in live {
        let rereads = matches!(planned.action, Action::ReloadUnit { .. });
        if !rereads || actions.iter().all(|other| other.action != planned.action) {
            actions.push(planned);
        }
    }
    actions
}

fn replaced(planned: &Planned) -> Option<String> {
    match &planned.action {
        Action::Replace { path, .. } => Some(path.clone()),
        _ => None,
    }
}

fn line_of(setting: &Setting, change: &Live, looks: &[Look]) -> StepLine {
    let look = look_at(looks, change.layer);
    StepLine {
        layer: change.layer,
        now: look.map_or_else(
            || "absent".to_owned(),
            |look| look.observed.describe(&setting.shape),
        ),
        then: change.value.clone(),
        place: look.map_or_else(String::new, |look| look.source.clone()),
        takes: "now".to_owned(),
        note: change.note.clone(),
    }
}

fn warn(plan: &mut Plan, looks: &[Look]) {
    for look in looks {
        if look.warns
            && let Some(note) = &look.note
        {
            let warning = match &look.fix {
                Some(fix) => format!("{note}; to mend it: {fix}"),
                None => note.clone(),
            };
            if !plan.warnings.contains(&warning) {
                plan.warnings.push(warning);
            }
        }
    }
}

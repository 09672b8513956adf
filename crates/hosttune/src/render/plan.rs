//! A plan: what will change, setting by setting; in full as diffs.

use crate::duration;
use crate::sources::Loaded;
use crate::ui::{BAD, FAINT, GOOD, STRONG, UNSURE, paint};
use model::Action;
use serde_json::{Value, json};
use settings::{Before, Plan, Planned, Step, unified};

/// The plan for people.
pub(crate) fn text(loaded: &Loaded, plan: &Plan, verbose: bool) -> String {
    let name = &loaded.profile.name;
    let mut text = String::new();
    if plan.is_empty() {
        let count = loaded.profile.settings.len();
        text.push_str(&format!(
            "profile {name}: nothing to do, {count} settings looked at\n"
        ));
    } else {
        let head = format!(
            "profile {name}: {} of {} settings change",
            plan.steps.len(),
            loaded.profile.settings.len()
        );
        text.push_str(&format!("{}\n", paint(STRONG, head)));
    }
    text.extend(plan.steps.iter().map(of_step));
    if plan.steps.is_empty() {
        // Reasons alone changed, or the order: the files differ all the same.
        text.extend(plan.actions.iter().map(of_restore));
    }
    if !plan.restores.is_empty() {
        text.push_str("\nback to what was before the profile in force:\n");
        text.extend(plan.restores.iter().map(of_restore));
    }
    let others = plan
        .actions
        .iter()
        .filter_map(|planned| note(&planned.action));
    let mut others: Vec<String> = others.collect();
    others.dedup();
    if let Some(guard) = &plan.guard {
        let within = duration::words(guard.within);
        let sentence = format!(
            "before that a timer is started: unless `hosttune confirm` is run within {within}, and at \
             the next boot at the latest, all of it reverts by itself"
        );
        others.insert(0, sentence);
    }
    if !others.is_empty() {
        text.push_str(&format!("\n{}\n", others.join("\n")));
    }
    for warning in &plan.warnings {
        text.push_str(&format!("{} {warning}\n", paint(UNSURE, "warning:")));
    }
    if verbose {
        text.extend(plan.actions.iter().filter_map(diff));
    }
    if !plan.is_empty() {
        text.push('\n');
    }
    text
}

fn of_step(step: &Step) -> String {
    let mut text = format!("\n{}\n", paint(STRONG, &step.setting.key));
    for line in &step.lines {
        let change = match line.now == line.then {
            // Another file says the same; ours keeps it should that one go.
            true => format!("{}, kept", line.then),
            false => format!("{} -> {}", paint(BAD, &line.now), paint(GOOD, &line.then)),
        };
        let place = paint(FAINT, format!("{}, {}", line.place, line.takes));
        let layer = line.layer.name();
        text.push_str(&format!("  {layer:<8} {change}  {place}\n"));
        if let Some(note) = &line.note {
            text.push_str(&format!("           {note}\n"));
        }
    }
    if let Some(reason) = &step.setting.reason {
        text.push_str(&format!("  why      {reason}\n"));
    }
    text
}

fn of_restore(planned: &Planned) -> String {
    let what = planned
        .key
        .clone()
        .map_or_else(String::new, |key| format!("{key}: "));
    format!("  {what}{}\n", planned.action)
}

/// Actions that concern more than one setting have a line of their own.
fn note(action: &Action) -> Option<String> {
    match action {
        Action::Reload => Some(
            "systemd reads its unit files again (daemon-reload); running containers keep running, \
             but device rules that others added to them by hand are lost"
                .to_owned(),
        ),
        Action::ReloadBus => {
            Some("the message bus reads its configuration again; nobody is disconnected".to_owned())
        }
        Action::Restart { unit } => Some(format!(
            "restart {unit}: {}",
            paint(BAD, "this can stop running containers")
        )),
        _ => None,
    }
}

fn diff(planned: &Planned) -> Option<String> {
    match (&planned.action, &planned.before) {
        (Action::Replace { path, image }, Before::Image(before)) => {
            Some(format!("\n{}", unified(path, before, image)))
        }
        _ => None,
    }
}

/// The closing line of an apply.
pub(crate) fn done(name: &str, id: u32, settings: usize, verbose: bool) -> String {
    let more = match verbose {
        true => format!("; `hosttune revert {id}` undoes it and what comes after"),
        false => "; `hosttune revert` undoes it".to_owned(),
    };
    let head = paint(GOOD, format!("profile {name} is in force"));
    format!("{head}: apply {id}, {settings} settings read back{more}\n")
}

/// The plan as JSON.
pub(crate) fn json(plan: &Plan) -> Value {
    json!({
        "steps": plan.steps.iter().map(|step| json!({
            "id": step.setting.key.to_string(),
            "desired": step.setting.desired.describe(&step.setting.shape),
            "reason": step.setting.reason,
            "changes": step.lines.iter().map(|line| json!({
                "layer": line.layer.name(),
                "now": line.now,
                "then": line.then,
                "place": line.place,
                "takes": line.takes,
                "note": line.note,
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "restores": plan.restores.iter().map(|planned| json!({
            "id": planned.key,
            "action": planned.action.to_string(),
        })).collect::<Vec<_>>(),
        "actions": plan.actions.iter().map(|p| p.action.to_string()).collect::<Vec<_>>(),
        "warnings": plan.warnings,
    })
}

//! `check --boot`: the newest receipt, whether it is of this boot, and if not, why there is none.

use super::Outcome;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::installed::VERIFIER;
use crate::receipt::Receipt;
use crate::render::receipt;
use crate::ui::Ui;
use host::Door;
use model::{Host, HostError, Problem, Scope};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use settings::{Standing, latest_boot};

/// The newest receipt, and whether it answers for the running system.
pub(super) struct LastBoot {
    /// The receipt and what was kept with it.
    pub(super) kept: Option<Kept>,
    /// Whether it is of this boot.
    pub(super) is_current: bool,
    /// Why this boot has none.
    pub(super) missing: Option<Problem>,
}

/// A document as it was kept.
#[derive(Deserialize)]
pub(super) struct Kept {
    exit: u8,
    problems: Vec<Problem>,
    profile: Option<String>,
    /// The receipt.
    pub(super) boot: Receipt,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl LastBoot {
    /// What is kept on the host.
    pub(super) fn of(host: &dyn Host) -> Result<Self, Failure> {
        let latest = latest_boot(host)?;
        let is_current = latest
            .as_ref()
            .is_some_and(|boot| boot.id == host.boot_id());
        let missing = (host.scope() == Scope::Live && !is_current).then(|| why(host));
        let kept = latest.map(|boot| {
            serde_json::from_str(&boot.text).map_err(|error| HostError::Failed {
                what: format!("the receipt of boot {}", boot.id),
                why: format!("is damaged: {error}"),
            })
        });
        Ok(Self {
            kept: kept.transpose()?,
            is_current,
            missing,
        })
    }
}

impl LastBoot {
    /// A receipt that cannot be read.
    pub(super) fn unread() -> Self {
        Self {
            kept: None,
            is_current: false,
            missing: None,
        }
    }

    /// In one line, for `status`.
    pub(super) fn sentence(&self) -> String {
        let kept = self.kept.as_ref().map(|kept| &kept.boot);
        let words = |boot: &Receipt| format!("{}, looked at {}", boot.found, boot.recorded);
        match (kept, &self.missing) {
            (Some(boot), None) => words(boot),
            (None, None) => "none has been verified".to_owned(),
            (None, Some(missing)) => missing.message.clone(),
            (Some(boot), Some(missing)) => {
                format!("{}; an earlier one: {}", missing.message, words(boot))
            }
        }
    }
}

/// Why this boot has no receipt.
fn why(host: &dyn Host) -> Problem {
    let unverified = |why: String| {
        Problem::new(
            "not-verified",
            format!("this boot has not been verified: {why}"),
        )
        .at(VERIFIER)
    };
    let unit = match host.unit(VERIFIER) {
        Ok(unit) => unit,
        Err(error) => return unverified(format!("systemd cannot be asked why ({error})")),
    };
    if unit.is_missing() {
        return unverified("it is not installed".to_owned())
            .help("`hosttune install` puts it there, for the next boot and all after it");
    }
    let log = format!("`journalctl -b -u {VERIFIER}` says what it does");
    match (unit.text("ActiveState"), unit.text("UnitFileState")) {
        (Some("activating"), _) => unverified("it is still looking".to_owned()).help(log),
        (Some("failed"), _) => {
            unverified("it failed before it could write a receipt".to_owned()).help(log)
        }
        (Some("active"), _) => {
            unverified("it has run, and its receipt is gone".to_owned()).help(log)
        }
        (_, Some("enabled")) => unverified("it has not run yet".to_owned())
            .help(format!("`systemctl start {VERIFIER}` runs it now")),
        (_, state) => unverified(format!("it is {}", state.unwrap_or("not enabled"))).help(
            format!("`systemctl enable --now {VERIFIER}` has it run now and at each boot"),
        ),
    }
}

pub(super) fn run(door: &Door, ui: &Ui) -> Outcome {
    let last = LastBoot::of(door)?;
    let mut report = match last.kept {
        Some(kept) => shown(door, ui, kept, last.is_current),
        None => nothing(door),
    };
    if let Some(missing) = last.missing {
        "not-verified".clone_into(&mut report.verdict);
        report.exit = Exit::Unknown;
        report.problems.insert(0, missing);
    }
    Ok(report)
}

fn nothing(door: &Door) -> Report {
    let mut report = Report::new("not-verified", Exit::Unknown);
    if door.scope() == Scope::Tree {
        let problem = Problem::new("not-verified", "no boot of this host has been verified");
        report.problems.push(problem);
    }
    report.payload = json!({
        "profile": null,
        "summary": {"met": 0, "pending": 0, "drifted": 0, "unknown": 0, "not_applicable": 0, "suppressed": 0},
        "findings": [],
        "rules": [],
        "notes": [],
        "boot": null,
    });
    report
}

fn shown(door: &Door, ui: &Ui, kept: Kept, is_current: bool) -> Report {
    let exit = match kept.exit {
        0 => Exit::Good,
        1 => Exit::Findings,
        _ => Exit::Unknown,
    };
    let mut report = Report::new(kept.boot.verdict.clone(), exit);
    report.text = receipt::text(kept.profile.as_deref(), &kept.boot, is_current, ui.verbose);
    report.problems = kept.problems;
    report.problems.extend(since(door, &kept.boot));
    let mut payload = kept.rest;
    for of_envelope in ["schema", "command", "version", "boot_id", "verdict"] {
        payload.remove(of_envelope);
    }
    payload.insert("profile".to_owned(), json!(kept.profile));
    let mut boot = json!(kept.boot);
    boot["current"] = json!(is_current);
    payload.insert("boot".to_owned(), boot);
    report.payload = Value::Object(payload);
    report
}

/// What has been applied or reverted since the receipt.
fn since(door: &Door, receipt: &Receipt) -> Option<Problem> {
    let in_force = Standing::load(door).ok()?.in_force;
    if in_force.as_ref().map(|it| it.id) == receipt.apply {
        return None;
    }
    let message = match in_force {
        Some(it) => format!("profile {} (apply {}) is in force since", it.profile, it.id),
        None => "the profile has been reverted since".to_owned(),
    };
    let problem = Problem::new("changed-since", message);
    Some(problem.help("`hosttune check` looks now; the next boot shows whether it lasts"))
}

//! `apply`: brings the host to what a profile says, after showing what that means.

use super::changing::{Asking, publish, recover};
use super::{Outcome, demand_rights, interrupted, script};
use crate::args::ApplyArgs;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::{confirm, findings, plan as show, restored};
use crate::sources::{Loaded, asked_or_in_force, load, must_be_trusted};
use crate::survey::Survey;
use crate::ui::{UNSURE, Ui, paint};
use host::Door;
use model::{Action, Host, Machine, Problem, Scope, Verdict};
use serde_json::{Value, json};
use settings::{Applied, ApplyError, Journal, Memo, Plan, Reverted, Standing};

pub(super) fn run(door: &Door, ui: &Ui, args: &ApplyArgs) -> Outcome {
    let loaded = profile(door, args)?;
    refuse_guard(door, args)?;
    if args.dry_run || args.script {
        return dry_run(door, ui, args, &loaded);
    }
    demand_rights(door, "apply")?;
    let _guard = door.lock()?;
    let mut journal = Journal::load(door)?;
    let recovered = recover(door, ui, asking(args), &mut journal)?;
    let mut report = bring_about(door, ui, args, &loaded, &journal, &recovered)?;
    if let Value::Object(payload) = &mut report.payload {
        payload.insert("profile".to_owned(), json!(loaded.profile.name));
        payload.insert("recovered".to_owned(), restored::records(&recovered));
    }
    Ok(report)
}

/// Plans, shows, asks and acts.
fn bring_about(
    door: &Door,
    ui: &Ui,
    args: &ApplyArgs,
    loaded: &Loaded,
    journal: &Journal,
    recovered: &[Reverted],
) -> Outcome {
    let plan = make_plan(door, args, loaded, journal)?;
    let mut text = restored::text(recovered);
    text.push_str(&show::text(loaded, &plan, ui.verbose));
    if plan.is_empty() {
        return Ok(nothing_to_do(door, loaded, &plan, text));
    }
    ui.say(&text);
    asking(args).ask(ui)?;
    let mut progress = |action: &Action| ui.progress(&action.to_string());
    let outcome = settings::apply(door, &loaded.profile, &plan, journal, &mut progress);
    let mut report = match outcome {
        Ok(applied) => done(door, ui, loaded, &plan, &applied),
        Err(error) => failed(&plan, error)?,
    };
    publish(door, &mut report);
    Ok(report)
}

fn profile(door: &Door, args: &ApplyArgs) -> Result<Loaded, Failure> {
    let trusted = must_be_trusted(door) && !args.dry_run && !args.script;
    match &args.profile {
        Some(reference) => load(reference, trusted),
        None => {
            let in_force = asked_or_in_force(door, None)?;
            load(&in_force.profile.path, trusted)
        }
    }
}

fn make_plan(
    door: &Door,
    args: &ApplyArgs,
    loaded: &Loaded,
    journal: &Journal,
) -> Result<Plan, Failure> {
    refuse_restarts(door, &args.restart)?;
    let mut plan = settings::plan(door, &loaded.profile, journal)??;
    plan.restart(&args.restart);
    if let Some(within) = args.confirm_within
        && !plan.is_empty()
    {
        let program = host::program::lasting()?;
        plan.guard(door, journal.next_id(), &program, within)?;
    }
    Ok(plan)
}

/// Where nothing runs, nothing can revert by itself.
fn refuse_guard(door: &Door, args: &ApplyArgs) -> Result<(), Failure> {
    if args.confirm_within.is_none() || door.scope() == Scope::Live {
        return Ok(());
    }
    let message = "nothing runs below --root that could revert it";
    Err(Failure::usage(
        Problem::new("usage", message).at("--confirm-within"),
    ))
}

/// A restart that cannot be is refused before anything else happens.
fn refuse_restarts(door: &Door, units: &[String]) -> Result<(), Failure> {
    for unit in units {
        let missing = match door.scope() {
            Scope::Tree => "nothing runs below --root".to_owned(),
            Scope::Live if door.unit(unit)?.is_missing() => format!("there is no unit {unit}"),
            Scope::Live => continue,
        };
        return Err(Failure::usage(
            Problem::new("usage", missing).at(format!("--restart {unit}")),
        ));
    }
    Ok(())
}

fn dry_run(door: &Door, ui: &Ui, args: &ApplyArgs, loaded: &Loaded) -> Outcome {
    // Who may not read the journal sees the plan without what an earlier profile would leave.
    let journal = Journal::load(door);
    let readable = journal.as_ref().err().map(ToString::to_string);
    let journal = journal.unwrap_or_default();
    let plan = make_plan(door, args, loaded, &journal)?;
    let mut report = match plan.is_empty() {
        true => Report::new("nothing-to-do", Exit::Good),
        false => Report::new("would-change", Exit::Findings),
    };
    report.payload = json!({"profile": loaded.profile.name, "plan": show::json(&plan)});
    report.text = show::text(loaded, &plan, ui.verbose);
    if args.script {
        script::put(door, loaded, &plan, &mut report);
    }
    let standing = Standing::of(&journal);
    if let Some(waits) = &standing.unconfirmed {
        report.problems.push(confirm::problem(waits, door.now()));
    }
    if let Some(open) = &standing.interrupted {
        let problem = interrupted(open);
        report.problems.push(problem);
        report.exit = report.exit.or_worse(Exit::Findings);
        "would-change".clone_into(&mut report.verdict);
    }
    if let Some(why) = readable {
        let message = format!("the plan leaves out what an earlier profile set: {why}");
        report.problems.push(Problem::new("journal", message));
        report.exit = report.exit.or_worse(Exit::Unknown);
    }
    Ok(report)
}

fn asking(args: &ApplyArgs) -> Asking {
    Asking {
        yes: args.yes,
        question: "Apply this?",
    }
}

fn nothing_to_do(door: &Door, loaded: &Loaded, plan: &Plan, text: String) -> Report {
    let found = settings::check(&Memo::new(door), &loaded.profile.settings);
    let found = Survey::of_settings(found, loaded);
    let mut report = Report::new("nothing-to-do", Exit::from(found.verdict()));
    report.payload = json!({
        "profile": loaded.profile.name,
        "plan": show::json(plan),
        "findings": findings::json(&found),
    });
    report.text = text + &findings::open_ends(&found);
    report
}

fn done(door: &Door, ui: &Ui, loaded: &Loaded, plan: &Plan, applied: &Applied) -> Report {
    let found = Survey::of_settings(applied.findings.clone(), loaded);
    let worst = found.verdict();
    let verdict = if worst == Verdict::Met {
        "done"
    } else {
        worst.name()
    };
    let mut report = Report::new(verdict, Exit::from(worst));
    report.payload = json!({
        "profile": loaded.profile.name,
        "id": applied.id,
        "plan": show::json(plan),
        "findings": findings::json(&found),
    });
    let waits = applied.confirm.as_ref();
    report.text = format!(
        "\n{}{}{}",
        findings::open_ends(&found),
        show::done(
            &loaded.profile.name,
            applied.id,
            applied.findings.len(),
            ui.verbose
        ),
        waits.map_or_else(String::new, |waits| {
            let sentence = confirm::sentence(waits.until, door.now());
            format!("\n{}\n", paint(UNSURE, format!("it {sentence}")))
        }),
    );
    if let (Some(waits), Value::Object(payload)) = (waits, &mut report.payload) {
        payload.insert("confirm".to_owned(), confirm::json(waits));
    }
    report
}

/// What failed, and what was put back: a result of its own, unless nothing was changed.
fn failed(plan: &Plan, error: ApplyError) -> Outcome {
    let why = error.to_string();
    let (exit, verdict, list, sentence) = match error {
        ApplyError::Before(error) => return Err(error.into()),
        ApplyError::Stale(_) => {
            let problem = Problem::new("stale", format!("{why}; nothing was changed"))
                .help("run `hosttune apply` again for a new plan");
            return Err(Failure::usage(problem));
        }
        ApplyError::Restored { restored, .. } => (
            Exit::Failed,
            "failed",
            restored,
            "everything is as it was before",
        ),
        ApplyError::NotRestored { restored, .. } => (
            Exit::NotRestored,
            "not-restored",
            restored,
            "not everything could be put back; `hosttune revert` tries again",
        ),
    };
    let mut report = Report::new(verdict, exit);
    let problem = Problem::new("apply", format!("{why}; {sentence}"));
    report.problems.push(problem);
    report.payload = json!({"plan": show::json(plan), "restored": restored::json(&list)});
    report.text = restored::list(&list);
    Ok(report)
}

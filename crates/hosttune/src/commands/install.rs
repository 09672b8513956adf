//! `install`: puts hosttune itself on the host, after showing what that means.

use super::changing::{Asking, publish, recover};
use super::{Outcome, demand_rights};
use crate::args::InstallArgs;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::installed::items;
use crate::render::restored;
use crate::ui::{GOOD, STRONG, Ui, paint};
use host::Door;
use model::{Action, Machine, Problem};
use serde_json::{Value, json};
use settings::{ApplyError, InstallPlan, Item, Journal, Release, Reverted};

const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(super) fn run(door: &Door, ui: &Ui, args: &InstallArgs) -> Outcome {
    let prefix = prefix(&args.prefix)?;
    let items = items(&prefix)?;
    if args.dry_run {
        let plan = make_plan(door, args, &Journal::load(door)?, &items)?;
        let mut report = match plan.actions.is_empty() {
            true => Report::new("nothing-to-do", Exit::Good),
            false => Report::new("would-change", Exit::Findings),
        };
        report.text = text(&prefix, &plan);
        report.payload = payload(&prefix, &plan, &[]);
        return Ok(report);
    }
    demand_rights(door, "install")?;
    let _guard = door.lock()?;
    let mut journal = Journal::load(door)?;
    let asking = Asking {
        yes: args.yes,
        question: "Install this?",
    };
    let recovered = recover(door, ui, asking, &mut journal)?;
    let plan = make_plan(door, args, &journal, &items)?;
    let text = restored::text(&recovered) + &text(&prefix, &plan);
    if plan.actions.is_empty() {
        let mut report = Report::new("nothing-to-do", Exit::Good);
        report.text = text;
        report.payload = payload(&prefix, &plan, &recovered);
        return Ok(report);
    }
    ui.say(&text);
    asking.ask(ui)?;
    if make_plan(door, args, &journal, &items)? != plan {
        let problem = Problem::new("stale", "something changed since the plan was made");
        return Err(Failure::usage(
            problem.help("run `hosttune install` again for a new plan"),
        ));
    }
    let release = Release {
        version: VERSION.to_owned(),
        prefix: prefix.clone(),
    };
    let mut progress = |action: &Action| ui.progress(&action.to_string());
    let outcome = settings::install(door, &release, &plan, &mut journal, &mut progress);
    let mut report = match outcome {
        Ok(id) => done(id),
        Err(error) => failed(error)?,
    };
    let own = std::mem::take(&mut report.payload);
    report.payload = payload(&prefix, &plan, &recovered);
    if let (Value::Object(all), Value::Object(own)) = (&mut report.payload, own) {
        all.extend(own);
    }
    publish(door, &mut report);
    Ok(report)
}

fn prefix(given: &str) -> Result<String, Failure> {
    let odd = |part: &str| part == "." || part == "..";
    if !given.starts_with('/') || given.split('/').any(odd) {
        let message = format!("`{given}` is no absolute path");
        return Err(Failure::usage(
            Problem::new("usage", message).at("--prefix"),
        ));
    }
    Ok(given.trim_end_matches('/').to_owned())
}

fn make_plan(
    door: &Door,
    args: &InstallArgs,
    journal: &Journal,
    items: &[Item],
) -> Result<InstallPlan, Failure> {
    let plan = InstallPlan::new(door, journal, items)?;
    if plan.foreign.is_empty() || args.force {
        return Ok(plan);
    }
    let problems = plan.foreign.iter().map(|path| {
        Problem::new(
            "foreign",
            "another file is there, which no install put there",
        )
        .at(path)
        .help("--force replaces it, and `hosttune uninstall` puts it back")
    });
    Err(Failure::several(problems.collect()))
}

fn text(prefix: &str, plan: &InstallPlan) -> String {
    if plan.actions.is_empty() {
        return format!("hosttune {VERSION} below {prefix}: nothing to do\n");
    }
    let count = plan.actions.len();
    let head = format!("hosttune {VERSION} below {prefix}: {count} changes");
    let lines = plan
        .actions
        .iter()
        .map(|planned| format!("  {}\n", planned.action));
    format!("{}\n{}\n", paint(STRONG, head), lines.collect::<String>())
}

fn payload(prefix: &str, plan: &InstallPlan, recovered: &[Reverted]) -> Value {
    let actions = plan
        .actions
        .iter()
        .map(|planned| planned.action.to_string());
    json!({
        "installs": VERSION,
        "prefix": prefix,
        "actions": actions.collect::<Vec<_>>(),
        "recovered": restored::records(recovered),
    })
}

fn done(id: u32) -> Report {
    let mut report = Report::new("done", Exit::Good);
    let head = paint(GOOD, format!("hosttune {VERSION} is installed"));
    report.text = format!("\n{head}: install {id}; `hosttune uninstall` undoes it\n");
    report.payload = json!({"id": id});
    report
}

fn failed(error: ApplyError) -> Outcome {
    let why = error.to_string();
    let (exit, verdict, list, sentence) = match error {
        ApplyError::Before(error) => return Err(error.into()),
        ApplyError::Stale(_) => return Err(Failure::usage(Problem::new("stale", why))),
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
            "not everything could be put back; `hosttune uninstall` tries again",
        ),
    };
    let mut report = Report::new(verdict, exit);
    let problem = Problem::new("install", format!("{why}; {sentence}"));
    report.problems.push(problem);
    report.payload = json!({"restored": restored::json(&list)});
    report.text = restored::list(&list);
    Ok(report)
}

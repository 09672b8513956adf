//! The commands: one file each; a command finds out or changes something and hands over a report.

mod apply;
mod boot;
mod changing;
mod check;
mod confirm;
mod explain;
mod facts;
mod generate;
mod history;
mod install;
mod preflight;
mod profile;
mod record_boot;
mod revert;
mod script;
mod status;
mod uninstall;

use crate::args::{Arguments, Command};
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::hints;
use crate::hosts;
use crate::ui::Ui;
use host::Door;
use model::{Host, Problem};
use settings::{Interrupted, Purpose};

/// Carries out what the command line says.
pub(crate) fn run(arguments: &Arguments) -> Exit {
    let ui = Ui::new(&arguments.common);
    // In a container there is nothing to open a door to.
    if let Command::Inside(args) = &arguments.command {
        return inside(&ui, &args.sysctls);
    }
    let name = name(&arguments.command);
    let door = match Door::open(arguments.common.root.clone()) {
        Ok(door) => door,
        Err(error) => {
            let mut failure = Failure::from(error);
            hints::add(&mut failure.problems);
            ui.failure(name, String::new(), &failure);
            return failure.exit;
        }
    };
    let ask =
        |args, run: &dyn Fn(&dyn Host) -> Outcome| hosts::ask(&door, args, name, ui.verbose, run);
    let here = |outcome| (outcome, door.boot_id());
    let (result, boot_id) = match &arguments.command {
        Command::Check(args) => ask(&args.host, &|host| check::run(&door, host, &ui, args)),
        Command::Preflight(args) => ask(&args.host, &|host| preflight::run(host, &ui, args)),
        Command::Explain(args) => ask(&args.host, &|host| explain::run(host, &ui, args)),
        Command::Status(args) => ask(&args.host, &status::run),
        Command::Apply(args) => here(apply::run(&door, &ui, args)),
        Command::Confirm => here(confirm::run(&door)),
        Command::Revert(args) => here(revert::run(&door, &ui, args)),
        Command::Facts(args) => here(facts::run(&door, args)),
        Command::History => here(history::run(&door)),
        Command::Install(args) => here(install::run(&door, &ui, args)),
        Command::Uninstall(args) => here(uninstall::run(&door, &ui, args)),
        Command::Profile(args) => here(profile::run(&door, args)),
        Command::Generate(args) => here(generate::run(args)),
        Command::Inside(args) => return inside(&ui, &args.sysctls),
    };
    match result {
        Ok(mut report) => {
            hints::add_to(&mut report);
            ui.report(name, boot_id, &report);
            report.exit
        }
        Err(mut failure) => {
            hints::add(&mut failure.problems);
            ui.failure(name, boot_id, &failure);
            failure.exit
        }
    }
}

/// Says what is seen here; whoever made the container reads it.
fn inside(ui: &Ui, sysctls: &[String]) -> Exit {
    ui.hand_over(&host::inside::look(sysctls));
    Exit::Good
}

/// What a command comes to.
type Outcome = Result<Report, Failure>;

fn name(command: &Command) -> &'static str {
    match command {
        Command::Apply(_) => "apply",
        Command::Check(_) => "check",
        Command::Preflight(_) => "preflight",
        Command::Explain(_) => "explain",
        Command::Confirm => "confirm",
        Command::Revert(_) => "revert",
        Command::Facts(_) => "facts",
        Command::Status(_) => "status",
        Command::History => "history",
        Command::Install(_) => "install",
        Command::Uninstall(_) => "uninstall",
        Command::Profile(args) => profile::name(args),
        Command::Generate(_) => "generate",
        Command::Inside(_) => "inside",
    }
}

/// Refuses a change before any work, naming the rights that are missing.
fn demand_rights(door: &Door, command: &str) -> Result<(), Failure> {
    let missing = door.missing_for_apply();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("{command} needs {}", missing.join(", "));
    Err(Failure::usage(Problem::new("rights", message).help(
        format!("run `sudo hosttune {command}`; `check`, `preflight` and `apply --dry-run` need no rights"),
    )))
}

/// The problem of a change that did not end.
fn interrupted(open: &Interrupted) -> Problem {
    let what = match open.purpose {
        Purpose::Apply => format!("apply {} of profile {}", open.id, open.profile),
        Purpose::Install => format!("install {} of version {}", open.id, open.profile),
    };
    let when = crate::render::time(open.began);
    let message = format!("{what}, begun {when}, was interrupted");
    Problem::new("interrupted", message).help(
        "`hosttune revert` restores what was before it; so does the next `hosttune apply`, first",
    )
}

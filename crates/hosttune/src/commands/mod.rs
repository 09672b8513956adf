//! The commands: one file each; a command finds out or changes something and hands over a report.

mod apply;
mod boot;
mod changing;
mod check;
mod confirm;
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
            let failure = Failure::from(error);
            ui.failure(name, String::new(), &failure);
            return failure.exit;
        }
    };
    let result = match &arguments.command {
        Command::Apply(args) => apply::run(&door, &ui, args),
        Command::Check(args) => check::run(&door, &ui, args),
        Command::Preflight(args) => preflight::run(&door, &ui, args),
        Command::Confirm => confirm::run(&door),
        Command::Revert(args) => revert::run(&door, &ui, args),
        Command::Status => status::run(&door),
        Command::History => history::run(&door),
        Command::Install(args) => install::run(&door, &ui, args),
        Command::Uninstall(args) => uninstall::run(&door, &ui, args),
        Command::Profile(args) => profile::run(&door, args),
        Command::Generate(args) => generate::run(args),
        Command::Inside(args) => return inside(&ui, &args.sysctls),
    };
    match result {
        Ok(report) => {
            ui.report(name, door.boot_id(), &report);
            report.exit
        }
        Err(failure) => {
            ui.failure(name, door.boot_id(), &failure);
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
        Command::Confirm => "confirm",
        Command::Revert(_) => "revert",
        Command::Status => "status",
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

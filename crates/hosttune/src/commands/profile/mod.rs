//! `profile`: what can be found out about profiles, and what a host asks of one.

mod derive;
mod diff;
mod import;
mod lint;
mod list;
mod show;

use super::Outcome;
use crate::args::{ProfileArgs, ProfileCommand};
use host::Door;

pub(super) fn run(door: &Door, args: &ProfileArgs) -> Outcome {
    match &args.command {
        ProfileCommand::List => list::run(door),
        ProfileCommand::Show(args) => show::run(args),
        ProfileCommand::Lint(args) => lint::run(args),
        ProfileCommand::Diff(args) => diff::run(args),
        ProfileCommand::Import(args) => import::run(args),
        ProfileCommand::Derive(args) => derive::run(door, args),
    }
}

pub(super) fn name(args: &ProfileArgs) -> &'static str {
    match &args.command {
        ProfileCommand::List => "profile list",
        ProfileCommand::Show(_) => "profile show",
        ProfileCommand::Lint(_) => "profile lint",
        ProfileCommand::Diff(_) => "profile diff",
        ProfileCommand::Import(_) => "profile import",
        ProfileCommand::Derive(_) => "profile derive",
    }
}

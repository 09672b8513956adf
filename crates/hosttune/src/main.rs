//! hosttune: brings a host to what a profile says, proves it, and says what stops a workload.

mod args;
mod asked;
mod commands;
mod documents;
mod duration;
mod envelope;
mod exit;
mod failure;
mod hints;
mod hosts;
mod installed;
mod pages;
mod receipt;
mod render;
mod sources;
mod survey;
mod ui;

use args::Arguments;
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return args::explain(&error),
    };
    commands::run(&arguments).into()
}

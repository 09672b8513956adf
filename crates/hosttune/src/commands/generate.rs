//! `generate`: man pages and completions, from the same table of flags as the help.

use super::Outcome;
use crate::args::{Arguments, GenerateArgs};
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use clap::CommandFactory;
use clap_complete::Shell;
use model::Problem;
use std::path::Path;

pub(super) fn run(args: &GenerateArgs) -> Outcome {
    let directory = args.directory.as_path();
    write_all(directory).map_err(|error| {
        Failure::usage(Problem::new("generate", error.to_string()).at(directory.display()))
    })?;
    let mut report = Report::new("done", Exit::Good);
    report.text = format!("written to {}\n", directory.display());
    Ok(report)
}

fn write_all(directory: &Path) -> std::io::Result<()> {
    let mut command = Arguments::command();
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut command, "hosttune", directory)?;
    }
    clap_mangen::generate_to(command, directory)
}

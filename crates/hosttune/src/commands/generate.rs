//! `generate`: man pages, completions and reference pages, from the tables the program works with.

mod settings_page;

use super::Outcome;
use crate::args::{Arguments, GenerateArgs};
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use clap::CommandFactory;
use clap_complete::Shell;
use host::Door;
use limits::LIMITS;
use model::{Action, Effect, HostResult, Image, Machine};
use settings::RULES;
use std::fmt::Write;

pub(super) fn run(args: &GenerateArgs) -> Outcome {
    let tree = Door::open(Some(args.directory.clone())).map_err(Failure::from)?;
    write_all(&tree)?;
    let mut report = Report::new("done", Exit::Good);
    report.text = format!("written to {}\n", args.directory.display());
    Ok(report)
}

fn write_all(tree: &Door) -> HostResult<()> {
    for folder in ["/man", "/completions"] {
        let path = folder.to_owned();
        tree.act(&Action::MakeDirectory { path })?;
    }
    let mut command = Arguments::command();
    command.build();
    pages(tree, &command)?;
    for (shell, name) in [
        (Shell::Bash, "hosttune.bash"),
        (Shell::Zsh, "_hosttune"),
        (Shell::Fish, "hosttune.fish"),
    ] {
        let mut text = Vec::new();
        clap_complete::generate(shell, &mut Arguments::command(), "hosttune", &mut text);
        write(tree, &format!("/completions/{name}"), text)?;
    }
    write(tree, "/limits.md", limits_page().into_bytes())?;
    write(tree, "/settings.md", settings_page::page().into_bytes())?;
    write(tree, "/rules.md", rules_page().into_bytes())
}

fn write(tree: &Door, path: &str, content: Vec<u8>) -> HostResult<()> {
    tree.act(&Action::Replace {
        path: path.to_owned(),
        image: Image::text(content),
    })
}

/// The man page of a command, and those of its subcommands.
fn pages(tree: &Door, command: &clap::Command) -> HostResult<()> {
    let name = command.get_display_name().unwrap_or("hosttune");
    let mut page = Vec::new();
    // Writing to memory does not fail.
    let _ = clap_mangen::Man::new(command.clone()).render(&mut page);
    write(tree, &format!("/man/{name}.1"), page)?;
    command
        .get_subcommands()
        .filter(|sub| !sub.is_hide_set())
        .try_for_each(|sub| pages(tree, sub))
}

fn limits_page() -> String {
    let mut text = String::from(
        "# Limits\n\nWhat preflight asks about. Written by `hosttune generate` from the table of limits.\n",
    );
    for row in LIMITS {
        let limit = &row.limit;
        let effect = match limit.effect {
            Effect::Stops => "the next container is refused",
            Effect::Degrades => "containers start, and something else is lost",
        };
        let raise = match limit.raise.is_empty() {
            true => "nothing; only another shape of the workload helps".to_owned(),
            false => limit
                .raise
                .iter()
                .map(|key| format!("`{key}`"))
                .collect::<Vec<_>>()
                .join(", "),
        };
        let _ = write!(
            text,
            "\n## {}\n\n| | |\n|---|---|\n| bounds | {} |\n| when it runs out | {effect} |\n\
             | why a container takes of it | {} |\n| raised by | {raise} |\n| source | {} |\n",
            limit.id, limit.bounds, limit.why, limit.source,
        );
    }
    text
}

fn rules_page() -> String {
    let mut text = String::from(
        "# Rules\n\nRelations between values that `check` and the plan of `apply` hold against the host, and \
         `profile lint`\nagainst the profile alone. Written by `hosttune generate` from the table of rules.\n\n\
         | id | what must hold | source |\n|---|---|---|\n",
    );
    for rule in RULES {
        let _ = writeln!(
            text,
            "| `{}` | {} | {} |",
            rule.id, rule.summary, rule.source
        );
    }
    text
}

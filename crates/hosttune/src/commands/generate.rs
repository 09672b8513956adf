//! `generate`: man pages, completions and reference pages, from the tables the program works with.

mod settings_page;

use super::Outcome;
use crate::args::GenerateArgs;
use crate::documents::{completion, man_pages};
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
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
    for (name, page) in man_pages() {
        write(tree, &format!("/man/{name}"), page)?;
    }
    for (shell, name) in [
        (Shell::Bash, "hosttune.bash"),
        (Shell::Zsh, "_hosttune"),
        (Shell::Fish, "hosttune.fish"),
    ] {
        write(tree, &format!("/completions/{name}"), completion(shell))?;
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

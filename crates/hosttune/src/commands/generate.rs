//! `generate`: man pages, completions and reference pages, from the tables the program works with.

mod settings_page;

use super::Outcome;
use crate::args::GenerateArgs;
use crate::documents::{completion, man_pages};
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::pages;
use clap_complete::Shell;
use host::Door;
use limits::{LIMITS, OTHERS};
use model::{Action, Effect, HostResult, Image, Limit, Machine};
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
    for folder in ["/man", "/completions", "/limits"] {
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
    for page in pages::of_limits() {
        let name = format!("/limits/{}.md", page.id);
        write(tree, &name, page.markdown().into_bytes())?;
    }
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
        "# Limits\n\nWhat can run out on a host. Each has a page: what takes of it, what sets it, what it prints, what \
         raises\nit; `hosttune explain ID` shows the same with what the host has now. Written by `hosttune generate` \
         from the\ntables of limits.\n",
    );
    let read = LIMITS.iter().map(|row| &row.limit);
    text.push_str("\n## What preflight asks about\n\n");
    text.push_str(&limits_table(read));
    text.push_str("\n## What is known by what it prints alone\n\n");
    text.push_str(&limits_table(OTHERS));
    text
}

fn limits_table<'a>(limits: impl IntoIterator<Item = &'a Limit>) -> String {
    let mut text = String::from(
        "| limit | what runs out | the next container | raised by |\n|---|---|---|---|\n",
    );
    for limit in limits {
        let effect = match limit.effect {
            Effect::Stops => "is refused",
            Effect::Degrades => "starts, and something else is lost",
        };
        let raise: Vec<String> = limit.raise.iter().map(|key| format!("`{key}`")).collect();
        let id = limit.id;
        // Writing to memory does not fail.
        let _ = writeln!(
            text,
            "| [{id}](limits/{id}.md) | {} | {effect} | {} |",
            limit.bounds,
            raise.join(", ")
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

//! A shell script: the files that it writes, and the commands that set something at once. It is
//! read, never run: what only a run would tell is said to be open.

mod commands;
mod expansion;
mod here_document;
mod lexer;
mod output;
mod target;
mod told;
mod variables;
mod word;

use crate::collected::Collected;
use crate::text::{Text, clip};
use commands::{Command, Program};
use lexer::{Lines, Word};
use model::{Rejection, Span};
use target::Target;
use variables::Variables;

/// As deep as scripts within scripts (`sh -c '…'`) are read.
const DEEPEST: usize = 3;

pub(crate) fn read(text: &Text, collected: &mut Collected) {
    read_at(text, &text.whole(), 1, 0, collected);
}

/// Reads `script`, which begins in a line of the file.
fn read_at(text: &Text, script: &str, line: usize, depth: usize, collected: &mut Collected) {
    let (tokens, documents) = lexer::read(script, line);
    let program = commands::read(tokens, documents);
    let mut run = Reading {
        text,
        variables: Variables::of(&program),
        program: &program,
        files: Vec::new(),
        found: Collected::default(),
        depth,
    };
    for (at, command) in program.commands.iter().enumerate() {
        run.command(at, command);
    }
    let Reading {
        files,
        mut found,
        variables,
        ..
    } = run;
    for file in files {
        let at = file.text.lines.first().map_or(1, |(line, _)| *line);
        if file.conditional && !file.text.lines.is_empty() {
            let message = format!(
                "{} is written under a condition; taken as if it always were",
                file.path
            );
            found.assume(Rejection::new(&text.span(at), message));
        }
        crate::read(&file.text, &file.found, &mut found);
    }
    collected.take(found, &variables.holes.borrow());
}

/// A file that the script writes.
struct Written {
    path: String,
    found: crate::format::Found,
    conditional: bool,
    text: Text,
}

struct Reading<'a> {
    text: &'a Text,
    program: &'a Program,
    variables: Variables,
    files: Vec<Written>,
    found: Collected,
    depth: usize,
}

impl Reading<'_> {
    fn command(&mut self, at: usize, command: &Command) {
        let content = self.content(at, 0);
        let targets = self.targets(at, command);
        let Some(content) = content else {
            told::command(self, at, command);
            for (path, _) in targets
                .iter()
                .filter(|(path, _)| target::holds_settings(path))
            {
                let message = format!("what is written to {} is not in the script", clip(path));
                let gap = Rejection::new(&self.text.span(command.line), message);
                self.found.gap(gap.help(told::HELP));
            }
            return;
        };
        for (path, append) in targets {
            self.write(at, command, &path, append, &content);
        }
    }

    fn write(&mut self, at: usize, command: &Command, path: &str, append: bool, content: &Lines) {
        let lines = content
            .iter()
            .map(|(line, parts)| (*line, self.variables.text(parts, at)));
        let lines: Vec<(usize, String)> = lines.collect();
        let line = lines.first().map_or(command.line, |(line, _)| *line);
        let span = self.text.span(line);
        let open = self.variables.holes.borrow().open_in(path);
        if let Some(why) = open {
            return self.unknown_place(&span, &why, lines);
        }
        match target::of(path) {
            Target::File(found) => self.file(command, path, append, found, lines),
            Target::Sysctl(key) => {
                let value = crate::text::blanks(&self.text.part(lines).whole());
                self.found.exact(("sysctl", None), &key, &value, span);
            }
            Target::Cgroup { name, file } => {
                let value = crate::text::blanks(&self.text.part(lines).whole());
                self.found
                    .exact(("cgroup", Some(&name)), &file, &value, span);
            }
            Target::Other => {
                let message = format!("writes {}, for which a profile has no words", clip(path));
                self.found
                    .gap(Rejection::new(&span, message).help("keep this part of the script"));
            }
            Target::Elsewhere => {}
        }
    }

    fn file(
        &mut self,
        command: &Command,
        path: &str,
        append: bool,
        found: crate::format::Found,
        lines: Vec<(usize, String)>,
    ) {
        if !append && !command.conditional {
            self.files.retain(|file| file.path != path);
        }
        let same = |file: &&mut Written| file.path == path && append;
        match self.files.iter_mut().rfind(same) {
            Some(file) => file.text.lines.extend(lines),
            None => self.files.push(Written {
                path: path.to_owned(),
                found,
                conditional: command.conditional,
                text: self.text.part(lines),
            }),
        }
    }

    /// Content without a known place is a loss only if it sets something.
    fn unknown_place(&mut self, span: &Span, why: &str, lines: Vec<(usize, String)>) {
        let content = self.text.part(lines);
        if crate::sysctl::looks_like(&content) || crate::limits::looks_like(&content) {
            let message = format!("settings are written to a file whose name {why}");
            self.found.gap(
                Rejection::new(span, message).help("write these settings into the profile by hand"),
            );
        }
    }

    /// What a command prints, if its words tell.
    fn content(&self, at: usize, depth: usize) -> Option<Lines> {
        let command = self.program.commands.get(at).filter(|_| depth < 16)?;
        if let Some(group) = &command.closes {
            let inner = group.iter();
            let lines: Lines = inner
                .filter_map(|inner| self.content(*inner, depth + 1))
                .flatten()
                .collect();
            return (!lines.is_empty()).then_some(lines);
        }
        let words = told::without_wrappers(&command.words);
        let (name, rest) = words.split_first()?;
        match name.literal()? {
            "echo" => Some(output::of_echo(rest)),
            "printf" => output::of_printf(rest),
            "cat" if rest.iter().all(|word| word.literal() == Some("-")) => {
                self.input(command, depth)
            }
            "tee" | "dd" | "sponge" => self.input(command, depth),
            _ => None,
        }
    }

    fn input(&self, command: &Command, depth: usize) -> Option<Lines> {
        if let Some(document) = command.document {
            return self.program.documents.get(document).cloned();
        }
        let here = command
            .redirects
            .iter()
            .rfind(|redirect| redirect.operator == "<<<");
        if let Some(here) = here {
            return Some(output::of_echo(std::slice::from_ref(&here.target)));
        }
        self.content(command.input?, depth + 1)
    }

    /// The files that a command's output goes to, and whether it is added to them.
    fn targets(&self, at: usize, command: &Command) -> Vec<(String, bool)> {
        let path = |word: &Word| self.variables.text(&word.parts, at);
        let mut targets = Vec::new();
        for redirect in &command.redirects {
            let is_output = matches!(redirect.descriptor, None | Some(1));
            match redirect.operator {
                ">" | ">|" | "&>" if is_output => targets.push((path(&redirect.target), false)),
                ">>" | "&>>" if is_output => targets.push((path(&redirect.target), true)),
                _ => {}
            }
        }
        let words = told::without_wrappers(&command.words);
        let Some((name, rest)) = words.split_first() else {
            return targets;
        };
        let append = rest
            .iter()
            .any(|word| matches!(word.literal(), Some("-a" | "--append" | "-ai" | "-ia")));
        match name.literal() {
            Some("tee" | "sponge") => {
                let files = rest
                    .iter()
                    .filter(|word| !word.literal().is_some_and(|text| text.starts_with('-')));
                targets.extend(files.map(|word| (path(word), append)));
            }
            Some("dd") => {
                let files = rest.iter().map(path);
                targets.extend(
                    files.filter_map(|word| Some((word.strip_prefix("of=")?.to_owned(), false))),
                );
            }
            _ => {}
        }
        targets
    }
}

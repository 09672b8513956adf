//! Commands that set something by themselves: sysctl, modprobe, systemctl set-property, and those
//! whose effect no text tells.

use super::commands::Command;
use super::lexer::Word;
use super::{DEEPEST, Reading, read_at, target};
use crate::collected::Collected;
use crate::text::clip;
use crate::{modules, sysctl, systemd};
use model::{Rejection, Span};

/// Commands in front of a command, which change nothing about what it sets.
const WRAPPERS: [&str; 6] = ["sudo", "doas", "env", "command", "nohup", "exec"];
/// Options of those that a value follows.
const WITH_VALUE: [&str; 4] = ["-u", "-g", "--user", "--group"];

/// The words of a command without assignments and wrappers in front.
pub(super) fn without_wrappers(words: &[Word]) -> &[Word] {
    let mut words = words;
    let mut wrapped = false;
    while let Some((first, rest)) = words.split_first() {
        let literal = first.literal().unwrap_or_default();
        if WRAPPERS.contains(&literal) {
            wrapped = true;
        } else if wrapped && WITH_VALUE.contains(&literal) {
            words = rest.get(1..).unwrap_or_default();
            continue;
        } else if !(wrapped && literal.starts_with('-')) && super::variables::split(first).is_none()
        {
            break;
        }
        words = rest;
    }
    words
}

/// Takes what a command sets at once.
pub(super) fn command(reading: &mut Reading<'_>, at: usize, command: &Command) {
    let words = without_wrappers(&command.words);
    let Some((name, rest)) = words.split_first() else {
        return;
    };
    let name = name.literal().unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or(name);
    let arguments: Vec<Argument> = rest
        .iter()
        .map(|word| Argument {
            span: reading.text.span(word.line),
            text: reading.variables.text(&word.parts, at),
        })
        .collect();
    let span = reading.text.span(command.line);
    let before = reading.found.counted();
    match name {
        "sysctl" => of_sysctl(&arguments, &mut reading.found),
        "modprobe" => of_modprobe(&arguments, &span, &mut reading.found),
        "systemctl" => of_systemctl(&arguments, &mut reading.found),
        "sh" | "bash" | "dash" | "su" if has(&arguments, &["-c", "-ec", "-lc"]) => {
            within(reading, rest, &span);
        }
        other => {
            if let Some(message) = untold(other, &arguments) {
                reading.found.gap(Rejection::new(&span, message).help(HELP));
            }
        }
    }
    if command.conditional && reading.found.counted() > before {
        let message = format!("`{name}` runs under a condition; taken as if it always did");
        reading.found.assume(Rejection::new(&span, message));
    }
}

/// A word behind a command's name.
struct Argument {
    span: Span,
    text: String,
}

fn has(arguments: &[Argument], flags: &[&str]) -> bool {
    let mut texts = arguments.iter().map(|argument| argument.text.as_str());
    texts.any(|text| flags.contains(&text))
}

fn plain(arguments: &[Argument]) -> impl Iterator<Item = &Argument> {
    arguments
        .iter()
        .filter(|argument| !argument.text.starts_with('-'))
}

/// sysctl(8): a word with `=` in it is written, with or without `-w`.
fn of_sysctl(arguments: &[Argument], found: &mut Collected) {
    if has(arguments, &["-p", "-f", "--load", "--system", "-n", "-a"]) {
        return;
    }
    let open = |text: &str| text.contains(crate::holes::is_hole);
    for argument in plain(arguments).filter(|a| a.text.contains('=') || open(&a.text)) {
        sysctl::assignment(&argument.text, &argument.span, found);
    }
}

fn of_modprobe(arguments: &[Argument], span: &Span, found: &mut Collected) {
    if has(
        arguments,
        &["-r", "--remove", "-n", "--dry-run", "-c", "-D"],
    ) {
        return;
    }
    let names: Vec<&str> = plain(arguments)
        .map(|argument| argument.text.as_str())
        .collect();
    match has(arguments, &["-a", "--all"]) || names.is_empty() {
        true => names
            .iter()
            .for_each(|name| modules::module(name, span, found)),
        false => modules::module(&names.join(" "), span, found),
    }
}

fn of_systemctl(arguments: &[Argument], found: &mut Collected) {
    let mut words = plain(arguments);
    if words.next().is_none_or(|verb| verb.text != "set-property") {
        return;
    }
    let Some(unit) = words.next() else { return };
    for argument in words {
        if let Some((key, value)) = argument.text.split_once('=') {
            systemd::of_unit(&unit.text, key, value, argument.span.clone(), found);
        }
    }
}

/// The script behind `sh -c`.
fn within(reading: &mut Reading<'_>, rest: &[Word], span: &Span) {
    let flag = |word: &&Word| !word.literal().is_some_and(|text| text.starts_with('-'));
    let script = rest.iter().find(flag);
    match script.and_then(|word| Some((word.literal()?, word.line))) {
        Some((script, line)) if reading.depth < DEEPEST => {
            let depth = reading.depth + 1;
            read_at(reading.text, script, line, depth, &mut reading.found);
        }
        _ => {
            let message = "runs a command line that the script puts together while it runs";
            reading.found.gap(Rejection::new(span, message).help(HELP));
        }
    }
}

/// A command that changes settings in a way that its words do not tell.
fn untold(name: &str, arguments: &[Argument]) -> Option<String> {
    let files = || arguments.iter().filter(|a| target::holds_settings(&a.text));
    match name {
        "ulimit" if arguments.len() > 1 => {
            Some("ulimit holds for the script and what it starts, not for the host".to_owned())
        }
        "prlimit" => Some("prlimit changes a process that runs, not a setting".to_owned()),
        "swapoff" | "swapon" => Some(format!("{name} is no setting that a profile has")),
        "source" | "." => {
            let file = &arguments.first()?.text;
            // It names the distribution and sets nothing (os-release(5)).
            let names_only = file.ends_with("/os-release");
            (!names_only).then(|| format!("reads {} and does what stands there", clip(file)))
        }
        "sed" | "perl"
            if arguments
                .iter()
                .any(|a| a.text.starts_with("-i") || a.text.starts_with("--in-place")) =>
        {
            let file = &files().next_back()?.text;
            Some(format!(
                "{name} edits {}: what comes of it depends on what is there",
                clip(file)
            ))
        }
        "cp" | "mv" | "install" | "ln" | "curl" | "wget" => {
            let is_last = |a: &&Argument| arguments.last().is_some_and(|last| last.text == a.text);
            let fetches = matches!(name, "curl" | "wget");
            let file = &files().find(|file| fetches || is_last(file))?.text;
            Some(format!(
                "{name} puts a file to {} whose content is not in the script",
                clip(file)
            ))
        }
        _ => None,
    }
}

pub(super) const HELP: &str = "work out what comes of it and write that into the profile by hand";

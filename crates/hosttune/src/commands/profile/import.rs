//! `profile import`: a profile of what other tools' files and scripts set.

use crate::args::ImportArgs;
use crate::commands::Outcome;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::sources::identity;
use ::import::{FORMATS, Format, Imported, Input, import};
use model::{Entry, Problem, Rejection};
use profile::Written;
use serde_json::{Value, json};
use std::collections::HashMap;

/// What a profile is to hold, and what is said beside it.
#[derive(Default)]
struct Kept {
    entries: Vec<Entry>,
    problems: Vec<Problem>,
    unexpressed: usize,
}

pub(super) fn run(args: &ImportArgs) -> Outcome {
    let contents = read(&args.files)?;
    let format = args.kind.as_deref().and_then(format_of);
    let inputs: Vec<Input<'_>> = args
        .files
        .iter()
        .zip(&contents)
        .map(|(path, content)| Input {
            path,
            content,
            format,
            unit: args.unit.as_deref(),
        })
        .collect();
    let kept = keep(import(&inputs)?);
    let text = write(&args.files, &kept.entries);
    if let Some(output) = &args.output {
        host::write_named(output, text.as_bytes(), args.force).map_err(|error| {
            let mut failure = Failure::from(error);
            if !args.force
                && let Some(problem) = failure.problems.first_mut()
            {
                let help = "name another file, or overwrite this one with --force";
                problem.help.get_or_insert_with(|| help.to_owned());
            }
            failure
        })?;
    }
    let mut report = match kept.unexpressed {
        0 => Report::new("done", Exit::Good),
        _ => Report::new("incomplete", Exit::Findings),
    };
    report.payload = json!({
        "files": args.files,
        "output": args.output,
        "unexpressed": kept.unexpressed,
        "lines": kept.entries.iter().map(of_entry).collect::<Vec<_>>(),
        "text": text,
    });
    report.problems = kept.problems;
    report.text = match &args.output {
        Some(output) => format!("{} settings written to {output}\n", kept.entries.len()),
        None => text,
    };
    Ok(report)
}

fn format_of(word: &str) -> Option<Format> {
    let found = FORMATS.iter().find(|(known, _)| *known == word);
    found.map(|(_, format)| *format)
}

fn read(files: &[String]) -> Result<Vec<Vec<u8>>, Failure> {
    let mut problems = Vec::new();
    let mut contents = Vec::new();
    for file in files {
        match host::read_named(file) {
            Ok(content) => contents.push(content),
            Err(error) => problems.extend(Failure::from(error).problems),
        }
    }
    match problems.is_empty() {
        true => Ok(contents),
        false => Err(Failure::several(problems)),
    }
}

/// Of several entries for one key the last counts; what a profile would refuse is left out, and
/// either is said.
fn keep(imported: Imported) -> Kept {
    let mut kept = Kept::default();
    let mut slots: Vec<Option<Entry>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut gaps = imported.unexpressed;
    for entry in imported.entries {
        let judged = match profile::refuse(&entry) {
            Some(rejection) => Err(rejection),
            None => identity(&entry),
        };
        match judged {
            Ok(key) => {
                let before = places.insert(key.clone(), slots.len());
                if let Some(lost) = before.and_then(|place| slots[place].take())
                    && lost.value != entry.value
                {
                    let message = format!("{key} is set again at {}, which counts", entry.span);
                    kept.problems
                        .push(Problem::new("overridden", message).at(&lost.span));
                }
                slots.push(Some(entry));
            }
            Err(rejection) => gaps.push(rejection),
        }
    }
    kept.entries = slots.into_iter().flatten().collect();
    gaps.sort_by(|a, b| a.span.cmp(&b.span));
    kept.unexpressed = gaps.len();
    let problem = |kind: &str, rejection: Rejection| {
        let mut problem = Problem::new(kind, rejection.message).at(&rejection.span);
        problem.help = rejection.help;
        problem
    };
    let assumed = imported.assumed.into_iter();
    kept.problems
        .extend(assumed.map(|one| problem("assumed", one)));
    let gaps = gaps.into_iter();
    kept.problems
        .extend(gaps.map(|gap| problem("not-expressed", gap)));
    kept
}

fn write(files: &[String], entries: &[Entry]) -> String {
    let names: Vec<String> = files.iter().take(4).map(|file| base_name(file)).collect();
    let more = if files.len() > 4 { " and others" } else { "" };
    let names = format!("{}{more}", names.join(", "));
    let head = [
        format!("Imported by `hosttune profile import` from {names}"),
        "Read it before it is applied: it sets exactly what those files set, lower values included"
            .to_owned(),
    ];
    let written: Vec<Written> = entries
        .iter()
        .map(|entry| Written {
            remarks: vec![entry.span.to_string()],
            entry: entry.clone(),
        })
        .collect();
    profile::write(&head, Some(&format!("imported from {names}")), &written)
}

/// The file's name in letters that any line of a profile may hold.
fn base_name(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-@".contains(c);
    let name = name.chars().take(60);
    name.map(|c| if plain(c) { c } else { '_' }).collect()
}

fn of_entry(entry: &Entry) -> Value {
    json!({
        "section": entry.kind,
        "name": entry.name,
        "key": entry.key,
        "value": entry.value,
        "where": entry.span.to_string(),
    })
}

//! `profile show`: a profile with its includes merged, as a profile.

use crate::args::ShowArgs;
use crate::commands::Outcome;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::sources::{identity, load, read};
use model::{Entry, Rejection};
use profile::Written;
use serde_json::{Value, json};

/// The entry that counts, and those it won over, the nearest first.
struct Line {
    entry: Entry,
    over: Vec<Entry>,
}

pub(super) fn run(args: &ShowArgs) -> Outcome {
    // What is shown must mean something.
    let loaded = load(&args.profile, false)?;
    let read = read(&args.profile, false)?;
    let lines = merge(&read.entries).map_err(|rejection| vec![rejection])?;
    let head = vec![
        format!("Profile {}, merged by `hosttune profile show`", read.name),
        format!(
            "Files, the last to set a key wins: {}",
            read.files.join(", ")
        ),
    ];
    let written: Vec<Written> = lines.iter().map(Line::written).collect();
    let text = profile::write(&head, read.summary.as_deref(), &written);
    let mut report = Report::new("done", Exit::Good);
    report.payload = json!({
        "profile": read.name,
        "path": loaded.profile.path,
        "summary": read.summary,
        "files": read.files,
        "lines": lines.iter().map(Line::json).collect::<Vec<_>>(),
        "text": text,
    });
    report.text = text;
    Ok(report)
}

/// The last entry for each key, where the first stood.
fn merge(entries: &[Entry]) -> Result<Vec<Line>, Rejection> {
    let mut lines: Vec<(String, Line)> = Vec::new();
    for entry in entries {
        let key = identity(entry)?;
        match lines.iter_mut().find(|(there, _)| *there == key) {
            Some((_, line)) => {
                let before = std::mem::replace(&mut line.entry, entry.clone());
                line.over.insert(0, before);
            }
            None => {
                let (entry, over) = (entry.clone(), Vec::new());
                lines.push((key, Line { entry, over }));
            }
        }
    }
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

impl Line {
    fn written(&self) -> Written {
        let mut remarks = vec![self.entry.span.to_string()];
        let over = self.over.iter();
        remarks.extend(over.map(|lost| format!("  over {} from {}", lost.value, lost.span)));
        Written {
            entry: self.entry.clone(),
            remarks,
        }
    }

    fn json(&self) -> Value {
        let over = self.over.iter();
        let over = over.map(|lost| json!({"value": lost.value, "where": lost.span.to_string()}));
        json!({
            "section": self.entry.kind,
            "name": self.entry.name,
            "key": self.entry.key,
            "value": self.entry.value,
            "reason": self.entry.reason,
            "where": self.entry.span.to_string(),
            "over": over.collect::<Vec<_>>(),
        })
    }
}

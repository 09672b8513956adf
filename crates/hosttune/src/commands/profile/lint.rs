//! `profile lint`: what can be said of profiles without a host.

use crate::args::LintArgs;
use crate::commands::Outcome;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::sources::{Loaded, load};
use crate::ui::{BAD, FAINT, GOOD, STRONG, UNSURE, paint};
use anstyle::Style;
use model::Problem;
use serde_json::{Value, json};
use settings::Remark;

pub(super) fn run(args: &LintArgs) -> Outcome {
    let results: Vec<Linted> = args.profiles.iter().map(|name| Linted::of(name)).collect();
    let exit = results
        .iter()
        .fold(Exit::Good, |worst, one| worst.or_worse(one.exit()));
    let mut report = Report::new(word(exit), exit);
    report.problems = results
        .iter()
        .flat_map(|one| one.refused.iter().cloned())
        .collect();
    report.payload = json!({"profiles": results.iter().map(Linted::json).collect::<Vec<_>>()});
    report.text = results.iter().map(Linted::text).collect();
    Ok(report)
}

/// One profile and what is said about it.
struct Linted {
    name: String,
    path: Option<String>,
    refused: Vec<Problem>,
    findings: Vec<Remark>,
    notes: Vec<Remark>,
}

fn word(exit: Exit) -> &'static str {
    match exit {
        Exit::Good => "clean",
        Exit::Findings => "findings",
        _ => "refused",
    }
}

impl Linted {
    fn of(reference: &str) -> Self {
        match load(reference, false) {
            Ok(loaded) => Self::read(loaded),
            Err(Failure { problems, .. }) => Self {
                name: reference.to_owned(),
                path: None,
                refused: problems,
                findings: Vec::new(),
                notes: Vec::new(),
            },
        }
    }

    fn read(loaded: Loaded) -> Self {
        let said = settings::lint(&loaded.profile.settings, &loaded.suppressions);
        Self {
            findings: said.findings,
            notes: said.notes,
            name: loaded.profile.name,
            path: Some(loaded.profile.path),
            refused: Vec::new(),
        }
    }

    fn exit(&self) -> Exit {
        match (self.refused.is_empty(), self.findings.is_empty()) {
            (false, _) => Exit::Usage,
            (true, false) => Exit::Findings,
            (true, true) => Exit::Good,
        }
    }

    fn json(&self) -> Value {
        json!({
            "profile": self.name,
            "path": self.path,
            "verdict": word(self.exit()),
            "findings": self.findings.iter().map(of_remark).collect::<Vec<_>>(),
            "notes": self.notes.iter().map(of_remark).collect::<Vec<_>>(),
        })
    }

    fn text(&self) -> String {
        let style = match self.exit() {
            Exit::Good => GOOD,
            Exit::Findings => UNSURE,
            _ => BAD,
        };
        let name = paint(STRONG, format!("profile {}", self.name));
        let mut text = format!("{name}: {}\n", paint(style, word(self.exit())));
        for finding in &self.findings {
            text.push_str(&lines("finding", UNSURE, finding));
        }
        for note in &self.notes {
            text.push_str(&lines("note", FAINT, note));
        }
        text
    }
}

fn of_remark(remark: &Remark) -> Value {
    json!({
        "id": remark.id,
        "message": remark.message,
        "settings": remark.keys.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "where": remark.spans.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "help": remark.help,
    })
}

fn lines(what: &str, style: Style, remark: &Remark) -> String {
    let places: Vec<String> = remark.spans.iter().map(ToString::to_string).collect();
    let what = paint(style, format!("{what:<7}"));
    let mut text = format!("  {what} {}: {}\n", places.join(", "), remark.message);
    if let Some(help) = &remark.help {
        text.push_str(&format!("          {} {help}\n", paint(GOOD, "help:")));
    }
    text
}

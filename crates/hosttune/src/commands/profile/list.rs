//! `profile list`: every profile in the search path, and which of them is in force.

use crate::commands::Outcome;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::{Row, table};
use crate::sources::{absolute, load};
use crate::ui::{BAD, FAINT, GOOD};
use host::{Door, Shelved};
use serde_json::{Value, json};
use settings::Standing;

pub(super) fn run(door: &Door) -> Outcome {
    let mut report = Report::new("done", Exit::Good);
    let in_force = match Standing::load(door) {
        Ok(standing) => Some(standing.in_force.map(|in_force| in_force.path)),
        Err(error) => {
            report.problems = Failure::from(error).problems;
            None
        }
    };
    let shelved = host::Library::standard().shelved();
    let lines: Vec<Line> = shelved
        .into_iter()
        .map(|file| Line::of(file, in_force.as_ref().map(Option::as_deref)))
        .collect();
    report.payload = json!({"profiles": lines.iter().map(Line::json).collect::<Vec<_>>()});
    let rows: Vec<Row> = lines.iter().map(Line::row).collect();
    report.text = match rows.is_empty() {
        true => "there is no profile in the search path\n".to_owned(),
        false => table(&["NAME", "", "SUMMARY", "FILE"], &rows),
    };
    Ok(report)
}

struct Line {
    file: Shelved,
    /// Unknown where the journal cannot be read.
    in_force: Option<bool>,
    summary: Option<String>,
    /// Why it cannot be used.
    refused: Option<String>,
}

impl Line {
    fn of(file: Shelved, in_force: Option<Option<&str>>) -> Self {
        let loaded = load(&file.path, false);
        let (summary, refused) = match loaded {
            Ok(loaded) => (loaded.summary, None),
            Err(failure) => (None, failure.problems.into_iter().next()),
        };
        let path = absolute(&file.path);
        Self {
            in_force: in_force.map(|in_force| in_force == Some(path.as_str())),
            summary,
            refused: refused.map(|problem| match problem.place {
                Some(place) => format!("{place}: {}", problem.message),
                None => problem.message,
            }),
            file,
        }
    }

    fn json(&self) -> Value {
        json!({
            "name": self.file.name,
            "path": self.file.path,
            "summary": self.summary,
            "in_force": self.in_force,
            "shadowed_by": self.file.shadowed_by,
            "refused": self.refused,
        })
    }

    fn row(&self) -> Row {
        let (style, state) = match (&self.refused, &self.file.shadowed_by, self.in_force) {
            (_, Some(_), _) => (FAINT, "shadowed"),
            (Some(_), ..) => (BAD, "refused"),
            (_, _, Some(true)) => (GOOD, "in force"),
            _ => (FAINT, ""),
        };
        let said = self.refused.as_ref().or(self.summary.as_ref());
        let place = match &self.file.shadowed_by {
            Some(stronger) => format!("{}, by {stronger}", self.file.path),
            None => self.file.path.clone(),
        };
        Row {
            style,
            cells: vec![
                self.file.name.clone(),
                state.to_owned(),
                said.cloned().unwrap_or_default(),
                place,
            ],
        }
    }
}

//! How results read: text for people, and the same facts as JSON.

pub(crate) mod after;
pub(crate) mod answer;
pub(crate) mod assumed;
pub(crate) mod confirm;
pub(crate) mod explained;
pub(crate) mod findings;
pub(crate) mod plan;
pub(crate) mod probed;
pub(crate) mod receipt;
pub(crate) mod restored;
pub(crate) mod rules;
pub(crate) mod script;
mod shell;
pub(crate) mod why;

use crate::ui::paint;
use anstyle::Style;
use comfy_table::{Table, presets};
use jiff::Timestamp;

/// A row of a table; its first cell is painted.
pub(crate) struct Row {
    /// The style of the first cell.
    pub(crate) style: Style,
    /// The cells.
    pub(crate) cells: Vec<String>,
}

/// A table without lines; the columns are as wide as they must be. Colour is put on afterwards, as
/// its codes would count into the width.
pub(crate) fn table(head: &[&str], rows: &[Row]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(head.iter().copied());
    for row in rows {
        table.add_row(&row.cells);
    }
    let mut text = String::new();
    for (index, line) in table.lines().enumerate() {
        let line = line.trim_end();
        let cell = index.checked_sub(1).and_then(|at| rows.get(at));
        let painted = cell.and_then(|row| {
            let first = row.cells.first().filter(|first| !first.is_empty())?;
            Some(line.replacen(first, &paint(row.style, first), 1))
        });
        text.push_str(&painted.unwrap_or_else(|| line.to_owned()));
        text.push('\n');
    }
    text
}

/// A moment, in UTC.
pub(crate) fn time(seconds: u64) -> String {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .map_or_else(|| "-".to_owned(), |moment| moment.to_string())
}

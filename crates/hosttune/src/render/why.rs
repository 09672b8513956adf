//! The arithmetic of a limit: a line a number, with where it comes from.

use super::{Row, table};
use crate::ui::{FAINT, STRONG, paint};
use limits::Why;
use model::Answer;

/// The explanations for people.
pub(crate) fn text(answer: &Answer, asked: &[Why]) -> String {
    let mut text = format!("{}\n", answer.headline);
    for why in asked {
        let head = paint(STRONG, format!("{} on {}", why.id, why.place));
        let rows: Vec<Row> = why.numbers.iter().map(row).collect();
        let lines = table(&["", "NUMBER", "", "ORIGIN", ""], &rows);
        text.push_str(&format!(
            "\n{head}: {}\n{lines}{}\n",
            why.bounds, why.conclusion
        ));
    }
    text
}

fn row(number: &limits::Number) -> Row {
    Row {
        style: FAINT,
        cells: vec![
            number.what.clone(),
            number.value.clone(),
            String::new(),
            number.origin.to_owned(),
            number.source.clone(),
        ],
    }
}

//! `history`: every apply and what became of it.

use super::Outcome;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::render::{Row, table, time};
use crate::ui::FAINT;
use host::Door;
use serde_json::json;
use settings::Journal;

pub(super) fn run(door: &Door) -> Outcome {
    let journal = Journal::load(door)?;
    let mut report = Report::new("done", Exit::Good);
    let records = journal.records.iter().map(|record| {
        json!({
            "id": record.id,
            "profile": record.profile,
            "path": record.path,
            "state": record.state.name(),
            "began": time(record.began),
            "ended": time(record.ended),
            "boot_id": record.boot_id,
            "actions": record.done.iter().map(|done| done.action.to_string()).collect::<Vec<_>>(),
        })
    });
    report.payload = json!({"history": records.collect::<Vec<_>>()});
    let rows = journal.records.iter().map(|record| Row {
        style: FAINT,
        cells: vec![
            record.id.to_string(),
            time(record.began),
            record.profile.clone(),
            record.state.name().to_owned(),
            format!("{} changes", record.done.len()),
        ],
    });
    let rows: Vec<Row> = rows.collect();
    report.text = match journal.records.is_empty() {
        true => "nothing has been applied here\n".to_owned(),
        false => table(&["ID", "WHEN", "PROFILE", "STATE", ""], &rows),
    };
    Ok(report)
}

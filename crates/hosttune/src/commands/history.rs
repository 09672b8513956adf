//! `history`: every apply and what became of it.

use super::Outcome;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::render::{Row, confirm, table, time};
use crate::ui::FAINT;
use host::Door;
use serde_json::json;
use settings::{By, Journal, Purpose, Record};

pub(super) fn run(door: &Door) -> Outcome {
    let journal = Journal::load(door)?;
    let mut report = Report::new("done", Exit::Good);
    let records = journal.records.iter().map(|record| {
        json!({
            "id": record.id,
            "purpose": record.purpose.name(),
            "profile": record.profile,
            "path": record.path,
            "state": record.state.name(),
            "began": time(record.began),
            "ended": time(record.ended),
            "boot_id": record.boot_id,
            "confirm": record.confirm.as_ref().map(confirm::json),
            "by": record.by.map(By::name),
            "actions": record.done.iter().map(|done| done.action.to_string()).collect::<Vec<_>>(),
        })
    });
    report.payload = json!({"history": records.collect::<Vec<_>>()});
    let rows = journal.records.iter().map(|record| Row {
        style: FAINT,
        cells: vec![
            record.id.to_string(),
            time(record.began),
            what(record),
            state(record),
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

fn what(record: &Record) -> String {
    match record.purpose {
        Purpose::Apply => record.profile.clone(),
        Purpose::Install => format!("(install of hosttune {})", record.profile),
    }
}

fn state(record: &Record) -> String {
    let state = record.state.name();
    match (record.by, record.is_unconfirmed()) {
        (Some(by), _) => format!("{state} by {}", by.name()),
        (None, true) => format!("{state}, not confirmed"),
        (None, false) => state.to_owned(),
    }
}

//! What is assumed of a host, and which values follow from that: said with every answer.

use crate::envelope::Report;
use facts::Supposed;
use serde_json::json;

/// Adds it to a report.
pub(crate) fn add(report: &mut Report, supposed: &Supposed, verbose: bool) {
    if let Some(payload) = report.payload.as_object_mut() {
        payload.insert("assumed".to_owned(), json!(supposed));
    }
    let count = supposed.derived.len();
    let values = match count {
        1 => "1 value was derived".to_owned(),
        count => format!("{count} values were derived"),
    };
    let more = match verbose || count == 0 {
        true => "",
        false => "; -v lists them",
    };
    let mut text = format!(
        "\nassumed {}: {values}, not read{more}\n",
        supposed.assumption
    );
    for derived in supposed.derived.iter().filter(|_| verbose) {
        text += &format!(
            "  {}  {} -> {}  {} ({})\n",
            derived.reading, derived.from, derived.value, derived.rule, derived.source
        );
    }
    report.text += &text;
}

//! How a receipt reads: a line a loss for the system's journal, and the table of `check --boot`.

use super::findings::style;
use super::{Row, table};
use crate::receipt::{Receipt, Shown};
use crate::ui::{FAINT, STRONG, paint};
use model::Verdict;

/// For the system's journal: what the boot came to, and a line for whatever is not as expected.
pub(crate) fn lines(profile: Option<&str>, receipt: &Receipt) -> String {
    let mut text = format!("{}\n", headline(profile, receipt));
    for shown in receipt.settings.iter().filter(|shown| shown.is_open()) {
        text.push_str(&format!("{}\n", line(shown)));
    }
    for rule in &receipt.rules {
        text.push_str(&format!("{rule}\n"));
    }
    text
}

fn headline(profile: Option<&str>, receipt: &Receipt) -> String {
    match (profile, receipt.apply) {
        (Some(profile), Some(id)) => {
            format!("profile {profile} (apply {id}): {}", receipt.found)
        }
        _ => receipt.found.clone(),
    }
}

/// What was lost, what there is instead, who did it, and what to do about it.
fn line(shown: &Shown) -> String {
    let expected = shown.decisive().and_then(|layer| layer.expected.as_deref());
    let mut text = format!(
        "{} {}: expected {}",
        shown.verdict.name(),
        shown.id,
        expected.unwrap_or(&shown.desired)
    );
    let fine = |verdict| matches!(verdict, Verdict::Met | Verdict::NotApplicable);
    for layer in shown.layers.iter().filter(|layer| !fine(layer.verdict)) {
        let (name, seen, source) = (layer.layer.name(), &layer.seen, &layer.source);
        text.push_str(&format!(", {name} {seen} at {source}"));
    }
    for note in &shown.notes {
        text.push_str(&format!("; {note}"));
    }
    if let Some(fix) = &shown.fix {
        text.push_str(&format!("; fix: {fix}"));
    }
    text
}

/// For people: a line a setting, and under the table what there is to know.
pub(crate) fn text(
    profile: Option<&str>,
    receipt: &Receipt,
    is_current: bool,
    verbose: bool,
) -> String {
    let which = match is_current {
        true => "this boot",
        false => "boot",
    };
    let head = format!("{which} {}, kernel {}", receipt.boot_id, receipt.kernel);
    let mut text = format!("{}\n", paint(STRONG, head));
    let seen = format!("looked at {}", receipt.recorded);
    text.push_str(&format!("{seen}, {}\n", headline(profile, receipt)));
    if !receipt.settings.is_empty() {
        let rows: Vec<Row> = receipt.settings.iter().map(row).collect();
        let head = ["", "SETTING", "EXPECTED", "SEEN", "WHERE"];
        text.push_str(&format!("\n{}", table(&head, &rows)));
    }
    let told = |shown: &&Shown| verbose || shown.is_open();
    text.extend(receipt.settings.iter().filter(told).map(details));
    if !receipt.rules.is_empty() {
        text.push_str(&format!("\n{}\n", receipt.rules.join("\n")));
    }
    text
}

fn row(shown: &Shown) -> Row {
    let decisive = shown.decisive();
    let (style, aside) = match &shown.suppressed {
        Some(_) => (FAINT, ", suppressed"),
        None => (style(shown.verdict), ""),
    };
    let aside = match shown.differs() {
        true => ", differs",
        false => aside,
    };
    let expected = decisive.and_then(|layer| layer.expected.clone());
    let place = |layer: &crate::receipt::ShownAt| match shown.verdict {
        Verdict::Met => layer.layer.name().to_owned(),
        _ => format!("{}: {}", layer.layer.name(), layer.source),
    };
    Row {
        style,
        cells: vec![
            format!("{}{aside}", shown.verdict.name()),
            shown.id.clone(),
            expected.unwrap_or_else(|| "-".to_owned()),
            decisive.map_or_else(String::new, |layer| layer.seen.clone()),
            decisive.map_or_else(String::new, place),
        ],
    }
}

fn details(shown: &Shown) -> String {
    let mut text = format!(
        "\n{} (wanted {})\n",
        paint(STRONG, &shown.id),
        shown.desired
    );
    for layer in &shown.layers {
        let name = layer.layer.name();
        let verdict = paint(style(layer.verdict), format!("{:<8}", layer.verdict.name()));
        let expected = layer.expected.as_deref().unwrap_or("-");
        let source = paint(FAINT, &layer.source);
        text.push_str(&format!(
            "  {name:<9} {verdict} {}, expected {expected}  {source}\n",
            layer.seen
        ));
    }
    for note in &shown.notes {
        text.push_str(&format!("  note      {note}\n"));
    }
    if let Some(by) = &shown.suppressed {
        text.push_str(&format!("  suppressed: {by}\n"));
    }
    if let Some(fix) = &shown.fix {
        text.push_str(&format!("  fix       {fix}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn receipt() -> Receipt {
        serde_json::from_value(json!({
            "boot_id": "6d2f9f0c-5d3b-4d0e-9a51-0d5a3c1f7e42",
            "recorded": "2026-01-01T00:00:00Z",
            "kernel": "6.12.0",
            "apply": 1,
            "verdict": "drifted",
            "found": "1 met, 1 drifted",
            "rules": [],
            "settings": [
                {"id": "sysctl:vm.swappiness", "desired": "at least 10", "verdict": "drifted",
                 "layers": [
                     {"layer": "stored", "expected": "20", "seen": "5",
                      "source": "/etc/sysctl.d/99-zz.conf:1", "verdict": "drifted"},
                     {"layer": "running", "expected": "20", "seen": "5",
                      "source": "/proc/sys/vm/swappiness", "verdict": "drifted"}],
                 "notes": ["/etc/sysctl.d/99-zz.conf:1 is read later"],
                 "fix": "remove the line", "suppressed": null},
                {"id": "sysctl:fs.file-max", "desired": "at least 10", "verdict": "met",
                 "layers": [
                     {"layer": "running", "expected": "20", "seen": "15", "source": "x", "verdict": "met"}],
                 "notes": [], "fix": null, "suppressed": null}],
        }))
        .unwrap()
    }

    #[test]
    fn a_line_says_what_was_lost_what_there_is_who_did_it_and_the_fix() {
        let text = lines(Some("dense"), &receipt());
        assert_eq!(
            text,
            "profile dense (apply 1): 1 met, 1 drifted\n\
             drifted sysctl:vm.swappiness: expected 20, stored 5 at /etc/sysctl.d/99-zz.conf:1, \
             running 5 at /proc/sys/vm/swappiness; /etc/sysctl.d/99-zz.conf:1 is read later; \
             fix: remove the line\n"
        );
    }

    #[test]
    fn the_table_has_what_was_expected_beside_what_was_seen() {
        let plain =
            anstream::adapter::strip_str(&text(Some("dense"), &receipt(), true, false)).to_string();
        assert!(plain.starts_with("this boot 6d2f9f0c-"), "{plain}");
        let row = plain
            .lines()
            .find(|line| line.contains("fs.file-max"))
            .unwrap();
        let words: Vec<&str> = row.split_whitespace().collect();
        assert_eq!(
            words,
            [
                "met,",
                "differs",
                "sysctl:fs.file-max",
                "20",
                "15",
                "running"
            ]
        );
        assert!(plain.contains("fix       remove the line"), "{plain}");
    }
}

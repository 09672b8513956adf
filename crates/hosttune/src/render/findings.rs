//! Findings: the table of `check`, its summary, and the same as JSON.

use super::{Row, table, time};
use crate::sources::Loaded;
use crate::ui::{BAD, FAINT, GOOD, STRONG, UNSURE, paint};
use anstyle::Style;
use model::{Finding, LayerFinding, Observed, Verdict};
use serde_json::{Value, json};

const VERDICTS: [Verdict; 5] = [
    Verdict::Met,
    Verdict::Pending,
    Verdict::Drifted,
    Verdict::Unknown,
    Verdict::NotApplicable,
];

/// How many findings there are of each verdict.
pub(crate) fn count(findings: &[Finding]) -> Value {
    VERDICTS
        .iter()
        .map(|verdict| {
            let number = findings.iter().filter(|f| f.verdict == *verdict).count();
            (verdict.name().replace('-', "_"), json!(number))
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// The same in words; verdicts that nothing has are left out.
pub(crate) fn summary(findings: &[Finding]) -> String {
    let words: Vec<String> = VERDICTS
        .iter()
        .filter_map(|verdict| {
            let number = findings.iter().filter(|f| f.verdict == *verdict).count();
            (number > 0).then(|| format!("{number} {}", verdict.name().replace('-', " ")))
        })
        .collect();
    match words.is_empty() {
        true => "nothing to check".to_owned(),
        false => words.join(", "),
    }
}

/// The findings as JSON.
pub(crate) fn json(findings: &[Finding]) -> Value {
    findings.iter().map(of_finding).collect()
}

fn of_finding(finding: &Finding) -> Value {
    let setting = &finding.setting;
    json!({
        "id": setting.key.to_string(),
        "desired": setting.desired.describe(&setting.shape),
        "verdict": finding.verdict.name(),
        "layers": finding.layers.iter().map(|layer| of_layer(finding, layer)).collect::<Vec<_>>(),
        "profile": setting.span.to_string(),
        "reason": setting.reason,
        "fix": finding.fix,
    })
}

fn of_layer(finding: &Finding, layer: &LayerFinding) -> Value {
    let (state, observed) = match &layer.observed {
        Observed::Value(value) => ("value", Some(finding.setting.shape.describe(value))),
        Observed::Absent => ("absent", None),
        Observed::Unreadable(why) => ("unreadable", Some(why.clone())),
        Observed::NotApplicable(why) => ("not-applicable", Some(why.clone())),
    };
    json!({
        "layer": layer.layer.name(),
        "state": state,
        "observed": observed,
        "source": layer.source,
        "verdict": layer.verdict.name(),
        "note": layer.note,
    })
}

/// The colour of a verdict.
pub(crate) fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Met => GOOD,
        Verdict::Pending | Verdict::Unknown => UNSURE,
        Verdict::Drifted => BAD,
        Verdict::NotApplicable => FAINT,
    }
}

/// The table of `check`: a line a setting, and under it what there is to know.
pub(crate) fn text(loaded: &Loaded, findings: &[Finding], verbose: bool) -> String {
    let since = loaded.since.map_or_else(String::new, |since| {
        format!(", in force since {}", time(since))
    });
    let mut text = paint(STRONG, format!("profile {}{since}", loaded.profile.name));
    if let Some(summary) = &loaded.summary {
        text.push_str(&format!("\n{summary}"));
    }
    text.push_str("\n\n");
    let rows: Vec<Row> = findings.iter().map(row).collect();
    text.push_str(&table(&["", "SETTING", "WANTED", "FOUND", "WHERE"], &rows));
    for finding in findings {
        let open = !matches!(finding.verdict, Verdict::Met | Verdict::NotApplicable);
        if open || verbose {
            text.push_str(&details(finding));
        }
    }
    text.push_str(&format!("\n{}\n", summary(findings)));
    text
}

fn row(finding: &Finding) -> Row {
    let setting = &finding.setting;
    // Of several layers that are as bad, the one nearest to the workload.
    let mut nearest_first = finding.layers.iter().rev();
    let worst = nearest_first.find(|l| l.verdict == finding.verdict);
    let found = worst.map_or_else(String::new, |l| l.observed.describe(&setting.shape));
    let place = match finding.verdict {
        Verdict::Met => {
            let names: Vec<&str> = finding.layers.iter().map(|l| l.layer.name()).collect();
            names.join(", ")
        }
        _ => worst.map_or_else(String::new, |l| format!("{}: {}", l.layer.name(), l.source)),
    };
    Row {
        style: style(finding.verdict),
        cells: vec![
            finding.verdict.name().to_owned(),
            setting.key.to_string(),
            setting.desired.describe(&setting.shape),
            found,
            place,
        ],
    }
}

fn details(finding: &Finding) -> String {
    let setting = &finding.setting;
    let mut text = format!("\n{} ({})\n", paint(STRONG, &setting.key), setting.span);
    for layer in &finding.layers {
        let name = layer.layer.name();
        let verdict = paint(style(layer.verdict), format!("{:<8}", layer.verdict.name()));
        let found = layer.observed.describe(&setting.shape);
        let source = paint(FAINT, &layer.source);
        text.push_str(&format!("  {name:<8} {verdict} {found}  {source}\n"));
    }
    for note in finding
        .layers
        .iter()
        .filter_map(|layer| layer.note.as_ref())
    {
        text.push_str(&format!("  note     {note}\n"));
    }
    if let Some(reason) = &setting.reason {
        text.push_str(&format!("  why      {reason}\n"));
    }
    if let Some(fix) = &finding.fix {
        text.push_str(&format!("  fix      {fix}\n"));
    }
    text
}

/// What is not met after an apply, and why; nothing where all is met.
pub(crate) fn open_ends(findings: &[Finding]) -> String {
    findings
        .iter()
        .filter(|f| !matches!(f.verdict, Verdict::Met | Verdict::NotApplicable))
        .map(|finding| {
            let verdict = paint(style(finding.verdict), finding.verdict.name());
            format!("{verdict}{}", details(finding))
        })
        .collect()
}

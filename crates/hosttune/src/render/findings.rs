//! Findings: the table of `check`, its summary, and the same as JSON.

use super::{Row, rules, table, time};
use crate::sources::Loaded;
use crate::survey::Survey;
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

/// How many settings there are of each verdict, and how many findings are suppressed.
pub(crate) fn count(survey: &Survey<'_>) -> Value {
    VERDICTS
        .iter()
        .map(|verdict| {
            (
                verdict.name().replace('-', "_"),
                json!(number(survey, *verdict)),
            )
        })
        .chain([("suppressed".to_owned(), json!(survey.suppressed()))])
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn number(survey: &Survey<'_>, verdict: Verdict) -> usize {
    survey.counting().filter(|f| f.verdict == verdict).count()
}

/// The same in words; verdicts that nothing has are left out.
pub(crate) fn summary(survey: &Survey<'_>) -> String {
    let of_settings = VERDICTS.iter().filter_map(|verdict| {
        let number = number(survey, *verdict);
        (number > 0).then(|| format!("{number} {}", verdict.name().replace('-', " ")))
    });
    let mut words: Vec<String> = of_settings.chain(rules::summary(survey)).collect();
    if survey.suppressed() > 0 {
        words.push(format!("{} suppressed", survey.suppressed()));
    }
    match words.is_empty() {
        true => "nothing to check".to_owned(),
        false => words.join(", "),
    }
}

/// The findings as JSON.
pub(crate) fn json(survey: &Survey<'_>) -> Value {
    let one = |finding| of_finding(survey, finding);
    survey.findings.iter().map(one).collect()
}

fn of_finding(survey: &Survey<'_>, finding: &Finding) -> Value {
    let setting = &finding.setting;
    json!({
        "id": setting.key.to_string(),
        "desired": setting.desired.describe(&setting.shape),
        "verdict": finding.verdict.name(),
        "layers": finding.layers.iter().map(|layer| of_layer(finding, layer)).collect::<Vec<_>>(),
        "profile": setting.span.to_string(),
        "reason": setting.reason,
        "fix": finding.fix,
        "suppressed": survey.suppressions.of(finding).map(|by| &by.reason),
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
        "overruled": layer.overruled.iter().map(|one| json!({
            "source": one.source,
            "value": one.value,
            "rule": one.rule,
        })).collect::<Vec<_>>(),
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

/// The table of `check`: a line a setting, and under it what there is to know, rules last.
pub(crate) fn text(loaded: &Loaded, survey: &Survey<'_>, verbose: bool) -> String {
    let since = loaded.since.map_or_else(String::new, |since| {
        format!(", in force since {}", time(since))
    });
    let mut text = paint(STRONG, format!("profile {}{since}", loaded.profile.name));
    if let Some(summary) = &loaded.summary {
        text.push_str(&format!("\n{summary}"));
    }
    text.push_str("\n\n");
    let rows = survey.findings.iter().map(|finding| row(survey, finding));
    let rows: Vec<Row> = rows.collect();
    text.push_str(&table(&["", "SETTING", "WANTED", "FOUND", "WHERE"], &rows));
    for finding in &survey.findings {
        if is_open(finding) || verbose {
            text.push_str(&details(survey, finding));
        }
    }
    text.push_str(&rules::text(survey, verbose));
    text.push_str(&format!("\n{}\n", summary(survey)));
    for note in survey.notes() {
        text.push_str(&format!("{} {note}\n", paint(FAINT, "note:")));
    }
    text
}

fn is_open(finding: &Finding) -> bool {
    !matches!(finding.verdict, Verdict::Met | Verdict::NotApplicable)
}

fn row(survey: &Survey<'_>, finding: &Finding) -> Row {
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
    let (style, aside) = match survey.suppressions.of(finding) {
        Some(_) => (FAINT, ", suppressed"),
        None => (style(finding.verdict), ""),
    };
    Row {
        style,
        cells: vec![
            format!("{}{aside}", finding.verdict.name()),
            setting.key.to_string(),
            setting.desired.describe(&setting.shape),
            found,
            place,
        ],
    }
}

fn details(survey: &Survey<'_>, finding: &Finding) -> String {
    let setting = &finding.setting;
    let mut text = format!("\n{} ({})\n", paint(STRONG, &setting.key), setting.span);
    for layer in &finding.layers {
        let name = layer.layer.name();
        let verdict = paint(style(layer.verdict), format!("{:<8}", layer.verdict.name()));
        let found = layer.observed.describe(&setting.shape);
        let source = paint(FAINT, &layer.source);
        text.push_str(&format!("  {name:<9} {verdict} {found}  {source}\n"));
        for one in &layer.overruled {
            let line = format!(
                "over      {:<8} {}  {}: {}",
                "", one.value, one.source, one.rule
            );
            text.push_str(&format!("  {}\n", paint(FAINT, line)));
        }
    }
    for note in finding
        .layers
        .iter()
        .filter_map(|layer| layer.note.as_ref())
    {
        text.push_str(&format!("  note      {note}\n"));
    }
    if let Some(reason) = &setting.reason {
        text.push_str(&format!("  why       {reason}\n"));
    }
    if let Some(by) = survey.suppressions.of(finding) {
        text.push_str(&format!("  suppressed: {by}\n"));
    }
    if let Some(fix) = &finding.fix {
        text.push_str(&format!("  fix       {fix}\n"));
    }
    text
}

/// What is not met after an apply, and why; nothing where all is met.
pub(crate) fn open_ends(survey: &Survey<'_>) -> String {
    let open = survey.findings.iter().filter(|finding| is_open(finding));
    open.map(|finding| {
        let verdict = paint(style(finding.verdict), finding.verdict.name());
        format!("{verdict}{}", details(survey, finding))
    })
    .collect()
}

//! Rules that do not simply hold: for people below the table of settings, and as JSON.

use super::findings::style;
use crate::survey::Survey;
use crate::ui::{FAINT, STRONG, paint};
use model::Verdict;
use serde_json::{Value, json};
use settings::RuleFinding;

/// The findings of rules as JSON.
pub(crate) fn json(survey: &Survey<'_>) -> Value {
    let of_finding = |finding: &RuleFinding| {
        json!({
            "id": format!("rule:{}", finding.id),
            "verdict": finding.verdict.name(),
            "message": finding.message,
            "keys": finding.keys.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "profile": finding.spans.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "fix": finding.help,
            "source": finding.source,
            "suppressed": survey.suppressions.of_rule(finding).map(|by| &by.reason),
        })
    };
    survey.rules.iter().map(of_finding).collect()
}

/// The findings of rules for people.
pub(crate) fn text(survey: &Survey<'_>, verbose: bool) -> String {
    let one = |finding| of_finding(survey, finding, verbose);
    survey.rules.iter().map(one).collect()
}

fn of_finding(survey: &Survey<'_>, finding: &RuleFinding, verbose: bool) -> String {
    let spans: Vec<String> = finding.spans.iter().map(ToString::to_string).collect();
    let head = paint(STRONG, format!("rule {}", finding.id));
    let verdict = paint(
        style(finding.verdict),
        format!("{:<8}", word(finding.verdict)),
    );
    let mut text = format!(
        "\n{head} ({})\n  {verdict} {}\n",
        spans.join(", "),
        finding.message
    );
    if let Some(by) = survey.suppressions.of_rule(finding) {
        text.push_str(&format!("  suppressed: {by}\n"));
    }
    if let Some(help) = &finding.help {
        text.push_str(&format!("  fix      {help}\n"));
    }
    if verbose {
        text.push_str(&format!("  source   {}\n", paint(FAINT, finding.source)));
    }
    text
}

/// A rule is no value that drifts.
fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Drifted | Verdict::Pending => "broken",
        Verdict::Unknown => "unknown",
        Verdict::Met | Verdict::NotApplicable => "note",
    }
}

/// The rules that do not hold and count, a sentence each.
pub(crate) fn open(survey: &Survey<'_>) -> Vec<String> {
    let open = survey
        .counting_rules()
        .filter(|finding| finding.verdict != Verdict::Met);
    open.map(|finding| {
        let help = finding.help.as_ref();
        let fix = help.map_or_else(String::new, |help| format!("; fix: {help}"));
        format!(
            "rule {} is {}: {}{fix}",
            finding.id,
            word(finding.verdict),
            finding.message
        )
    })
    .collect()
}

/// How many rules there are of each verdict that counts: `1 rule broken`.
pub(crate) fn summary(survey: &Survey<'_>) -> Vec<String> {
    let of = |verdict: Verdict| {
        let rules = survey.counting_rules();
        let number = rules.filter(|f| f.verdict == verdict).count();
        let plural = if number == 1 { "" } else { "s" };
        (number > 0).then(|| format!("{number} rule{plural} {}", word(verdict)))
    };
    [Verdict::Drifted, Verdict::Unknown]
        .into_iter()
        .filter_map(of)
        .collect()
}

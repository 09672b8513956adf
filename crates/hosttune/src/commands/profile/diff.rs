//! `profile diff`: two profiles by key, and their values by what they mean.

use crate::args::DiffArgs;
use crate::commands::Outcome;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::render::{Row, table};
use crate::sources::{Loaded, load};
use crate::ui::{BAD, FAINT, GOOD, STRONG, UNSURE, paint};
use anstyle::Style;
use model::Setting;
use serde_json::{Value, json};
use settings::{Both, Comparison, compare, wanted};

pub(super) fn run(args: &DiffArgs) -> Outcome {
    let (left, right) = (load(&args.left, false)?, load(&args.right, false)?);
    let found = compare(&left.profile.settings, &right.profile.settings);
    let beside = found.wishes.len() + found.only_left.len() + found.only_right.len();
    let differs = !found.values.is_empty() || (args.strict && beside > 0);
    let mut report = match differs {
        true => Report::new("differs", Exit::Findings),
        false => Report::new("same", Exit::Good),
    };
    report.payload = json!({
        "a": of_profile(&left),
        "b": of_profile(&right),
        "same": found.same.len(),
        "differs": found.values.iter().map(of_both).collect::<Vec<_>>(),
        "wishes": found.wishes.iter().map(of_both).collect::<Vec<_>>(),
        "only_a": found.only_left.iter().map(|one| of_setting(one)).collect::<Vec<_>>(),
        "only_b": found.only_right.iter().map(|one| of_setting(one)).collect::<Vec<_>>(),
    });
    report.text = text(&left, &right, &found);
    Ok(report)
}

fn of_profile(loaded: &Loaded) -> Value {
    json!({"profile": loaded.profile.name, "path": loaded.profile.path})
}

fn of_setting(setting: &Setting) -> Value {
    json!({
        "id": setting.key.to_string(),
        "desired": wanted(setting),
        "where": setting.span.to_string(),
    })
}

fn of_both(both: &Both<'_>) -> Value {
    json!({
        "id": both.left.key.to_string(),
        "a": wanted(both.left),
        "b": wanted(both.right),
        "where_a": both.left.span.to_string(),
        "where_b": both.right.span.to_string(),
    })
}

fn text(left: &Loaded, right: &Loaded, found: &Comparison<'_>) -> String {
    let (a, b) = match (left.profile.name.as_str(), right.profile.name.as_str()) {
        // Two files of one name are told apart by their paths.
        (a, b) if a == b => (left.profile.path.as_str(), right.profile.path.as_str()),
        names => names,
    };
    let mut text = String::new();
    let mut part = |title: String, head: &[&str], rows: Vec<Row>| {
        if !rows.is_empty() {
            text.push_str(&format!(
                "{}\n{}\n",
                paint(STRONG, title),
                table(head, &rows)
            ));
        }
    };
    let both = |style, all: &[Both<'_>]| all.iter().map(|one| row_of_both(style, one)).collect();
    let one = |all: &[&Setting]| all.iter().map(|one| row(one)).collect();
    part(
        "values that differ".to_owned(),
        &["SETTING", a, b],
        both(BAD, &found.values),
    );
    part(
        "the same value, another wish".to_owned(),
        &["SETTING", a, b],
        both(UNSURE, &found.wishes),
    );
    part(
        format!("only in {a}"),
        &["SETTING", "WANTED", "WHERE"],
        one(&found.only_left),
    );
    part(
        format!("only in {b}"),
        &["SETTING", "WANTED", "WHERE"],
        one(&found.only_right),
    );
    let in_both = found.values.len() + found.wishes.len() + found.same.len();
    let verdict = match found.values.len() {
        // Nothing in common is no agreement.
        0 if in_both == 0 => paint(UNSURE, "no setting is in both"),
        0 => paint(GOOD, "no difference in values"),
        1 => paint(BAD, "1 value differs"),
        many => paint(BAD, format!("{many} values differ")),
    };
    text.push_str(&format!(
        "{verdict}; {in_both} settings in both, {} of them with another wish; only in {a}: {}, only in {b}: {}\n",
        found.wishes.len(),
        found.only_left.len(),
        found.only_right.len()
    ));
    text
}

fn row(setting: &Setting) -> Row {
    Row {
        style: FAINT,
        cells: vec![
            setting.key.to_string(),
            wanted(setting),
            setting.span.to_string(),
        ],
    }
}

fn row_of_both(style: Style, both: &Both<'_>) -> Row {
    Row {
        style,
        cells: vec![
            both.left.key.to_string(),
            wanted(both.left),
            wanted(both.right),
        ],
    }
}

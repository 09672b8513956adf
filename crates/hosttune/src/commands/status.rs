//! `status`: in five lines, which profile is in force and how it stands.

use super::boot::LastBoot;
use super::{Outcome, interrupted};
use crate::envelope::Report;
use crate::exit::Exit;
use crate::render::{confirm, findings, time};
use crate::sources::asked_or_in_force;
use crate::survey::Survey;
use model::Host;
use serde_json::json;
use settings::{Standing, Suppressions};

pub(super) fn run(host: &dyn Host) -> Outcome {
    let standing = Standing::load(host)?;
    let profile = standing.in_force.as_ref().map(|it| &it.profile);
    let since = standing.in_force.as_ref().map(|it| time(it.since));
    let loaded = profile.map(|_| asked_or_in_force(host, None)).transpose()?;
    let suppressions = Suppressions::default();
    let survey = match &loaded {
        Some(loaded) => Survey::of(host, loaded),
        None => Survey::empty(&suppressions),
    };
    let worst = survey.verdict();
    let mut report = match survey.findings.is_empty() {
        true => Report::new("none", Exit::Good),
        false => Report::new(worst.name(), Exit::from(worst)),
    };
    if let Some(open) = &standing.interrupted {
        let problem = interrupted(open);
        report.problems.push(problem);
        report.exit = report.exit.or_worse(Exit::Findings);
        "interrupted".clone_into(&mut report.verdict);
    }
    // What is wrong with a receipt is no answer about the host.
    let last_boot = LastBoot::of(host).unwrap_or_else(|failure| {
        report.problems.extend(failure.problems);
        LastBoot::unread()
    });
    let now = host.now();
    if let Some(waits) = &standing.unconfirmed {
        report.problems.push(confirm::problem(waits, now));
    }
    report.payload = json!({
        "profile": profile,
        "since": since,
        "summary": findings::count(&survey),
        "interrupted": standing.interrupted.as_ref().map(|open| open.id),
        "unconfirmed": standing.unconfirmed.as_ref().map(confirm::waiting),
        "last_boot": last_boot.kept.as_ref().map(|kept| json!({
            "boot_id": kept.boot.boot_id,
            "recorded": kept.boot.recorded,
            "apply": kept.boot.apply,
            "verdict": kept.boot.verdict,
            "current": last_boot.is_current,
        })),
    });
    let mut text = vec![
        (
            "profile",
            profile.map_or("none in force", String::as_str).to_owned(),
        ),
        ("since", since.unwrap_or_else(|| "-".to_owned())),
        ("settings", findings::summary(&survey)),
        (
            "interrupted",
            standing.interrupted.map_or("no".to_owned(), |open| {
                format!("{} {} of {}", open.purpose.name(), open.id, open.profile)
            }),
        ),
        ("last boot", last_boot.sentence()),
    ];
    if let Some(waits) = &standing.unconfirmed {
        text.push(("confirm", confirm::sentence(waits.until, now)));
    }
    let lines = text.iter();
    report.text = lines
        .map(|(name, value)| format!("{name:<12} {value}\n"))
        .collect();
    Ok(report)
}

//! The page of a limit.

use super::{Nobody, Page, cost, elsewhere, here, profiles, signs};
use model::{Ceiling, Effect, Host, Key, Limit};
use settings::{KINDS, Kind, raises_no_capacity};

pub(super) fn page(limit: &Limit, host: Option<&dyn Host>) -> Page {
    let ceilings = limits::look(host.unwrap_or(&Nobody), limit.id);
    let defaults = limit.defaults.iter().map(|&line| line.to_owned()).collect();
    let keys = limit.raise;
    Page::new(limit.id, "limit", summary(limit))
        .with("who uses it", vec![limit.why.to_owned()])
        .with("what sets it by default", defaults)
        .with("what a container costs", cost::lines(&ceilings))
        .with("what it prints", signs::lines(limit.signs))
        .with("what raises it", raise(limit, &ceilings))
        .with("what the shipped profiles set", profiles::lines(keys))
        .with("what others set", elsewhere::lines(keys))
        .with("here", here::lines(host.map(|_| ceilings.as_slice())))
        .with("sources", sources(limit.source))
}

fn summary(limit: &Limit) -> String {
    let effect = match limit.effect {
        Effect::Stops => "where it runs out, the next container is refused",
        Effect::Degrades => "where it runs out, containers start and something else is lost",
    };
    format!("{}; {effect}", limit.bounds)
}

/// Sources are parted by semicolons.
fn sources(text: &str) -> Vec<String> {
    text.split("; ").map(str::to_owned).collect()
}

/// The settings with the moment from which they hold, then what else helps.
fn raise(limit: &Limit, ceilings: &[Ceiling]) -> Vec<String> {
    let mut lines: Vec<String> = limit.raise.iter().map(|key| of_key(key)).collect();
    let fixes = explain::helps(limit.id).into_iter();
    let otherwise = fixes.filter(|fix| fix.setting.is_none());
    let reshapes = ceilings
        .iter()
        .filter_map(|ceiling| ceiling.reshape.clone());
    for sentence in otherwise.map(|fix| fix.text).chain(reshapes) {
        if !lines.contains(&sentence) {
            lines.push(sentence);
        }
    }
    if lines.is_empty() {
        lines.push("nothing that is known".to_owned());
    }
    lines
}

fn of_key(spelled: &str) -> String {
    let Some(key) = key(spelled) else {
        return format!("`{spelled}`");
    };
    let takes = kind(key.kind).map_or("", |kind| kind.page().takes);
    let vain = raises_no_capacity(&key);
    let vain = vain.map_or_else(String::new, |why| {
        format!("; seldom what lets more containers start: {why}")
    });
    format!("`{spelled}`; holds {takes}{vain}")
}

/// A key by its spelling.
pub(super) fn key(spelled: &str) -> Option<Key> {
    let (section, name) = spelled.split_once(':')?;
    Some(Key::new(kind(section)?.section(), name))
}

/// A kind by its section.
pub(super) fn kind(section: &str) -> Option<&'static dyn Kind> {
    KINDS.iter().copied().find(|kind| kind.section() == section)
}

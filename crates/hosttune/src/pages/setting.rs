//! The page of a setting.

use super::limit::kind;
use super::{Page, elsewhere, known, profiles};
use model::{Host, Key};
use settings::{KnownKey, raises_no_capacity};

pub(super) fn page(key: &Key, host: Option<&dyn Host>) -> Page {
    let spelled = key.to_string();
    let about = kind(key.kind).map(|kind| kind.page());
    let summary = about.as_ref().map_or("", |page| page.summary);
    let summary = summary
        .split(". ")
        .next()
        .unwrap_or(summary)
        .trim_end_matches(['.', ':']);
    let value = about
        .iter()
        .flat_map(|page| &page.keys)
        .find(|known| is(known, key))
        .map(value);
    let when = about.iter().map(|page| page.takes.to_owned());
    let kept = about
        .iter()
        .map(|page| page.file)
        .filter(|file| !file.is_empty());
    let vain =
        raises_no_capacity(key).map(|why| format!("seldom what lets more containers start: {why}"));
    let keys = [spelled.as_str()];
    Page::new(
        &spelled,
        "setting",
        format!("one of the {}", lowered(summary)),
    )
    .with(
        "which limits it raises",
        raised(&spelled).into_iter().chain(vain).collect(),
    )
    .with("what it takes", value.into_iter().collect())
    .with("when it takes effect", when.collect())
    .with("where apply keeps it", kept.map(str::to_owned).collect())
    .with("what the shipped profiles set", profiles::lines(&keys))
    .with("what others set", elsewhere::lines(&keys))
    .with("here", here(key, host).into_iter().collect())
}

fn lowered(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

fn is(known: &KnownKey, key: &Key) -> bool {
    known.name == key.name || key.name.rsplit('/').next() == Some(&known.name)
}

fn value(known: &KnownKey) -> String {
    let bounds = match known.bounds.as_str() {
        "" => String::new(),
        bounds => format!(", {bounds}"),
    };
    let unlimited = match known.unlimited {
        "" => String::new(),
        spelling => format!(", `{spelling}` for no bound"),
    };
    format!(
        "{}{bounds}{unlimited}; without a word before it, {}",
        known.value, known.bare
    )
}

fn raised(spelled: &str) -> Vec<String> {
    let raised = limits::all().filter(|limit| limit.raise.contains(&spelled));
    raised
        .map(|limit| format!("`{}`: {}", limit.id, limit.bounds))
        .collect()
}

/// What the running kernel has; other kinds are `check`'s to look at.
fn here(key: &Key, host: Option<&dyn Host>) -> Option<String> {
    if key.kind != "sysctl" {
        return None;
    }
    let path = known::path(&key.name);
    let value = host?.read_text(&path);
    Some(match value {
        Ok(value) => format!(
            "{} by {path}",
            value.split_whitespace().collect::<Vec<_>>().join(" ")
        ),
        Err(why) => format!("unknown ({why})"),
    })
}

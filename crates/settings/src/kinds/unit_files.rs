//! A unit's files on disk: which fragment and drop-ins systemd reads, in which order, and what the
//! last of them says about a key.

use super::lines::{BLANKS, numbered, strip};
use super::stored::{Assignment, Reading};
use super::sysctl_files::not_read;
use super::unit_values::{Said, said};
use model::{Boot, ConfTree, Host, HostError, Image, Overruled, Shadowed, Shape, Span, files_in};

/// systemd's unit search path, strongest first (systemd.unit(5), system.control as written by
/// `systemctl set-property`).
const PLACES: [&str; 12] = [
    "/etc/systemd/system.control",
    "/run/systemd/system.control",
    "/run/systemd/transient",
    "/run/systemd/generator.early",
    "/etc/systemd/system",
    "/etc/systemd/system.attached",
    "/run/systemd/system",
    "/run/systemd/system.attached",
    "/run/systemd/generator",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/run/systemd/generator.late",
];

/// The places for one boot: what generators write, they write again at the next.
fn places(boot: Boot) -> impl Iterator<Item = &'static str> {
    let made_again = |place: &str| place.starts_with("/run/systemd/generator");
    PLACES
        .into_iter()
        .filter(move |place| boot.finds(place) || made_again(place))
}

/// Every assignment of `key` in `section` of the unit's files, in the order systemd reads them, and
/// what does not count.
pub(crate) fn reading(
    host: &dyn Host,
    unit: &str,
    section: &str,
    key: &str,
    shape: &Shape,
    boot: Boot,
) -> Reading {
    let mut reading = raw(host, unit, section, key, boot);
    settle(&mut reading, key, shape);
    reading
}

/// Every assignment of `key` as it is written, and what could not be read and might win.
pub(crate) fn assignments(
    host: &dyn Host,
    unit: &str,
    section: &str,
    key: &str,
) -> (Vec<Assignment>, Option<String>) {
    let reading = raw(host, unit, section, key, Boot::This);
    (reading.said, reading.unreadable)
}

fn raw(host: &dyn Host, unit: &str, section: &str, key: &str, boot: Boot) -> Reading {
    let mut reading = Reading::default();
    let (fragment, drop_ins) = files(host, unit, boot);
    let fragment = fragment.into_iter().map(|path| {
        let content = host.read_text(&path);
        (path, content)
    });
    let drop_ins_read = drop_ins
        .files
        .into_iter()
        .map(|file| (file.path, file.content));
    for (path, content) in fragment.chain(drop_ins_read) {
        match content {
            Ok(text) => {
                let before = reading.said.len();
                read(&text, &path, section, key, &mut reading.said);
                if reading.said.len() > before {
                    reading.unreadable = None;
                }
            }
            Err(HostError::NotFound(_)) => {}
            Err(error) => reading.unreadable = Some(error.to_string()),
        }
    }
    for file in &drop_ins.shadowed {
        reading.lost.extend(shadowed(host, file, section, key));
    }
    reading
}

pub(crate) fn shadowed(
    host: &dyn Host,
    file: &Shadowed,
    section: &str,
    key: &str,
) -> Vec<Overruled> {
    let text = host.read_text(&file.path).unwrap_or_default();
    let mut found = Vec::new();
    read(&text, &file.path, section, key, &mut found);
    let told = |one: Assignment| Overruled::new(one.span.to_string(), one.value, not_read(file));
    found.into_iter().map(told).collect()
}

/// Leaves out what systemd does not take, and what an empty assignment takes back.
pub(crate) fn settle(reading: &mut Reading, key: &str, shape: &Shape) {
    for one in std::mem::take(&mut reading.said) {
        match said(key, shape, &one.value) {
            Said::Value => reading.said.push(one),
            Said::Reset => {
                let told = |before: Assignment| {
                    let rule = format!("taken back by the empty assignment at {}", one.span);
                    Overruled::new(before.span.to_string(), before.value, rule)
                };
                reading.lost.extend(reading.said.drain(..).map(told));
                reading.cancelled = Some(one.span.clone());
                continue;
            }
            Said::Refused => {
                let rule = "systemd does not take this value and ignores the line";
                let lost = Overruled::new(one.span.to_string(), one.value, rule);
                reading.lost.push(lost);
                continue;
            }
        }
        reading.cancelled = None;
    }
}

/// The fragment, and the drop-ins sorted by file name across all places. Of equal names the one in
/// the stronger place is read, and within a place the one nearer to the unit's own name; folders for
/// the whole type come last (systemd, src/shared/dropin.c, `unit_file_find_dropin_paths`).
fn files(host: &dyn Host, unit: &str, boot: Boot) -> (Option<String>, ConfTree) {
    // An instance without a file of its own has its template's.
    let names = [Some(unit.to_owned()), template_of(unit)]
        .into_iter()
        .flatten();
    let fragment = names
        .flat_map(|name| places(boot).map(move |place| format!("{place}/{name}")))
        .find(|path| !matches!(host.image(path), Ok(Image::Absent) | Err(_)));
    let folders = folders(unit);
    let near = places(boot).flat_map(|place| {
        let folders = folders.iter();
        folders.map(move |folder| format!("{place}/{folder}"))
    });
    let suffix = unit.rsplit_once('.').map_or("", |(_, suffix)| suffix);
    let of_type = places(boot).map(|place| format!("{place}/{suffix}.d"));
    let directories: Vec<String> = near.chain(of_type).collect();
    (fragment, files_in(host, &directories, ".conf"))
}

fn template_of(unit: &str) -> Option<String> {
    let (stem, suffix) = unit.rsplit_once('.')?;
    let (name, instance) = stem.split_once('@')?;
    (!instance.is_empty()).then(|| format!("{name}@.{suffix}"))
}

/// The folders that a unit's drop-ins may lie in, nearest first: its own; of an instance those of its
/// template; then the same for each prefix that ends with a dash (src/shared/dropin.c,
/// `unit_file_find_dirs`).
fn folders(unit: &str) -> Vec<String> {
    let mut folders = vec![format!("{unit}.d")];
    if let Some(template) = template_of(unit) {
        folders.extend(self::folders(&template));
    }
    if let Some(prefix) = prefix_of(unit) {
        folders.extend(self::folders(&prefix));
    }
    folders
}

/// `a-b-c.service` has `a-b-.service`, which has `a-.service`; an instance keeps its instance, a
/// template loses the `@`.
fn prefix_of(unit: &str) -> Option<String> {
    let (stem, suffix) = unit.rsplit_once('.')?;
    let (name, instance) = match stem.split_once('@') {
        Some((name, instance)) => (name, Some(instance)),
        None => (stem, None),
    };
    let name = name.strip_suffix('-').unwrap_or(name);
    let (prefix, _) = name
        .rsplit_once('-')
        .filter(|(prefix, _)| !prefix.is_empty())?;
    match instance {
        Some(instance) if !instance.is_empty() => Some(format!("{prefix}-@{instance}.{suffix}")),
        _ => Some(format!("{prefix}-.{suffix}")),
    }
}

/// Adds the assignments of `key` in `section` of one of systemd's files. A backslash at the end of a
/// line joins the next one to it, comments in between left out, and the last of them is the line that
/// counts (systemd, src/shared/conf-parser.c, `config_parse`).
pub(crate) fn read(text: &str, path: &str, section: &str, key: &str, found: &mut Vec<Assignment>) {
    let mut here = false;
    let mut joined = String::new();
    for (number, line) in numbered(text.strip_prefix('\u{feff}').unwrap_or(text)) {
        let line = line.trim_start_matches(BLANKS);
        if line.starts_with(['#', ';']) {
            continue;
        }
        joined.push_str(line);
        let backslashes = joined.len() - joined.trim_end_matches('\\').len();
        if backslashes % 2 == 1 {
            joined.pop();
            joined.push(' ');
            continue;
        }
        let whole = std::mem::take(&mut joined);
        let whole = strip(&whole);
        if let Some(rest) = whole.strip_prefix('[') {
            match rest.strip_suffix(']') {
                Some(name) => here = name == section,
                // Everything from there on is not read.
                None => return,
            }
        } else if here
            && let Some((name, value)) = whole.split_once('=')
            && strip(name) == key
        {
            found.push(Assignment::new(strip(value), Span::new(path, number)));
        }
    }
}

/// The assignments of `key` in `section` of some files of that form, in their order.
pub(crate) fn of_files(
    host: &dyn Host,
    paths: &[String],
    section: &str,
    key: &str,
) -> Vec<Assignment> {
    let mut found = Vec::new();
    for path in paths {
        let text = host.read_text(path).unwrap_or_default();
        read(&text, path, section, key, &mut found);
    }
    found
}

#[cfg(test)]
#[path = "unit_files_tests.rs"]
mod tests;

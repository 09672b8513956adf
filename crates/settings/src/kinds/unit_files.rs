//! A unit's files on disk: which fragment and drop-ins systemd reads, in which order, and what the
//! last of them says about a key.

use super::stored::Assignment;
use model::{Host, HostError, Image, Span};
use std::collections::BTreeMap;

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

/// Every assignment of `key` in `section` of the unit's files, in the order systemd reads them, and
/// what could not be read and might win over the last of them.
pub(crate) fn assignments(
    host: &dyn Host,
    unit: &str,
    section: &str,
    key: &str,
) -> (Vec<Assignment>, Option<String>) {
    let mut found = Vec::new();
    let mut unreadable = None;
    let (paths, closed) = files(host, unit);
    for path in paths {
        match host.read_text(&path) {
            Ok(text) => {
                let before = found.len();
                read(&text, &path, section, key, &mut found);
                if found.len() > before {
                    unreadable = None;
                }
            }
            Err(HostError::NotFound(_)) => {}
            Err(error) => unreadable = Some(error.to_string()),
        }
    }
    (found, closed.or(unreadable))
}

/// The fragment, then the drop-ins sorted by file name across all places. Of equal names the
/// drop-in nearer to the unit's own name wins, and among those the stronger place.
fn files(host: &dyn Host, unit: &str) -> (Vec<String>, Option<String>) {
    // An instance without a file of its own has its template's.
    let template = unit.split_once('@').and_then(|(stem, rest)| {
        let (_, suffix) = rest.rsplit_once('.')?;
        Some(format!("{stem}@.{suffix}"))
    });
    let names = [Some(unit.to_owned()), template].into_iter().flatten();
    let fragment = names
        .flat_map(|name| PLACES.map(|place| format!("{place}/{name}")))
        .find(|path| !matches!(host.image(path), Ok(Image::Absent) | Err(_)));
    let mut closed = None;
    let mut drop_ins: BTreeMap<String, String> = BTreeMap::new();
    for folder in folders(unit) {
        for place in PLACES {
            let directory = format!("{place}/{folder}");
            let names = match host.list(&directory) {
                Err(error) if !error.is_not_found() => {
                    closed = Some(error.to_string());
                    Vec::new()
                }
                names => names.unwrap_or_default(),
            };
            for name in names {
                if name.ends_with(".conf") && !name.starts_with('.') {
                    let path = format!("{directory}/{name}");
                    drop_ins.entry(name).or_insert(path);
                }
            }
        }
    }
    let paths = fragment.into_iter().chain(drop_ins.into_values());
    (paths.collect(), closed)
}

/// `a-b.service.d`, then `a-.service.d`, then `service.d`; an instance `x@i.service` also has the
/// folder of its template.
fn folders(unit: &str) -> Vec<String> {
    let mut folders = vec![format!("{unit}.d")];
    let Some((stem, suffix)) = unit.rsplit_once('.') else {
        return folders;
    };
    if let Some((template, instance)) = stem.split_once('@')
        && !instance.is_empty()
    {
        folders.push(format!("{template}@.{suffix}.d"));
    }
    let mut rest = stem;
    while let Some((prefix, _)) = rest.rsplit_once('-') {
        if !prefix.is_empty() {
            folders.push(format!("{prefix}-.{suffix}.d"));
        }
        rest = prefix;
    }
    folders.push(format!("{suffix}.d"));
    folders
}

/// Adds the assignments of `key` in `section` of one of systemd's files.
pub(crate) fn read(text: &str, path: &str, section: &str, key: &str, found: &mut Vec<Assignment>) {
    let mut here = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            here = name == section;
        } else if here
            && !line.starts_with(['#', ';'])
            && let Some((name, value)) = line.split_once('=')
            && name.trim() == key
        {
            let span = Span::new(path, index + 1);
            let value = value.trim().to_owned();
            found.push(Assignment { value, span });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    fn winner(host: &FakeHost) -> String {
        let (found, _) = assignments(host, "docker.service", "Service", "TasksMax");
        found
            .last()
            .map(|a| format!("{} {}", a.value, a.span))
            .unwrap()
    }

    #[test]
    fn the_file_name_decides_across_places() {
        let host = FakeHost::new()
            .file(
                "/usr/lib/systemd/system/docker.service",
                "[Service]\nTasksMax=infinity\n",
            )
            .file(
                "/etc/systemd/system/docker.service.d/60-hosttune.conf",
                "[Service]\nTasksMax=9\n",
            )
            .file(
                "/run/systemd/system.control/docker.service.d/50-TasksMax.conf",
                "[Service]\nTasksMax=5\n",
            );
        assert!(winner(&host).starts_with("9 "));
        let host = host.file(
            "/usr/lib/systemd/system/service.d/70-all.conf",
            "[Unit]\nTasksMax=1\n[Service]\n# TasksMax=2\nTasksMax = 7\n",
        );
        assert_eq!(
            winner(&host),
            "7 /usr/lib/systemd/system/service.d/70-all.conf:5"
        );
    }

    #[test]
    fn folders_go_from_the_unit_to_its_type() {
        assert_eq!(
            folders("a-b@x.service"),
            [
                "a-b@x.service.d",
                "a-b@.service.d",
                "a-.service.d",
                "service.d"
            ]
        );
    }
}

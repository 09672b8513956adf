//! The order in which systemd reads configuration directories, and which file masks which.

use crate::{Host, HostError, HostResult, Image};
use std::collections::BTreeMap;

/// The places of a `NAME.d` directory, strongest first (sysctl.d(5), modules-load.d(5)).
const PREFIXES: [&str; 4] = ["/etc", "/run", "/usr/local/lib", "/usr/lib"];

/// The place that is empty at each boot.
const RUN: &str = "/run";

/// One configuration file in load order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfFile {
    /// Its path.
    pub path: String,
    /// Its content; empty where the file is masked by a link to `/dev/null`.
    pub content: HostResult<String>,
}

/// A file that is not read, since one of the same name stands in a stronger place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shadowed {
    /// Its path.
    pub path: String,
    /// The path of the file that is read in its place.
    pub by: String,
    /// Whether that file is a link to `/dev/null`.
    pub masked: bool,
}

/// A configuration directory over all of its places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfTree {
    /// What is read, in load order.
    pub files: Vec<ConfFile>,
    /// What is not.
    pub shadowed: Vec<Shadowed>,
}

/// Which boot's files are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Boot {
    /// What is there now.
    This,
    /// What the next boot will find: nothing below `/run`.
    Next,
}

impl Boot {
    /// Whether a path is there for this boot.
    pub fn finds(self, path: &str) -> bool {
        self == Self::This || !path.starts_with("/run/")
    }
}

/// The `*.conf` files of `directory` (`sysctl.d`) in load order for a boot, and what is not read: sorted
/// by name across all places; of equal names only the strongest is read; a link to `/dev/null` masks the
/// name.
pub fn conf_tree(host: &dyn Host, directory: &str, boot: Boot) -> ConfTree {
    let places = PREFIXES
        .iter()
        .filter(|prefix| boot == Boot::This || **prefix != RUN)
        .map(|prefix| format!("{prefix}/{directory}"));
    files_in(host, &places.collect::<Vec<_>>(), ".conf")
}

/// The files of some places, strongest first, whose names end with `suffix` (systemd,
/// src/basic/conf-files.c): hidden ones are left out.
pub fn files_in(host: &dyn Host, places: &[String], suffix: &str) -> ConfTree {
    let mut chosen: BTreeMap<String, String> = BTreeMap::new();
    let mut beaten = Vec::new();
    let mut closed = Vec::new();
    for place in places {
        let names = match host.list(place) {
            Ok(names) => names,
            Err(error) if error.is_not_found() => continue,
            // What is in there might win: it counts as read last.
            Err(error) => {
                closed.push(ConfFile {
                    path: place.clone(),
                    content: Err(error),
                });
                continue;
            }
        };
        for name in names {
            if !name.ends_with(suffix) || name.starts_with('.') {
                continue;
            }
            let path = format!("{place}/{name}");
            match chosen.get(&name) {
                Some(by) => beaten.push((path, by.clone())),
                None => {
                    chosen.insert(name, path);
                }
            }
        }
    }
    let is_mask = |path: &str| matches!(host.image(path), Ok(Image::Link { target }) if target == "/dev/null");
    ConfTree {
        files: chosen
            .into_values()
            .map(|path| ConfFile {
                content: content_of(host, &path),
                path,
            })
            .chain(closed)
            .collect(),
        shadowed: beaten
            .into_iter()
            .map(|(path, by)| Shadowed {
                masked: is_mask(&by),
                path,
                by,
            })
            .collect(),
    }
}

fn content_of(host: &dyn Host, path: &str) -> HostResult<String> {
    match host.image(path) {
        Ok(Image::Link { target }) if target == "/dev/null" => Ok(String::new()),
        Ok(Image::Directory | Image::Other) => Err(HostError::Failed {
            what: path.to_owned(),
            why: "is not a regular file".to_owned(),
        }),
        // A link to nothing is skipped, as systemd skips it.
        Ok(Image::Link { .. }) => match host.read_text(path) {
            Err(error) if error.is_not_found() => Ok(String::new()),
            text => text,
        },
        _ => host.read_text(path),
    }
}

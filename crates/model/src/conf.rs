//! The order in which systemd reads configuration directories, and which file masks which.

use crate::{Host, HostError, HostResult, Image};
use std::collections::BTreeMap;

/// The places of a `NAME.d` directory, strongest first (sysctl.d(5), modules-load.d(5)).
const PREFIXES: [&str; 4] = ["/etc", "/run", "/usr/local/lib", "/usr/lib"];

/// One configuration file in load order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfFile {
    /// Its path.
    pub path: String,
    /// Its content; empty where the file is masked by a link to `/dev/null`.
    pub content: HostResult<String>,
}

/// The `*.conf` files of `directory` (`sysctl.d`) in load order: sorted by name across all places;
/// of equal names only the strongest is read; a link to `/dev/null` masks the name.
pub fn conf_files(host: &dyn Host, directory: &str) -> Vec<ConfFile> {
    let mut chosen: BTreeMap<String, String> = BTreeMap::new();
    let mut closed = Vec::new();
    for prefix in PREFIXES {
        let place = format!("{prefix}/{directory}");
        let names = match host.list(&place) {
            Ok(names) => names,
            Err(error) if error.is_not_found() => continue,
            // What is in there might win: it counts as read last.
            Err(error) => {
                closed.push(ConfFile {
                    path: place,
                    content: Err(error),
                });
                continue;
            }
        };
        for name in names {
            if name.ends_with(".conf") && !name.starts_with('.') {
                chosen
                    .entry(name.clone())
                    .or_insert_with(|| format!("{place}/{name}"));
            }
        }
    }
    chosen
        .into_values()
        .map(|path| ConfFile {
            content: content_of(host, &path),
            path,
        })
        .chain(closed)
        .collect()
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

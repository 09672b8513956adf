//! What an install puts on a host: one row a kind of file, below the prefix; units are enabled too.

use crate::documents::{completion, man_pages};
use clap_complete::Shell;
use model::{HostResult, Image};
use settings::{Content, Item, quoted};

include!(concat!(env!("OUT_DIR"), "/profiles.rs"));

/// Files of one folder by their names.
type Files = Vec<(String, Content)>;

/// Files that go to one folder.
struct Row {
    /// The folder, below the prefix unless it is absolute.
    folder: &'static str,
    /// The files and what is in them, for a prefix.
    files: fn(prefix: &str) -> HostResult<Files>,
}

/// Everything that is installed.
const INSTALLED: &[Row] = &[
    Row {
        folder: "bin",
        files: |_| {
            let program = host::program::fingerprint()?.as_program_of_root();
            Ok(vec![("hosttune".to_owned(), Content::Program(program))])
        },
    },
    Row {
        folder: "lib/hosttune/profiles",
        files: |_| {
            Ok(PROFILES
                .iter()
                .map(|(name, text)| file(name, *text))
                .collect())
        },
    },
    Row {
        folder: "share/man/man1",
        files: |_| {
            let pages = man_pages().into_iter();
            Ok(pages.map(|(name, page)| file(&name, page)).collect())
        },
    },
    Row {
        folder: "share/bash-completion/completions",
        files: |_| Ok(vec![file("hosttune", completion(Shell::Bash))]),
    },
    Row {
        folder: "share/zsh/site-functions",
        files: |_| Ok(vec![file("_hosttune", completion(Shell::Zsh))]),
    },
    Row {
        folder: "share/fish/vendor_completions.d",
        files: |_| Ok(vec![file("hosttune.fish", completion(Shell::Fish))]),
    },
    Row {
        folder: UNITS,
        files: units,
    },
    // What `systemctl enable` makes (systemd.unit(5), [Install]).
    Row {
        folder: "/etc/systemd/system/multi-user.target.wants",
        files: |prefix| Ok(links(prefix)),
    },
    // What `systemctl link` makes of a unit that lies where systemd does not look.
    Row {
        folder: "/etc/systemd/system",
        files: |prefix| match SEARCHED.contains(&prefix) {
            true => Ok(Vec::new()),
            false => Ok(links(prefix)),
        },
    },
];

const UNITS: &str = "lib/systemd/system";

/// The prefixes below which systemd looks for units (systemd.unit(5), Unit File Load Path); `/lib` is
/// `/usr/lib` where it is there at all.
const SEARCHED: [&str; 3] = ["", "/usr", "/usr/local"];

/// What verifies each boot.
pub(crate) const VERIFIER: &str = "hosttune-verify.service";
/// What is reached once a boot is verified.
pub(crate) const READY: &str = "hosttune-ready.target";

/// The program, as the shipped units name it.
const PACKAGED: &str = "/usr/bin/hosttune";

fn units(prefix: &str) -> HostResult<Files> {
    let program = quoted(&format!("{prefix}/bin/hosttune"))?;
    let verifier = include_str!("../../../systemd/hosttune-verify.service");
    let ready = include_str!("../../../systemd/hosttune-ready.target");
    Ok(vec![
        file(VERIFIER, verifier.replace(PACKAGED, &program)),
        file(READY, ready),
    ])
}

fn links(prefix: &str) -> Files {
    let link = |name: &str| {
        let target = format!("{prefix}/{UNITS}/{name}");
        (name.to_owned(), Content::Image(Image::Link { target }))
    };
    vec![link(VERIFIER), link(READY)]
}

fn file(name: &str, text: impl Into<Vec<u8>>) -> (String, Content) {
    (name.to_owned(), Content::Image(Image::text(text)))
}

/// Everything that is installed below `prefix`.
pub(crate) fn items(prefix: &str) -> HostResult<Vec<Item>> {
    let mut items = Vec::new();
    for row in INSTALLED {
        for (name, content) in (row.files)(prefix)? {
            let path = match row.folder.starts_with('/') {
                true => format!("{}/{name}", row.folder),
                false => format!("{prefix}/{}/{name}", row.folder),
            };
            items.push(Item { path, content });
        }
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_place_is_named_once_and_every_profile_is_there() {
        let items = items("/usr/local").unwrap();
        let places: BTreeSet<&str> = items.iter().map(|item| item.path.as_str()).collect();
        assert_eq!(places.len(), items.len());
        for place in [
            "/usr/local/bin/hosttune",
            "/usr/local/lib/hosttune/profiles/dense-1200.ini",
            "/usr/local/share/man/man1/hosttune-confirm.1",
            "/usr/local/lib/systemd/system/hosttune-ready.target",
            "/etc/systemd/system/multi-user.target.wants/hosttune-verify.service",
        ] {
            assert!(places.contains(place), "{place} is not in {places:#?}");
        }
    }

    #[test]
    fn the_unit_runs_the_program_that_is_installed_with_it() {
        let of = |prefix: &str| {
            let units = units(prefix).unwrap();
            let Content::Image(image) = &units[0].1 else {
                panic!("a unit is a small file");
            };
            String::from_utf8_lossy(image.content().unwrap()).into_owned()
        };
        assert_eq!(
            of("/usr")
                .matches("ExecStart=\"/usr/bin/hosttune\" check")
                .count(),
            1
        );
        assert!(of("/opt/a b").contains("ExecStart=\"/opt/a b/bin/hosttune\" check"));
    }

    #[test]
    fn a_unit_where_systemd_does_not_look_is_linked() {
        let linked = |prefix: &str| {
            let items = items(prefix).unwrap();
            let path = format!("/etc/systemd/system/{READY}");
            items.into_iter().find(|item| item.path == path)
        };
        assert_eq!(linked("/usr/local"), None);
        let target = "/opt/x/lib/systemd/system/hosttune-ready.target".to_owned();
        let content = Content::Image(Image::Link { target });
        assert_eq!(linked("/opt/x").unwrap().content, content);
    }
}

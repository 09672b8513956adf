//! What an install puts on a host: one row a kind of file, below the prefix.

use crate::documents::{completion, man_pages};
use clap_complete::Shell;
use model::{HostResult, Image};
use settings::{Content, Item};

include!(concat!(env!("OUT_DIR"), "/profiles.rs"));

/// Files of one folder by their names.
type Files = Vec<(String, Content)>;

/// Files that go to one folder.
struct Row {
    /// The folder, below the prefix.
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
];

fn file(name: &str, text: impl Into<Vec<u8>>) -> (String, Content) {
    (name.to_owned(), Content::Image(Image::text(text)))
}

/// Everything that is installed below `prefix`.
pub(crate) fn items(prefix: &str) -> HostResult<Vec<Item>> {
    let mut items = Vec::new();
    for row in INSTALLED {
        for (name, content) in (row.files)(prefix)? {
            let path = format!("{prefix}/{}/{name}", row.folder);
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
        ] {
            assert!(places.contains(place), "{place} is not in {places:#?}");
        }
    }
}

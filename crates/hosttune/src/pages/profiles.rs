//! What the shipped profiles set.

use crate::installed::PROFILES;
use crate::sources::identity;
use model::Entry;
use profile::{Library, LibraryError, SectionSpec, Source};

/// The profiles in the program itself.
struct Shipped;

impl Library for Shipped {
    fn open(&self, reference: &str, _from: Option<&str>) -> Result<Source, LibraryError> {
        let name = |path: &str| path.trim_end_matches(".ini") == reference.trim_end_matches(".ini");
        let found = PROFILES.iter().find(|(path, _)| name(path));
        let (path, text) = found.ok_or(LibraryError::NotFound)?;
        Ok(Source {
            path: (*path).to_owned(),
            content: text.as_bytes().to_vec(),
        })
    }

    fn names(&self) -> Vec<String> {
        PROFILES
            .iter()
            .map(|(path, _)| path.trim_end_matches(".ini").to_owned())
            .collect()
    }
}

/// Every key that a shipped profile sets, with the profile's name and the line.
pub(super) fn all() -> Vec<(String, String, Entry)> {
    let sections: Vec<SectionSpec> = settings::sections()
        .into_iter()
        .map(|(kind, named)| SectionSpec { kind, named })
        .chain(
            [("workload", false), ("suppress", true)]
                .map(|(kind, named)| SectionSpec { kind, named }),
        )
        .collect();
    let of_profile = |name: String| {
        let entries = profile::load(&Shipped, &name, &sections).map(|read| read.entries);
        let entries = entries.unwrap_or_default().into_iter();
        let keyed = entries.filter_map(|entry| Some((identity(&entry).ok()?, entry)));
        keyed
            .map(|(key, entry)| (name.clone(), key, entry))
            .collect::<Vec<_>>()
    };
    Shipped.names().into_iter().flat_map(of_profile).collect()
}

/// What they set of these keys.
pub(super) fn lines(keys: &[&str]) -> Vec<String> {
    let all = all().into_iter();
    let asked = all.filter(|(_, key, _)| keys.contains(&key.as_str()));
    asked
        .map(|(name, key, entry)| line(&name, &key, &entry))
        .collect()
}

fn line(profile: &str, key: &str, entry: &Entry) -> String {
    let reason = entry.reason.as_ref().map(|reason| format!(": {reason}"));
    format!(
        "{profile}: `{key} = {}`{}",
        entry.value,
        reason.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shipped_profile_is_read_with_its_reasons() {
        let lines = lines(&["sysctl:fs.inotify.max_user_instances"]);
        assert!(
            lines
                .iter()
                .any(|line| line.starts_with("dense-1200: ") && line.contains("shim"))
        );
        let read = Shipped
            .names()
            .into_iter()
            .filter(|name| all().iter().any(|(of, ..)| of == name));
        assert_eq!(read.count(), PROFILES.len());
    }
}

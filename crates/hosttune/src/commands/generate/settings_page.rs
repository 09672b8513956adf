//! The reference page of settings: one section a kind, from the table of kinds.

use settings::{KINDS, Kind, KnownKey};
use std::fmt::Write;

const HEAD: &str = "# Settings

What a profile can set, kind by kind. Written by `hosttune generate` from the table of kinds; the words
of a value are explained in [profiles](../reference/profiles.md).
";

/// The page.
pub(super) fn page() -> String {
    let sections = KINDS.iter().map(|kind| section(*kind));
    HEAD.to_owned() + &sections.collect::<String>()
}

fn section(kind: &dyn Kind) -> String {
    let page = kind.page();
    let name = if kind.named() { " NAME" } else { "" };
    let mut text = String::new();
    // Writing to memory does not fail.
    let _ = write!(
        text,
        "\n## `[{}{name}]`\n\n{}\n\n| | |\n|---|---|\n",
        kind.section(),
        page.summary
    );
    if !page.file.is_empty() {
        let _ = writeln!(text, "| kept in | {} |", page.file);
    }
    let _ = write!(
        text,
        "| takes effect | {} |\n\n```ini\n{}\n```\n",
        page.takes, page.example
    );
    if !page.keys.is_empty() {
        text.push_str(
            "\n| key | value | without a word | from, to | unlimited |\n|---|---|---|---|---|\n",
        );
        text.extend(page.keys.iter().map(row));
    }
    text
}

fn row(key: &KnownKey) -> String {
    let unlimited = match key.unlimited {
        "" => String::new(),
        spelling => format!("`{spelling}`"),
    };
    format!(
        "| `{}` | {} | {} | {} | {unlimited} |\n",
        key.name, key.value, key.bare, key.bounds
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use profile::{Library, LibraryError, SectionSpec, Source};
    use std::collections::BTreeSet;

    /// A shelf with one profile on it.
    struct One(String);

    impl Library for One {
        fn open(&self, reference: &str, _from: Option<&str>) -> Result<Source, LibraryError> {
            Ok(Source {
                path: reference.to_owned(),
                content: self.0.clone().into_bytes(),
            })
        }

        fn names(&self) -> Vec<String> {
            Vec::new()
        }
    }

    #[test]
    fn each_kind_has_a_section_of_its_own_and_an_example_that_means_something() {
        let sections: Vec<SectionSpec> = settings::sections()
            .into_iter()
            .map(|(kind, named)| SectionSpec { kind, named })
            .collect();
        let mut seen = BTreeSet::new();
        for kind in KINDS {
            let section = kind.section();
            assert!(seen.insert(section), "{section} twice");
            let example = format!("{}\n", kind.page().example);
            let read = profile::load(&One(example), "./a.ini", &sections).unwrap();
            let parsed = settings::parse(&read.entries).unwrap();
            assert!(!parsed.is_empty(), "{section}");
            assert!(
                parsed.iter().all(|one| one.key.kind == section),
                "{section}"
            );
        }
    }

    #[test]
    fn every_key_that_is_known_is_in_the_page_once() {
        for kind in KINDS {
            let names: Vec<String> = kind.page().keys.into_iter().map(|key| key.name).collect();
            let unique: BTreeSet<&String> = names.iter().collect();
            assert_eq!(unique.len(), names.len(), "{}", kind.section());
        }
        assert!(page().contains("| `nofile` | a number, or soft:hard | at least |"));
    }
}

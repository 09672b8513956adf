//! Laws: no bytes make the loader panic, what it says lies inside the text, and what it accepts
//! rust-ini reads the same.
#![expect(clippy::expect_used, reason = "a law that does not hold ends the test")]

use ini::{Ini, ParseOption};
use profile::{Library, LibraryError, Profile, ProfileError, SectionSpec, Source, load};
use proptest::prelude::*;

const SECTIONS: [SectionSpec; 2] = [
    SectionSpec {
        kind: "sysctl",
        named: false,
    },
    SectionSpec {
        kind: "unit",
        named: true,
    },
];

/// One file; an include finds nothing.
struct One(Vec<u8>);

impl Library for One {
    fn open(&self, _reference: &str, from: Option<&str>) -> Result<Source, LibraryError> {
        match from {
            Some(_) => Err(LibraryError::NotFound),
            None => Ok(Source {
                path: "one.ini".to_owned(),
                content: self.0.clone(),
            }),
        }
    }

    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

fn physical_lines(content: &[u8]) -> Vec<&[u8]> {
    content.split(|byte| *byte == b'\n').collect()
}

/// What every outcome must hold, for any bytes.
fn lawful(content: &[u8]) -> Result<Option<Profile>, TestCaseError> {
    let lines = physical_lines(content);
    match load(&One(content.to_vec()), "one", &SECTIONS) {
        Ok(profile) => {
            for entry in &profile.entries {
                let line =
                    str::from_utf8(lines[entry.span.line - 1]).expect("an accepted line is UTF-8");
                let (key, value) = line.split_once('=').expect("an accepted pair has `=`");
                prop_assert_eq!(key.trim(), &entry.key);
                prop_assert_eq!(value.trim(), &entry.value);
            }
            Ok(Some(profile))
        }
        Err(error) => {
            prop_assert!(matches!(error, ProfileError::Rejected { .. }), "{}", error);
            for rejection in error.rejections() {
                prop_assert!(
                    (1..=lines.len()).contains(&rejection.span.line),
                    "{}",
                    rejection
                );
                prop_assert!(rejection.message.len() < 400, "{}", rejection);
                prop_assert!(!rejection.message.contains("bug:"), "{}", rejection);
                prop_assert!(
                    !rejection.message.contains(char::is_control),
                    "{:?}",
                    rejection
                );
            }
            Ok(None)
        }
    }
}

/// The entries as rust-ini alone reads them, once comments are out of its way.
fn by_rust_ini(content: &[u8]) -> Vec<(String, String, String)> {
    let text = str::from_utf8(content).expect("an accepted text is UTF-8");
    let kept: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with(['#', ';']))
        .collect();
    let options = ParseOption {
        enabled_quote: false,
        enabled_escape: false,
        ..ParseOption::default()
    };
    let parsed = Ini::load_from_str_opt(&kept.join("\n"), options)
        .expect("rust-ini accepts what is accepted");
    let mut entries = Vec::new();
    for (section, pairs) in parsed.iter() {
        let section: Vec<&str> = section.unwrap_or_default().split_whitespace().collect();
        for (key, value) in pairs.iter().filter(|_| section != ["profile"]) {
            entries.push((section.join(" "), key.to_owned(), value.to_owned()));
        }
    }
    entries
}

/// Lines that are often right and often almost right.
fn line() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "[sysctl]",
        "[unit a.service]",
        "[unit b\\x2dc.mount]",
        "[profile]",
        "[",
        "]",
        "=",
        " = ",
        ":",
        "#",
        ";",
        "#: why",
        "\\",
        "\"",
        "'",
        " ",
        "\t",
        "\r",
        "\u{feff}",
        "\u{a0}",
        "\0",
        "vm.a",
        "net.b/c.d",
        "5",
        "max",
        "é",
        "summary = x",
        "include = y",
        "# ",
    ]);
    prop_oneof![
        12 => "[a-z]{1,4}(\\.[a-z]{1,3})? ?= ?[ -~]{0,12}",
        3 => "\\[unit [a-z@\\\\]{1,4}\\.service\\]",
        1 => Just("#: a reason".to_owned()),
        1 => "[ \\t]{0,3}[#;][ -~]{0,8}",
        1 => Just(String::new()),
        1 => prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat()),
    ]
}

fn profile_text() -> impl Strategy<Value = Vec<u8>> {
    (prop::collection::vec(line(), 0..9), any::<bool>()).prop_map(|(lines, headed)| {
        let head = if headed { "[sysctl]\n" } else { "" };
        format!("{head}{}", lines.join("\n")).into_bytes()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(content in prop::collection::vec(any::<u8>(), 0..300)) {
        lawful(&content)?;
    }

    #[test]
    fn any_text_is_answered(content in "\\PC{0,80}(\\n[^=]{0,9}=\\PC{0,40}){0,4}") {
        lawful(content.as_bytes())?;
    }

    #[test]
    fn rust_ini_reads_what_is_accepted_the_same(content in profile_text()) {
        if let Some(profile) = lawful(&content)? {
            let ours: Vec<_> = profile.entries.into_iter().map(|entry| {
                let section = entry.name.map_or(entry.kind.clone(), |name| format!("{} {name}", entry.kind));
                (section, entry.key, entry.value)
            }).collect();
            prop_assert_eq!(ours, by_rust_ini(&content));
        }
    }
}

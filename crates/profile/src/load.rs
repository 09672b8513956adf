//! Loading: a profile and what it includes, read into one list in which the last word wins.

use crate::clip::clip;
use crate::complaints::Complaints;
use crate::document;
use crate::error::offer;
use crate::own::Include;
use crate::{Library, LibraryError, ProfileError, SectionSpec, Source};
use model::{Entry, Rejection, nearest};
use std::sync::Arc;

/// Deeper than anyone can follow; it ends what two paths for one file would hide from the check
/// for cycles.
const MAX_DEPTH: usize = 16;

/// A profile with all that it includes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its file's name without `.ini`.
    pub name: String,
    /// Its file.
    pub path: String,
    /// Its own summary; those of its includes are theirs.
    pub summary: Option<String>,
    /// Every entry: those of the includes from left to right, depth first, then its own. Of several
    /// for one setting the last wins; the others are kept so that it can be said over whom.
    pub entries: Vec<Entry>,
    /// The files, in the order of their entries: the profile's own is the last.
    pub files: Vec<String>,
}

/// Reads the profile `reference` and its includes; `sections` are those that may appear besides
/// `[profile]`.
///
/// A profile that is included by several others is read once, where it is named first: it is what
/// they build on, so none of them is overridden by it.
pub fn load(
    library: &dyn Library,
    reference: &str,
    sections: &[SectionSpec],
) -> Result<Profile, ProfileError> {
    let source = library.open(reference, None).map_err(|error| match error {
        LibraryError::NotFound => {
            let names = library.names();
            ProfileError::NotFound {
                reference: clip(reference),
                suggestion: nearest(&clip(reference), names.iter().map(String::as_str))
                    .map(str::to_owned),
                names,
            }
        }
        LibraryError::Refused {
            path,
            message,
            help,
        } => ProfileError::Refused {
            path,
            message,
            help,
        },
    })?;
    let mut loader = Loader {
        library,
        sections,
        complaints: Complaints::default(),
        chain: Vec::new(),
        entries: Vec::new(),
        files: Vec::new(),
    };
    let path = source.path.clone();
    let summary = loader.read(source);
    loader.complaints.settle(Profile {
        name: name_of(&path).to_owned(),
        path,
        summary,
        entries: loader.entries,
        files: loader.files,
    })
}

struct Loader<'a> {
    library: &'a dyn Library,
    sections: &'a [SectionSpec],
    complaints: Complaints,
    /// The files being read, each included by the one before.
    chain: Vec<String>,
    entries: Vec<Entry>,
    files: Vec<String>,
}

impl Loader<'_> {
    /// Reads a file after its includes; gives its summary.
    fn read(&mut self, source: Source) -> Option<String> {
        let file: Arc<str> = source.path.as_str().into();
        let document = document::read(&file, &source.content, self.sections, &mut self.complaints);
        self.chain.push(source.path);
        for include in &document.own.includes {
            if let Err(rejection) = self.include(include) {
                self.complaints.push(rejection);
            }
        }
        self.files.extend(self.chain.pop());
        self.entries.extend(document.entries);
        document.own.summary
    }

    fn include(&mut self, include: &Include) -> Result<(), Rejection> {
        let refuse = |message: String| Rejection::new(&include.span, message);
        let shown = clip(&include.reference);
        let source = match self
            .library
            .open(&include.reference, Some(&include.span.file))
        {
            Ok(source) => source,
            Err(LibraryError::NotFound) => {
                let names = self.library.names();
                let near = nearest(&shown, names.iter().map(String::as_str));
                return Err(
                    refuse(format!("no profile `{shown}` to include")).help(offer(near, &names))
                );
            }
            Err(LibraryError::Refused {
                path,
                message,
                help,
            }) => {
                let mut rejection = refuse(format!("cannot include {path}: {message}"));
                rejection.help = help;
                return Err(rejection);
            }
        };
        if let Some(start) = self.chain.iter().position(|path| *path == source.path) {
            let ring = self.chain[start..].iter().chain([&source.path]);
            let ring: Vec<&str> = ring.map(|path| name_of(path)).collect();
            return Err(
                refuse(format!("a cycle of includes: {}", ring.join(" -> ")))
                    .help("leave out this include"),
            );
        }
        if self.files.contains(&source.path) {
            return Ok(());
        }
        if self.chain.len() >= MAX_DEPTH {
            return Err(refuse(format!(
                "`{shown}` is the include of an include, {MAX_DEPTH} deep"
            )));
        }
        self.read(source);
        Ok(())
    }
}

fn name_of(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.strip_suffix(".ini").unwrap_or(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [SectionSpec; 1] = [SectionSpec {
        kind: "sysctl",
        named: false,
    }];

    /// Profiles by name, each in `p/NAME.ini`; one may be there and not be trusted.
    struct Shelf(&'static [(&'static str, &'static str)]);

    impl Library for Shelf {
        fn open(&self, reference: &str, _from: Option<&str>) -> Result<Source, LibraryError> {
            let found = self.0.iter().find(|(name, _)| *name == reference);
            let (name, content) = found.ok_or(LibraryError::NotFound)?;
            let path = format!("p/{name}.ini");
            if content.is_empty() {
                let message = "writable by others".to_owned();
                return Err(LibraryError::Refused {
                    path,
                    message,
                    help: Some("chmod o-w".to_owned()),
                });
            }
            let content = content.as_bytes().to_vec();
            Ok(Source { path, content })
        }

        fn names(&self) -> Vec<String> {
            self.0.iter().map(|(name, _)| (*name).to_owned()).collect()
        }
    }

    fn wrong(shelf: &Shelf, reference: &str) -> String {
        load(shelf, reference, &KNOWN).unwrap_err().to_string()
    }

    #[test]
    fn includes_come_before_what_includes_them() {
        let shelf = Shelf(&[
            (
                "top",
                "[profile]\nsummary = all\ninclude = left right\n[sysctl]\na = top",
            ),
            (
                "left",
                "[profile]\ninclude = base\nsummary = l\n[sysctl]\na = left\nb = left",
            ),
            ("right", "[profile]\ninclude = base\n[sysctl]\na = right"),
            ("base", "[sysctl]\n#: as shipped\na = base\nb = base"),
        ]);
        let profile = load(&shelf, "top", &KNOWN).unwrap();
        let told: Vec<_> = profile
            .entries
            .iter()
            .map(|e| format!("{} {}={}", e.span, e.key, e.value))
            .collect();
        assert_eq!(
            told,
            [
                "p/base.ini:3 a=base",
                "p/base.ini:4 b=base",
                "p/left.ini:5 a=left",
                "p/left.ini:6 b=left",
                "p/right.ini:4 a=right",
                "p/top.ini:5 a=top"
            ]
        );
        assert_eq!(
            profile.files,
            ["p/base.ini", "p/left.ini", "p/right.ini", "p/top.ini"]
        );
        assert_eq!(
            (profile.name.as_str(), profile.summary.as_deref()),
            ("top", Some("all"))
        );
        assert_eq!(profile.entries[0].reason.as_deref(), Some("as shipped"));
    }

    #[test]
    fn a_cycle_is_refused_where_it_closes() {
        let shelf = Shelf(&[
            ("a", "[profile]\ninclude = b"),
            ("b", "[profile]\n\ninclude = c"),
            ("c", "[profile]\nsummary = c\n\ninclude = b"),
        ]);
        assert_eq!(
            wrong(&shelf, "a"),
            "p/c.ini:4: a cycle of includes: b -> c -> b"
        );
    }

    #[test]
    fn what_cannot_be_included_is_told_at_its_line() {
        let shelf = Shelf(&[
            ("a", "[profile]\ninclude = bsae, shut\n[sysctl]\nk ="),
            ("base", "[sysctl]"),
            ("shut", ""),
        ]);
        let error = load(&shelf, "a", &KNOWN).unwrap_err();
        let helps: Vec<_> = error
            .rejections()
            .iter()
            .filter_map(|r| r.help.as_deref())
            .collect();
        assert_eq!(helps[1..], ["did you mean `base`?", "chmod o-w"]);
        assert_eq!(
            error.to_string(),
            "p/a.ini:4: `k` has no value\n\
             p/a.ini:2: no profile `bsae` to include\n\
             p/a.ini:2: cannot include p/shut.ini: writable by others"
        );
    }

    #[test]
    fn a_profile_that_is_not_there_or_not_trusted_has_no_lines() {
        let shelf = Shelf(&[("dense-1200", "[sysctl]"), ("shut", "")]);
        let error = load(&shelf, "dense-120", &KNOWN).unwrap_err();
        assert_eq!(error.to_string(), "no profile `dense-120`");
        assert_eq!(error.help().unwrap(), "did you mean `dense-1200`?");
        let error = load(&shelf, "web", &KNOWN).unwrap_err();
        assert_eq!(error.help().unwrap(), "the profiles are dense-1200, shut");
        assert_eq!(wrong(&shelf, "shut"), "p/shut.ini: writable by others");
    }

    #[test]
    fn a_file_that_goes_by_ever_new_names_is_stopped() {
        struct Mirrors;
        impl Library for Mirrors {
            fn open(&self, _reference: &str, from: Option<&str>) -> Result<Source, LibraryError> {
                let path = format!("{}x", from.unwrap_or_default());
                Ok(Source {
                    path,
                    content: b"[profile]\ninclude = x".to_vec(),
                })
            }
            fn names(&self) -> Vec<String> {
                Vec::new()
            }
        }
        let error = load(&Mirrors, "x", &KNOWN).unwrap_err();
        assert_eq!(
            error.rejections()[0].message,
            "`x` is the include of an include, 16 deep"
        );
    }
}

//! The cases in `tests/profiles`: what each profile says, or the line and sentence it is refused with.
//!
//! A case is an `.ini` beside an `.expected`. To write down what is said now, after a change that
//! is meant, run with `BLESS=1` and read the difference.
#![expect(
    clippy::disallowed_methods,
    reason = "the cases are files, and the loader opens none"
)]

#[cfg(test)]
mod tests {
    use profile::{Library, LibraryError, Profile, SectionSpec, Source, load};
    use std::fs;
    use std::path::{Path, PathBuf};

    const SECTIONS: [SectionSpec; 12] = [
        section("suppress", true),
        section("docker", false),
        section("workload", false),
        section("require", false),
        section("retire", false),
        section("module", false),
        section("sysctl", false),
        section("manager", false),
        section("unit", true),
        section("cgroup", true),
        section("ulimit", true),
        section("dbus", false),
    ];

    const fn section(kind: &'static str, named: bool) -> SectionSpec {
        SectionSpec { kind, named }
    }

    /// One folder of cases, whose files may include each other by name.
    struct Folder(PathBuf);

    impl Folder {
        fn named(name: &str) -> Self {
            Self(
                Path::new(env!("CARGO_MANIFEST_DIR"))
                    .join("../../tests/profiles")
                    .join(name),
            )
        }

        fn expected(&self, case: &str, said: &str) -> String {
            let path = self.0.join(format!("{case}.expected"));
            if !said.is_empty() && std::env::var_os("BLESS").is_some() {
                fs::write(&path, said).unwrap();
            }
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        }
    }

    impl Library for Folder {
        fn open(&self, reference: &str, _from: Option<&str>) -> Result<Source, LibraryError> {
            let path = format!("{reference}.ini");
            let content = fs::read(self.0.join(&path)).map_err(|_| LibraryError::NotFound)?;
            Ok(Source { path, content })
        }

        fn names(&self) -> Vec<String> {
            let files = fs::read_dir(&self.0)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap());
            let mut names: Vec<String> = files
                .filter_map(|file| Some(file.strip_suffix(".ini")?.to_owned()))
                .collect();
            names.sort();
            names
        }
    }

    fn told(profile: &Profile) -> String {
        let mut lines = vec![format!("files: {}", profile.files.join(" "))];
        lines.extend(
            profile
                .summary
                .iter()
                .map(|summary| format!("summary: {summary}")),
        );
        for entry in &profile.entries {
            let name = entry
                .name
                .iter()
                .map(|name| format!(" {name}"))
                .collect::<String>();
            lines.push(format!(
                "{}: [{}{name}] {} = {}",
                entry.span, entry.kind, entry.key, entry.value
            ));
            lines.extend(
                entry
                    .reason
                    .iter()
                    .map(|reason| format!("  because: {reason}")),
            );
        }
        lines.join("\n") + "\n"
    }

    #[test]
    fn valid_profiles_say_what_is_expected() {
        let folder = Folder::named("valid");
        for case in folder.names() {
            let profile =
                load(&folder, &case, &SECTIONS).unwrap_or_else(|error| panic!("{case}: {error}"));
            let said = told(&profile);
            assert_eq!(said, folder.expected(&case, &said), "{case}");
        }
    }

    #[test]
    fn invalid_profiles_are_refused_with_line_and_sentence() {
        let folder = Folder::named("invalid");
        let cases = folder.names();
        assert!(cases.len() >= 30, "only {} cases", cases.len());
        for case in cases {
            let Err(error) = load(&folder, &case, &SECTIONS) else {
                panic!("{case} is accepted")
            };
            let said = error
                .rejections()
                .iter()
                .map(|r| format!("{}: {}\n", r.span.line, r.message));
            let said: String = said.collect();
            assert_eq!(said, folder.expected(&case, &said), "{case}");
        }
    }

    #[test]
    fn profiles_with_invalid_values_are_well_written() {
        let folder = Folder::named("invalid-values");
        let cases = folder.names();
        assert!(cases.len() >= 10, "only {} cases", cases.len());
        for case in cases {
            let profile =
                load(&folder, &case, &SECTIONS).unwrap_or_else(|error| panic!("{case}: {error}"));
            let line: usize = folder.expected(&case, "").trim().parse().unwrap();
            let lines = profile.entries.iter().map(|entry| entry.span.line);
            assert!(
                lines.clone().any(|there| there == line),
                "{case}: nothing is set at line {line}"
            );
        }
    }

    #[test]
    fn every_expectation_has_its_case() {
        for folder in ["valid", "invalid", "invalid-values"].map(Folder::named) {
            let names = folder.names();
            for entry in fs::read_dir(&folder.0).unwrap() {
                let file = entry.unwrap().file_name().into_string().unwrap();
                let case = file.rsplit_once('.').unwrap().0.to_owned();
                assert!(names.contains(&case), "{file} stands alone");
            }
        }
    }
}

//! Profiles that are wrong in one way each: every one is refused with file, line and a sentence,
//! and nothing is done.

use crate::common::run::{PROGRAM, bare, finish};
use crate::common::{Output, Tree, hosttune};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Only a running kernel knows which other keys it has, and only check and apply ask it.
const TOLD_BY_A_KERNEL: [&str; 2] = ["sysctl-slip", "sysctl-unknown"];

fn cases(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/profiles")
        .join(folder);
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "ini"))
        .collect();
    cases.sort();
    cases
}

fn name(case: &Path) -> &str {
    case.file_stem().unwrap().to_str().unwrap()
}

fn expected(case: &Path) -> String {
    fs::read_to_string(case.with_extension("expected")).unwrap()
}

/// A checkout of its own: the program beside a folder of profiles, which is how it finds them by
/// name, so that cases may include each other.
struct Checkout(tempfile::TempDir);

impl Checkout {
    fn of(profiles: &[PathBuf]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let top = directory.path();
        fs::write(top.join("Cargo.toml"), "").unwrap();
        fs::create_dir(top.join("profiles")).unwrap();
        for profile in profiles {
            fs::copy(
                profile,
                top.join("profiles").join(profile.file_name().unwrap()),
            )
            .unwrap();
        }
        let program = top.join("hosttune");
        if fs::hard_link(PROGRAM, &program).is_err() {
            fs::copy(PROGRAM, &program).unwrap();
        }
        Self(directory)
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = bare(self.0.path().join("hosttune"));
        command.args(args);
        finish(command)
    }

    fn profile(&self, case: &Path) -> String {
        let profiles = self.0.path().join("profiles");
        profiles
            .join(case.file_name().unwrap())
            .display()
            .to_string()
    }
}

/// Asserts that a run was refused with these places, as `LINE` or `LINE: SENTENCE`.
#[track_caller]
fn assert_refused(output: &Output, places: &[&str], case: &str) {
    assert_eq!(output.code, Some(2), "{case}: {output:#?}");
    assert_eq!(output.stdout, "", "{case}");
    for place in places {
        let told = format!(".ini:{place}");
        assert!(
            output.stderr.contains(&told),
            "{case}: no `{told}` in {}",
            output.stderr
        );
    }
    let sentences = output
        .stderr
        .lines()
        .filter_map(|line| line.strip_prefix("hosttune: "));
    for sentence in sentences {
        let message = sentence.splitn(3, ':').nth(2).unwrap_or_default().trim();
        assert!(message.contains(' '), "{case}: no sentence in `{sentence}`");
        assert!(
            !message.ends_with('.'),
            "{case}: a full stop in `{sentence}`"
        );
    }
}

/// The same of a JSON document.
#[track_caller]
fn assert_refused_in_json(output: &Output, places: &[&str], case: &str) {
    let document: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(
        (&document["exit"], &document["verdict"]),
        (&2.into(), &"error".into()),
        "{case}"
    );
    let problems = document["problems"].as_array().unwrap();
    for place in places {
        let (line, sentence) = place.split_once(": ").unwrap_or((place, ""));
        let told = |problem: &&Value| {
            let at = problem["where"].as_str().unwrap_or_default();
            at.ends_with(&format!(".ini:{line}"))
                && problem["message"].as_str().unwrap().contains(sentence)
                && problem["kind"] == "profile"
        };
        assert!(
            problems.iter().any(|p| told(&p)),
            "{case}: no `{place}` in {problems:#?}"
        );
    }
}

/// Refused by check and by apply, in text and as JSON, with nothing written.
#[track_caller]
fn refused_everywhere(program: &dyn Fn(&[&str]) -> Output, profile: &str, places: &[&str]) {
    let tree = Tree::empty();
    let (root, before) = (tree.root(), tree.all());
    for command in [
        &["check"][..],
        &["apply", "--yes"],
        &["apply", "--dry-run"],
        &["preflight"],
    ] {
        let args = [command, &["--profile", profile, "--root", &root]].concat();
        assert_refused(&program(&args), places, profile);
        let json = program(&[&args[..], &["--format", "json"]].concat());
        assert_refused_in_json(&json, places, profile);
    }
    tree.all().assert_is(&before, profile);
}

#[test]
fn a_profile_that_is_not_well_written_is_refused_at_its_line() {
    let cases = cases("invalid");
    let checkout = Checkout::of(&cases);
    assert!(cases.len() >= 60, "only {} cases", cases.len());
    for case in cases {
        let expected = expected(&case);
        let places: Vec<&str> = expected.lines().collect();
        refused_everywhere(
            &|args| checkout.run(args),
            &checkout.profile(&case),
            &places,
        );
    }
}

#[test]
fn a_profile_may_be_wrong_under_its_name_as_well_as_under_its_path() {
    let cases = cases("invalid");
    let checkout = Checkout::of(&cases);
    for case in cases
        .iter()
        .filter(|case| name(case).starts_with("include-"))
    {
        let expected = expected(case);
        let places: Vec<&str> = expected.lines().collect();
        refused_everywhere(&|args| checkout.run(args), name(case), &places);
    }
}

#[test]
fn a_value_that_no_kernel_takes_is_refused_at_its_line() {
    let cases = cases("invalid-values");
    assert!(cases.len() >= 50, "only {} cases", cases.len());
    for case in cases {
        if TOLD_BY_A_KERNEL.contains(&name(&case)) {
            continue;
        }
        let line = expected(&case).trim().to_owned() + ": ";
        refused_everywhere(&hosttune, &case.display().to_string(), &[&line]);
    }
}

#[test]
fn a_key_that_the_running_kernel_has_never_heard_of_is_refused_at_its_line() {
    for case in cases("invalid-values") {
        if !TOLD_BY_A_KERNEL.contains(&name(&case)) {
            continue;
        }
        let line = expected(&case).trim().to_owned() + ": unknown sysctl";
        let check = ["check", "--profile", &case.display().to_string()];
        assert_refused(&hosttune(&check), &[&line], name(&case));
        let json = hosttune(&[&check[..], &["--format", "json"]].concat());
        assert_refused_in_json(&json, &[&line], name(&case));
    }
}

#[test]
fn a_slip_is_refused_even_where_no_kernel_can_be_asked() {
    let tree = Tree::empty();
    let case = cases("invalid-values")
        .into_iter()
        .find(|case| name(case) == "sysctl-slip")
        .unwrap();
    let profile = case.display().to_string();
    let output = tree.run(&["apply", "--profile", &profile, "--yes"]);
    let line = expected(&case).trim().to_owned() + ": unknown sysctl";
    assert_refused(&output, &[&line], &profile);
}

#[test]
fn what_no_editor_writes_is_refused_at_its_line() {
    let tree = Tree::empty();
    let key = b"[sysctl]\nkernel.pid_max = ";
    let cases: [(&str, Vec<u8>, &str); 8] = [
        (
            "line-of-10-mb",
            [key, &[b'1'; 10_000_000][..], b"\n"].concat(),
            "2: ",
        ),
        (
            "line-of-5000",
            [key, &[b'1'; 5000][..], b"\n"].concat(),
            "2: ",
        ),
        ("nul", [key, b"1\0\n".as_slice()].concat(), "2: a NUL byte"),
        ("nul-only", vec![0; 100], "1: a NUL byte"),
        (
            "not-utf-8",
            [key, b"\xff\xfe\n".as_slice()].concat(),
            "2: not UTF-8",
        ),
        ("binary", (0..=255).collect(), "1: "),
        (
            "more-than-1-mib",
            [b"[sysctl]\n".as_slice(), &b"# x\n".repeat(262_142)].concat(),
            "262143: ",
        ),
        ("empty", Vec::new(), "1: "),
    ];
    for (case, bytes, place) in cases {
        let profile = tree.profile(case, "");
        fs::write(&profile, bytes).unwrap();
        refused_everywhere(&hosttune, &profile, &[place]);
    }
}

#[test]
fn a_file_that_is_no_profile_is_named() {
    let tree = Tree::empty();
    let before = tree.all();
    let directory = tree.root();
    for (reference, says) in [
        ("/nonexistent/x.ini", "/nonexistent/x.ini: no such file"),
        (directory.as_str(), "not a regular file"),
        ("/dev/zero", "not a regular file"),
        ("no-such-profile-anywhere", "`no-such-profile-anywhere`"),
        ("Not A Name", "`Not A Name`"),
        ("", "``"),
    ] {
        for command in [&["check"][..], &["apply", "--yes"]] {
            let output = tree.expect(2, &[command, &["--profile", reference]].concat());
            assert!(
                output.stderr.contains(says),
                "{reference}: {}",
                output.stderr
            );
        }
    }
    tree.all().assert_is(&before, "profiles that do not exist");
}

#[test]
fn open_files_above_what_the_next_boot_allows_are_refused_before_anything_is_written() {
    let tree = Tree::empty();
    let text = "[sysctl]\nfs.nr_open = exact 65536\n[ulimit *]\nnofile = 65537\n";
    let suppressed = "[suppress rule]\nnofile-nr-open = it is silenced, not done\n";
    for (name, text) in [
        ("high", text.to_owned()),
        ("high-suppressed", format!("{text}{suppressed}")),
    ] {
        let profile = tree.profile(name, &text);
        let before = tree.etc();
        let output = tree.run(&["apply", "--profile", &profile, "--yes"]);
        assert_refused(&output, &["4: ulimit:*/nofile: 65537 open files"], name);
        tree.etc().assert_is(&before, name);
    }
    let profile = tree.profile("fits", &text.replace("65537", "65536"));
    tree.expect(0, &["apply", "--profile", &profile, "--yes"]);
}

//! Finding profiles: the order of places, names, relative includes, and whom root believes.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test builds its own files, and its helpers fail it"
)]

use host::{Library, LibraryError, read_named, trusted, write_named};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

fn file(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
}

fn library() -> (tempfile::TempDir, Library) {
    let directory = tempfile::tempdir().unwrap();
    let places: Vec<PathBuf> = ["etc", "run", "usr"]
        .map(|p| directory.path().join(p))
        .into();
    file(&places[0].join("both.ini"), "etc");
    file(&places[2].join("both.ini"), "usr");
    file(&places[2].join("dense-1200.ini"), "dense");
    file(&places[2].join("Not_A_Name.ini"), "");
    file(&places[2].join("readme.txt"), "");
    (directory, Library::at(places))
}

#[test]
fn the_stronger_place_wins_and_names_are_listed_once() {
    let (_directory, library) = library();
    assert_eq!(library.open("both", None).unwrap().content, b"etc");
    assert_eq!(library.open("dense-1200", None).unwrap().content, b"dense");
    assert_eq!(library.names(), ["both", "dense-1200"]);
}

#[test]
fn a_weaker_file_of_the_same_name_is_said_to_be_shadowed() {
    let (directory, library) = library();
    let path = |name: &str| directory.path().join(name).display().to_string();
    let found: Vec<_> = library
        .shelved()
        .into_iter()
        .map(|file| (file.path, file.shadowed_by))
        .collect();
    assert_eq!(
        found,
        [
            (path("etc/both.ini"), None),
            (path("usr/both.ini"), Some(path("etc/both.ini"))),
            (path("usr/dense-1200.ini"), None),
        ]
    );
}

#[test]
fn a_named_file_is_overwritten_only_if_told() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.ini").display().to_string();
    write_named(&path, b"one", false).unwrap();
    let error = write_named(&path, b"two", false).unwrap_err().to_string();
    assert!(error.ends_with("a.ini: is there already"), "{error}");
    assert_eq!(read_named(&path).unwrap(), b"one");
    write_named(&path, b"two", true).unwrap();
    assert_eq!(read_named(&path).unwrap(), b"two");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    assert!(read_named(&directory.path().display().to_string()).is_err());
}

#[test]
fn an_unknown_name_and_no_name_are_two_errors() {
    let (_directory, library) = library();
    let error = library.open("dense", None).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("there is no profile `dense` in ")
    );
    for bad in ["", "..", ".hidden", "Upper", "a b", "a\0b"] {
        let error = library.open(bad, None).unwrap_err();
        assert_eq!(error, LibraryError::BadName(bad.to_owned()));
    }
}

#[test]
fn a_relative_path_counts_from_the_file_that_includes_it() {
    let (directory, library) = library();
    let from = directory.path().join("usr/dense-1200.ini");
    let from = Some(from.to_str().unwrap());
    assert_eq!(
        library.open("../etc/both.ini", from).unwrap().content,
        b"etc"
    );
    assert_eq!(library.open("both.ini", from).unwrap().content, b"usr");
    assert_eq!(library.open("both", from).unwrap().content, b"etc");
}

#[test]
fn a_pipe_does_not_hold_and_a_long_file_is_cut() {
    let (directory, library) = library();
    let pipe = directory.path().join("etc/pipe.ini");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let error = library.open("pipe", None).unwrap_err().to_string();
    assert!(
        error.ends_with("pipe.ini: is not a regular file"),
        "{error}"
    );
    file(&directory.path().join("etc/long.ini"), &"#".repeat(2 << 20));
    assert_eq!(
        library.open("long", None).unwrap().content.len(),
        (1 << 20) + 1
    );
}

#[test]
fn what_others_can_write_is_not_believed() {
    let (directory, library) = library();
    let path = directory.path().join("etc/both.ini");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).unwrap();
    let name = path.to_str().unwrap();
    let sentence = trusted(name).unwrap_err();
    assert!(sentence.contains(name), "{sentence}");
    assert!(library.open("both", None).is_ok());
    let error = library.only_trusted().open("both", None).unwrap_err();
    assert_eq!(error, LibraryError::Untrusted(sentence));
}

//! Real messages and what is behind them, judged by their words alone.
//!
//! The cases stand in `tests/errors/*.jsonl`, an object a line: `text`, `accept` (every id that counts as
//! right; `none` where it is no limit of the host), `decoy` and `source`. `ERRORS=FILE` takes another file
//! instead and fails on every miss of it.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the cases are files of the repository, and `ERRORS` names another"
)]

use explain::{NONE, judge, may_be_sign};
use serde_json::Value;
use std::fmt::Write;
use std::path::{Path, PathBuf};

struct Score {
    cases: usize,
    right: usize,
    decoys: usize,
    misses: String,
}

fn score(file: &PathBuf) -> Score {
    let mut score = Score {
        cases: 0,
        right: 0,
        decoys: 0,
        misses: String::new(),
    };
    for line in std::fs::read_to_string(file).unwrap().lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let text = case["text"].as_str().unwrap();
        let accept: Vec<&str> = case["accept"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let found = judge(text, None);
        let first = found
            .first()
            .map_or("unknown", |found| found.limit.as_str());
        let hinted = text.lines().any(may_be_sign);
        assert!(hinted || found.is_empty(), "refused unread: {text}");
        score.cases += 1;
        if accept.contains(&first) {
            score.right += 1;
            continue;
        }
        let decoy = case["decoy"].as_bool() == Some(true) || accept == [NONE];
        let called = found.iter().any(|found| found.limit != NONE);
        score.decoys += usize::from(decoy && called);
        let all: Vec<&str> = found.iter().map(|found| found.limit.as_str()).collect();
        let _ = writeln!(
            score.misses,
            "{} want {accept:?} got {all:?}: {text}",
            case["id"]
        );
    }
    score
}

/// What the truth test of the VM kept: `text`, and the `limit` that was exhausted.
fn is_observed(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_str().unwrap();
    name.starts_with("observed-")
}

/// Several limits print the same, and then the words alone cannot tell which comes first.
#[test]
fn what_docker_printed_has_the_exhausted_limit_among_its_causes() {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/errors");
    let entries = std::fs::read_dir(own).unwrap();
    let files = entries.map(|entry| entry.unwrap().path());
    let mut count = 0;
    let mut misses = String::new();
    for file in files.filter(|path| is_observed(path)) {
        for line in std::fs::read_to_string(file).unwrap().lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            let found = judge(case["text"].as_str().unwrap(), None);
            let all: Vec<&str> = found.iter().map(|found| found.limit.as_str()).collect();
            count += 1;
            if !all.contains(&case["limit"].as_str().unwrap()) {
                let _ = writeln!(misses, "got {all:?}: {case}");
            }
        }
    }
    assert!(misses.is_empty() && count > 0, "{count} cases\n{misses}");
}

#[test]
fn messages_lead_to_their_limits() {
    let own = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/errors"));
    let given = std::env::var_os("ERRORS").map(PathBuf::from);
    let files = match &given {
        Some(file) => vec![file.clone()],
        None => {
            let entries = std::fs::read_dir(own).unwrap();
            let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
            files.retain(|path| !is_observed(path));
            files.sort();
            files
        }
    };
    for file in files {
        let Score {
            cases,
            right,
            decoys,
            misses,
        } = score(&file);
        let summary = format!(
            "{}: {right} of {cases}, {decoys} decoys called a limit\n{misses}",
            file.display()
        );
        assert!(given.is_none() || right == cases, "{summary}");
        assert!(right * 100 >= cases * 95 && decoys == 0, "{summary}");
    }
}

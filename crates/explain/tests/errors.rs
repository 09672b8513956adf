//! Real messages and what is behind them, judged by their words alone.
//!
//! The cases stand in `tests/errors/*.jsonl`, an object a line: `text`, `accept` (every id that counts as
//! right; `none` where it is no limit of the host), `decoy` and `source`. `ERRORS=FILE` takes another file
//! instead and fails on every miss of it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails so")]

use explain::{NONE, judge, may_be_sign};
use serde_json::Value;
use std::fmt::Write;
use std::path::PathBuf;

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

#[test]
fn messages_lead_to_their_limits() {
    let own = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/errors"));
    let given = std::env::var_os("ERRORS").map(PathBuf::from);
    let files = match &given {
        Some(file) => vec![file.clone()],
        None => {
            let entries = std::fs::read_dir(own).unwrap();
            let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
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

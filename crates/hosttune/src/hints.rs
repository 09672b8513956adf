//! Hints: a failure of hosttune's own is judged as any other message is.

use crate::envelope::Report;
use crate::exit::Exit;
use explain::{Confidence, NONE};
use model::Problem;
use serde_json::Value;

/// Problems that repeat what the host said. All others are about what was asked for.
const OF_HOST: &[&str] = &["host", "apply", "unavailable", "timed-out", "unread"];

/// What a call gets where something has run out; what is missing or denied is no exhaustion.
const EXHAUSTED: &[&str] = &[
    "no space left on device",
    "too many open files",
    "resource temporarily unavailable",
    "cannot allocate memory",
    "disk quota exceeded",
    "no buffer space available",
    "argument list too long",
    "maximum number of active connections",
    "connection reset by peer",
    "timed out",
];

/// Adds to each problem which limit is behind it, where its words say so.
pub(crate) fn add(problems: &mut [Problem]) {
    for problem in problems {
        if OF_HOST.contains(&problem.kind.as_str()) && problem.hint.is_none() {
            problem.hint = of(&problem.message);
        }
    }
}

/// The same for a report; what preflight could not read is a problem where a limit is behind that.
pub(crate) fn add_to(report: &mut Report) {
    if report.exit == Exit::Unknown {
        let limits = report.payload["limits"].as_array();
        let mut found: Vec<Problem> = limits.into_iter().flatten().filter_map(unread).collect();
        found.dedup_by(|next, before| next.hint == before.hint);
        report.problems.extend(found);
    }
    add(&mut report.problems);
}

fn unread(limit: &Value) -> Option<Problem> {
    let why = limit["note"]
        .as_str()
        .filter(|_| limit["verdict"] == "unknown")?;
    let id = limit["id"].as_str()?;
    let mut problem = Problem::new("unread", format!("{id}: {why}"));
    problem.hint = of(why);
    problem.hint.is_some().then_some(problem)
}

fn of(words: &str) -> Option<String> {
    let exhausted = EXHAUSTED.iter().any(|error| words.contains(error));
    let found = exhausted.then(|| explain::judge(&unnamed(words), None))?;
    let found = found.into_iter().next()?;
    let sure = found.confidence >= Confidence::Likely && found.limit != NONE;
    let limit = limits::all().find(|limit| sure && limit.id == found.limit)?;
    let id = limit.id;
    let bounds = limit.bounds;
    Some(format!(
        "this is {id}: {bounds}; see `hosttune explain {id}`"
    ))
}

/// The same without the files that were read: that a file of a limit cannot be read says nothing of the limit.
fn unnamed(words: &str) -> String {
    let plain = |word: &str| match word.starts_with("/proc/") || word.starts_with("/sys/") {
        true => "/proc/file:".to_owned(),
        false => word.to_owned(),
    };
    words.split(' ').map(plain).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_ran_out_has_a_hint() {
        let hint = |words: &str| of(words).unwrap_or_default();
        let open = hint("/proc/sys/kernel/threads-max: too many open files");
        assert!(open.contains("rlimit.nofile"), "{open}");
        let full = hint("/etc/sysctl.d/60-hosttune.conf: no space left on device");
        assert!(full.contains("disk.space"), "{full}");
        for words in [
            "/proc/sys/kernel/threads-max: not found",
            "kernel.pid_max: /proc/sys/kernel/pid_max: permission denied (needs root)",
            "systemd's manager: not available: nothing runs in a file tree",
        ] {
            assert_eq!(of(words), None, "{words}");
        }
    }
}

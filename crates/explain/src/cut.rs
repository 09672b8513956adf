//! A message that ends before its inner error: what may have stood there.

use crate::{Confidence, Match, fix, looks};

/// The words that an inner error follows, what it may be, likeliest first, and how to get it printed.
pub(crate) struct Cut {
    words: &'static [&'static str],
    inner: &'static [(&'static str, &'static str)],
    prints: &'static str,
}

const JOURNAL: &str =
    "journalctl -b -u docker.service -u containerd.service -t systemd -p warning --since -1h";

/// The most inner first. What runc's joining of a cgroup may fail with is every path through
/// opencontainers/cgroups `Manager.Apply`: fs2/create.go, utils.go WriteCgroupProc, systemd/common.go
/// startUnit, systemd/dbus.go.
const CUTS: &[Cut] = &[
    Cut {
        words: &[
            "unable to apply cgroup configuration",
            "applying cgroup configuration for process",
            "applying cgroup configuration",
            "apply cgroup configuration",
        ],
        inner: &[
            (
                "systemd.job-timeout",
                "systemd did not make the scope within 30 seconds",
            ),
            (
                "cgroup.max.descendants",
                "mkdir of the cgroup, or the scope's job, failed: an ancestor allows no more cgroups",
            ),
            (
                "memcg.ids",
                "mkdir of the cgroup failed: no memory cgroup id is free",
            ),
            (
                "memory",
                "mkdir of the cgroup failed for want of memory, or runc's init was killed before it joined",
            ),
            (
                "tmpfs.run",
                "systemd could not write the file of the scope: /run has no room or no inode left",
            ),
            (
                "dbus.private",
                "systemd's private socket took no more connections",
            ),
            (
                "dbus.max_connections_per_user",
                "the message bus took no more connections of root",
            ),
            (
                "cgroup.controllers",
                "the parent group does not hand its controllers on",
            ),
            (
                "systemd.max-units",
                "systemd has no room for another unit name",
            ),
            ("cgroup.max.depth", "an ancestor allows no deeper cgroup"),
        ],
        prints: JOURNAL,
    },
    Cut {
        words: &[
            "oci runtime error",
            "oci runtime create failed",
            "runc create failed",
            "unable to start container process",
            "failed to create shim task",
            "failed to create task for container",
            "failed to create containerd task",
            "starting container process caused",
        ],
        inner: &[
            (
                "cgroup.pids.max",
                "a process could not be made: TasksMax of the daemon's unit",
            ),
            (
                "kernel.pid_max",
                "a process could not be made: no PID number is free",
            ),
            ("memory", "a process could not be made for want of memory"),
            (
                "systemd.job-timeout",
                "systemd did not make the scope in time",
            ),
            ("rlimit.nofile", "a daemon has no file descriptor left"),
        ],
        prints: JOURNAL,
    },
];

/// What stands in a message behind the words that a cause would follow, if it is no cause.
const FILLERS: &[&str] = &[
    "unknown", "caused", "by", "error", "etc", "exit", "status", "1", "125", "126",
];

/// A literal of each, for whoever looks whether a line may be a sign.
pub(crate) fn hints() -> impl Iterator<Item = &'static str> {
    CUTS.iter().flat_map(|cut| cut.words.iter().copied())
}

/// The cut that a message in lower case shows.
pub(crate) fn cut(text: &str) -> Option<&'static Cut> {
    let (end, cut) = CUTS
        .iter()
        .flat_map(|cut| cut.words.iter().map(move |word| (*word, cut)))
        .filter_map(|(word, cut)| Some((text.rfind(word)? + word.len(), cut)))
        .max_by_key(|(end, _)| *end)?;
    // crun and podman put `OCI runtime error` behind the cause.
    if text[..end].ends_with(": oci runtime error") && text[end..].is_empty() {
        return None;
    }
    let rest = text[end..].split(|c: char| !c.is_ascii_alphanumeric());
    let mut rest = rest.filter(|word| !word.is_empty());
    rest.all(|word| FILLERS.contains(&word)).then_some(cut)
}

impl Cut {
    /// What may have stood there.
    pub(crate) fn matches(&self) -> Vec<Match> {
        let inner = self.inner.iter();
        let one = |(id, because): &(&'static str, &'static str)| Match {
            limit: (*id).to_owned(),
            confidence: Confidence::Possible,
            because: format!("the message ends before its inner error, which may be: {because}"),
            evidence: Vec::new(),
            told_apart: Some(match looks::look(id) {
                Some(look) => format!(
                    "`{}` prints the inner error, `{look}` shows this limit",
                    self.prints
                ),
                None => format!("`{}` prints the inner error", self.prints),
            }),
            live: None,
            fix: fix::of(id),
        };
        inner.map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_message_without_an_inner_error_is_cut() {
        let whole = "oci runtime create failed: unable to apply cgroup configuration";
        for tail in ["", ": unknown.", "...", ": \"\": unknown"] {
            let found = cut(&format!("{whole}{tail}")).map(|cut| cut.inner[0].0);
            assert_eq!(found, Some("systemd.job-timeout"), "{tail}");
        }
        assert!(cut(&format!("{whole}: mkdir /x: permission denied")).is_none());
        assert!(cut("container started").is_none());
    }

    #[test]
    fn every_id_of_a_cut_is_one() {
        for (id, _) in CUTS.iter().flat_map(|cut| cut.inner) {
            assert!(limits::all().any(|limit| limit.id == *id), "{id}");
        }
    }
}

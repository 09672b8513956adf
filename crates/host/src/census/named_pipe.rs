//! The named pipes of containerd and Docker, told by their paths.

use model::names_a_container;
use std::hash::{DefaultHasher, Hasher};

/// Where containerd and Docker make the named pipes for what containers print (containerd
/// pkg/cio, moby libcontainerd); nothing else is kept open there for long.
const NAMED_PIPES: [&[u8]; 2] = [b"/run/containerd/", b"/run/docker/containerd/"];
/// How they are called where the daemons have their state elsewhere (`--exec-root`, `--state`).
const CALLED: [&[u8]; 4] = [b"-stdin", b"-stdout", b"-stderr", b"/log"];
const ELSEWHERE: &[u8] = b"/containerd/";

/// Whether a link leads to one.
pub(super) fn is_named_pipe(target: &[u8]) -> bool {
    let elsewhere = || {
        CALLED.iter().any(|end| target.ends_with(end))
            && target
                .windows(ELSEWHERE.len())
                .any(|part| part == ELSEWHERE)
            && names_a_container(target)
    };
    NAMED_PIPES.iter().any(|place| target.starts_with(place)) || elsewhere()
}

/// A number for a name, beyond the inode numbers, which the kernel counts up from 1.
pub(super) fn mark(name: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(name);
    hasher.finish() | 1 << 63
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_pipe_is_told_by_its_place_or_by_its_name_and_container() {
        let container = "0123456789abcdef".repeat(4);
        for (target, named) in [
            ("/run/containerd/fifo/1/7-stdout".to_owned(), true),
            ("/run/docker/containerd/x/init-stdin".to_owned(), true),
            (format!("/exec/containerd/{container}/init-stderr"), true),
            (format!("/exec/containerd/{container}/other"), false),
            (format!("/exec/{container}/log"), false),
            ("/exec/containerd/x/log".to_owned(), false),
            ("socket:[7]".to_owned(), false),
        ] {
            assert_eq!(is_named_pipe(target.as_bytes()), named, "{target}");
        }
        assert_ne!(mark(b"/a"), mark(b"/b"));
        assert!(mark(b"/a") > u64::MAX / 2);
    }
}

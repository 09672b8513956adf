//! Soft limits that programs raise themselves.
//!
//! Programs in Go raise their soft limit of open files as they start, and give their children back what
//! they had: to the hard one since Go 1.19 (syscall/rlimit.go), and to one less as measured with
//! containerd of Debian 13, where 4096:200000 becomes 199999:200000.

/// The limit, as `/proc/PID/limits` names it.
pub(crate) const OPEN_FILES: &str = "Max open files";

/// Whether a soft limit is one that such a program makes of its hard one; none is unlimited.
pub(crate) fn is_raised(soft: Option<i128>, hard: Option<i128>) -> bool {
    match (soft, hard) {
        (Some(soft), Some(hard)) => soft == hard || soft + 1 == hard,
        _ => soft == hard,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hard_limit_or_one_less() {
        for (soft, raised) in [
            (200_000, true),
            (199_999, true),
            (199_998, false),
            (4096, false),
        ] {
            assert_eq!(is_raised(Some(soft), Some(200_000)), raised, "{soft}");
        }
        assert!(is_raised(None, None) && !is_raised(Some(1), None));
    }
}

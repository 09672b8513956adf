//! What the guard tells, as a refusal or a failure.

use super::words::{Started, Told};
use crate::{Batch, Refusal, RehearseError};
use nix::errno::Errno;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The errors by which the kernel says that there is no more of something.
const NO_MORE: [Errno; 7] = [
    Errno::EAGAIN,
    Errno::EDQUOT,
    Errno::EMFILE,
    Errno::ENFILE,
    Errno::ENOMEM,
    Errno::ENOSPC,
    Errno::EXFULL,
];

fn refusal(told: Told, count: u64) -> Refusal {
    let errno = Errno::from_raw(told.errno);
    let message = match told.errno {
        0 => told.call.clone(),
        number => format!("{}: {}", told.call, words(number)),
    };
    Refusal {
        count,
        errno: (told.errno != 0).then(|| format!("{errno:?}")),
        message,
        call: told.call,
        limit: None,
        candidates: Vec::new(),
    }
}

/// What a start came to, in the words of every engine.
pub(super) fn batch(started: Started) -> Batch {
    let count = started.running + 1;
    let whole = still_whole(&started);
    let lost = |told: Told| {
        let before = whole.get(&told.call).copied().unwrap_or_default();
        refusal(told, before + 1)
    };
    Batch {
        running: started.running,
        refused: started.refused.map(|told| refusal(told, count)),
        degraded: started.lost.into_iter().map(lost).collect(),
        starts: started
            .took
            .into_iter()
            .map(Duration::from_micros)
            .collect(),
    }
}

/// An error as most programs print it, without a capital.
fn words(errno: i32) -> String {
    let text = std::io::Error::from_raw_os_error(errno).to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    text.to_lowercase()
}

/// How many have all that a call gives, for each call that gave some less. Those of a batch start together, so
/// which of them went without is chance, and how many did is not.
fn still_whole(started: &Started) -> BTreeMap<String, u64> {
    let mut without: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for told in &started.lost {
        let numbers = without.entry(told.call.clone()).or_default();
        numbers.insert(told.number);
    }
    let whole = |numbers: BTreeSet<u64>| started.running.saturating_sub(numbers.len() as u64);
    without
        .into_iter()
        .map(|(call, numbers)| (call, whole(numbers)))
        .collect()
}

/// Whether a limit of the host was in the way of what all stand-ins share.
pub(super) fn exhausted(told: &Told) -> bool {
    NO_MORE.contains(&Errno::from_raw(told.errno))
}

/// The same as the refusal of the first stand-in: what stands in its way is not held by anything of a
/// container, but is of the same sort.
pub(super) fn refused_at_once(told: Told) -> Batch {
    Batch {
        refused: Some(refusal(told, 1)),
        ..Batch::default()
    }
}

/// Why nothing could be started.
pub(super) fn missing(told: &Told, root: bool) -> RehearseError {
    let denied = [Errno::EPERM as i32, Errno::EACCES as i32].contains(&told.errno);
    let help = match root {
        _ if !denied => "`hosttune preflight` says what is used",
        true => "root here lacks rights that the rehearsal needs: CAP_SYS_ADMIN and CAP_NET_ADMIN",
        false => {
            "run as root; without it user namespaces must be allowed (user.max_user_namespaces, \
                  kernel.apparmor_restrict_unprivileged_userns)"
        }
    };
    RehearseError::Missing {
        what: told.call.clone(),
        why: words(told.errno),
        help: Some(help.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(errno: Errno) -> Told {
        Told {
            number: 0,
            call: "mkdir /sys/fs/cgroup/x/shims".to_owned(),
            errno: errno as i32,
        }
    }

    #[test]
    fn of_those_that_start_together_the_last_go_without() {
        let lost = |number| Told {
            number,
            call: "inotify_init".to_owned(),
            errno: Errno::EMFILE as i32,
        };
        let started = Started {
            running: 6,
            lost: vec![lost(5), lost(0), lost(5), lost(3)],
            ..Started::default()
        };
        let counts: Vec<u64> = (batch(started).degraded.iter())
            .map(|refusal| refusal.count)
            .collect();
        assert_eq!(counts, [4, 4, 4, 4]);
    }

    #[test]
    fn a_full_host_refuses_the_first_and_a_right_that_is_missing_does_not() {
        assert!(exhausted(&told(Errno::EAGAIN)) && exhausted(&told(Errno::ENOSPC)));
        assert!(!exhausted(&told(Errno::EPERM)) && !exhausted(&told(Errno::UnknownErrno)));
        let batch = refused_at_once(told(Errno::EAGAIN));
        let refusal = batch.refused.unwrap();
        assert_eq!((batch.running, refusal.count), (0, 1));
        assert_eq!(refusal.errno.as_deref(), Some("EAGAIN"));
        assert!(
            refusal
                .message
                .contains("shims: resource temporarily unavailable")
        );
    }
}

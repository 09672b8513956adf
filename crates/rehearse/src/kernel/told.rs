//! What the guard tells, as a refusal or a failure.

use super::words::{Started, Told};
use crate::{Batch, Refusal, RehearseError};
use nix::errno::Errno;
use std::time::Duration;

/// What a start came to, in the words of every engine.
pub(super) fn batch(started: Started) -> Batch {
    let count = started.running + 1;
    let refusal = |told: Told, count: u64| {
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
    };
    let lost = |told: Told| {
        let number = told.number + 1;
        refusal(told, number)
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

/// Why nothing could be started.
pub(super) fn missing(told: &Told, root: bool) -> RehearseError {
    let denied = [Errno::EPERM as i32, Errno::EACCES as i32].contains(&told.errno);
    let help = match root {
        _ if !denied => {
            "the host has no room for what all stand-ins share; `hosttune preflight` says what is used"
        }
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

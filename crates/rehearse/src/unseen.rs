//! The unseen: where what the stand-ins take cannot be told from what the host shows, and why.

use crate::Place;
use model::{Effect, Standing, Used};

/// Limits whose use is read from something that is at least as much, or shows in another limit.
const FOLLOWS_ANOTHER: &[(&str, &str)] = &[
    (
        "docker.address-pools",
        "a network of the rehearsal's own takes a subnet where the workload's is there already",
    ),
    (
        "fs.epoll.max_user_watches",
        "nothing counts watches, and open files are more",
    ),
    (
        "kernel.anon-bdev",
        "only the highest number in sight is known, and lower ones that are free are given out first",
    ),
    (
        "memory.shrinker",
        "it is a part of `memory` and shows there",
    ),
    (
        "user.max_namespaces",
        "they are counted by the processes that can be in one",
    ),
];

/// Why a use cannot be compared at all; none where it can. `counted` is whether the engine itself counts
/// what its stand-ins take.
pub(crate) fn unseen(place: &Place, counted: bool) -> Option<String> {
    if counted {
        return None;
    }
    let follows = FOLLOWS_ANOTHER.iter().find(|(id, _)| *id == place.limit.id);
    if let Some((_, why)) = follows {
        return Some((*why).to_owned());
    }
    if place.exercise.is_apart() {
        return Some("nothing counts it where the stand-ins have it to themselves".to_owned());
    }
    if place.ceiling.cost.is_of_starts() {
        return Some("only starts in flight take of it, and all are done".to_owned());
    }
    match &place.ceiling.used {
        Used::Unknown(unread) => Some(format!("what is taken is not known: {}", unread.why)),
        Used::Known(_) if place.ceiling.used_source.is_empty() => {
            Some("nobody counts what has no bound".to_owned())
        }
        Used::Known(_) => None,
    }
}

/// Whether stand-ins lose what is beyond a ceiling, so that what they take ends there.
pub(crate) fn ends_there(place: &Place, reached: u64) -> bool {
    let holds = place.ceiling.standing == Standing::Enforced;
    let loses = place.ceiling.effect == Effect::Degrades && holds;
    loses
        && place
            .room()
            .is_some_and(|room| place.needs.at(reached) > room)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_limits() {
        for (id, _) in FOLLOWS_ANOTHER {
            assert!(limits::LIMITS.iter().any(|row| row.limit.id == *id), "{id}");
        }
    }
}

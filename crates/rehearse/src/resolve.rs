//! Which limit a refusal is of: the call and its error are a sign of the candidates, and the one that is
//! used up now is it.

use crate::{Course, Engine, Place, Plan, Refusal};
use limits::Readings;
use model::{Amount, Bound, Standing, Used};

/// Names the limits of a course's refusals. `after` is what the host shows while the stand-ins run.
pub fn resolve(plan: &Plan, course: &mut Course, engine: &mut dyn Engine, after: &Readings) {
    let reached = course.reached;
    if let Some(refusal) = &mut course.refusal {
        name(plan, refusal, reached, engine, after);
    }
    for lost in &mut course.degraded {
        name(plan, lost, reached, engine, after);
    }
}

fn name(
    plan: &Plan,
    refusal: &mut Refusal,
    reached: u64,
    engine: &mut dyn Engine,
    after: &Readings,
) {
    if refusal.limit.is_some() {
        return;
    }
    let ids = candidates(refusal);
    let places = plan
        .met()
        .filter(|place| ids.iter().any(|id| id == place.limit.id));
    let places: Vec<&Place> = places
        .filter(|place| place.ceiling.standing == Standing::Enforced)
        .filter(|place| place.ceiling.max != Bound::Unlimited)
        .collect();
    refusal.candidates = places.iter().map(|place| place.name()).collect();
    refusal.limit = match places.as_slice() {
        [place] => Some(place.name()),
        several => {
            let used_up = several.iter().filter_map(|place| {
                let left = left(place, reached, engine, after)?;
                (left < ALMOST_NOTHING).then_some((place, left))
            });
            let tightest = used_up.min_by(|(_, a), (_, b)| a.total_cmp(b));
            tightest.map(|(place, _)| place.name())
        }
    };
}

/// In containers: what the last attempt took may not be free again, or may be.
const ALMOST_NOTHING: f64 = 2.0;

/// The limits whose signs the refusal's words have, likeliest first. Which of them is used up is asked of
/// the places that the rehearsal met, since what it met apart from the host's own no reading shows.
fn candidates(refusal: &Refusal) -> Vec<String> {
    let matches = explain::judge(&refusal.message, None).into_iter();
    matches.map(|found| found.limit).collect()
}

/// How many containers a place has room for now.
fn left(place: &Place, reached: u64, engine: &mut dyn Engine, after: &Readings) -> Option<f64> {
    let Bound::Finite(max) = &place.ceiling.max else {
        return None;
    };
    let used = match (engine.taken(place), &place.ceiling.used) {
        (Some(taken), Used::Known(before)) => before.plus(taken),
        _ => now(place, after)?,
    };
    let next = place.needs.at(reached + 1).minus(place.needs.at(reached));
    let each = next.max(Amount::whole(1)).as_thousandths() as f64;
    Some(max.minus(used).as_thousandths() as f64 / each)
}

/// What is taken at a place now, as the host shows it.
pub(crate) fn now(place: &Place, after: &Readings) -> Option<Amount> {
    taken_now(&place.name(), after)
}

/// What readings show to be taken at the place of that name.
pub fn taken_now(name: &str, readings: &Readings) -> Option<Amount> {
    let (id, place) = name.split_once('@')?;
    let mut rows = readings.ceilings();
    let (_, now) = rows.find(|(limit, ceiling)| limit.id == id && ceiling.place == place)?;
    match &now.used {
        Used::Known(used) => Some(*used),
        Used::Unknown(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(message: &str) -> Refusal {
        Refusal {
            count: 1,
            call: String::new(),
            errno: None,
            message: message.to_owned(),
            limit: None,
            candidates: Vec::new(),
        }
    }

    #[test]
    fn a_call_and_its_error_are_a_sign_of_what_this_engine_meets() {
        for (message, first) in [
            ("clone: resource temporarily unavailable", "cgroup.pids.max"),
            ("clone: no space left on device", "user.max_namespaces"),
            ("unshare: no space left on device", "user.max_namespaces"),
            (
                "mkdir /sys/fs/cgroup/x: resource temporarily unavailable",
                "cgroup.max.descendants",
            ),
            (
                "mkdir /sys/fs/cgroup/x: device or resource busy",
                "memcg.ids",
            ),
            (
                "keyctl_join_session_keyring: disk quota exceeded",
                "kernel.keys.maxkeys",
            ),
            ("mount: no space left on device", "fs.mount-max"),
            ("rtnetlink: veth into bridge: exchange full", "bridge.ports"),
            (
                "inotify_init1: too many open files",
                "fs.inotify.max_user_instances",
            ),
            (
                "inotify_add_watch: no space left on device",
                "fs.inotify.max_user_watches",
            ),
            ("pipe: operation not permitted", "fs.pipe-user-pages-soft"),
            ("open /dev/ptmx: no space left on device", "kernel.pty.max"),
        ] {
            let found = candidates(&refusal(message));
            assert_eq!(
                found.first().map(String::as_str),
                Some(first),
                "{message}: {found:?}"
            );
        }
        assert!(candidates(&refusal("mkdir /sys/fs/cgroup/x: input/output error")).is_empty());
    }
}

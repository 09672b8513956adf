//! Which limit a refusal is of: the call and its error name the candidates, and the one that is used up
//! now is it.

use crate::{Course, Engine, Place, Plan, Refusal};
use limits::Readings;
use model::{Amount, Bound, Standing, Used};

/// What a call that fails with an error can have met, by the ids of limits.
type Sign = (
    &'static [&'static str],
    &'static str,
    &'static [&'static str],
);

/// The kernel's calls of a container's start (the sources are those of each limit's row).
const SIGNS: &[Sign] = &[
    (
        &["clone", "fork"],
        "EAGAIN",
        &["cgroup.pids.max", "kernel.threads-max", "kernel.pid_max"],
    ),
    (&["clone", "unshare"], "ENOSPC", &["user.max_namespaces"]),
    (
        &["mkdir /sys/fs/cgroup"],
        "EAGAIN",
        &["cgroup.max.descendants", "cgroup.max.depth"],
    ),
    (&["mkdir /sys/fs/cgroup"], "ENOSPC", &["memcg.ids"]),
    (&["mkdir /sys/fs/cgroup"], "EBUSY", &["memcg.ids"]),
    (
        &["keyctl_join"],
        "EDQUOT",
        &["kernel.keys.maxkeys", "kernel.keys.maxbytes"],
    ),
    (&["mount"], "ENOSPC", &["fs.mount-max"]),
    (&["mount"], "EMFILE", &["kernel.anon-bdev"]),
    (&["rtnetlink: veth"], "EXFULL", &["bridge.ports"]),
    (
        &["inotify_init"],
        "EMFILE",
        &["fs.inotify.max_user_instances"],
    ),
    (
        &["inotify_add_watch"],
        "ENOSPC",
        &["fs.inotify.max_user_watches"],
    ),
    (&["pipe"], "EPERM", &["fs.pipe-user-pages-soft"]),
    (
        &["pipe", "open", "eventfd", "epoll", "inotify", "clone"],
        "ENFILE",
        &["fs.file-max"],
    ),
    (&["epoll_ctl"], "ENOSPC", &["fs.epoll.max_user_watches"]),
    (&["open /dev/ptmx"], "ENOSPC", &["kernel.pty.max"]),
];

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
    let places = plan.met().filter(|place| ids.contains(&place.limit.id));
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

fn candidates(refusal: &Refusal) -> Vec<&'static str> {
    let Some(errno) = &refusal.errno else {
        return Vec::new();
    };
    let fits = |sign: &&Sign| {
        let (calls, error, _) = sign;
        error == errno && calls.iter().any(|call| refusal.call.starts_with(call))
    };
    let found = SIGNS.iter().filter(fits);
    found.flat_map(|(_, _, ids)| ids.iter().copied()).collect()
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
    let mut rows = after.ceilings();
    let (_, now) = rows.find(|(limit, ceiling)| {
        limit.id == place.limit.id && ceiling.place == place.ceiling.place
    })?;
    match &now.used {
        Used::Known(used) => Some(*used),
        Used::Unknown(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(call: &str, errno: &str) -> Refusal {
        Refusal {
            count: 1,
            call: call.to_owned(),
            errno: Some(errno.to_owned()),
            message: String::new(),
            limit: None,
            candidates: Vec::new(),
        }
    }

    #[test]
    fn a_call_and_its_error_name_candidates() {
        let of = |call, errno| candidates(&refusal(call, errno));
        assert_eq!(
            of("rtnetlink: veth into bridge", "EXFULL"),
            ["bridge.ports"]
        );
        assert_eq!(of("clone", "ENOSPC"), ["user.max_namespaces"]);
        assert_eq!(of("clone", "EAGAIN").len(), 3);
        assert_eq!(of("mkdir /sys/fs/cgroup/x", "EBUSY"), ["memcg.ids"]);
        assert!(of("mkdir /sys/fs/cgroup/x", "EIO").is_empty());
    }

    #[test]
    fn every_candidate_is_a_limit() {
        for id in SIGNS.iter().flat_map(|(_, _, ids)| *ids) {
            assert!(limits::LIMITS.iter().any(|row| row.limit.id == *id), "{id}");
        }
    }
}

//! Shims without an inotify instance: those that were refused one at their start, and whose containers
//! therefore run without OOM events until they are restarted (containerd, cgroup2/manager.go).

use super::{Look, Looked, shims};
use model::{Host, HostError, HostResult, Layer, Observed, Value};

/// The key, and its other name (kernel/ucount.c); both show one variable.
const KEYS: [&str; 2] = [
    "fs.inotify.max_user_instances",
    "user.max_inotify_instances",
];
/// What a descriptor of an instance points at (fs/notify/inotify/inotify_user.c).
const INSTANCE: &str = "anon_inode:inotify";
/// How many descriptors an everyday look reads, at 8 µs each. A shim with an instance has it where the
/// others have theirs and takes one; one without takes all of its 26.
const MOST: usize = 2_000;

/// A look at all shims, where the key is one that they can be refused by; none where there are none,
/// where only root could tell, and under version 1, where events come another way.
pub(super) fn look(at: &Looked<'_>) -> Option<Look> {
    let unified = || at.host.read("/sys/fs/cgroup/cgroup.controllers").is_ok();
    let concerned = KEYS.contains(&at.setting.key.name.as_str()) && unified();
    let budget = match at.thorough {
        true => usize::MAX,
        false => MOST,
    };
    concerned.then(|| count(at.host, budget)).flatten()
}

fn count(host: &dyn Host, mut budget: usize) -> Option<Look> {
    let shims = shims::all(host).ok()?;
    let (mut seen, mut lost) = (0, 0);
    let mut usual = Vec::new();
    for shim in &shims {
        match has_instance(host, *shim, &mut usual, &mut budget) {
            _ if budget == 0 => break,
            Ok(true) => seen += 1,
            Ok(false) => {
                seen += 1;
                lost += 1;
            }
            Err(HostError::NotFound(_)) => {}
            Err(_) => return None,
        }
    }
    let some = match seen == shims.len() {
        true => String::new(),
        false => format!(
            " looked at of {}; --probe-container looks at all",
            shims.len()
        ),
    };
    let (told, source) = match lost {
        _ if seen == 0 => return None,
        0 => (
            "each with an inotify instance".to_owned(),
            format!("{seen} shims{some}"),
        ),
        _ => (
            "without an inotify instance".to_owned(),
            format!("{lost} of {seen} shims{some}"),
        ),
    };
    let mut look = Look::new(Layer::Process, Observed::Value(Value::words(&told)), source);
    look.proves = lost == 0;
    look.pending = (lost > 0).then(|| {
        format!(
            "a restart of the containers whose {lost} shims were refused an instance: they run \
             without OOM events"
        )
    });
    Some(look)
}

/// Whether a shim has an instance; `usual` are the numbers that others have theirs at, tried first.
fn has_instance(
    host: &dyn Host,
    shim: i32,
    usual: &mut Vec<String>,
    budget: &mut usize,
) -> HostResult<bool> {
    let mut is_one = |number: &str| {
        *budget = budget.saturating_sub(1);
        match host.read_link(&format!("/proc/{shim}/fd/{number}")) {
            Ok(target) => Ok(target == INSTANCE),
            Err(HostError::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    };
    for number in usual.iter() {
        if is_one(number)? {
            return Ok(true);
        }
    }
    for number in host.list(&format!("/proc/{shim}/fd"))? {
        if !usual.contains(&number) && is_one(&number)? {
            usual.push(number);
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::shims::tests::host;
    use testkit::FakeHost;

    fn with_descriptors(host: FakeHost, shim: i32, instance: Option<i32>) -> FakeHost {
        (0..12).fold(host, |host, number| {
            let target = match Some(number) == instance {
                true => INSTANCE,
                false => "pipe:[7]",
            };
            host.link(&format!("/proc/{shim}/fd/{number}"), target)
        })
    }

    #[test]
    fn shims_that_were_refused_are_counted() {
        let host = with_descriptors(host(3), 100, Some(9));
        let host = with_descriptors(host, 101, Some(10));
        let all = with_descriptors(host, 102, Some(9));
        let look_at_all = count(&all, MOST).unwrap();
        assert_eq!(look_at_all.source, "3 shims");
        assert!(look_at_all.proves && look_at_all.pending.is_none());
        let some = all.link("/proc/102/fd/9", "pipe:[7]");
        let look = count(&some, MOST).unwrap();
        assert_eq!(look.source, "1 of 3 shims");
        assert!(!look.proves);
        assert!(
            look.pending
                .unwrap()
                .starts_with("a restart of the containers whose 1 ")
        );
    }

    #[test]
    fn an_everyday_look_says_how_far_it_came() {
        let host = (100..110).fold(host(10), |host, shim| with_descriptors(host, shim, None));
        assert_eq!(
            count(&host, 30).unwrap().source,
            "2 of 2 shims looked at of 10; --probe-container looks at all"
        );
        assert_eq!(count(&host, usize::MAX).unwrap().source, "10 of 10 shims");
    }

    #[test]
    fn who_may_not_look_says_nothing() {
        let host = with_descriptors(host(1), 100, None).denied("/proc/100/fd");
        assert_eq!(count(&host, MOST), None);
        assert_eq!(count(&FakeHost::new(), MOST), None);
    }
}

//! PID 1: the queue of starts in front of it, against the 30 s that runc waits for its turn.

use crate::{Scene, processors};
use model::{Amount, Basis, Bound, Ceiling, Charge, Cost, Host, Unread, Used};

pub(super) const PLACE: &str = "PID 1";
/// How long runc waits for its scope (opencontainers/cgroups systemd/common.go).
const PATIENCE: Amount = Amount::whole(30);
/// The quota and the period of PID 1's own group, where the cpu controller reaches it.
const QUOTA: &str = "/sys/fs/cgroup/init.scope/cpu.max";
/// PID 1's time for a start, in the time it takes to answer for the properties of a unit: average,
/// least, most. Both were measured in one machine, so that its own speed does not matter.
const ANSWERS: [u64; 3] = [7, 4, 16];
/// Of all processor time that a start takes on the host, PID 1's thousandths: average, least, most.
const PART: [u64; 3] = [50, 20, 90];
const SOURCE: &str = "PID 1's time a start is 4 to 16 times its time for a unit's properties, and 2 to \
     9 % of all that a start takes; measured on 2 processors, Debian 13. This host's PID 1 was timed";

/// Seconds that the last of the starts in flight waits for PID 1. Starts come to PID 1 as fast as the
/// processors can do the rest of them; where that is slower than PID 1, nobody waits.
pub(super) fn ceiling(scene: &Scene<'_>) -> Ceiling {
    let readings = (
        &scene.pace,
        share(scene.host),
        processors::online(scene.host),
    );
    let (pace, share, processors) = match readings {
        (Ok(pace), Ok(share), Ok(processors)) => (*pace, share, processors),
        (Err(why), ..) => return Ceiling::unread(PLACE, Cost::NOTHING, why.clone()),
        (_, Err(why), _) | (.., Err(why)) => return Ceiling::unread(PLACE, Cost::NOTHING, why),
    };
    let waits = [0, 1, 2].map(|at| wait(pace, ANSWERS[at], PART[at], share, processors));
    let [average, least, most] = waits.map(|wait| Charge {
        in_flight: wait,
        ..Charge::NOTHING
    });
    let mut cost = Cost::measured(average, least, most, SOURCE);
    cost.basis = Basis::Derived;
    if waits[2] == Amount::ZERO {
        return Ceiling::new(PLACE, cost)
            .max(Bound::Unlimited, "30 s, constant of runc")
            .note(format!(
                "{processors} processors bring starts no faster than PID 1 takes them"
            ));
    }
    let batch = PATIENCE.as_thousandths() / waits[2].as_thousandths();
    Ceiling::new(PLACE, cost)
        .max(Bound::Finite(PATIENCE), "30 s, constant of runc")
        .used(Used::Known(Amount::ZERO), "as if idle")
        .reshape(format!("start in batches of at most {batch} containers"))
        .note("in seconds of waiting; PID 1 is taken to have nothing else to do")
}

/// What each start in flight adds to the wait of the last: the time PID 1 needs for it, less the time
/// until the processors bring the next.
fn wait(pace: u64, answers: u64, part: u64, share: u64, processors: u64) -> Amount {
    let start = u128::from(pace) * u128::from(answers);
    let served = start * 1000 / u128::from(share.max(1));
    let brought = start * 1000 / (u128::from(part) * u128::from(processors.max(1)));
    let microseconds = served.saturating_sub(brought) / 1000;
    // Rounded up: thousandths of a second, and at least one where there is a wait at all.
    Amount::thousandths(u64::try_from(microseconds.div_ceil(1000)).unwrap_or(u64::MAX))
}

/// The thousandths of a processor that PID 1 has: all of one without a quota, for it has one thread.
fn share(host: &dyn Host) -> Result<u64, Unread> {
    let text = match host.read_text(QUOTA) {
        Ok(text) => text,
        Err(error) if error.is_not_found() => return Ok(1000),
        Err(error) => return Err(error.into()),
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let parsed = match words.as_slice() {
        ["max", _] => return Ok(1000),
        [quota, period] => (quota.parse::<u64>().ok(), period.parse::<u64>().ok()),
        _ => (None, None),
    };
    match parsed {
        (Some(quota), Some(period)) if period > 0 => {
            Ok((quota.saturating_mul(1000) / period).clamp(1, 1000))
        }
        _ => Err(Unread::because(format!("{QUOTA}: `{}`", text.trim()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    #[test]
    fn a_quota_is_a_share_of_one_processor() {
        let share = |text: &str| share(&FakeHost::new().file(QUOTA, text));
        assert_eq!(super::share(&FakeHost::new()), Ok(1000));
        assert_eq!(share("max 100000\n"), Ok(1000));
        assert_eq!(share("200000 100000\n"), Ok(1000));
        assert_eq!(share("5000 100000\n"), Ok(50));
        for text in ["", "5000\n", "x 100000\n", "5000 0\n"] {
            assert!(share(text).is_err(), "{text}");
        }
    }

    #[test]
    fn nobody_waits_for_what_is_faster_than_the_rest() {
        let millisecond = 1_000_000;
        assert_eq!(wait(millisecond, 8, 40, 1000, 2), Amount::ZERO);
        // 8 ms a start served every 8 ms, and brought by 40 processors every 5 ms.
        assert_eq!(wait(millisecond, 8, 40, 1000, 40), Amount::thousandths(3));
        // The same with PID 1 held to 5 % of a processor: served every 160 ms.
        assert_eq!(wait(millisecond, 8, 40, 50, 2), Amount::thousandths(60));
    }
}

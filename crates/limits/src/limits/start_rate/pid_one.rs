//! PID 1: its processor time within the 30 s that runc waits, against what each start takes of it.

use crate::Scene;
use model::{Amount, Basis, Bound, Ceiling, Charge, Cost, Host, Unread, Used};

pub(super) const PLACE: &str = "PID 1";
/// How long runc waits for its scope (opencontainers/cgroups systemd/common.go).
const PATIENCE_MS: u64 = 30_000;
/// The quota and the period of PID 1's own group, where the cpu controller reaches it.
const QUOTA: &str = "/sys/fs/cgroup/init.scope/cpu.max";
/// What PID 1 does for a start before runc hears of its scope, in answers on the bus: average, least,
/// most. Both were measured in one machine, so that its own speed does not matter.
const ANSWERS: [u64; 3] = [30, 15, 60];
const SOURCE: &str = "PID 1's time a start against its time for the properties of a unit, measured \
     on Debian 12 and 13; this host's PID 1 was timed with the latter";

/// Seconds of PID 1: those it has, and those that the starts in flight want. It is reckoned with as
/// idle otherwise, which it is but for a boot.
pub(super) fn ceiling(scene: &Scene<'_>) -> Ceiling {
    let (seconds, source) = match share(scene.host) {
        Ok(None) => (
            Amount::thousandths(PATIENCE_MS),
            "30 s, constant of runc".to_owned(),
        ),
        Ok(Some(seconds)) => (seconds, format!("30 s by {QUOTA}")),
        Err(why) => return Ceiling::unread(PLACE, Cost::NOTHING, why),
    };
    let cost = match &scene.pace {
        Ok(pace) => cost(*pace),
        Err(why) => return Ceiling::unread(PLACE, Cost::NOTHING, why.clone()),
    };
    let each = cost.charge.in_flight.as_thousandths().max(1);
    let starts = seconds.as_thousandths() / each;
    Ceiling::new(PLACE, cost)
        .max(Bound::Finite(seconds), source)
        .used(Used::Known(Amount::ZERO), "as if idle")
        .reshape(format!("start in batches of at most {starts} containers"))
        .note("in seconds of PID 1's processor time")
}

/// Seconds of PID 1 a start, at its pace on this host.
fn cost(pace: u64) -> Cost {
    let [average, least, most] = ANSWERS.map(|answers| Charge {
        in_flight: Amount::thousandths(pace.saturating_mul(answers).div_ceil(1_000_000)),
        ..Charge::default()
    });
    let mut cost = Cost::measured(average, least, most, SOURCE);
    cost.basis = Basis::Derived;
    cost
}

/// What a quota leaves of the 30 s; none where there is no quota, or one above the one processor
/// that a single thread can use.
fn share(host: &dyn Host) -> Result<Option<Amount>, Unread> {
    let text = match host.read_text(QUOTA) {
        Ok(text) => text,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        ["max", _] => Ok(None),
        [quota, period] => match (quota.parse::<u64>(), period.parse::<u64>()) {
            (Ok(quota), Ok(period)) if period > 0 && quota < period => {
                let left = u128::from(PATIENCE_MS) * u128::from(quota) / u128::from(period);
                Ok(Some(Amount::thousandths(left as u64)))
            }
            (Ok(_), Ok(period)) if period > 0 => Ok(None),
            _ => Err(Unread::because(format!("{QUOTA}: `{}`", text.trim()))),
        },
        _ => Err(Unread::because(format!("{QUOTA}: `{}`", text.trim()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    #[test]
    fn a_quota_takes_its_share_of_the_thirty_seconds() {
        let seconds = |text: &str| share(&FakeHost::new().file(QUOTA, text));
        assert_eq!(share(&FakeHost::new()), Ok(None));
        assert_eq!(seconds("max 100000\n"), Ok(None));
        assert_eq!(seconds("200000 100000\n"), Ok(None));
        assert_eq!(
            seconds("5000 100000\n"),
            Ok(Some(Amount::thousandths(1500)))
        );
        for text in ["", "5000\n", "x 100000\n", "5000 0\n"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}

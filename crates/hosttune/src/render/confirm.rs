//! How it reads that an apply waits to be confirmed.

use super::time;
use crate::duration;
use jiff::Timestamp;
use model::Problem;
use serde_json::{Value, json};
use settings::{Confirm, Unconfirmed};

/// When it reverts, and what prevents that.
pub(crate) fn sentence(until: u64, now: u64) -> String {
    let moment = i64::try_from(until)
        .ok()
        .and_then(|until| Timestamp::from_second(until).ok());
    let clock = moment.map_or_else(
        || "-".to_owned(),
        |moment| moment.strftime("%H:%M:%S UTC").to_string(),
    );
    let left = match until.saturating_sub(now) {
        0 => "any moment now".to_owned(),
        left => format!("in {}", duration::words(left)),
    };
    format!("reverts by itself at {clock} ({left}) unless `hosttune confirm` is run before")
}

/// What whoever looks at the host must know beside the answer.
pub(crate) fn problem(waits: &Unconfirmed, now: u64) -> Problem {
    let sentence = sentence(waits.until, now);
    let message = format!("apply {} of profile {} {sentence}", waits.id, waits.profile);
    Problem::new("reverts-by-itself", message)
        .help("`hosttune confirm` keeps it, `hosttune revert` takes it back now")
}

/// What waits, as JSON.
pub(crate) fn waiting(waits: &Unconfirmed) -> Value {
    json!({"id": waits.id, "profile": waits.profile, "until": time(waits.until)})
}

/// What a record says of it, as JSON.
pub(crate) fn json(confirm: &Confirm) -> Value {
    json!({
        "within_seconds": confirm.within,
        "until": time(confirm.until),
        "confirmed": confirm.confirmed.map(time),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moment_and_how_far_it_is() {
        let said = sentence(1_700_000_300, 1_700_000_002);
        assert!(
            said.contains("at 22:18:20 UTC (in 4 min 58 s) unless"),
            "{said}"
        );
        assert!(sentence(5, 9).contains("any moment now"));
    }
}

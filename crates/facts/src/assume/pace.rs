//! The pace of PID 1: its clock as it would show, were each answer on the bus to take what is assumed.

use super::derived::{Follows, Log};
use model::TIMED_UNITS;
use std::sync::atomic::{AtomicU64, Ordering};

/// Nanoseconds on a processor, nanoseconds waiting, time slices (kernel/sched/stats).
pub(super) const CLOCK: &str = "/proc/1/schedstat";
const MICROSECOND: u64 = 1_000;
const MILLISECOND: u64 = 1_000_000;
const LONGEST: u64 = 10_000 * MILLISECOND;

/// PID 1's clock. Whoever takes its pace reads it, asks for units, and reads it again.
#[derive(Default)]
pub(super) struct Clock {
    readings: AtomicU64,
}

impl Clock {
    /// The next reading, `answer` nanoseconds for each unit after the one before.
    pub(super) fn read(&self, answer: u64, shown: Option<&str>, log: &Log) -> String {
        let turn = self.readings.fetch_add(1, Ordering::Relaxed) + 1;
        let spent = answer.saturating_mul(TIMED_UNITS as u64);
        let text = format!("{} 0 {turn}\n", spent.saturating_mul(turn));
        let noted = Follows {
            text: format!("{} an answer", words(answer)),
            rule: "as assumed",
            source: "--assume",
        };
        log.note(CLOCK, shown.unwrap_or("-"), &noted);
        text
    }
}

/// `500us`, `0.5ms`: in nanoseconds.
pub(super) fn parse(text: &str) -> Option<u64> {
    let (number, unit) = match text.strip_suffix("us") {
        Some(number) => (number, MICROSECOND),
        None => (text.strip_suffix("ms")?, MILLISECOND),
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let plain = |digits: &str| {
        (1..=6).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit())
    };
    if !plain(whole) || !plain(part) {
        return None;
    }
    let part = part.parse::<u64>().ok()? * unit / 10_u64.pow(u32::try_from(part.len()).ok()?);
    let nanoseconds = whole.parse::<u64>().ok()?.checked_mul(unit)? + part;
    (MICROSECOND..=LONGEST)
        .contains(&nanoseconds)
        .then_some(nanoseconds)
}

/// The same in milliseconds, for people.
pub(super) fn words(nanoseconds: u64) -> String {
    let (whole, part) = (nanoseconds / MILLISECOND, nanoseconds % MILLISECOND);
    let text = format!("{whole}.{part:06}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}ms")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit() {
        assert_eq!(parse("500us"), Some(500_000));
        assert_eq!(parse("0.5ms"), Some(500_000));
        assert_eq!(parse("24.613ms"), Some(24_613_000));
        for text in [
            "5",
            "ms",
            "-1ms",
            ".5ms",
            "1.ms",
            "0us",
            "1s",
            "1.2.3ms",
            "99999999ms",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(
            (words(500_000), words(3_000_000)),
            ("0.5ms".to_owned(), "3ms".to_owned())
        );
    }

    #[test]
    fn each_reading_is_as_many_answers_later() {
        let (clock, log) = (Clock::default(), Log::default());
        let read = || clock.read(1_000, Some("7 8 9"), &log);
        assert_eq!(
            (read(), read()),
            ("3000 0 1\n".to_owned(), "6000 0 2\n".to_owned())
        );
        let noted = &log.entries()[0];
        assert_eq!(
            (noted.from.as_str(), noted.value.as_str()),
            ("7 8 9", "0.001ms an answer")
        );
    }
}

//! Lengths of time on the command line: `90s`, `5m`, `1h`.

use std::time::Duration;

/// The units, the one with two letters first: `ms` ends in `s` too.
const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

/// How long an apply may wait to be confirmed: long enough to type it, short enough to be missed.
const CONFIRM: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(24 * 60 * 60)];

/// A whole number with its unit: ms, s, m or h.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let refuse = || format!("`{text}` is no length of time; write for example 90s, 5m or 1h");
    let unit = UNITS.iter().find(|(unit, _)| text.ends_with(unit));
    let (unit, milliseconds) = unit.ok_or_else(refuse)?;
    let digits = text.strip_suffix(unit).unwrap_or_default();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refuse());
    }
    let count: Option<u64> = digits.parse().ok();
    count
        .and_then(|count| count.checked_mul(*milliseconds))
        .map(Duration::from_millis)
        .ok_or_else(|| format!("`{text}` is too long"))
}

/// How long an apply waits to be confirmed.
pub(crate) fn confirm_within(text: &str) -> Result<Duration, String> {
    let within = parse(text)?;
    match (CONFIRM[0]..=CONFIRM[1]).contains(&within) {
        true => Ok(within),
        false => Err(format!("`{text}` is not between 10s and 24h")),
    }
}

/// So many seconds in words: `4 min 58 s`.
pub(crate) fn words(seconds: u64) -> String {
    let parts = [
        (seconds / 3600, "h"),
        (seconds / 60 % 60, "min"),
        (seconds % 60, "s"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let words: Vec<String> = parts
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    match words.is_empty() {
        true => "0 s".to_owned(),
        false => words.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_its_unit() {
        for (text, milliseconds) in [("250ms", 250), ("90s", 90_000), ("5m", 300_000)] {
            assert_eq!(parse(text), Ok(Duration::from_millis(milliseconds)));
        }
        for text in [
            "",
            "5",
            "m",
            "-5m",
            "+5m",
            "5 m",
            "1.5h",
            "5min",
            "99999999999999999h",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_confirm_is_neither_hurried_nor_forgotten() {
        for (text, good) in [
            ("10s", true),
            ("9999ms", false),
            ("24h", true),
            ("1441m", false),
        ] {
            assert_eq!(confirm_within(text).is_ok(), good, "{text}");
        }
    }

    #[test]
    fn seconds_in_words() {
        let said = [0, 59, 60, 298, 86_400].map(words);
        assert_eq!(said, ["0 s", "59 s", "1 min", "4 min 58 s", "24 h"]);
    }
}

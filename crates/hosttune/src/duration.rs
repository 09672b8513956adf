//! A duration as people write it: `1500ms`, `30s`, `5m`, `1h`.

use std::time::Duration;

/// Longer than anybody waits, and far from what overflows a clock.
const MOST: Duration = Duration::from_secs(24 * 60 * 60);

/// Reads a whole number with its unit, up to a day.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let end = text.find(|c: char| !c.is_ascii_digit());
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err("write a whole number with ms, s, m or h, such as 30s".to_owned()),
    };
    if number.is_empty() {
        return Err(format!(
            "a number must stand before `{unit}`, such as 30{unit}"
        ));
    }
    number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(milliseconds))
        .map(Duration::from_millis)
        .filter(|duration| *duration <= MOST)
        .ok_or_else(|| "a day (24h) is the longest".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_units_and_an_end() {
        assert_eq!(parse("1500ms"), Ok(Duration::from_millis(1500)));
        assert_eq!(parse("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(parse("5m"), Ok(Duration::from_secs(300)));
        assert_eq!(parse("24h"), Ok(MOST));
        assert_eq!(parse("0s"), Ok(Duration::ZERO));
        for text in [
            "",
            "30",
            "s",
            "-1s",
            "1.5s",
            "30 s",
            "1d",
            "5M",
            "25h",
            "99999999999999999999s",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}

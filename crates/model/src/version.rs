//! A version as one number, so that versions compare as people mean them: 5.11 is after 5.4.

/// How many bits each part has.
const PART: u32 = 20;

/// Reads `6.12`, `5.4.0-150-generic` or `6.12.41+deb13-amd64`; what follows the third number does
/// not count.
pub(crate) fn parse(text: &str) -> Option<i128> {
    let end = text.find(|c: char| c != '.' && !c.is_ascii_digit());
    let (numbers, rest) = text.split_at(end.unwrap_or(text.len()));
    if !rest.is_empty() && !rest.starts_with(['-', '+', '_', '~']) {
        return None;
    }
    let mut parts = numbers.split('.');
    let mut part = || match parts.next() {
        Some(digits) => digits.parse().ok().filter(|number| *number < 1 << PART),
        None => Some(0_i128),
    };
    let (major, minor, patch) = (part()?, part()?, part()?);
    Some((major << (2 * PART)) | (minor << PART) | patch)
}

/// Writes a version; a third part of 0 is left out.
pub(crate) fn spell(version: i128) -> String {
    let part = |place: u32| (version >> (place * PART)) & ((1 << PART) - 1);
    match part(0) {
        0 => format!("{}.{}", part(2), part(1)),
        patch => format!("{}.{}.{patch}", part(2), part(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_count_from_the_left_and_as_numbers() {
        let version = |text| parse(text).unwrap();
        assert!(version("5.4.0-150-generic") < version("5.11"));
        assert!(version("6.1.0-38-amd64") > version("5.19.17"));
        assert!(version("6.12.41+deb13-amd64") > version("6.12"));
        assert_eq!(version("5"), version("5.0.0"));
        assert_eq!(spell(version("6.12.41+deb13-amd64")), "6.12.41");
        assert_eq!(spell(version("5.11")), "5.11");
    }

    #[test]
    fn what_is_no_version_is_none() {
        for text in ["", "x", "5.x", "5 11", "v5.11", "5..1", "5.9999999"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

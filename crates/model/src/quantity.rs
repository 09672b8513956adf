//! A quantity: a number with `unlimited` as a value of its own, and the sizes people write.

use std::fmt;

/// A number that may be unlimited; unlimited is greater than every number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantity {
    /// A finite number.
    Finite(i128),
    /// No bound at all, however the key spells it.
    Unlimited,
}

impl Quantity {
    /// The finite number, if it is one.
    pub fn finite(self) -> Option<i128> {
        match self {
            Self::Finite(number) => Some(number),
            Self::Unlimited => None,
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Finite(number) => write!(f, "{number}"),
            Self::Unlimited => write!(f, "unlimited"),
        }
    }
}

/// Why a text is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not digits with an optional sign and unit.
    #[error("is not a number")]
    NotANumber,
    /// Too large for any kernel value.
    #[error("is larger than any kernel value (2^64 - 1)")]
    Overflow,
}

/// Reads `64`, `-1` or a size such as `4G`. K, M, G, T, P and E are powers of 1024, as systemd and
/// Docker mean them; a trailing `B` or `iB` is accepted (`4GiB`).
pub fn parse_number(text: &str) -> Result<i128, NumberError> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    let (number, unit) = digits.split_at(end);
    if number.is_empty() {
        return Err(NumberError::NotANumber);
    }
    let factor = unit_factor(unit).ok_or(NumberError::NotANumber)?;
    let number: i128 = number.parse().map_err(|_| NumberError::Overflow)?;
    let value = number.checked_mul(factor).ok_or(NumberError::Overflow)?;
    if value > i128::from(u64::MAX) {
        return Err(NumberError::Overflow);
    }
    Ok(sign * value)
}

fn unit_factor(unit: &str) -> Option<i128> {
    let letter = unit
        .strip_suffix("iB")
        .or_else(|| unit.strip_suffix('B').filter(|rest| !rest.is_empty()))
        .unwrap_or(unit);
    let power = match letter {
        "" if unit.is_empty() => 0,
        "K" | "k" => 1,
        "M" => 2,
        "G" => 3,
        "T" => 4,
        "P" => 5,
        "E" => 6,
        _ => return None,
    };
    Some(1024_i128.pow(power))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_powers_of_1024() {
        assert_eq!(parse_number("4G"), Ok(4 << 30));
        assert_eq!(parse_number("8k"), Ok(8192));
        assert_eq!(parse_number("1MiB"), Ok(1 << 20));
        assert_eq!(parse_number("-1"), Ok(-1));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "", "-", "G", "1.5G", "0x10", "4 G", "1e6", "4GG", "B", "5B", "iB",
        ] {
            assert_eq!(parse_number(text), Err(NumberError::NotANumber), "{text}");
        }
        assert_eq!(
            parse_number("99999999999999999999999999"),
            Err(NumberError::Overflow)
        );
        assert_eq!(parse_number("17E"), Err(NumberError::Overflow));
        assert_eq!(parse_number("18446744073709551615"), Ok(u64::MAX.into()));
    }

    #[test]
    fn unlimited_is_above_every_number() {
        assert!(Quantity::Unlimited > Quantity::Finite(i128::from(u64::MAX)));
    }
}

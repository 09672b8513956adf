//! The object path of a unit, as systemd escapes its name.

use std::fmt::Write;

/// Where systemd keeps its units on the bus.
const UNITS: &str = "/org/freedesktop/systemd1/unit/";

/// The object path of a unit: every byte but letters and digits, and a digit in front, becomes
/// `_` and two hex digits (sd_bus_path_encode(3)).
pub(super) fn unit_path(name: &str) -> String {
    let mut path = UNITS.to_owned();
    if name.is_empty() {
        path.push('_');
    }
    for (index, byte) in name.bytes().enumerate() {
        let plain = byte.is_ascii_alphabetic() || (index > 0 && byte.is_ascii_digit());
        if plain {
            path.push(char::from(byte));
        } else {
            let _ = write!(path, "_{byte:02x}");
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tail(name: &str) -> String {
        unit_path(name).split_off(UNITS.len())
    }

    #[test]
    fn names_are_escaped_as_systemd_does() {
        assert_eq!(tail("docker.service"), "docker_2eservice");
        assert_eq!(tail("-.slice"), "_2d_2eslice");
        assert_eq!(tail("9p@a\\x2d1.mount"), "_39p_40a_5cx2d1_2emount");
        assert_eq!(tail("a_b"), "a_5fb");
        assert_eq!(tail("é"), "_c3_a9");
        assert_eq!(tail(""), "_");
    }
}

//! When two messages are the same: when they differ only in numbers, identifiers and addresses.

use std::hash::{DefaultHasher, Hasher};

/// A letter that stands for whatever differs from case to case.
const VARIES: u8 = b'#';

/// A number that two messages share if they differ only in that: in runs of digits (times, pids, sizes), in
/// hexadecimal identifiers (containers, images, interfaces of the kind `vethXXXXXXX`, UUIDs) and in addresses.
pub(crate) fn key(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut hasher = DefaultHasher::new();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let run = bytes[at..]
            .iter()
            .take_while(|byte| in_word(**byte))
            .count();
        if run == 0 {
            plain.push(bytes[at]);
            at += 1;
            continue;
        }
        let colons = bytes[at..at + run].iter().rev();
        let colons = colons.take_while(|byte| **byte == b':').count();
        word(&bytes[at..at + run - colons], &mut plain);
        plain.extend(std::iter::repeat_n(b':', colons));
        at += run;
    }
    hasher.write(&plain);
    hasher.finish()
}

/// Colons belong to addresses.
fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b':'
}

fn word(word: &[u8], plain: &mut Vec<u8>) {
    let (stem, tail) = match word.strip_prefix(b"veth") {
        Some(tail) if tail.iter().all(u8::is_ascii_hexdigit) => (&word[..4], tail),
        _ => (&word[..0], word),
    };
    if !stem.is_empty() || is_identifier(tail) || is_address(tail) {
        plain.extend_from_slice(stem);
        plain.push(VARIES);
        return;
    }
    let mut digits = false;
    for byte in tail {
        match byte.is_ascii_digit() {
            true if digits => {}
            true => plain.push(VARIES),
            false => plain.push(*byte),
        }
        digits = byte.is_ascii_digit();
    }
}

/// Docker shortens to 12 digits; a part of a UUID has 8 or 4.
fn is_identifier(word: &[u8]) -> bool {
    const SHORTEST: usize = 8;
    let hex = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
    let mixed = word.iter().any(u8::is_ascii_digit);
    (word.len() >= SHORTEST || word.len() == 4) && mixed && word.iter().all(hex)
}

/// IPv6 and hardware addresses.
fn is_address(word: &[u8]) -> bool {
    let colons = word.iter().filter(|byte| **byte == b':').count();
    let hex = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b':';
    colons >= 2 && word.len() > colons && word.iter().all(hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_makes_no_difference() {
        for (left, right) in [
            (
                "adding interface veth0a1b2c3 to bridge br0",
                "adding interface vethffffffa to bridge br1",
            ),
            ("shim 4f2a1b9c0d3e: pid 12", "shim 0123456789ab: pid 99999"),
            (
                "docker-aa11bb22cc33dd44.scope",
                "docker-0011223344556677.scope",
            ),
            ("dial 10.0.0.1:80", "dial 192.168.1.254:8080"),
            ("from fe80::1a2b:3c4d", "from 2001:db8::beef"),
            (
                "id 6fa459ea-ee8a-3ca4-894e-db77e160355e",
                "id 16fd2706-8baf-433b-82eb-8c7fada847da",
            ),
            ("host-nodes-17 failed", "host-nodes-312 failed"),
        ] {
            assert_eq!(key(left), key(right), "{left}");
        }
    }

    #[test]
    fn words_make_one() {
        for (left, right) in [
            (
                "mkdir: no space left on device",
                "mkdir: resource temporarily unavailable",
            ),
            ("write /run/x", "write /var/x"),
            ("dead beef", "dead face"),
            ("error: a", "error: b"),
        ] {
            assert_ne!(key(left), key(right), "{left}");
        }
    }
}

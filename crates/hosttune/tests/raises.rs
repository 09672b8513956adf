//! What a limit says raises it is what a profile may say: every `raise` is a setting of some kind.
#![expect(clippy::unwrap_used, reason = "a test's helper fails the test")]

use limits::LIMITS;
use model::{Entry, Span};

/// A value that each key takes, whatever its shape.
const VALUES: &[&str] = &[
    "1024",
    "infinity",
    "4096 8192 16384",
    "20000 60999",
    "250 32000 100 128",
    "0",
    "/srv/docker",
    "10.1.0.1/24",
    "10.64.0.0/10 size 24",
];

#[test]
fn every_raise_is_a_setting() {
    for row in LIMITS {
        for raise in row.limit.raise {
            let parsed = VALUES.iter().any(|value| is_setting(raise, value));
            assert!(parsed, "{}: `{raise}` is no setting", row.limit.id);
        }
    }
    assert!(
        !VALUES
            .iter()
            .any(|value| is_setting("unit:docker.service/NoSuch", value))
    );
    assert!(!VALUES.iter().any(|value| is_setting("dbus:no_such", value)));
}

/// `kind:name`, where the name of some kinds has the section's own in front: `unit:a.service/KEY`.
fn is_setting(raise: &str, value: &str) -> bool {
    let (kind, name) = raise.split_once(':').unwrap();
    let (name, key) = match (kind, name.split_once('/')) {
        ("unit" | "cgroup" | "ulimit", Some((name, key))) => (Some(name.to_owned()), key),
        _ => (None, name),
    };
    let entry = Entry {
        kind: kind.to_owned(),
        name,
        key: key.to_owned(),
        value: value.to_owned(),
        reason: None,
        span: Span::new("raise", 1),
    };
    settings::parse(&[entry]).is_ok_and(|parsed| parsed[0].key.to_string() == raise)
}

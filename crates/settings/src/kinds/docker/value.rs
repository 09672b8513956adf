//! One value of daemon.json, as a profile writes it and as JSON has it.

use super::checks;
use super::keys::{Row, Type};
use crate::wish;
use model::{Desired, Entry, Form, Quantity, Rejection, Shape, Value, parse_number};
use serde_json::{Value as Json, json};
use std::net::IpAddr;

/// Docker's spelling, and the one of profiles, which is the one to write there.
const UNLIMITED: &[&str] = &["unlimited", "-1"];
/// fs.nr_open itself cannot be set above this (fs/file.c, sysctl_nr_open_max).
const MOST_FILES: i128 = 2_147_483_584;

/// How the values of a key read and compare.
pub(super) fn shape(row: &Row, name: &str) -> Shape {
    let limit = |max| Shape::ceiling(0, max).form(Form::SoftHard);
    match row.takes {
        Type::Number(min, max) => Shape::number(min.into(), max.into()),
        Type::Size => Shape::number(1, i64::MAX.into()),
        // Open files have no infinity in the kernel (kernel/sys.c, do_prlimit).
        Type::Ulimit if name.ends_with(".nofile") => limit(MOST_FILES),
        Type::Ulimit => limit(i64::MAX.into()).unlimited(UNLIMITED),
        Type::Flag | Type::Text(_) | Type::List(_) | Type::Pools => Shape::TEXT,
    }
}

/// The wish that an entry makes about a key.
pub(super) fn parse(entry: &Entry, row: &Row) -> Result<(Desired, Shape), Rejection> {
    let shape = shape(row, &entry.key);
    let refuse = |why: String| Rejection::new(&entry.span, format!("{}: {why}", entry.key));
    if let (Type::Ulimit, Some((_, limit))) = (row.takes, entry.key.rsplit_once('.')) {
        checks::ulimit(limit).map_err(refuse)?;
    }
    let (desired, read) = wish::parse(entry, shape)?;
    match desired {
        Desired::Exact(Value::Text(text)) => {
            let text = canonical(row, &text).map_err(refuse)?;
            Ok((Desired::Exact(Value::Text(text)), shape))
        }
        desired if shape.form == Form::Text => {
            let why = format!("takes no bound, as `{}` is", desired.describe(&read));
            Err(refuse(why))
        }
        desired => Ok((desired, shape)),
    }
}

/// Whether a value that is in the file already is one that the key takes.
pub(super) fn check(row: &Row, value: &Value) -> Result<(), String> {
    match value {
        Value::Text(text) => canonical(row, text).map(drop),
        Value::Numbers(_) => Ok(()),
    }
}

fn canonical(row: &Row, text: &str) -> Result<String, String> {
    match row.takes {
        Type::Flag if text != "true" && text != "false" => {
            Err(format!("`{text}` is neither true nor false"))
        }
        Type::Text(check) => check(text).map(|()| text.to_owned()),
        Type::List(check) => {
            let words: Vec<&str> = text.split(',').map(str::trim).collect();
            words.iter().try_for_each(|word| checks::any(word))?;
            words.iter().try_for_each(|word| check(word))?;
            Ok(words.join(", "))
        }
        Type::Pools => {
            let pools = text.split(',').map(pool_of);
            let pools: Result<Vec<_>, _> = pools.collect();
            let words = pools?.into_iter().map(|(base, size)| pool(base, size));
            Ok(words.collect::<Vec<_>>().join(", "))
        }
        _ => Ok(text.to_owned()),
    }
}

fn pool_of(text: &str) -> Result<(&str, i64), String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [base, "size", size] = words.as_slice() else {
        return Err(format!(
            "`{}` is no pool in the form NETWORK size LENGTH",
            text.trim()
        ));
    };
    let size = size
        .parse()
        .map_err(|_| format!("`{size}` is no length of a network"))?;
    checks::pool(base, size)?;
    Ok((base, size))
}

fn pool(base: &str, size: i64) -> String {
    format!("{base} size {size}")
}

/// The value as JSON; numbers that JSON has no place for do not come out of [`parse`].
pub(super) fn to_json(row: &Row, name: &str, value: &Value) -> Json {
    match (row.takes, value) {
        (Type::Ulimit, Value::Numbers(numbers)) => {
            let limit = name.rsplit('.').next().unwrap_or_default();
            let [soft, hard] = [0, 1].map(|index| numbers.get(index).copied().map(integer));
            json!({"Name": limit, "Hard": hard, "Soft": soft})
        }
        // opts.MemBytes takes nothing but a string.
        (Type::Size, Value::Numbers(numbers)) => {
            json!(
                numbers
                    .first()
                    .copied()
                    .map(integer)
                    .unwrap_or_default()
                    .to_string()
            )
        }
        (_, Value::Numbers(numbers)) => json!(numbers.first().copied().map(integer)),
        (Type::Flag, Value::Text(text)) => json!(text == "true"),
        (Type::List(_), Value::Text(text)) => json!(words(text)),
        (Type::Pools, Value::Text(text)) => {
            let pools = words(text)
                .into_iter()
                .filter_map(|pool| pool_of(pool).ok());
            pools
                .map(|(base, size)| json!({"base": base, "size": size}))
                .collect()
        }
        (_, Value::Text(text)) => json!(text),
    }
}

fn words(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).collect()
}

fn integer(quantity: Quantity) -> i64 {
    quantity
        .finite()
        .and_then(|number| i64::try_from(number).ok())
        .unwrap_or(-1)
}

/// What a JSON value says; one that is not what the key takes is kept as text, and meets no wish.
pub(super) fn from_json(row: &Row, name: &str, json: &Json) -> Value {
    read(row, name, json).unwrap_or_else(|| Value::words(&json.to_string()))
}

fn read(row: &Row, name: &str, json: &Json) -> Option<Value> {
    match row.takes {
        Type::Flag => json.as_bool().map(|flag| Value::words(&flag.to_string())),
        Type::Number(..) => json.as_i64().map(Value::number),
        Type::Size => {
            let text = json.as_str()?.to_uppercase();
            parse_number(&text).ok().map(Value::number)
        }
        Type::Text(_) => json.as_str().map(Value::words),
        Type::List(_) => {
            let words: Option<Vec<&str>> = json.as_array()?.iter().map(Json::as_str).collect();
            words.map(|words| Value::Text(words.join(", ")))
        }
        Type::Pools => {
            let pools = json.as_array()?.iter().map(|one| {
                let (base, size) = (member(one, "base")?, member(one, "size")?);
                Some(pool(base.as_str()?, size.as_i64()?))
            });
            let pools: Option<Vec<String>> = pools.collect();
            pools.map(|pools| Value::Text(pools.join(", ")))
        }
        Type::Ulimit => {
            // The limit is the one that the value names, not the one that its key does.
            let limit = name.rsplit('.').next().unwrap_or_default();
            if member(json, "Name")?.as_str() != Some(limit) {
                return None;
            }
            let part = |key| match member(json, key) {
                Some(number) => number.as_i64(),
                None => Some(0),
            };
            let quantity = |number: i64| match number {
                -1 => Quantity::Unlimited,
                number => Quantity::Finite(number.into()),
            };
            let numbers = [part("Soft")?, part("Hard")?];
            Some(Value::Numbers(numbers.map(quantity).to_vec()))
        }
    }
}

/// A member as Go's decoder finds it: whatever the case of its name, the last one wins.
fn member<'a>(json: &'a Json, name: &str) -> Option<&'a Json> {
    let mut members = json.as_object()?.iter().rev();
    let found = members.find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value)
}

/// Whether the daemon shows with `seen` what `wanted` asks for: it masks pools, ends mirrors with a
/// slash and shuffles labels.
pub(super) fn alike(row: &Row, wanted: &Value, seen: &Value) -> bool {
    let (Value::Text(wanted), Value::Text(seen)) = (wanted, seen) else {
        return wanted == seen;
    };
    normal(row, wanted) == normal(row, seen)
}

fn normal(row: &Row, text: &str) -> Vec<String> {
    match row.takes {
        Type::Pools => words(text).into_iter().map(masked).collect(),
        Type::List(_) => {
            let words = words(text).into_iter();
            let mut words: Vec<String> =
                words.map(|w| w.trim_end_matches('/').to_owned()).collect();
            if row.name == "labels" {
                words.sort_unstable();
            }
            words
        }
        _ => vec![text.to_owned()],
    }
}

fn masked(pool: &str) -> String {
    let mask = || {
        let (base, rest) = pool.split_once('/')?;
        let IpAddr::V4(address) = base.parse().ok()? else {
            return None;
        };
        let length: u32 = rest.split(' ').next()?.parse().ok()?;
        let hosts = u32::MAX.checked_shr(length).unwrap_or_default();
        let base = std::net::Ipv4Addr::from(u32::from(address) & !hosts);
        Some(format!("{base}/{rest}"))
    };
    mask().unwrap_or_else(|| pool.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::keys::find;
    use super::*;
    use model::Span;

    fn wish(key: &str, value: &str) -> Result<(Desired, Shape), String> {
        let entry = Entry {
            kind: "docker".to_owned(),
            name: None,
            key: key.to_owned(),
            value: value.to_owned(),
            reason: None,
            span: Span::new("p.ini", 3),
        };
        parse(&entry, find(key).unwrap()).map_err(|rejection| rejection.to_string())
    }

    /// The JSON that a profile's value becomes, checked to read back as the same value.
    fn json_of(key: &str, value: &str) -> Json {
        let row = find(key).unwrap();
        let (desired, shape) = wish(key, value).unwrap();
        let target = desired.target(None, &shape);
        let json = to_json(row, key, &target);
        assert_eq!(from_json(row, key, &json), target, "{key}");
        assert!(desired.met_by(&target, &shape));
        json
    }

    #[test]
    fn every_type_has_its_json() {
        assert_eq!(json_of("live-restore", "true"), json!(true));
        assert_eq!(json_of("mtu", "1450"), json!(1450));
        assert_eq!(json_of("default-shm-size", "64M"), json!("67108864"));
        assert_eq!(json_of("log-opts.max-file", "3"), json!("3"));
        assert_eq!(
            json_of("dns", "1.1.1.1,8.8.8.8"),
            json!(["1.1.1.1", "8.8.8.8"])
        );
        assert_eq!(
            json_of(
                "default-address-pools",
                "172.20.0.0/16 size 20, 10.0.0.0/8  size 24"
            ),
            json!([{"base": "172.20.0.0/16", "size": 20}, {"base": "10.0.0.0/8", "size": 24}])
        );
        assert_eq!(
            json_of("default-ulimits.nofile", "1024:524288"),
            json!({"Name": "nofile", "Hard": 524_288, "Soft": 1024})
        );
        assert_eq!(
            json_of("default-ulimits.core", "unlimited"),
            json!({"Name": "core", "Hard": -1, "Soft": -1})
        );
    }

    #[test]
    fn what_dockerd_would_choke_on_is_refused_with_the_line() {
        assert_eq!(
            wish("live-restore", "yes").unwrap_err(),
            "p.ini:3: live-restore: `yes` is neither true nor false"
        );
        assert_eq!(
            wish("default-ulimits.nofile", "20:10").unwrap_err(),
            "p.ini:3: default-ulimits.nofile has a bad value: the soft limit is above the hard limit"
        );
        for (key, value) in [
            ("default-ulimits.nofiles", "10"),
            ("default-ulimits.nofile", "unlimited"),
            ("mtu", "67"),
            ("mtu", "1450,"),
            ("dns", "1.1.1.1,"),
            ("dns", "one"),
            ("log-driver", "at least 5"),
            ("default-address-pools", "10.0.0.0/8"),
            ("default-address-pools", "10.0.0.0/8 size 7"),
            ("bip", "172.20.0.0/16"),
        ] {
            assert!(wish(key, value).is_err(), "{key} = {value}");
        }
    }

    #[test]
    fn a_limit_is_a_lower_bound() {
        let row = find("default-ulimits.nofile").unwrap();
        let (desired, shape) = wish(row.name.replace('*', "nofile").as_str(), "1024").unwrap();
        let seen = |json: Json| {
            let seen = from_json(row, "default-ulimits.nofile", &json);
            desired.met_by(&seen, &shape)
        };
        assert!(seen(json!({"name": "nofile", "hard": 4096, "soft": 2048})));
        assert!(!seen(json!({"Name": "nofile", "Hard": 4096, "Soft": 512})));
        assert!(!seen(json!({"Name": "nproc", "Hard": 4096, "Soft": 4096})));
        assert!(!seen(json!(4096)));
    }

    #[test]
    fn the_daemon_shows_the_same_in_its_own_words() {
        let same = |key: &str, wanted: &str, seen: &str| {
            alike(
                find(key).unwrap(),
                &Value::words(wanted),
                &Value::words(seen),
            )
        };
        let pools = "default-address-pools";
        assert!(same(
            pools,
            "172.17.0.0/12 size 24",
            "172.16.0.0/12 size 24"
        ));
        assert!(!same(
            pools,
            "172.17.0.0/16 size 24",
            "172.16.0.0/12 size 24"
        ));
        assert!(same("labels", "a=1, b=2", "b=2, a=1"));
        assert!(!same("dns", "1.1.1.1, 8.8.8.8", "8.8.8.8, 1.1.1.1"));
        assert!(same("registry-mirrors", "https://m", "https://m/"));
    }
}

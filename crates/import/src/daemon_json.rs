//! Docker's daemon.json, flattened to the keys of the section `[docker]`.

use crate::collected::Collected;
use crate::text::{Text, clip};
use model::{Rejection, Span};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// As deep as dockerd's own options go, with room.
const DEEPEST: usize = 4;

pub(crate) fn read(text: &Text, collected: &mut Collected) {
    let whole = outside_strings_quoted(&text.whole());
    let reader = Reader {
        text,
        whole: &whole,
    };
    match serde_json::from_str::<Object<'_>>(&whole) {
        Ok(object) => reader.object("", &object, 0, collected),
        Err(error) => {
            let line = text.lines.get(error.line().saturating_sub(1));
            let span = text.span(line.map_or(1, |(number, _)| *number));
            let message = format!("no JSON object: {}", clip(&error.to_string()));
            collected.gap(
                Rejection::new(&span, message)
                    .help("correct the file; dockerd would not start with it"),
            );
        }
    }
}

/// What a script leaves open is put in quotes where JSON has it bare, so that the rest is read.
fn outside_strings_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    for character in text.chars() {
        if crate::holes::is_hole(character) && !in_string {
            quoted.extend(['"', character, '"']);
            continue;
        }
        match character {
            '"' if !escaped => in_string = !in_string,
            _ => {}
        }
        escaped = in_string && character == '\\' && !escaped;
        quoted.push(character);
    }
    quoted
}

/// The pairs of an object in their order; a key that is there twice is there twice.
struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(pairs)
            }
        }
        deserializer.deserialize_map(Pairs).map(Self)
    }
}

struct Reader<'a> {
    text: &'a Text,
    whole: &'a str,
}

impl Reader<'_> {
    fn object(&self, prefix: &str, object: &Object<'_>, depth: usize, collected: &mut Collected) {
        let mut seen: Vec<&str> = Vec::new();
        for (key, value) in &object.0 {
            let span = self.span(value);
            let path = match prefix {
                "" => key.clone(),
                _ => format!("{prefix}.{key}"),
            };
            let gap =
                |message: String| Rejection::new(&span, format!("{}: {message}", clip(&path)));
            if key.contains('.') || key.is_empty() {
                let message = "a key with a dot in it cannot be told from a nested one".to_owned();
                collected.gap(gap(message));
            } else if seen.contains(&key.as_str()) {
                collected.gap(gap(
                    "the key is there twice, and readers of JSON disagree about which counts"
                        .to_owned(),
                ));
            } else if let Err(why) = self.value(&path, value, &span, depth, collected) {
                collected.gap(gap(why));
            }
            seen.push(key);
        }
    }

    fn value(
        &self,
        path: &str,
        value: &RawValue,
        span: &Span,
        depth: usize,
        collected: &mut Collected,
    ) -> Result<(), String> {
        let section = ("docker", None);
        if path == "default-address-pools" {
            let pools = pools(value).ok_or("not a list of pools with base and size")?;
            collected.entry(section, path, pools, span.clone());
            return Ok(());
        }
        if path.strip_prefix("default-ulimits.").is_some() {
            let limit = ulimit(value).ok_or("not a limit with Soft and Hard")?;
            collected.exact(section, path, &limit, span.clone());
            return Ok(());
        }
        if let Ok(object) = serde_json::from_str::<Object<'_>>(value.get()) {
            if depth >= DEEPEST {
                return Err("nested deeper than any of Docker's keys".to_owned());
            }
            self.object(path, &object, depth + 1, collected);
            return Ok(());
        }
        if let Ok(list) = serde_json::from_str::<Vec<String>>(value.get()) {
            if list.is_empty()
                || list
                    .iter()
                    .any(|item| item.is_empty() || item.contains(','))
            {
                return Err("a list that cannot be written with commas".to_owned());
            }
            collected.entry(section, path, list.join(", "), span.clone());
            return Ok(());
        }
        match serde_json::from_str::<serde_json::Value>(value.get()) {
            Ok(serde_json::Value::Bool(flag)) => {
                collected.entry(section, path, flag.to_string(), span.clone())
            }
            Ok(serde_json::Value::Number(number)) => {
                collected.exact(section, path, &number.to_string(), span.clone())
            }
            Ok(serde_json::Value::String(text)) if !text.is_empty() => {
                collected.entry(section, path, text, span.clone())
            }
            _ => return Err(format!("`{}` has no place in a profile", clip(value.get()))),
        }
        Ok(())
    }

    /// The line of a value: the raw value is a part of the whole text.
    fn span(&self, value: &RawValue) -> Span {
        let offset = (value.get().as_ptr() as usize).saturating_sub(self.whole.as_ptr() as usize);
        let before = self.whole.as_bytes().get(..offset).unwrap_or_default();
        let index = before.iter().filter(|byte| **byte == b'\n').count();
        let line = self.text.lines.get(index).or(self.text.lines.last());
        self.text.span(line.map_or(1, |(number, _)| *number))
    }
}

fn pools(value: &RawValue) -> Option<String> {
    let list: Vec<serde_json::Value> = serde_json::from_str(value.get()).ok()?;
    let pools = list.iter().map(|pool| {
        let (base, size) = (pool.get("base")?.as_str()?, pool.get("size")?);
        let size = size
            .as_str()
            .map_or_else(|| size.to_string(), str::to_owned);
        Some(format!("{base} size {size}"))
    });
    let pools: Vec<String> = pools.collect::<Option<_>>()?;
    (!pools.is_empty()).then(|| pools.join(", "))
}

/// Docker spells unlimited -1, as setrlimit(2) does.
fn ulimit(value: &RawValue) -> Option<String> {
    let limit: serde_json::Value = serde_json::from_str(value.get()).ok()?;
    let side = |name: &str| {
        let side = limit.get(name)?;
        Some(match side.as_i64() {
            Some(-1) => "unlimited".to_owned(),
            Some(number) => number.to_string(),
            // What a script leaves open.
            None => side.as_str()?.to_owned(),
        })
    };
    let (soft, hard) = (side("Soft")?, side("Hard")?);
    Some(match soft == hard {
        true => soft,
        false => format!("{soft}:{hard}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Imported;

    fn of(json: &str) -> Imported {
        let mut collected = Collected::default();
        read(&Text::of("daemon.json", json.as_bytes()), &mut collected);
        collected.finish()
    }

    #[test]
    fn keys_are_flattened_with_their_lines() {
        let imported = of(
            "{\n \"mtu\": 1450,\n \"dns\": [\"1.1.1.1\", \"8.8.8.8\"],\n \"live-restore\": true,\n \
             \"log-opts\": {\"max-size\": \"10m\",\n  \"max-file\": \"1\"},\n \
             \"default-ulimits\": {\"nofile\": {\"Name\": \"nofile\", \"Soft\": 1024, \"Hard\": -1}},\n \
             \"default-address-pools\": [{\"base\": \"172.20.0.0/16\", \"size\": 20}]\n}\n",
        );
        let said: Vec<String> = imported
            .entries
            .iter()
            .map(|e| format!("{} {}={}", e.span.line, e.key, e.value))
            .collect();
        assert_eq!(
            said,
            [
                "2 mtu=exact 1450",
                "3 dns=1.1.1.1, 8.8.8.8",
                "4 live-restore=true",
                "5 log-opts.max-size=10m",
                "6 log-opts.max-file=1",
                "7 default-ulimits.nofile=exact 1024:unlimited",
                "8 default-address-pools=172.20.0.0/16 size 20",
            ]
        );
        assert!(imported.unexpressed.is_empty());
    }

    #[test]
    fn what_is_broken_or_has_no_place_is_said_at_its_line() {
        for (json, line, says) in [
            ("{\n \"mtu\": 1450,\n}", 3, "no JSON object"),
            ("{\n \"mtu\": 1,\n \"mtu\": 2}", 3, "there twice"),
            ("{\n \"hosts\": []}", 2, "with commas"),
            ("{\"a\":\n null}", 2, "no place"),
            ("{\"a.b\": 1}", 1, "a dot"),
            ("[]", 1, "no JSON object"),
            ("", 1, "no JSON object"),
        ] {
            let gaps = of(json).unexpressed;
            assert_eq!(gaps.len(), 1, "{json}: {gaps:?}");
            assert!(gaps[0].message.contains(says), "{json}: {}", gaps[0]);
            assert_eq!(gaps[0].span.line, line, "{json}");
        }
    }
}

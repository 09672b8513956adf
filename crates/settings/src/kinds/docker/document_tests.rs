//! A document keeps what it was not asked to change.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn document(text: &str) -> Document {
    Document::parse(text.as_bytes()).unwrap()
}

fn set(text: &str, path: &[&str], value: Value) -> String {
    let mut document = document(text);
    document.set(path, &value).unwrap();
    document.text().to_owned()
}

#[test]
fn what_is_no_document_has_a_line_and_a_column() {
    let fault = |bytes: &[u8]| Document::parse(bytes).unwrap_err().to_string();
    assert_eq!(
        fault(b"{\n  \"a\": \"\xe9\"\n}"),
        "2:9: a byte that is no UTF-8"
    );
    assert_eq!(
        fault("\u{feff}{}".as_bytes()),
        "1:1: begins with a byte order mark"
    );
    assert_eq!(
        fault(b"\n []"),
        "2:2: the outermost value is no object; dockerd wants `{ … }`"
    );
    assert_eq!(
        fault("{\"é\": {\"é\": 1,\n \"é\": 2}}".as_bytes()),
        "2:2: key `é` stands twice, first in line 1"
    );
    assert!(document(" \n").get(&["a"]).is_none());
}

#[test]
fn keys_are_found_by_their_value_with_their_line() {
    let document = document("{\n  \"log-opts\": {\n    \"max\\u002dsize\": \"10m\"\n  }\n}\n");
    let found = document.get(&["log-opts", "max-size"]).unwrap();
    assert_eq!((found.value, found.line), (json!("10m"), 3));
    assert!(document.get(&["log-opts", "max-size", "x"]).is_none());
}

#[test]
fn new_keys_come_in_the_hand_of_the_file() {
    let cases = [
        ("", "{\n  \"mtu\": 1450\n}\n"),
        ("{}", "{\n  \"mtu\": 1450\n}"),
        ("{\n}\n", "{\n  \"mtu\": 1450\n}\n"),
        ("{\"a\":1}", "{\"a\":1,\"mtu\":1450}"),
        ("{ \"a\" : 1 }\n", "{ \"a\" : 1, \"mtu\" : 1450 }\n"),
        ("{\n\t\"a\": 1\n}", "{\n\t\"a\": 1,\n\t\"mtu\": 1450\n}"),
        (
            "{\r\n    \"a\": 1,\r\n\r\n    \"b\": 2\r\n}\r\n",
            "{\r\n    \"a\": 1,\r\n\r\n    \"b\": 2,\r\n    \"mtu\": 1450\r\n}\r\n",
        ),
        (
            "{ \"a\": 1\n, \"b\": 2\n}",
            "{ \"a\": 1\n, \"b\": 2\n, \"mtu\": 1450\n}",
        ),
        (
            "{\"a\": 1,\n  \"b\": 2}",
            "{\"a\": 1,\n  \"b\": 2,\n  \"mtu\": 1450}",
        ),
    ];
    for (before, after) in cases {
        assert_eq!(set(before, &["mtu"], json!(1450)), after);
    }
}

#[test]
fn nested_objects_are_made_where_they_are_missing() {
    let text = "{\n    \"debug\": false\n}\n";
    let once = set(text, &["log-opts", "max-size"], json!("10m"));
    let twice = set(&once, &["log-opts", "max-file"], json!("3"));
    assert_eq!(
        twice,
        "{\n    \"debug\": false,\n    \"log-opts\": {\n        \"max-size\": \"10m\",\n        \
         \"max-file\": \"3\"\n    }\n}\n"
    );
    let empty = set("{\n \"log-opts\": {}\n}", &["log-opts", "tag"], json!("x"));
    assert_eq!(empty, "{\n \"log-opts\": {\n  \"tag\": \"x\"\n }\n}");
    let mut scalar = document("{\n  \"log-opts\": 5\n}");
    let fault = scalar.set(&["log-opts", "tag"], &json!("x")).unwrap_err();
    assert_eq!(fault.to_string(), "2:15: `log-opts` is no object");
}

#[test]
fn lists_keep_their_lines() {
    let pools = json!([{"base": "10.0.0.0/8", "size": 24}]);
    assert_eq!(
        set("{\n  \"a\": 1\n}", &["default-address-pools"], pools),
        "{\n  \"a\": 1,\n  \"default-address-pools\": [\n    {\"base\": \"10.0.0.0/8\", \"size\": 24}\n  ]\n}"
    );
    let text = "{\n  \"dns\": [\n    \"8.8.8.8\"\n  ]\n}";
    assert_eq!(
        set(text, &["dns"], json!(["1.1.1.1", "9.9.9.9"])),
        "{\n  \"dns\": [\n    \"1.1.1.1\",\n    \"9.9.9.9\"\n  ]\n}"
    );
    assert_eq!(
        set(
            "{\n  \"dns\": [ \"8.8.8.8\" ]\n}",
            &["dns"],
            json!(["1.1.1.1"])
        ),
        "{\n  \"dns\": [\"1.1.1.1\"]\n}"
    );
}

const KEYS: [&str; 4] = ["a", "b-c", "d.e", "\u{e9}\""];

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z\"\\\\\u{e9}]{0,4}".prop_map(Value::from),
        prop::collection::vec("[a-z]{0,3}".prop_map(Value::from), 0..3).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, objects)
}

fn objects(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop::collection::vec((prop::sample::select(&KEYS), inner), 0..4).prop_map(|members| {
        let members = members.into_iter();
        Value::Object(
            members
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    })
}

/// Writes `value` with white space taken from `blanks` wherever JSON allows some.
fn scrawl(value: &Value, blanks: &mut impl Iterator<Item = String>, out: &mut String) {
    let mut blank = |out: &mut String| out.extend(blanks.next());
    match value {
        Value::Object(members) => {
            out.push('{');
            blank(out);
            for (index, (key, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                    out.extend(blanks.next());
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.extend(blanks.next());
                out.push(':');
                out.extend(blanks.next());
                scrawl(value, blanks, out);
                out.extend(blanks.next());
            }
            out.push('}');
        }
        other => out.push_str(&other.to_string()),
    }
}

/// The value after the edit, where the path leads through objects only.
fn expected(mut value: Value, path: &[&str], new: &Value) -> Option<Value> {
    let mut node = &mut value;
    for key in path {
        node = node
            .as_object_mut()?
            .entry(*key)
            .or_insert_with(|| json!({}));
    }
    *node = new.clone();
    Some(value)
}

proptest! {
    #[test]
    fn only_the_value_that_is_set_changes(
        before in objects(values()),
        path in prop::collection::vec(prop::sample::select(&KEYS), 1..4),
        new in values(),
        blanks in prop::collection::vec("[ \t]{0,2}|\n[ \t]{0,4}|\r\n {0,2}", 1..9),
    ) {
        let mut text = String::new();
        scrawl(&before, &mut blanks.iter().cloned().cycle(), &mut text);
        text.push('\n');
        let mut document = Document::parse(text.as_bytes()).unwrap();
        let old = document.get(&path);
        let Some(wanted) = expected(before, &path, &new) else {
            prop_assert!(document.set(&path, &new).is_err());
            prop_assert_eq!(document.text(), &text);
            return Ok(());
        };
        let splice = document.splice(&path, &new).unwrap();
        document.set(&path, &new).unwrap();
        let after: Value = serde_json::from_str(document.text()).unwrap();
        prop_assert_eq!(after.to_string(), wanted.to_string());
        match (splice, old) {
            (None, old) => {
                prop_assert_eq!(old.map(|found| found.value), Some(new.clone()));
                prop_assert_eq!(document.text(), &text);
            }
            // What is taken out is the old value, or the white space of an empty object.
            (Some(splice), old) => {
                let taken = &text[splice.span.clone()];
                match old {
                    Some(found) => prop_assert_eq!(
                        serde_json::from_str::<Value>(taken).unwrap(), found.value
                    ),
                    None => prop_assert_eq!(taken.trim(), ""),
                }
                let kept = [&text[..splice.span.start], &text[splice.span.end..]].concat();
                let end = splice.span.start + splice.text.len();
                let there = document.text();
                prop_assert_eq!([&there[..splice.span.start], &there[end..]].concat(), kept);
            }
        }
        let settled = document.text().to_owned();
        document.set(&path, &new).unwrap();
        prop_assert_eq!(document.text(), settled);
    }
}

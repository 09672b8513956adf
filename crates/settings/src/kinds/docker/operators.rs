//! The operator's own values: those that `dockerd --validate` lets pass and no dockerd starts with.
//!
//! A restart for a key of ours would read them as well, so they are refused before it.

use super::document::Document;
use super::{keys, value};

/// Networks are checked for sure; names of drivers may be those of plugins.
const NETWORKS: [&str; 5] = [
    "bip",
    "bip6",
    "fixed-cidr",
    "fixed-cidr-v6",
    "default-address-pools",
];

/// A value that keeps dockerd from starting.
#[derive(Debug)]
pub(super) struct Unsound {
    /// Its line.
    pub(super) line: usize,
    /// The key and what is wrong with it.
    pub(super) why: String,
}

/// Whether dockerd can start with the networks in a file.
pub(super) fn sound(document: &Document) -> Result<(), Unsound> {
    for row in NETWORKS.into_iter().filter_map(keys::find) {
        let Some(found) = document.get(&row.path(row.name)) else {
            continue;
        };
        let value = value::from_json(row, row.name, &found.value);
        value::check(row, &value).map_err(|why| Unsound {
            line: found.line,
            why: format!("{}: {why}", row.name),
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<String> {
        let document = Document::parse(text.as_bytes()).unwrap();
        sound(&document)
            .err()
            .map(|unsound| format!("{}: {}", unsound.line, unsound.why))
    }

    #[test]
    fn networks_that_no_dockerd_starts_with() {
        let bip = told("{\n  \"bip\": \"10.1.2.3.4/24\"\n}").unwrap();
        assert!(
            bip.starts_with("2: bip: ") && bip.contains("10.1.2.3.4/24"),
            "{bip}"
        );
        let pools = r#"{"default-address-pools": [{"base": "172.20.0.0/16", "size": 12}]}"#;
        assert!(told(pools).is_some());
        assert!(told(r#"{"bip": 7}"#).is_some());
        assert_eq!(told(r#"{"bip": "10.1.2.1/24", "x": {"bip": 7}}"#), None);
    }
}

//! The kernel's release, and what Docker shows of the machine.

use super::Change;
use super::derived::Follows;
use serde_json::{Value, json};

/// The release, as it is assumed.
pub(super) fn file(change: &Change, path: &str, _text: &str) -> Option<Follows> {
    let kernel = change.assumed.kernel.as_ref()?;
    (path == "/proc/sys/kernel/osrelease").then(|| Follows {
        text: format!("{kernel}\n"),
        rule: "as assumed",
        source: "--assume",
    })
}

/// `/info` of the same daemon on the machine assumed.
pub(super) fn docker(change: &Change, path: &str, json: &str) -> Option<String> {
    let mut info: Value = serde_json::from_str(json)
        .ok()
        .filter(|_| path == "/info")?;
    let fields = info.as_object_mut()?;
    let assumed = &change.assumed;
    let known = [
        ("NCPU", Some(json!(assumed.cpus))),
        ("MemTotal", Some(json!(assumed.memory))),
        (
            "KernelVersion",
            assumed.kernel.as_ref().map(|kernel| json!(kernel)),
        ),
    ];
    for (name, value) in known {
        if let (Some(value), Some(field)) = (value, fields.get_mut(name)) {
            *field = value;
        }
    }
    Some(info.to_string())
}

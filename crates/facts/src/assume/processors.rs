//! Processors and nodes of memory: the lists in which the kernel shows them.

use super::Change;
use super::derived::Follows;

const PROCESSORS: &[&str] = &["online", "possible", "present"];

/// The list, as long as is assumed.
pub(super) fn file(change: &Change, path: &str, _text: &str) -> Option<Follows> {
    let devices = path.strip_prefix("/sys/devices/system/")?;
    let (kind, name) = devices.split_once('/')?;
    let count = match kind {
        "cpu" if PROCESSORS.contains(&name) && change.assumed.cpus != change.is.cpus => {
            change.assumed.cpus
        }
        "node" if PROCESSORS.contains(&name) || name == "has_memory" => change.assumed.numa?,
        _ => return None,
    };
    let text = match count {
        1 => "0\n".to_owned(),
        count => format!("0-{}\n", count - 1),
    };
    Some(Follows {
        text,
        rule: "as assumed",
        source: "--assume",
    })
}

//! A tally: how many of several processes have which value of one resource limit.

use super::unit_keys::{Row, Target};
use super::unit_looks::pair;
use crate::raised::is_raised;
use model::{Desired, Host, HostError, Setting, Shape, Value};
use procfs::FromBufRead;
use procfs::process::Limits;
use std::collections::BTreeMap;

/// The values, and how many have each; the most frequent first.
pub(super) struct Tally {
    pub(super) counted: Vec<(Value, usize)>,
    /// Why some could not be read, if so.
    pub(super) unread: Option<String>,
}

impl Tally {
    /// Of the limit that `row` names. A process that is gone meanwhile does not count. Most files are
    /// alike, so that only what differs in the limit's line is read as a whole.
    pub(super) fn of(host: &dyn Host, setting: &Setting, row: &Row, pids: &[i32]) -> Self {
        let mut lines: BTreeMap<Vec<u8>, (Option<Value>, usize)> = BTreeMap::new();
        let mut unread = None;
        for pid in pids {
            let path = format!("/proc/{pid}/limits");
            let bytes = match host.read(&path) {
                Ok(bytes) => bytes,
                Err(HostError::NotFound(_)) => continue,
                Err(error) => {
                    unread.get_or_insert(error.to_string());
                    continue;
                }
            };
            let line = line_of(&bytes, row).unwrap_or_default().to_vec();
            let value = || {
                let limits = Limits::from_buf_read(bytes.as_slice()).ok()?;
                Some(pair(host, setting, row, &limits))
            };
            let (_, count) = lines.entry(line).or_insert_with(|| (value(), 0));
            *count += 1;
        }
        let mut counted = Vec::new();
        for (value, count) in lines.into_values() {
            match value {
                Some(value) => counted.push((value, count)),
                None => {
                    unread.get_or_insert_with(|| "a list of limits is not as usual".to_owned());
                }
            }
        }
        counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Self { counted, unread }
    }

    pub(super) fn total(&self) -> usize {
        self.counted.iter().map(|(_, count)| count).sum()
    }

    /// Those that are not as wanted.
    pub(super) fn open<'a>(
        &'a self,
        setting: &'a Setting,
        row: &'a Row,
    ) -> impl Iterator<Item = &'a (Value, usize)> {
        let open = |(value, _): &&(Value, usize)| !meets(setting, row, value);
        self.counted.iter().filter(open)
    }

    /// All of them in words: `27 with 1024:524288, 3 with 1048576`.
    pub(super) fn words(&self, shape: &Shape) -> String {
        let one =
            |(value, count): &(Value, usize)| format!("{count} with {}", shape.describe(value));
        let all: Vec<String> = self.counted.iter().map(one).collect();
        all.join(", ")
    }
}

fn line_of<'a>(limits: &'a [u8], row: &Row) -> Option<&'a [u8]> {
    let Target::Resource { label, .. } = row.target else {
        return None;
    };
    let mut lines = limits.split(|byte| *byte == b'\n');
    lines.find(|line| line.starts_with(label.as_bytes()))
}

/// Whether a process was given what is wanted, though it may have raised its soft limit since.
pub(super) fn meets(setting: &Setting, row: &Row, value: &Value) -> bool {
    let met = |value: &Value| setting.desired.met_by(value, &setting.shape);
    if met(value) {
        return true;
    }
    let wanted = match &setting.desired {
        Desired::Exact(Value::Numbers(n)) | Desired::AtMost(n) => n.first(),
        _ => None,
    };
    match (row.name, value, wanted) {
        ("LimitNOFILE", Value::Numbers(n), Some(wanted)) => match n.as_slice() {
            [soft, hard] if is_raised(soft.finite(), hard.finite()) => {
                met(&Value::Numbers(vec![(*soft).min(*wanted), *hard]))
            }
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::unit_keys::ROWS;
    use super::*;

    /// A process's limits, with this of open files.
    pub(in super::super) fn limits(soft: &str, hard: &str) -> String {
        let mut text = "Limit   Soft Limit  Hard Limit  Units\n".to_owned();
        for row in ROWS {
            let Target::Resource { label, .. } = row.target else {
                continue;
            };
            let (soft, hard) = match row.name {
                "LimitNOFILE" => (soft, hard),
                _ => ("1", "unlimited"),
            };
            let unit = match label.ends_with("priority") {
                true => "",
                false => "units",
            };
            text.push_str(&format!("{label:<25} {soft:<20} {hard:<20} {unit}\n"));
        }
        text
    }
}

//! The costs that a rehearsal measured on this host: how they are worked out, kept and taken up again.

use super::counters::Counters;
use super::measures::{MEASURES, Measure};
use super::seen::{Seen, WIDE_PERCENT};
use model::{Amount, Host, STATE_DIRECTORY};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The file of costs, below the directory of hosttune's state.
pub const COSTS: &str = "costs.json";
/// The version of its shape.
const SCHEMA: u64 = 1;
const RELEASE: &str = "/proc/sys/kernel/osrelease";
const HOW: &str = "what a rehearsal took here, over the containers that it started; both halves of them \
                   are the least and the most";
const CHANGED: &str = "the kernel or Docker is another one than when they were rehearsed";

/// What a rehearsal measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u64,
    /// When, in seconds since 1970.
    at: u64,
    kernel: String,
    docker: String,
    containers: u64,
    /// By measure, in thousandths.
    costs: BTreeMap<String, Slope>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Slope {
    each: u64,
    least: u64,
    most: u64,
}

/// Counters at so many containers of a rehearsal.
pub type Moment = (u64, Counters);

/// Measures of state below `/run`.
const OF_RUN: [&str; 2] = ["run-bytes", "run-inodes"];

/// The file of costs, from the counters before the first container, halfway, with all of them, and once they are
/// gone; none where too few ran to tell anything, or where versions cannot be told.
///
/// What was not given back is somebody else's: a measure of which that is more than a quarter is left out.
pub fn costs(host: &dyn Host, moments: &[Moment; 3], gone: &Counters) -> Option<String> {
    let [(_, before), (half, middle), (all, after)] = moments;
    let second = all.checked_sub(*half)?;
    if *half == 0 || second == 0 {
        return None;
    }
    let mut costs = BTreeMap::new();
    let tasks = after.tasks.zip(before.tasks);
    let on_run = tasks.is_some_and(|(after, before)| after >= before.saturating_add(*all));
    for measure in MEASURES {
        if OF_RUN.contains(&measure.name) && !on_run {
            continue;
        }
        let taken = |counters: &Counters| counters.taken.get(measure.name).copied();
        let (Some(first), Some(between), Some(last)) = (taken(before), taken(middle), taken(after))
        else {
            continue;
        };
        let left = taken(gone).map(|left| u128::from(left.saturating_sub(first)));
        let wide = u128::from(last.saturating_sub(first)) * WIDE_PERCENT;
        if left.is_none_or(|left| left * 100 > wide) {
            continue;
        }
        let each = |from: u64, to: u64, count: u64| {
            // What became less while containers started was not theirs.
            let more = u128::from(to.checked_sub(from)?) * 1000;
            u64::try_from(more / u128::from(count)).ok()
        };
        let slopes = (each(first, between, *half), each(between, last, second));
        let (Some(low), Some(high), Some(each)) = (slopes.0, slopes.1, each(first, last, *all))
        else {
            continue;
        };
        let slope = Slope {
            each,
            least: low.min(high),
            most: low.max(high),
        };
        costs.insert(measure.name.to_owned(), slope);
    }
    let file = File {
        schema: SCHEMA,
        at: host.now(),
        kernel: kernel(host)?,
        docker: docker(host)?,
        containers: *all,
        costs,
    };
    serde_json::to_string_pretty(&file).ok()
}

/// What the file of costs says here.
pub(super) struct Rehearsed {
    file: Option<File>,
    refused: Option<&'static str>,
}

impl Rehearsed {
    /// Reads it; a file of another shape counts as none.
    pub(super) fn read(host: &dyn Host) -> Self {
        let text = host.read_text(&format!("{STATE_DIRECTORY}/{COSTS}"));
        let file: Option<File> = text.ok().and_then(|text| serde_json::from_str(&text).ok());
        let file = file.filter(|file| file.schema == SCHEMA);
        let same = |file: &File| {
            kernel(host).as_deref() == Some(&file.kernel)
                && docker(host).as_deref() == Some(&file.docker)
        };
        let refused = file.as_ref().filter(|file| !same(file)).map(|_| CHANGED);
        Self { file, refused }
    }

    /// What it says of a measure.
    pub(super) fn seen(&self, measure: &Measure) -> Option<Seen> {
        let file = self.file.as_ref()?;
        let slope = file.costs.get(measure.name)?;
        Some(Seen {
            containers: file.containers,
            each: Amount::thousandths(slope.each),
            least: Amount::thousandths(slope.least),
            most: Amount::thousandths(slope.most),
            how: HOW,
            refused: self.refused,
        })
    }

    /// Whether what it says may be used.
    pub(super) fn holds(&self) -> bool {
        self.file.is_some() && self.refused.is_none()
    }
}

fn kernel(host: &dyn Host) -> Option<String> {
    let release = host.read_text(RELEASE).ok()?;
    Some(release.trim().to_owned())
}

fn docker(host: &dyn Host) -> Option<String> {
    let version: serde_json::Value = serde_json::from_str(&host.docker("/version").ok()?).ok()?;
    Some(version.get("Version")?.as_str()?.to_owned())
}

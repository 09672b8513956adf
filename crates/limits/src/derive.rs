//! The smallest raise of every limit that does not fit, each with its arithmetic.

use crate::{Readings, fit::Fit};
use model::{Amount, Answer, Bound, Ceiling, Fate, Key, LimitAnswer, Used};

/// A setting, and the value that lets the workload fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needed {
    /// The setting.
    pub setting: Key,
    /// The value: the need, the reserve, and what the limit keeps besides.
    pub value: u64,
    /// The arithmetic, in one line.
    pub reason: String,
}

/// What has to be raised, and what no setting raises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// The settings, each once with the largest of its needs.
    pub needed: Vec<Needed>,
    /// Limits that do not fit and that only another shape of the workload helps, in words.
    pub left: Vec<String>,
}

impl Readings {
    /// The settings with which everything fits and `reserve` per cent of every need are free.
    pub fn derive(&self, reserve: u64) -> Derived {
        let mut derived = Derived {
            needed: Vec::new(),
            left: Vec::new(),
        };
        let answer = self.answer();
        for (limit, ceiling) in &self.rows {
            let Some(row) = open(&answer, limit.id, ceiling) else {
                continue;
            };
            if ceiling.levers.is_empty() {
                let how = row.reshape.as_deref().or(row.note.as_deref());
                let how = how.unwrap_or("no setting raises it");
                let verdict = row.verdict.name();
                derived
                    .left
                    .push(format!("{} on {} {verdict}: {how}", row.id, row.place));
            }
            let fit = Fit::new(&self.workload, ceiling);
            for lever in &ceiling.levers {
                let need = taken(ceiling).plus(fit.need(self.workload.nodes)).ceil();
                let share = u128::from(need) * u128::from(reserve);
                let share = u64::try_from(share.div_ceil(100)).unwrap_or(u64::MAX);
                let more = lever.reserve.plus(lever.withheld).ceil();
                derived.add(Needed {
                    setting: lever.setting.clone(),
                    value: need.saturating_add(share).saturating_add(more),
                    reason: reason(row, share, more),
                });
            }
        }
        derived
    }
}

impl Derived {
    fn add(&mut self, needed: Needed) {
        match self
            .needed
            .iter_mut()
            .find(|known| known.setting == needed.setting)
        {
            Some(known) if known.value < needed.value => *known = needed,
            Some(_) => {}
            None => self.needed.push(needed),
        }
    }
}

/// The row of a ceiling, if it does not fit or cannot be told to.
fn open<'a>(answer: &'a Answer, id: &str, ceiling: &Ceiling) -> Option<&'a LimitAnswer> {
    let mut rows = answer.limits.iter();
    let row = rows.find(|row| row.id == id && row.place == ceiling.place)?;
    let raises = matches!(ceiling.max, Bound::Finite(_)) && row.need > Some(Amount::ZERO);
    let breaks = matches!(row.verdict, Fate::Stops | Fate::Degrades | Fate::Unknown);
    (raises && breaks).then_some(row)
}

fn taken(ceiling: &Ceiling) -> Amount {
    match &ceiling.used {
        Used::Known(used) => *used,
        Used::Unknown(_) => Amount::ZERO,
    }
}

fn reason(row: &LimitAnswer, share: u64, more: u64) -> String {
    let products = row.terms.iter();
    let products = products.map(|term| format!("{} {} x {}", term.count, term.name, term.each));
    let sum = products.collect::<Vec<_>>().join(" + ");
    let used = match row.used {
        Some(used) => format!("{used} in use"),
        None => "a use that is not known".to_owned(),
    };
    let more = match more {
        0 => String::new(),
        more => format!(", {more} more"),
    };
    let has = row.ceiling.unwrap_or_default();
    format!(
        "{} on {}: {sum} beside {used}, {share} in reserve{more}, against {has}",
        row.id, row.place
    )
}

#[cfg(test)]
mod tests {
    use crate::Readings;
    use model::{Desired, Fate, Network, Quantity, Setting, Shape, Span, Workload};
    use testkit::FakeHost;

    fn host() -> FakeHost {
        FakeHost::new()
            .file("/sys/fs/cgroup/cgroup.controllers", "cpu pids\n")
            .file("/proc/sys/fs/inotify/max_user_instances", "128\n")
            .file("/proc/sys/kernel/keys/root_maxkeys", "100\n")
            .file("/proc/key-users", "    0:     9 8/8 30/100 40/25000000\n")
            .directory("/sys/class/net/docker0/brif")
            .file("/proc/1/status", "Uid:\t0\t0\t0\t0\n")
            .link("/proc/1/fd/3", "anon_inode:inotify")
    }

    fn workload() -> Workload {
        Workload {
            nodes: 600,
            job_network: Network::Bridge,
            ..Workload::default()
        }
    }

    #[test]
    fn every_line_has_its_arithmetic_and_what_no_setting_raises_is_said() {
        let derived = Readings::take(&host(), &workload()).derive(20);
        let keys = &derived
            .needed
            .iter()
            .find(|n| n.setting.name.ends_with("root_maxkeys"));
        let keys = keys.unwrap();
        assert_eq!(keys.value, 1230 + 246);
        assert!(
            keys.reason
                .ends_with("beside 30 in use, 246 in reserve, against 100"),
            "{}",
            keys.reason
        );
        let left = derived.left.join("\n");
        assert!(
            left.contains("bridge.ports on docker0 stops: 1200 containers need 2"),
            "{left}"
        );
    }

    #[test]
    fn with_what_is_derived_nothing_that_a_setting_raises_breaks() {
        let readings = Readings::take(&host(), &workload());
        let setting = |needed: crate::Needed| Setting {
            key: needed.setting,
            desired: Desired::AtLeast(vec![Quantity::Finite(needed.value.into())]),
            shape: Shape::ceiling(0, i64::MAX as i128),
            optional: false,
            reason: None,
            span: Span::new("derived.ini", 1),
        };
        let settings: Vec<Setting> = readings.derive(0).needed.into_iter().map(setting).collect();
        let after = readings.with(&settings).0;
        for (row, (_, ceiling)) in after.answer().limits.iter().map(|row| {
            let mut rows = after.rows.iter();
            (
                row,
                rows.find(|(limit, c)| limit.id == row.id && c.place == row.place)
                    .unwrap(),
            )
        }) {
            let raised = !ceiling.levers.is_empty() && row.used.is_some();
            let broken = matches!(row.verdict, Fate::Stops | Fate::Degrades);
            assert!(!raised || !broken, "{row:?}");
        }
    }
}

//! A receipt: what a boot showed of each setting, against what the apply had let it expect.

use crate::render::{findings, rules, time};
use crate::survey::Survey;
use model::{Finding, Host, Layer, Verdict};
use serde::{Deserialize, Serialize};
use settings::{Expected, Record};

/// What one boot showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Receipt {
    /// The boot.
    pub(crate) boot_id: String,
    /// When it was looked at.
    pub(crate) recorded: String,
    /// The kernel's release.
    pub(crate) kernel: String,
    /// The apply in force then, if any.
    pub(crate) apply: Option<u32>,
    /// What it came to, in one word.
    pub(crate) verdict: String,
    /// The same with how many settings there are of each verdict.
    pub(crate) found: String,
    /// One a setting.
    pub(crate) settings: Vec<Shown>,
    /// Rules between values that do not hold, a sentence each.
    pub(crate) rules: Vec<String>,
}

/// What a boot showed of one setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    /// The setting, `kind:name`.
    pub(crate) id: String,
    /// The wish in words.
    pub(crate) desired: String,
    /// What it came to.
    pub(crate) verdict: Verdict,
    /// Every look, farthest from the workload first.
    pub(crate) layers: Vec<ShownAt>,
    /// What overrides it, or what it waits for.
    pub(crate) notes: Vec<String>,
    /// What to do about it.
    pub(crate) fix: Option<String>,
    /// The profile's reason why it does not count.
    pub(crate) suppressed: Option<String>,
}

/// What a boot showed at one layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShownAt {
    /// The layer.
    pub(crate) layer: Layer,
    /// What was expected, in words; none where the question did not arise after the apply.
    pub(crate) expected: Option<String>,
    /// What was seen, in words.
    pub(crate) seen: String,
    /// Where.
    pub(crate) source: String,
    /// What that comes to.
    pub(crate) verdict: Verdict,
}

impl Receipt {
    /// Of this boot, with nothing in force.
    pub(crate) fn empty(host: &dyn Host) -> Self {
        let kernel = host.read_text("/proc/sys/kernel/osrelease");
        Self {
            boot_id: host.boot_id(),
            recorded: time(host.now()),
            kernel: kernel.unwrap_or_default().trim().to_owned(),
            apply: None,
            verdict: String::new(),
            found: "nothing is in force".to_owned(),
            settings: Vec::new(),
            rules: Vec::new(),
        }
    }

    /// Of this boot, with the profile of `record` in force.
    pub(crate) fn of(host: &dyn Host, record: &Record, survey: &Survey<'_>) -> Self {
        let all = survey.findings.iter();
        let settings = all.map(|finding| Shown::of(finding, &record.expected, survey));
        Self {
            apply: Some(record.id),
            found: findings::summary(survey),
            settings: settings.collect(),
            rules: rules::open(survey),
            ..Self::empty(host)
        }
    }
}

impl Shown {
    fn of(finding: &Finding, expected: &[Expected], survey: &Survey<'_>) -> Self {
        let (id, shape) = (finding.setting.key.to_string(), &finding.setting.shape);
        let desired = finding.setting.desired.describe(shape);
        // What was applied by a hosttune that wrote down no more has its wish alone.
        let expected = expected.iter().find(|expected| expected.id == id);
        let layers = finding.layers.iter().map(|layer| ShownAt {
            layer: layer.layer,
            expected: match expected {
                Some(expected) => expected.at(layer.layer).map(str::to_owned),
                None => Some(desired.clone()),
            },
            seen: layer.observed.describe(shape),
            source: layer.source.clone(),
            verdict: layer.verdict,
        });
        let suppressed = survey.suppressions.of(finding);
        let notes = finding.layers.iter().filter_map(|layer| layer.note.clone());
        Self {
            layers: layers.collect(),
            verdict: finding.verdict,
            notes: notes.collect(),
            fix: finding.fix.clone(),
            suppressed: suppressed.map(|by| by.reason.clone()),
            id,
            desired,
        }
    }

    /// Whether it is neither as wanted nor answered for.
    pub(crate) fn is_open(&self) -> bool {
        let fine = matches!(self.verdict, Verdict::Met | Verdict::NotApplicable);
        !fine && self.suppressed.is_none()
    }

    /// Whether it is as wanted, with another value than was read back after the apply. Where that is not
    /// known, the wish stands for it.
    pub(crate) fn differs(&self) -> bool {
        let decisive = self.decisive().filter(|_| self.verdict == Verdict::Met);
        decisive.is_some_and(|layer| {
            let read_back = layer.expected.as_ref().filter(|it| **it != self.desired);
            read_back.is_some_and(|it| *it != layer.seen)
        })
    }

    /// The look that decides: of several that are as bad, the one nearest to the workload.
    pub(crate) fn decisive(&self) -> Option<&ShownAt> {
        let mut nearest_first = self.layers.iter().rev();
        nearest_first.find(|layer| layer.verdict == self.verdict)
    }
}

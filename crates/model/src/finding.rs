//! A finding: one setting, every layer it was looked at, and the worst of their verdicts.

use crate::Observed;
use serde::{Deserialize, Serialize};

/// How near to the workload a look was, farthest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// The file that keeps the value.
    Stored,
    /// What the next boot will load.
    NextBoot,
    /// The running kernel.
    Running,
    /// systemd's idea of the unit: what its next start gets.
    Unit,
    /// The running process or its cgroup.
    Process,
    /// Inside a container.
    Container,
}

impl Layer {
    /// The layer's name in text and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::NextBoot => "next-boot",
            Self::Running => "running",
            Self::Unit => "unit",
            Self::Process => "process",
            Self::Container => "container",
        }
    }
}

/// What a finding comes to; the order is from best to worst, for taking the worst of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The question does not arise on this host.
    NotApplicable,
    /// As wanted.
    Met,
    /// Could not be told.
    Unknown,
    /// Will be as wanted after something that has not happened yet.
    Pending,
    /// Not as wanted.
    Drifted,
}

impl Verdict {
    /// The verdict's name in text and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotApplicable => "not-applicable",
            Self::Met => "met",
            Self::Unknown => "unknown",
            Self::Pending => "pending",
            Self::Drifted => "drifted",
        }
    }
}

/// A line that speaks about a setting and does not decide it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overruled {
    /// Where it stands: `path:line`.
    pub source: String,
    /// What it says; a line that takes something back says so in words.
    pub value: String,
    /// The rule by which it does not count, with the place that beats it.
    pub rule: String,
}

impl Overruled {
    /// A line at `source` that says `value` and loses by `rule`.
    pub fn new(
        source: impl Into<String>,
        value: impl Into<String>,
        rule: impl Into<String>,
    ) -> Self {
        Self {
            source: source.into(),
            value: value.into(),
            rule: rule.into(),
        }
    }
}

/// One look at one layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerFinding {
    /// The layer.
    pub layer: Layer,
    /// What was seen.
    pub observed: Observed,
    /// Where it was seen: `path:line`, a path, or a property.
    pub source: String,
    /// What this look comes to.
    pub verdict: Verdict,
    /// A sentence, where the verdict needs one: what it waits for, or what overrides it.
    pub note: Option<String>,
    /// What makes it as wanted, where no apply does.
    pub fix: Option<String>,
    /// The lines that speak about it too and do not count.
    pub overruled: Vec<Overruled>,
}

/// A setting, its looks, and the worst of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The setting looked for.
    pub setting: crate::Setting,
    /// The worst verdict of its layers.
    pub verdict: Verdict,
    /// Every look, farthest from the workload first.
    pub layers: Vec<LayerFinding>,
    /// What to do about it.
    pub fix: Option<String>,
}

impl Finding {
    /// The look at one layer, if that layer was looked at.
    pub fn layer(&self, layer: Layer) -> Option<&LayerFinding> {
        self.layers.iter().find(|l| l.layer == layer)
    }
}

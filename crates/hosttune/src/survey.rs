//! A survey: what a look at a host found, rules included, and what of it the profile suppresses.

use crate::sources::Loaded;
use model::{Finding, Host, Probe, Verdict};
use settings::{Memo, RuleFinding, Suppression, Suppressions};

/// Findings with what they come to.
pub(crate) struct Survey<'a> {
    /// One a setting.
    pub(crate) findings: Vec<Finding>,
    /// The rules that do not simply hold.
    pub(crate) rules: Vec<RuleFinding>,
    /// What does not count.
    pub(crate) suppressions: &'a Suppressions,
}

impl<'a> Survey<'a> {
    /// Looks at everything that the profile says.
    pub(crate) fn of(host: &dyn Host, loaded: &'a Loaded) -> Self {
        Self::with(host, loaded, None)
    }

    /// The same, with what was seen in a container made for it.
    pub(crate) fn with(host: &dyn Host, loaded: &'a Loaded, probe: Option<&Probe>) -> Self {
        let (settings, memo) = (&loaded.profile.settings, Memo::new(host));
        Self {
            findings: settings::check_with(&memo, settings, probe),
            rules: settings::rules(Some(&memo), settings),
            suppressions: &loaded.suppressions,
        }
    }

    /// Nothing looked at.
    pub(crate) fn empty(suppressions: &'a Suppressions) -> Self {
        Self {
            findings: Vec::new(),
            rules: Vec::new(),
            suppressions,
        }
    }

    /// Settings alone, as an apply reads them back.
    pub(crate) fn of_settings(findings: Vec<Finding>, loaded: &'a Loaded) -> Self {
        Self {
            findings,
            rules: Vec::new(),
            suppressions: &loaded.suppressions,
        }
    }

    /// The worst of what counts. Nothing asked for is met.
    pub(crate) fn verdict(&self) -> Verdict {
        let findings = self.counting().map(|finding| finding.verdict);
        let rules = self.counting_rules().map(|finding| finding.verdict);
        let worst = findings.chain(rules).max();
        worst.map_or(Verdict::Met, |worst| worst.max(Verdict::Met))
    }

    /// The findings that no suppression names.
    pub(crate) fn counting(&self) -> impl Iterator<Item = &Finding> {
        let counts = |finding: &&Finding| self.suppressions.of(finding).is_none();
        self.findings.iter().filter(counts)
    }

    /// The same of rules.
    pub(crate) fn counting_rules(&self) -> impl Iterator<Item = &RuleFinding> {
        let counts = |finding: &&RuleFinding| self.suppressions.of_rule(finding).is_none();
        self.rules.iter().filter(counts)
    }

    /// How many findings, rules included, are suppressed.
    pub(crate) fn suppressed(&self) -> usize {
        let all = self.findings.len() + self.rules.len();
        all - self.counting().count() - self.counting_rules().count()
    }

    /// Suppressions that suppress nothing, in words.
    pub(crate) fn notes(&self) -> Vec<String> {
        let told = |idle: &Suppression| {
            format!(
                "[suppress {}] {} at {} suppresses nothing: the finding is met",
                idle.kind, idle.name, idle.span
            )
        };
        let idle = self.suppressions.idle(&self.findings, &self.rules);
        idle.map(told).collect()
    }
}

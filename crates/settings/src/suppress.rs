//! `[suppress KIND]`: findings that the profile's author knows and answers for, each with a reason.

use crate::rules::{RULES, RuleFinding};
use crate::{KINDS, Kind};
use model::{Entry, Finding, Rejection, Setting, Span, Verdict, nearest};
use std::fmt;

/// The section's first word.
pub const SUPPRESS: &str = "suppress";

/// The kind of suppressions of rules, beside the kinds of settings.
const RULE: &str = "rule";

/// One finding that does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The kind of the setting, or `rule`.
    pub kind: String,
    /// The name of the setting, or the id of the rule.
    pub name: String,
    /// Why it does not count.
    pub reason: String,
    /// Where the profile says so.
    pub span: Span,
}

impl fmt::Display for Suppression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.reason, self.span)
    }
}

/// All suppressions of a profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suppressions(Vec<Suppression>);

impl Suppressions {
    /// Reads the entries of `[suppress KIND]`; of several for one finding the last wins.
    pub fn parse(entries: &[Entry], settings: &[Setting]) -> Result<Self, Vec<Rejection>> {
        let mut list: Vec<Suppression> = Vec::new();
        let mut rejections = Vec::new();
        for entry in entries.iter().filter(|entry| entry.kind == SUPPRESS) {
            match read(entry, settings) {
                Ok(read) => {
                    list.retain(|there| (&there.kind, &there.name) != (&read.kind, &read.name));
                    list.push(read);
                }
                Err(rejection) => rejections.push(rejection),
            }
        }
        match rejections.is_empty() {
            true => Ok(Self(list)),
            false => Err(rejections),
        }
    }

    /// What suppresses a finding; one that is met needs nothing.
    pub fn of(&self, finding: &Finding) -> Option<&Suppression> {
        let key = &finding.setting.key;
        self.find(finding.verdict, key.kind, &key.name)
    }

    /// What suppresses a rule's finding.
    pub fn of_rule(&self, finding: &RuleFinding) -> Option<&Suppression> {
        self.find(finding.verdict, RULE, finding.id)
    }

    fn find(&self, verdict: Verdict, kind: &str, name: &str) -> Option<&Suppression> {
        let is = |one: &&Suppression| one.kind == kind && one.name == name;
        let counts = verdict > Verdict::Met;
        self.0.iter().find(is).filter(|_| counts)
    }

    /// Those that suppress none of these findings.
    pub fn idle<'a>(
        &'a self,
        findings: &'a [Finding],
        rules: &'a [RuleFinding],
    ) -> impl Iterator<Item = &'a Suppression> {
        self.0.iter().filter(move |one| {
            let is = |by: Option<&Suppression>| by == Some(*one);
            !findings.iter().any(|finding| is(self.of(finding)))
                && !rules.iter().any(|finding| is(self.of_rule(finding)))
        })
    }
}

fn read(entry: &Entry, settings: &[Setting]) -> Result<Suppression, Rejection> {
    let kind = entry.name.as_deref().unwrap_or_default();
    let names: Vec<&str> = match kind {
        RULE => RULES.iter().map(|rule| rule.id).collect(),
        _ if KINDS.iter().any(|known| known.section() == kind) => settings
            .iter()
            .filter(|setting| setting.key.kind == kind)
            .map(|setting| setting.key.name.as_str())
            .collect(),
        _ => return Err(unknown_kind(entry, kind)),
    };
    if !names.contains(&entry.key.as_str()) {
        return Err(unknown_name(entry, kind, &names));
    }
    if !entry.value.chars().any(char::is_alphanumeric) {
        let message = format!("no reason to suppress {kind}:{}", entry.key);
        return Err(Rejection::new(&entry.span, message).help("say why it does not count here"));
    }
    Ok(Suppression {
        kind: kind.to_owned(),
        name: entry.key.clone(),
        reason: entry.value.clone(),
        span: entry.span.clone(),
    })
}

fn unknown_kind(entry: &Entry, kind: &str) -> Rejection {
    let known = || KINDS.iter().copied().map(Kind::section).chain([RULE]);
    let rejection = Rejection::new(&entry.span, format!("[suppress {kind}]: no kind `{kind}`"));
    rejection.help(match nearest(kind, known()) {
        Some(near) => format!("did you mean `[suppress {near}]`?"),
        None => format!("the kinds are {}", known().collect::<Vec<_>>().join(", ")),
    })
}

fn unknown_name(entry: &Entry, kind: &str, names: &[&str]) -> Rejection {
    let name = &entry.key;
    let message = match kind {
        RULE => format!("no rule `{name}` to suppress"),
        _ => format!("nothing to suppress: this profile does not set {kind}:{name}"),
    };
    let rejection = Rejection::new(&entry.span, message);
    match (nearest(name, names.iter().copied()), kind) {
        (Some(near), _) => rejection.help(format!("did you mean `{near}`?")),
        (None, RULE) => rejection.help(format!("the rules are {}", names.join(", "))),
        (None, _) => {
            rejection.help("write the name as `hosttune check` shows it, without the kind")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: &str, name: Option<&str>, line: usize, key: &str, value: &str) -> Entry {
        Entry {
            kind: kind.to_owned(),
            name: name.map(str::to_owned),
            key: key.to_owned(),
            value: value.to_owned(),
            reason: None,
            span: Span::new("p.ini", line),
        }
    }

    fn suppress(kind: &str, line: usize, key: &str, value: &str) -> Entry {
        entry(SUPPRESS, Some(kind), line, key, value)
    }

    fn parse(entries: &[Entry]) -> Result<Suppressions, Vec<Rejection>> {
        Suppressions::parse(entries, &crate::parse(entries).unwrap())
    }

    #[test]
    fn what_is_not_there_and_what_has_no_reason_is_refused() {
        let told = parse(&[
            entry("sysctl", None, 2, "vm.swappiness", "5"),
            suppress("sysctl", 4, "vm.swapiness", "r"),
            suppress("sysctl", 5, "kernel.pid_max", "r"),
            suppress("rule", 6, "nofile-nropen", "r"),
            suppress("sysctll", 7, "x", "r"),
            suppress("sysctl", 8, "vm.swappiness", "-"),
        ])
        .unwrap_err();
        let told: Vec<String> = told
            .iter()
            .map(|r| format!("{r} / {}", r.help.as_deref().unwrap()))
            .collect();
        assert_eq!(
            told,
            [
                "p.ini:4: nothing to suppress: this profile does not set sysctl:vm.swapiness / did you mean `vm.swappiness`?",
                "p.ini:5: nothing to suppress: this profile does not set sysctl:kernel.pid_max / write the name as `hosttune check` shows it, without the kind",
                "p.ini:6: no rule `nofile-nropen` to suppress / did you mean `nofile-nr-open`?",
                "p.ini:7: [suppress sysctll]: no kind `sysctll` / did you mean `[suppress sysctl]`?",
                "p.ini:8: no reason to suppress sysctl:vm.swappiness / say why it does not count here",
            ]
        );
    }

    #[test]
    fn what_is_met_leaves_its_suppression_idle() {
        let entries = [
            entry("sysctl", None, 2, "vm.swappiness", "5"),
            entry("sysctl", None, 3, "vm.overcommit_memory", "2"),
            suppress("sysctl", 5, "vm.swappiness", "as the tests need it"),
            suppress("rule", 7, "overcommit-go", "no container here"),
        ];
        let settings = crate::parse(&entries).unwrap();
        let all = Suppressions::parse(&entries, &settings).unwrap();
        let rules = crate::rules(None, &settings);
        let host = |value| {
            testkit::FakeHost::new()
                .file("/proc/sys/vm/swappiness", value)
                .file("/etc/sysctl.d/1.conf", "vm.swappiness=5\n")
        };
        let drifted = crate::check(&host("60\n"), &settings[..1]);
        let by = all.of(&drifted[0]).unwrap();
        assert_eq!(by.to_string(), "as the tests need it (p.ini:5)");
        assert_eq!(all.idle(&drifted, &rules).count(), 0);
        let met = crate::check(&host("5\n"), &settings[..1]);
        assert_eq!(all.of(&met[0]), None);
        let idle: Vec<_> = all.idle(&met, &rules).map(|one| &one.name).collect();
        assert_eq!(idle, ["vm.swappiness"]);
    }
}

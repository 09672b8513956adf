//! Lint: what can be said of a profile's settings without a host.

use crate::kinds::module_of;
use crate::no_capacity;
use crate::rules::rules;
use crate::suppress::Suppressions;
use model::{Key, Setting, Span, Verdict};

/// One thing said about settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// A stable word for it.
    pub id: String,
    /// The sentence.
    pub message: String,
    /// The settings it is about.
    pub keys: Vec<Key>,
    /// Where they stand.
    pub spans: Vec<Span>,
    /// What to do.
    pub help: Option<String>,
}

/// What is said of a profile's settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Linted {
    /// What is wrong with the settings as they stand together.
    pub findings: Vec<Remark>,
    /// What is worth knowing and not wrong, suppressed findings among it.
    pub notes: Vec<Remark>,
}

/// Everything that the profile alone tells.
pub fn lint(settings: &[Setting], suppressions: &Suppressions) -> Linted {
    let mut linted = Linted {
        findings: modules(settings),
        notes: Vec::new(),
    };
    for finding in rules(None, settings) {
        let suppressed = suppressions.of_rule(&finding);
        let broken = finding.verdict == Verdict::Drifted && suppressed.is_none();
        let suppressed = suppressed.map_or_else(String::new, |by| format!("; suppressed: {by}"));
        let remark = Remark {
            id: format!("rule-{}", finding.id),
            message: format!("{}{suppressed}", finding.message),
            keys: finding.keys,
            spans: finding.spans,
            help: finding.help,
        };
        match broken {
            true => linted.findings.push(remark),
            false => linted.notes.push(remark),
        }
    }
    linted.notes.extend(settings.iter().filter_map(no_capacity));
    linted
}

/// A setting that lets no further container start, and why.
fn no_capacity(setting: &Setting) -> Option<Remark> {
    let why = no_capacity::raises_no_capacity(&setting.key)?;
    Some(Remark {
        id: "no-capacity".to_owned(),
        message: format!("{} raises no container capacity: {why}", setting.key),
        keys: vec![setting.key.clone()],
        spans: vec![setting.span.clone()],
        help: None,
    })
}

/// A key that a module brings is not there at boot when sysctl.d is read, unless modules-load.d
/// names the module, which is read first (systemd-sysctl.service(8)).
fn modules(settings: &[Setting]) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = Vec::new();
    for setting in settings.iter().filter(|s| s.key.kind == "sysctl") {
        let Some(module) = module_of(&setting.key.name) else {
            continue;
        };
        let is_loaded = |s: &Setting| s.key.kind == "module" && s.key.name == module;
        if settings.iter().any(is_loaded) {
            continue;
        }
        let help = format!("add `{module} = loaded` to a section [module]");
        match remarks.iter_mut().find(|r| r.help.as_ref() == Some(&help)) {
            Some(remark) => {
                remark.keys.push(setting.key.clone());
                remark.spans.push(setting.span.clone());
            }
            None => remarks.push(Remark {
                id: "module-missing".to_owned(),
                message: format!(
                    "{} exists only while the module {module} is loaded, which the profile does not ask for: at boot the value would be lost",
                    setting.key
                ),
                keys: vec![setting.key.clone()],
                spans: vec![setting.span.clone()],
                help: Some(help),
            }),
        }
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Entry;

    fn settings(entries: &[(&str, &str, &str)]) -> Vec<Setting> {
        let entries = entries.iter().map(|(kind, key, value)| Entry {
            kind: (*kind).to_owned(),
            name: None,
            key: (*key).to_owned(),
            value: (*value).to_owned(),
            reason: None,
            span: Span::new("p", 3),
        });
        crate::parse(&entries.collect::<Vec<_>>()).unwrap()
    }

    fn said(entries: &[(&str, &str, &str)]) -> Linted {
        lint(&settings(entries), &Suppressions::default())
    }

    #[test]
    fn a_key_of_a_module_that_nobody_loads_is_found_once() {
        let max = ("sysctl", "net.netfilter.nf_conntrack_max", "5");
        let buckets = ("sysctl", "net.netfilter.nf_conntrack_buckets", "5");
        let found = said(&[max, buckets]).findings;
        assert_eq!(found[0].id, "module-missing");
        assert_eq!((found.len(), found[0].keys.len()), (1, 2));
        let loaded = ("module", "nf-conntrack", "loaded");
        assert_eq!(said(&[max, loaded]).findings, []);
    }

    #[test]
    fn rules_speak_without_a_host_and_what_raises_no_capacity_is_a_note() {
        let linted = said(&[
            ("sysctl", "net.core.somaxconn", "81920"),
            ("sysctl", "net.ipv4.neigh.default.gc_thresh1", "exact 20"),
            ("sysctl", "net.ipv4.neigh.default.gc_thresh2", "exact 10"),
        ]);
        assert!(
            linted
                .findings
                .iter()
                .any(|f| f.id == "rule-neigh-thresholds"),
            "{linted:#?}"
        );
        let notes = linted.notes.iter().filter(|note| note.id == "no-capacity");
        let notes: Vec<&str> = notes.map(|note| note.message.as_str()).collect();
        assert_eq!(notes.len(), 1);
        assert!(notes[0].starts_with("sysctl:net.core.somaxconn raises no container capacity: "));
    }
}

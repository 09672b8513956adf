//! The rules: relations between values that must hold together, one file each, and the table that
//! says they exist.

mod address_pools;
mod backlog_ports;
mod conntrack_buckets;
mod dbus_connections;
mod fault;
mod keys_bytes;
mod live_restore;
mod log_compression;
mod lowers_ceiling;
mod memory_order;
mod neigh_thresholds;
mod nofile;
mod nr_open;
mod overcommit;
mod pipe_pages;
mod pools;
mod pty_reserve;
mod same_variable;
mod syn_backlog;
mod tasks_reach;
mod tcp_mem;
mod threads_pid_max;
mod view;

use crate::plan::Profile;
use crate::suppress::Suppressions;
use fault::Fault;
use model::{Host, Key, Rejection, Setting, Span, Verdict};
use view::View;

/// Every rule, in the order of its findings.
pub const RULES: &[Rule] = &[
    nofile::RULE,
    nr_open::RULE,
    tasks_reach::RULE,
    threads_pid_max::RULE,
    neigh_thresholds::RULE,
    backlog_ports::RULE,
    conntrack_buckets::RULE,
    syn_backlog::RULE,
    tcp_mem::RULE,
    keys_bytes::RULE,
    pipe_pages::RULE,
    pty_reserve::RULE,
    same_variable::RULE,
    overcommit::RULE,
    memory_order::RULE,
    dbus_connections::RULE,
    address_pools::RULE,
    live_restore::RULE,
    log_compression::RULE,
    lowers_ceiling::RULE,
];

/// A relation between values; it speaks only where the profile sets one of them.
pub struct Rule {
    /// Its name in profiles (`[suppress rule]`) and documents.
    pub id: &'static str,
    /// The relation in one sentence.
    pub summary: &'static str,
    /// Where the relation comes from.
    pub source: &'static str,
    judge: fn(&View<'_>) -> Vec<Fault>,
}

/// A rule that does not hold, or of which it cannot be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFinding {
    /// The rule.
    pub id: &'static str,
    /// `Drifted`: broken. `Unknown`: a side cannot be read. `Met`: nothing breaks, but a value comes to
    /// less than it says, which is worth a note.
    pub verdict: Verdict,
    /// What does not go together: lower case, no full stop.
    pub message: String,
    /// The settings concerned, whether the profile has them or only the host.
    pub keys: Vec<Key>,
    /// Where the profile sets them.
    pub spans: Vec<Span>,
    /// What to do about it.
    pub help: Option<String>,
    /// Whether an apply that would bring it about is refused.
    pub refuses: bool,
    /// Where the relation comes from.
    pub source: &'static str,
}

/// Holds the settings against every rule: with a host by what it has and will have, without one by
/// the profile's own values only.
pub fn rules(host: Option<&dyn Host>, settings: &[Setting]) -> Vec<RuleFinding> {
    let view = View::new(host, settings);
    RULES
        .iter()
        .flat_map(|rule| {
            let faults = (rule.judge)(&view);
            faults.into_iter().map(|fault| fault.of(rule))
        })
        .collect()
}

impl RuleFinding {
    /// The refusal of a profile that would bring it about. A suppression silences a report; it does
    /// not make the host take what it cannot.
    pub(crate) fn rejection(&self) -> Option<Rejection> {
        let span = self.spans.first().filter(|_| self.refuses)?;
        let message = format!("{} (rule {})", self.message, self.id);
        Some(Rejection {
            help: self.help.clone(),
            ..Rejection::new(span, message)
        })
    }
}

/// What a plan says of the rules: the broken ones, those that cannot be told, and the suppressed too.
pub(crate) fn warnings(found: &[RuleFinding], profile: &Profile) -> Vec<String> {
    // Mistakes in the section have been refused where the profile was read.
    let suppressions = Suppressions::parse(&profile.entries, &profile.settings).unwrap_or_default();
    found
        .iter()
        .filter(|finding| finding.verdict > Verdict::Met)
        .map(|finding| {
            let suppressed = suppressions
                .of_rule(finding)
                .map_or_else(String::new, |by| format!("; suppressed: {by}"));
            format!("{} (rule {}){suppressed}", finding.message, finding.id)
        })
        .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use model::{Desired, Entry, Shape, Value};

    /// Settings as a profile says them, of kinds that can be parsed.
    pub(crate) fn settings(lines: &[(&str, &str)]) -> Vec<Setting> {
        let entries: Vec<Entry> = lines
            .iter()
            .enumerate()
            .map(|(index, (key, value))| {
                let (name, key) = match key.rsplit_once(".service/") {
                    Some((unit, key)) => (Some(format!("{unit}.service")), key),
                    None => (None, *key),
                };
                Entry {
                    kind: name.as_ref().map_or("sysctl", |_| "unit").to_owned(),
                    name,
                    key: key.to_owned(),
                    value: (*value).to_owned(),
                    reason: None,
                    span: Span::new("p.ini", index + 2),
                }
            })
            .collect();
        crate::parse(&entries).unwrap()
    }

    /// A setting of any kind.
    pub(crate) fn setting(kind: &'static str, name: &str, value: Value, shape: Shape) -> Setting {
        Setting {
            key: Key::new(kind, name),
            desired: Desired::Exact(value),
            shape,
            optional: false,
            reason: None,
            span: Span::new("p.ini", 9),
        }
    }

    /// A setting of text.
    pub(crate) fn text(kind: &'static str, name: &str, value: &str) -> Setting {
        setting(kind, name, Value::words(value), Shape::TEXT)
    }

    /// A setting of numbers.
    pub(crate) fn number(kind: &'static str, name: &str, shape: Shape, value: &str) -> Setting {
        setting(kind, name, shape.observe(value).unwrap(), shape)
    }

    /// The findings of one rule.
    pub(crate) fn told(id: &str, host: Option<&dyn Host>, settings: &[Setting]) -> Vec<String> {
        rules(host, settings)
            .into_iter()
            .filter(|finding| finding.id == id)
            .map(|finding| format!("{}: {}", finding.verdict.name(), finding.message))
            .collect()
    }

    #[test]
    fn ids_are_plain_words_and_each_rule_says_what_it_knows() {
        for rule in RULES {
            let plain = |c: char| c.is_ascii_lowercase() || c == '-';
            assert!(rule.id.chars().all(plain), "{}", rule.id);
            assert_eq!(RULES.iter().filter(|r| r.id == rule.id).count(), 1);
            assert!(rule.summary.contains(' ') && !rule.summary.ends_with('.'));
            assert!(!rule.source.is_empty());
        }
    }

    #[test]
    fn a_profile_that_sets_nothing_hears_nothing() {
        let host = testkit::FakeHost::new()
            .file("/proc/sys/kernel/pid_max", "32768\n")
            .file("/proc/sys/kernel/threads-max", "60000\n")
            .file("/proc/sys/vm/overcommit_memory", "2\n");
        assert_eq!(rules(Some(&host), &[]), []);
    }
}

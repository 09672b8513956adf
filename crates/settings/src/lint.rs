//! Lint: what can be said of a profile's settings without a host.

use crate::kinds::module_of;
use crate::no_capacity;
use model::{Key, Setting, Span};

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

/// What is wrong with the settings as they stand together.
pub fn lint(settings: &[Setting]) -> Vec<Remark> {
    modules(settings)
}

/// What is worth knowing and not wrong: settings that raise no container capacity, and why.
pub fn notes(settings: &[Setting]) -> Vec<Remark> {
    let note = |setting: &Setting| {
        let why = no_capacity::why(&setting.key)?;
        Some(Remark {
            id: "no-capacity".to_owned(),
            message: format!("{} raises no container capacity: {why}", setting.key),
            keys: vec![setting.key.clone()],
            spans: vec![setting.span.clone()],
            help: None,
        })
    };
    settings.iter().filter_map(note).collect()
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

    #[test]
    fn a_key_of_a_module_that_nobody_loads_is_found_once() {
        let max = ("sysctl", "net.netfilter.nf_conntrack_max", "5");
        let buckets = ("sysctl", "net.netfilter.nf_conntrack_buckets", "5");
        let found = lint(&settings(&[max, buckets]));
        assert_eq!((found.len(), found[0].keys.len()), (1, 2));
        let loaded = ("module", "nf-conntrack", "loaded");
        assert_eq!(lint(&settings(&[max, loaded])), []);
    }

    #[test]
    fn what_raises_no_capacity_is_a_note() {
        let found = notes(&settings(&[
            ("sysctl", "net.core.somaxconn", "81920"),
            ("sysctl", "fs.inotify.max_user_instances", "8192"),
        ]));
        assert_eq!(found.len(), 1);
        assert!(
            found[0]
                .message
                .contains("sysctl:net.core.somaxconn raises no container capacity: ")
        );
    }
}

//! Check: each setting against every layer; the finding is the worst of them.

use crate::kinds::{Look, Looked, kind_of};
use crate::next_boot::NextBoot;
use model::{
    Finding, Host, Layer, LayerFinding, Observed, Probe, Rejection, Scope, Setting, Verdict,
};

/// Looks at every setting on every layer.
pub fn check(host: &dyn Host, settings: &[Setting]) -> Vec<Finding> {
    check_with(host, settings, None)
}

/// The same, with what a container made for the look has of it.
pub fn check_with(host: &dyn Host, settings: &[Setting], probe: Option<&Probe>) -> Vec<Finding> {
    expect_units(host, settings);
    let boot = NextBoot::of(host);
    settings
        .iter()
        .map(|setting| {
            let kind = kind_of(setting);
            let mut looks = kind.observe(host, setting);
            if let Some(look) = kind.next_boot(&boot, setting, &looks) {
                let nearer = |look: &Look| look.layer > Layer::NextBoot;
                let at = looks.iter().position(nearer).unwrap_or(looks.len());
                looks.insert(at, look);
            }
            if host.scope() == Scope::Live {
                let at = Looked {
                    host,
                    setting,
                    looks: &looks,
                    thorough: probe.is_some(),
                };
                let mut nearer = kind.workloads(&at);
                nearer.extend(probe.and_then(|probe| kind.container(&at, probe)));
                looks.extend(nearer);
            }
            judge(host, setting, looks)
        })
        .collect()
}

/// Refuses a profile whose keys this host shows to be slips of the pen: nothing can be said about
/// a key that the kernel has never heard of.
pub fn refuse(
    host: &dyn Host,
    settings: &[Setting],
    findings: &[Finding],
) -> Result<(), Vec<Rejection>> {
    // Only what is nowhere can be a slip; a file tree has no kernel to show it.
    let absent = |finding: &&Finding| match finding.layer(Layer::Running) {
        Some(layer) => layer.observed == Observed::Absent,
        None => host.scope() == Scope::Tree,
    };
    let mut rejections: Vec<Rejection> = findings
        .iter()
        .filter(absent)
        .filter_map(|finding| settings.iter().find(|s| s.key == finding.setting.key))
        .filter_map(|setting| {
            let kind = kind_of(setting);
            kind.refuse(host, setting, &kind.observe(host, setting))
        })
        .collect();
    rejections.dedup();
    match rejections.is_empty() {
        true => Ok(()),
        false => Err(rejections),
    }
}

/// Names all units beforehand, so that the bus is asked once for all of them.
pub(crate) fn expect_units(host: &dyn Host, settings: &[Setting]) {
    let mut units: Vec<&str> = settings
        .iter()
        .filter_map(|setting| kind_of(setting).unit(setting))
        .collect();
    units.sort_unstable();
    units.dedup();
    host.expect_units(&units);
}

fn judge(host: &dyn Host, setting: &Setting, looks: Vec<Look>) -> Finding {
    let layers: Vec<LayerFinding> = looks
        .into_iter()
        .map(|look| of_layer(setting, look))
        .collect();
    let verdict = layers
        .iter()
        .map(|layer| layer.verdict)
        .max()
        .unwrap_or(Verdict::Unknown);
    let fix = layers
        .iter()
        .find(|layer| layer.verdict == verdict)
        .and_then(|layer| fix(host, layer));
    Finding {
        setting: setting.clone(),
        verdict,
        layers,
        fix,
    }
}

pub(crate) fn of_layer(setting: &Setting, look: Look) -> LayerFinding {
    let (verdict, note) = match &look.observed {
        Observed::Value(value) if setting.desired.met_by(value, &setting.shape) => {
            (Verdict::Met, look.note)
        }
        Observed::Value(_) if look.proves => (Verdict::Met, look.note),
        Observed::Value(_) | Observed::Absent => match look.pending {
            Some(pending) => (Verdict::Pending, Some(format!("waits for {pending}"))),
            None => (Verdict::Drifted, look.note),
        },
        Observed::Unreadable(_) => (Verdict::Unknown, look.note),
        Observed::NotApplicable(_) => (Verdict::NotApplicable, look.note),
    };
    LayerFinding {
        layer: look.layer,
        observed: look.observed,
        source: look.source,
        verdict,
        note,
        fix: look.fix,
        overruled: look.overruled,
    }
}

fn fix(host: &dyn Host, layer: &LayerFinding) -> Option<String> {
    match (layer.verdict, &layer.fix, &layer.note) {
        (Verdict::Drifted | Verdict::Unknown, Some(fix), _) => Some(fix.clone()),
        (Verdict::Drifted, ..) => Some("hosttune apply".to_owned()),
        (Verdict::Pending, _, Some(note)) => Some(note.trim_start_matches("waits for ").to_owned()),
        (Verdict::Unknown, ..) if host.uid() != 0 && host.scope() == Scope::Live => {
            Some("run as root".to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Entry, Property, Span};
    use testkit::FakeHost;

    fn settings(lines: &[(&str, Option<&str>, &str, &str)]) -> Vec<Setting> {
        let entries: Vec<Entry> = lines
            .iter()
            .enumerate()
            .map(|(index, (kind, name, key, value))| Entry {
                kind: (*kind).to_owned(),
                name: name.map(str::to_owned),
                key: (*key).to_owned(),
                value: (*value).to_owned(),
                reason: None,
                span: Span::new("p.ini", index + 1),
            })
            .collect();
        crate::parse(&entries).unwrap()
    }

    fn verdicts(host: &FakeHost, wanted: &[Setting]) -> Vec<Verdict> {
        check(host, wanted).iter().map(|f| f.verdict).collect()
    }

    #[test]
    fn the_worst_layer_decides() {
        let wanted = settings(&[("sysctl", None, "vm.swappiness", "5")]);
        let host = FakeHost::new().file("/proc/sys/vm/swappiness", "5\n");
        assert_eq!(verdicts(&host, &wanted), [Verdict::Drifted]);
        let host = host.file("/etc/sysctl.d/1.conf", "vm.swappiness=5\n");
        assert_eq!(verdicts(&host, &wanted), [Verdict::Met]);
    }

    #[test]
    fn missing_and_unreadable_never_pass() {
        let wanted = settings(&[("sysctl", None, "vm.swappiness", "5")]);
        let stored = FakeHost::new().file("/etc/sysctl.d/1.conf", "vm.swappiness=5\n");
        assert_eq!(verdicts(&stored, &wanted), [Verdict::Drifted]);
        let denied = stored.denied("/proc/sys/vm/swappiness").user(1000);
        let found = check(&denied, &wanted);
        assert_eq!(found[0].verdict, Verdict::Unknown);
        assert_eq!(found[0].fix.as_deref(), Some("run as root"));
    }

    #[test]
    fn the_property_alone_is_no_proof() {
        let wanted = settings(&[("unit", Some("docker.service"), "TasksMax", "exact 5000")]);
        let host = FakeHost::new()
            .unit_with(
                "docker.service",
                &[
                    ("TasksMax", Property::Number(5000)),
                    (
                        "ControlGroup",
                        Property::Text("/system.slice/docker.service".to_owned()),
                    ),
                ],
            )
            .file(
                "/usr/lib/systemd/system/docker.service",
                "[Service]\nTasksMax=5000\n",
            )
            .file(
                "/sys/fs/cgroup/system.slice/docker.service/pids.max",
                "max\n",
            );
        assert_eq!(verdicts(&host, &wanted), [Verdict::Pending]);
    }

    #[test]
    fn a_unit_that_is_not_installed_is_counted_apart() {
        let wanted = settings(&[("unit", Some("x.service"), "TasksMax", "5")]);
        assert_eq!(
            verdicts(&FakeHost::new(), &wanted),
            [Verdict::NotApplicable]
        );
    }
}

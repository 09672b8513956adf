//! What the next boot must show: of each setting the wish, and what was read back at each layer right
//! after the apply.

use crate::kinds::kind_of;
use model::{Finding, Host, Layer, LayerFinding, Observed, Setting, Unit, Verdict};
use serde::{Deserialize, Serialize};

/// What the next boot must show of one setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// The setting, `kind:name`.
    pub id: String,
    /// The wish in words.
    pub desired: String,
    /// What was read back.
    pub layers: Vec<ReadBack>,
}

/// What was read back at one layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadBack {
    /// The layer.
    pub layer: Layer,
    /// The value; none where there was none, or where it could not be told.
    pub value: Option<String>,
    /// What it came to.
    pub verdict: Verdict,
    /// What it waited for, where it was not yet as wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<String>,
}

impl Expected {
    /// What `findings`, read back after an apply, let the next boot show.
    pub fn of(findings: &[Finding]) -> Vec<Self> {
        let one = |finding: &Finding| Self {
            id: finding.setting.key.to_string(),
            desired: finding.setting.desired.describe(&finding.setting.shape),
            layers: finding
                .layers
                .iter()
                .map(|layer| read_back(finding, layer))
                .collect(),
        };
        findings.iter().map(one).collect()
    }

    /// What a layer must show, in words: the value that was read back; the wish where the value was
    /// still to come. None where the question did not arise.
    pub fn at(&self, layer: Layer) -> Option<&str> {
        let known = self.layers.iter().find(|known| known.layer == layer);
        match known {
            Some(known) if known.verdict == Verdict::NotApplicable => None,
            Some(ReadBack {
                value: Some(value),
                verdict: Verdict::Met,
                ..
            }) => Some(value),
            _ => Some(&self.desired),
        }
    }

    fn showed(&self, layer: Layer) -> Option<&str> {
        let known = self.layers.iter().find(|known| known.layer == layer)?;
        known.value.as_deref()
    }
}

fn read_back(finding: &Finding, layer: &LayerFinding) -> ReadBack {
    let value = layer.observed.value();
    let waits = layer
        .note
        .clone()
        .filter(|_| layer.verdict == Verdict::Pending);
    ReadBack {
        layer: layer.layer,
        value: value.map(|value| finding.setting.shape.describe(value)),
        verdict: layer.verdict,
        waits,
    }
}

/// Holds what a boot shows to what was expected of it: a value that was there after the apply and that
/// nobody can look at now, because its daemon does not run, is not proved. What runs in containers
/// comes and goes with them, and a unit that waits for `ready`, reached once the boot is verified,
/// cannot run before.
pub fn hold(host: &dyn Host, ready: &str, expected: &[Expected], findings: &mut [Finding]) {
    for finding in findings {
        let id = finding.setting.key.to_string();
        let expected = expected.iter().find(|expected| expected.id == id);
        let Some(expected) = expected.filter(|_| !comes_later(host, ready, &finding.setting))
        else {
            continue;
        };
        for layer in &mut finding.layers {
            let (Observed::NotApplicable(why), Some(value)) =
                (&layer.observed, expected.showed(layer.layer))
            else {
                continue;
            };
            if layer.layer == Layer::Container {
                continue;
            }
            layer.observed = Observed::Unreadable(format!("{why}; after the apply it was {value}"));
            layer.verdict = Verdict::Unknown;
            finding.fix.get_or_insert_with(|| FIX.to_owned());
        }
        let worst = finding.layers.iter().map(|layer| layer.verdict).max();
        finding.verdict = worst.unwrap_or(Verdict::Unknown);
    }
}

/// Whether the setting's unit is still to come: it waits for `ready`, its start is queued, or it is a slice,
/// which is there as long as something runs in it (systemd.slice(5)).
fn comes_later(host: &dyn Host, ready: &str, setting: &Setting) -> bool {
    let Some(name) = kind_of(setting).unit(setting) else {
        return false;
    };
    let waits = |unit: &Unit| {
        // One that is being started again after a failure has a job too, and is activating.
        let has_job = unit.number("Job").is_some_and(|job| job > 0);
        let is_queued = has_job && unit.text("ActiveState") == Some("inactive");
        is_queued || unit.list("After").iter().any(|before| before == ready)
    };
    name.ends_with(".slice") || host.unit(name).is_ok_and(|unit| waits(&unit))
}

const FIX: &str = "bring back what was there then, or `hosttune revert` and apply again";

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Entry, Span};
    use testkit::FakeHost;

    const READY: &str = "hosttune-ready.target";
    const CGROUP: &str = "/sys/fs/cgroup/system.slice/docker.service/pids.max";

    fn wanted() -> Vec<model::Setting> {
        let entry = |kind: &str, name: Option<&str>, key: &str, value: &str, line| Entry {
            kind: kind.to_owned(),
            name: name.map(str::to_owned),
            key: key.to_owned(),
            value: value.to_owned(),
            reason: None,
            span: Span::new("p.ini", line),
        };
        crate::parse(&[
            entry("sysctl", None, "fs.file-max", "10", 1),
            entry("unit", Some("docker.service"), "TasksMax", "exact 5000", 2),
        ])
        .unwrap()
    }

    fn host(group: &str) -> FakeHost {
        let properties = [
            ("TasksMax", model::Property::Number(5000)),
            ("ControlGroup", model::Property::Text(group.to_owned())),
        ];
        FakeHost::new()
            .file("/etc/sysctl.d/1.conf", "fs.file-max=20\n")
            .file("/proc/sys/fs/file-max", "20\n")
            .unit_with("docker.service", &properties)
            .file(
                "/usr/lib/systemd/system/docker.service",
                "[Service]\nTasksMax=5000\n",
            )
            .file(CGROUP, "max\n")
    }

    #[test]
    fn what_was_read_back_is_expected_and_the_wish_where_it_was_still_to_come() {
        let wanted = wanted();
        let found = crate::check(&host("/system.slice/docker.service"), &wanted);
        let expected = Expected::of(&found);
        assert_eq!(expected[0].desired, "at least 10");
        assert_eq!(expected[0].at(Layer::Running), Some("20"));
        let process = expected[1].layers.last().unwrap();
        assert_eq!(process.value.as_deref(), Some("unlimited"));
        assert_eq!(process.verdict, Verdict::Pending);
        assert!(process.waits.as_deref().unwrap().contains("docker.service"));
        assert_eq!(expected[1].at(Layer::Process), Some("5000"));
        let text = serde_json::to_string(&expected).unwrap();
        let back: Vec<Expected> = serde_json::from_str(&text).unwrap();
        assert_eq!(back, expected);
    }

    #[test]
    fn what_was_there_and_cannot_be_looked_at_is_not_proved() {
        let wanted = wanted();
        let then = Expected::of(&crate::check(
            &host("/system.slice/docker.service"),
            &wanted,
        ));
        let mut now = crate::check(&host(""), &wanted);
        assert_eq!(now[1].verdict, Verdict::Met);
        hold(&host(""), READY, &then, &mut now);
        assert_eq!(now[1].verdict, Verdict::Unknown);
        let process = now[1].layers.last().unwrap();
        let said = process.observed.describe(&now[1].setting.shape);
        assert!(
            said.contains("docker.service does not run; after the apply it was unlimited"),
            "{said}"
        );
        assert!(now[1].fix.is_some());
        assert_eq!(now[0].verdict, Verdict::Met);
    }

    #[test]
    fn what_did_not_arise_then_need_not_now() {
        let wanted = wanted();
        let then = Expected::of(&crate::check(&host(""), &wanted));
        assert_eq!(then[1].at(Layer::Process), None);
        let mut now = crate::check(&host(""), &wanted);
        hold(&host(""), READY, &then, &mut now);
        assert_eq!(now[1].verdict, Verdict::Met);
    }

    #[test]
    fn what_waits_for_the_boot_to_be_verified_cannot_run_before() {
        let wanted = wanted();
        let running = host("/system.slice/docker.service");
        let then = Expected::of(&crate::check(&running, &wanted));
        let after = model::Property::List(vec![READY.to_owned()]);
        let job = model::Property::Number(7);
        for (name, value, state, verdict) in [
            ("After", after, "inactive", Verdict::Met),
            ("Job", job.clone(), "inactive", Verdict::Met),
            ("Job", job, "activating", Verdict::Unknown),
        ] {
            let waits = host("").unit_with(
                "docker.service",
                &[
                    ("TasksMax", model::Property::Number(5000)),
                    ("ControlGroup", model::Property::Text(String::new())),
                    ("ActiveState", model::Property::Text(state.to_owned())),
                    (name, value),
                ],
            );
            let mut now = crate::check(&waits, &wanted);
            hold(&waits, READY, &then, &mut now);
            assert_eq!(now[1].verdict, verdict, "{name} {state}");
        }
    }
}

//! A ceiling is not set below what the host has or the distribution set.

use super::Rule;
use super::fault::Fault;
use super::view::View;
use crate::kinds::sysctl_reading;
use model::{Boot, Desired, Layer, Setting, Shape, Value};

pub(super) const RULE: Rule = Rule {
    id: "lowers-ceiling",
    summary: "an `exact` or `at most` value of a ceiling is not below what the host has now, or what a file of the distribution below /usr sets",
    source: "sysctl.d(5): /usr/lib is the distribution's, /etc the operator's",
    judge,
};

fn judge(view: &View<'_>) -> Vec<Fault> {
    let bounded = view
        .settings
        .iter()
        .filter(|setting| setting.shape.ceiling && !matches!(setting.desired, Desired::AtLeast(_)));
    bounded
        .filter_map(|setting| {
            let (value, place) = distributed(view, setting).or_else(|| held(view, setting))?;
            let side = view.of(setting);
            let shape = &setting.shape;
            let message = format!(
                "{}: {} lowers the {} at {place}",
                setting.key,
                setting.desired.describe(shape),
                shape.describe(&value),
            );
            Some(Fault::broken(&[&side], message).help(
                "write `at least`, which takes nothing away, or suppress rule lowers-ceiling with the reason",
            ))
        })
        .collect()
}

/// What is there now and is more.
fn held(view: &View<'_>, setting: &Setting) -> Option<(Value, String)> {
    let looks = view.looks(setting);
    let mut looks = looks
        .into_iter()
        .filter(|look| look.layer != Layer::Stored && !look.proves);
    looks.find_map(|look| {
        let value = look.observed.value()?;
        is_lowered(setting, value).then(|| (value.clone(), look.source.clone()))
    })
}

/// What the distribution's files say and is more; the last of them is the one that would hold.
fn distributed(view: &View<'_>, setting: &Setting) -> Option<(Value, String)> {
    if setting.key.kind != "sysctl" {
        return None;
    }
    let stored = sysctl_reading(view.host()?, &setting.key.name, Boot::This);
    let mut files = stored.said.into_iter().rev();
    let last = files.find(|assignment| assignment.span.file.starts_with("/usr/"))?;
    let value = setting.shape.observe(&last.value).ok()?;
    is_lowered(setting, &value).then(|| (value, last.span.to_string()))
}

/// Whether the value to come falls short of `there`.
fn is_lowered(setting: &Setting, there: &Value) -> bool {
    let shape: &Shape = &setting.shape;
    let to_come = setting.desired.target(Some(there), shape);
    match there {
        Value::Numbers(numbers) => !Desired::AtLeast(numbers.clone()).met_by(&to_come, shape),
        Value::Text(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{settings, told};
    use super::RULE;
    use testkit::FakeHost;

    #[test]
    fn what_runs_and_what_the_distribution_stores_are_not_lowered() {
        let host = FakeHost::new()
            .file("/proc/sys/kernel/pid_max", "65536\n")
            .file(
                "/usr/lib/sysctl.d/50-pid-max.conf",
                "kernel.pid_max = 4194304\n",
            )
            .file("/proc/sys/fs/file-max", "9223372036854775807\n")
            .file("/proc/sys/vm/swappiness", "60\n");
        let wanted = settings(&[
            ("kernel.pid_max", "exact 65536"),
            ("fs.file-max", "at most 2621440"),
            ("vm.swappiness", "5"),
        ]);
        assert_eq!(
            told(RULE.id, Some(&host), &wanted),
            [
                "drifted: sysctl:kernel.pid_max: 65536 lowers the 4194304 at /usr/lib/sysctl.d/50-pid-max.conf:1",
                "drifted: sysctl:fs.file-max: at most 2621440 lowers the unlimited at /proc/sys/fs/file-max",
            ]
        );
        let kept = settings(&[("kernel.pid_max", "4194304"), ("fs.file-max", "2621440")]);
        assert_eq!(told(RULE.id, Some(&host), &kept), [""; 0]);
        assert_eq!(told(RULE.id, None, &wanted), [""; 0]);
    }
}

//! What a cgroup is sure of is not more than what it may have.

use super::Rule;
use super::fault::Fault;
use super::view::{Judged, Side, View, numbers, settle};

pub(super) const RULE: Rule = Rule {
    id: "cgroup-memory-order",
    summary: "of one cgroup, memory.min and memory.low are at most memory.high and memory.max, and memory.high is at most memory.max",
    source: "Documentation/admin-guide/cgroup-v2.rst, Memory Interface Files",
    judge,
};

const ORDER: [(&str, &str); 5] = [
    ("memory.min", "memory.high"),
    ("memory.min", "memory.max"),
    ("memory.low", "memory.high"),
    ("memory.low", "memory.max"),
    ("memory.high", "memory.max"),
];

fn judge(view: &View<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for setting in view.settings.iter().filter(|s| s.key.kind == "cgroup") {
        let Some((cgroup, file)) = setting.key.name.rsplit_once('/') else {
            continue;
        };
        for (_, above) in ORDER.into_iter().filter(|(below, _)| *below == file) {
            let most = view.side("cgroup", &format!("{cgroup}/{above}"));
            faults.extend(settle(compare(&view.of(setting), &most, file)));
        }
    }
    faults
}

fn compare(below: &Side<'_>, above: &Side<'_>, file: &str) -> Judged {
    let Some((less, more)) = numbers(below, above)? else {
        return Ok(None);
    };
    let message = format!("{} is more than {}", below.told(), above.told());
    let sides = [below, above];
    Ok((less > more).then(|| match file {
        // Unlimited is how memory.high is spelled where only memory.max counts.
        "memory.high" => Fault::note(&sides, format!("{message}: nothing is ever throttled")),
        _ => Fault::broken(&sides, format!("{message}: so much cannot be protected")),
    }))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{number, told};
    use super::RULE;
    use model::Shape;

    #[test]
    fn protection_above_the_limit_is_broken() {
        let bytes = Shape::ceiling(0, i64::MAX as i128).unlimited(&["max"]);
        let of = |file: &str, value| number("cgroup", &format!("a.slice/{file}"), bytes, value);
        let wrong = [of("memory.low", "4G"), of("memory.max", "2G")];
        assert!(told(RULE.id, None, &wrong)[0].starts_with("drifted: "));
        let note = [of("memory.high", "max"), of("memory.max", "2G")];
        assert!(told(RULE.id, None, &note)[0].starts_with("met: "));
        let other = [of("memory.low", "1G"), of("memory.max", "2G")];
        assert_eq!(told(RULE.id, None, &other), [""; 0]);
    }
}

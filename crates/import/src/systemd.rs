//! systemd's files: drop-ins of units and of its own system.conf (systemd.unit(5),
//! systemd-system.conf(5)). Of a unit a profile sets what its processes may use, and no more.

use crate::collected::Collected;
use crate::text::{Text, blanks, clip};
use model::{Rejection, Span};

/// Directives that are files of the unit's cgroup in a profile (systemd.resource-control(5)).
const MEMORY: [(&str, &str); 5] = [
    ("MemoryMin", "memory.min"),
    ("MemoryLow", "memory.low"),
    ("MemoryHigh", "memory.high"),
    ("MemoryMax", "memory.max"),
    ("MemorySwapMax", "memory.swap.max"),
];

/// Sections of unit files that can carry limits.
const SECTIONS: [&str; 5] = ["Service", "Socket", "Mount", "Swap", "Slice"];

pub(crate) fn read(text: &Text, unit: Option<&str>, collected: &mut Collected) {
    let mut section = String::new();
    for (span, line) in logical_lines(text) {
        if let Some(header) = line.strip_prefix('[') {
            header.trim_end_matches(']').clone_into(&mut section);
            if section != "Manager" && !SECTIONS.contains(&section.as_str()) {
                let message = format!(
                    "[{}] says what a unit is, not what it may use",
                    clip(&section)
                );
                collected
                    .gap(Rejection::new(&span, message).help("keep it in the unit's own files"));
            }
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            collected.gap(Rejection::new(
                &span,
                format!("`{}` has no `=`", clip(&line)),
            ));
            continue;
        };
        let (key, value) = (key.trim(), blanks(value));
        match section.as_str() {
            "Manager" => of_manager(key, &value, span, collected),
            name if SECTIONS.contains(&name) => match unit {
                Some(unit) => of_unit(unit, key, &value, span, collected),
                None => collected.gap(
                    Rejection::new(&span, "of which unit is not said").help("give --unit NAME"),
                ),
            },
            _ => {}
        }
    }
}

/// One `Key=value` of a unit, of a file or of `systemctl set-property`.
pub(crate) fn of_unit(unit: &str, key: &str, value: &str, span: Span, collected: &mut Collected) {
    if value.is_empty() {
        let message = format!("{key}= goes back to the default, which a profile cannot say");
        return collected
            .gap(Rejection::new(&span, message).help("leave the key out of the profile"));
    }
    if let Some((_, file)) = MEMORY.iter().find(|(directive, _)| *directive == key) {
        let value = if value == "infinity" { "max" } else { value };
        return collected.exact(("cgroup", Some(unit)), file, value, span);
    }
    if key == "TasksMax" || key.starts_with("Limit") {
        return collected.exact(("unit", Some(unit)), key, value, span);
    }
    let message = format!("{}= of {} is no limit", clip(key), clip(unit));
    collected.gap(Rejection::new(&span, message).help("keep it in a drop-in of your own"));
}

fn of_manager(key: &str, value: &str, span: Span, collected: &mut Collected) {
    if !value.is_empty() && (key == "DefaultTasksMax" || key.starts_with("DefaultLimit")) {
        return collected.exact(("manager", None), key, value, span);
    }
    let message = format!("{}= of systemd itself is no limit", clip(key));
    collected
        .gap(Rejection::new(&span, message).help("keep it in a file of your own in system.conf.d"));
}

/// Lines with a `\` at the end put together with the next (systemd.syntax(7)).
fn logical_lines(text: &Text) -> Vec<(Span, String)> {
    let mut lines: Vec<(Span, String)> = Vec::new();
    let mut open = false;
    for (span, line) in text.said() {
        let (line, continued) = match line.strip_suffix('\\') {
            Some(line) => (line, true),
            None => (line, false),
        };
        match lines.last_mut() {
            Some((_, before)) if open => before.push_str(line),
            _ => lines.push((span, line.to_owned())),
        }
        open = continued;
    }
    lines
}

/// The first section of a unit file or of system.conf, if it is one.
pub(crate) fn looks_like(text: &Text) -> bool {
    text.said().any(|(_, line)| {
        let section = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        section.is_some_and(|name| name == "Manager" || SECTIONS.contains(&name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_taken_and_the_rest_is_named() {
        let text = "[Unit]\nDescription=x\n[Service]\nTasksMax=infinity\nLimitNOFILE=1024:4096\n\
                    MemoryMax=infinity\nExecStart=/bin/a \\\n  b\nLimitCORE=\n[Manager]\nDefaultTasksMax=15%\n";
        let mut collected = Collected::default();
        read(
            &Text::of("x.conf", text.as_bytes()),
            Some("a.service"),
            &mut collected,
        );
        let imported = collected.finish();
        let said: Vec<String> = imported
            .entries
            .iter()
            .map(|e| format!("{} {}={}", e.kind, e.key, e.value))
            .collect();
        assert_eq!(
            said,
            [
                "unit TasksMax=exact infinity",
                "unit LimitNOFILE=exact 1024:4096",
                "cgroup memory.max=exact max",
                "manager DefaultTasksMax=exact 15%",
            ]
        );
        let gaps: Vec<usize> = imported.unexpressed.iter().map(|g| g.span.line).collect();
        assert_eq!(gaps, [1, 7, 9]);
    }
}

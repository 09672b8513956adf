//! TuneD profiles: of their plug-ins a profile can say what `[sysctl]` and `[modules]` do.

use crate::collected::Collected;
use crate::text::{Text, blanks, clip};
use model::{Rejection, Span};
use std::collections::BTreeMap;

/// Keys that say how a section is applied, not what it sets (tuned.conf(5)).
const HOW: [&str; 7] = [
    "type",
    "replace",
    "priority",
    "drop",
    "devices",
    "enabled",
    "script_pre",
];

/// As long as a line of a profile may be.
const LONGEST: usize = 4096;

struct Section<'a> {
    span: Span,
    plugin: String,
    lines: Vec<(Span, &'a str, &'a str)>,
}

pub(crate) fn read(text: &Text, collected: &mut Collected) {
    let sections = sections(text, collected);
    let variables: BTreeMap<&str, &str> = sections
        .iter()
        .filter(|section| section.plugin == "variables")
        .flat_map(|section| section.lines.iter().map(|(_, key, value)| (*key, *value)))
        .collect();
    for section in &sections {
        match section.plugin.as_str() {
            "main" => of_main(section, collected),
            "variables" => {}
            "sysctl" => {
                for (span, key, value) in &section.lines {
                    of_sysctl(span, key, value, &variables, collected);
                }
            }
            "modules" => {
                for (span, key, value) in &section.lines {
                    let options = value.trim_start_matches("+r").trim_matches([',', ' ']);
                    crate::modules::module(&format!("{key} {options}"), span, collected);
                }
            }
            other => {
                let message = format!(
                    "[{}] with {} lines: a plug-in of TuneD that no section of a profile stands for",
                    clip(other),
                    section.lines.len()
                );
                let help = "of a TuneD profile only [sysctl] and [modules] can be expressed";
                collected.gap(Rejection::new(&section.span, message).help(help));
            }
        }
    }
}

fn of_main(section: &Section<'_>, collected: &mut Collected) {
    for (span, _, value) in section.lines.iter().filter(|(_, key, _)| *key == "include") {
        let message = format!(
            "builds on the TuneD profile `{}`, which was not read",
            clip(value)
        );
        let help = "give the tuned.conf of that profile too, before this file";
        collected.gap(Rejection::new(span, message).help(help));
    }
}

fn of_sysctl(
    span: &Span,
    key: &str,
    value: &str,
    variables: &BTreeMap<&str, &str>,
    collected: &mut Collected,
) {
    if HOW.contains(&key) {
        return;
    }
    let known = match substitute(value, variables) {
        Ok(known) => blanks(&known),
        Err(open) => {
            let message = format!(
                "{key}: `{}` is worked out by TuneD when it runs",
                clip(&open)
            );
            let help = "work the value out and write it into the profile by hand";
            return collected.gap(Rejection::new(span, message).help(help));
        }
    };
    // An assignment modifier: TuneD writes only what is greater or less than what is there.
    let wish = match (known.strip_prefix('>'), known.strip_prefix('<')) {
        (Some(bound), _) => format!("at least {}", bound.trim()),
        (_, Some(bound)) => format!("at most {}", bound.trim()),
        _ => format!("exact {}", unquoted(&known)),
    };
    collected.entry(("sysctl", None), key, wish, span.clone());
}

fn unquoted(value: &str) -> &str {
    let inside = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inside.unwrap_or(value)
}

/// The value with `${name}` replaced by what `[variables]` says, once; functions stay open.
fn substitute(value: &str, variables: &BTreeMap<&str, &str>) -> Result<String, String> {
    let mut known = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("${") {
        known.push_str(before);
        let (name, behind) = after.split_once('}').ok_or_else(|| value.to_owned())?;
        match variables.get(name) {
            Some(literal) if !literal.contains('$') => known.push_str(literal),
            _ => return Err(format!("${{{name}}}")),
        }
        // No value of a profile is longer, and a variable may stand in a line very often.
        if known.len() > LONGEST {
            return Err(value.to_owned());
        }
        rest = behind;
    }
    known.push_str(rest);
    Ok(known)
}

fn sections<'a>(text: &'a Text, collected: &mut Collected) -> Vec<Section<'a>> {
    let mut sections: Vec<Section<'a>> = Vec::new();
    for (span, line) in text.said() {
        if let Some(header) = line.strip_prefix('[') {
            sections.push(Section {
                span,
                plugin: header.trim_end_matches(']').trim().to_owned(),
                lines: Vec::new(),
            });
            continue;
        }
        let pair = line
            .split_once('=')
            .map(|(key, value)| (key.trim(), value.trim()));
        match (sections.last_mut(), pair) {
            (Some(section), Some(("type", plugin))) => plugin.clone_into(&mut section.plugin),
            (Some(section), Some((key, value))) => section.lines.push((span, key, value)),
            _ => collected.gap(Rejection::new(
                &span,
                format!("`{}` sets nothing", clip(line)),
            )),
        }
    }
    sections
}

/// Whether a file without a telling name reads like one of these.
pub(crate) fn looks_like(text: &Text) -> bool {
    text.said()
        .any(|(_, line)| matches!(line, "[main]" | "[sysctl]" | "[sysfs]" | "[vm]"))
        && !text.said().any(|(_, line)| line == "[profile]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sysctls_and_modules_are_taken_and_the_rest_is_named() {
        let text = "[main]\nsummary=x\ninclude=throughput\n[variables]\nports=1024 65535\n\
                    [sysctl]\nnet.ipv4.ip_local_port_range=\"${ports}\"\nfs.file-max=>100\nvm.a=${f:calc:2}\n\
                    [more]\ntype=sysctl\nvm.swappiness=5\n[modules]\nnf_conntrack=+r\nip_set=max=9\n[vm]\ntransparent_hugepages=never\n";
        let mut collected = Collected::default();
        read(&Text::of("tuned.conf", text.as_bytes()), &mut collected);
        let imported = collected.finish();
        let said: Vec<String> = imported
            .entries
            .iter()
            .map(|e| format!("{}={}", e.key, e.value))
            .collect();
        assert_eq!(
            said,
            [
                "net.ipv4.ip_local_port_range=exact 1024 65535",
                "fs.file-max=at least 100",
                "vm.swappiness=exact 5",
                "nf_conntrack=loaded",
                "ip_set=loaded",
            ]
        );
        let gaps: Vec<usize> = imported.unexpressed.iter().map(|g| g.span.line).collect();
        assert_eq!(gaps, [3, 9, 15, 16]);
    }
}

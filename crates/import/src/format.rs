//! Which format a file has: told by its path, else by its content, else by the operator.

use crate::text::Text;
use crate::{Input, limits, modules, sysctl, systemd, tuned};
use model::{Rejection, Span};

/// A format that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// sysctl.d.
    Sysctl,
    /// limits.d.
    Limits,
    /// Docker's daemon.json.
    Docker,
    /// A systemd unit's drop-in, or system.conf.
    Unit,
    /// modules-load.d.
    Modules,
    /// A TuneD profile.
    Tuned,
    /// A shell script.
    Script,
}

/// The formats and the words for them.
pub const FORMATS: [(&str, Format); 7] = [
    ("sysctl", Format::Sysctl),
    ("limits", Format::Limits),
    ("docker", Format::Docker),
    ("unit", Format::Unit),
    ("modules", Format::Modules),
    ("tuned", Format::Tuned),
    ("script", Format::Script),
];

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) format: Format,
    /// The unit that a drop-in is about.
    pub(crate) unit: Option<String>,
}

const UNITS: [&str; 6] = [".service", ".socket", ".mount", ".swap", ".slice", ".scope"];

/// What the path alone tells.
pub(crate) fn of_path(path: &str) -> Option<Found> {
    let mut components = path.rsplit('/');
    let file = components.next().unwrap_or_default();
    let folder = components.next().unwrap_or_default();
    let found = |format| Some(Found { format, unit: None });
    let is_unit = |name: &str| {
        UNITS
            .iter()
            .any(|suffix| name.len() > suffix.len() && name.ends_with(suffix))
    };
    // What does not end so is not read: a copy kept beside a file is no file of settings.
    let is_conf = file.ends_with(".conf");
    let drop_in = folder.strip_suffix(".d").filter(|name| is_unit(name));
    if let Some(unit) = drop_in.filter(|_| is_conf) {
        let unit = Some(unit.to_owned());
        return Some(Found {
            format: Format::Unit,
            unit,
        });
    }
    match (folder, file) {
        ("sysctl.d", _) if is_conf => found(Format::Sysctl),
        ("limits.d", _) if is_conf => found(Format::Limits),
        ("modules-load.d", _) if is_conf => found(Format::Modules),
        ("system.conf.d", _) if is_conf => found(Format::Unit),
        (_, "sysctl.conf") => found(Format::Sysctl),
        (_, "limits.conf") => found(Format::Limits),
        ("etc", "modules") => found(Format::Modules),
        ("systemd", "system.conf") => found(Format::Unit),
        (_, "tuned.conf") => found(Format::Tuned),
        (_, "daemon.json") => found(Format::Docker),
        _ if file.ends_with(".json") => found(Format::Docker),
        _ if file.ends_with(".sh") || file.ends_with(".bash") => found(Format::Script),
        _ if is_unit(file) => Some(Found {
            format: Format::Unit,
            unit: Some(file.to_owned()),
        }),
        _ => None,
    }
}

/// What a file is, or why nobody can tell.
pub(crate) fn recognise(input: &Input<'_>, text: &Text) -> Result<Found, Rejection> {
    let told = of_path(input.path);
    let unit = input.unit.map(str::to_owned);
    let found = match (input.format, told) {
        (Some(format), told) => Found {
            format,
            unit: unit.or(told.and_then(|found| found.unit)),
        },
        (None, Some(found)) => Found {
            unit: unit.or(found.unit),
            ..found
        },
        (None, None) => Found {
            format: of_content(input.path, text)?,
            unit,
        },
    };
    let start = Span::new(input.path, 1);
    let needs_unit = found.format == Format::Unit && found.unit.is_none();
    match needs_unit && !text.said().any(|(_, line)| line == "[Manager]") {
        true => Err(Rejection::new(
            &start,
            "a drop-in, but of which unit is not told by its path",
        )
        .help("give --unit NAME, such as --unit docker.service")),
        false => Ok(found),
    }
}

fn of_content(path: &str, text: &Text) -> Result<Format, Rejection> {
    let first = text.lines.first().map_or("", |(_, line)| line.as_str());
    if first.starts_with("#!") && first.contains("sh") {
        return Ok(Format::Script);
    }
    let said = text.said().next().map_or("", |(_, line)| line);
    let guesses = [
        (Format::Docker, said.starts_with('{')),
        (Format::Tuned, tuned::looks_like(text)),
        (Format::Unit, systemd::looks_like(text)),
        (Format::Limits, limits::looks_like(text)),
        (Format::Sysctl, sysctl::looks_like(text)),
        (Format::Modules, modules::looks_like(text)),
    ];
    let mut guesses = guesses.iter().filter(|(_, fits)| *fits);
    match (guesses.next(), guesses.next()) {
        (Some((format, _)), None) => Ok(*format),
        _ => {
            let words: Vec<&str> = FORMATS.iter().map(|(word, _)| *word).collect();
            let message = "neither path nor content tells what kind of file this is";
            let help = format!("say it with --as, one of {}", words.join(", "));
            Err(Rejection::new(&Span::new(path, 1), message).help(help))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str, content: &str) -> Option<Format> {
        let input = Input {
            path,
            content: content.as_bytes(),
            format: None,
            unit: None,
        };
        recognise(&input, &Text::of(path, content.as_bytes()))
            .ok()
            .map(|found| found.format)
    }

    #[test]
    fn paths_tell_and_content_tells_where_they_do_not() {
        let unit = of_path("/etc/systemd/system/docker.service.d/x.conf").unwrap();
        assert_eq!(unit.unit.as_deref(), Some("docker.service"));
        assert_eq!(of("/etc/sysctl.d/99-x.conf", ""), Some(Format::Sysctl));
        assert_eq!(
            of("/etc/security/limits.d/91-nofile.conf", ""),
            Some(Format::Limits)
        );
        assert_eq!(of("/etc/docker/daemon.json", ""), Some(Format::Docker));
        assert_eq!(of("a", "vm.swappiness=5\n"), Some(Format::Sysctl));
        assert_eq!(of("a", "* soft nofile 5\n"), Some(Format::Limits));
        assert_eq!(
            of("a", "br_netfilter\nnf_conntrack\n"),
            Some(Format::Modules)
        );
        assert_eq!(of("a", "#!/usr/bin/env bash\n"), Some(Format::Script));
        assert_eq!(
            of("a", "[main]\nsummary=x\n[sysctl]\nvm.a=1\n"),
            Some(Format::Tuned)
        );
        assert_eq!(of("a", ""), None);
        assert_eq!(of("a", "[Service]\nTasksMax=5\n"), None);
        assert_eq!(
            of("a", "[Manager]\nDefaultTasksMax=5\n"),
            Some(Format::Unit)
        );
    }
}

//! The place of a cgroup: a unit, whose path systemd knows, or a path that somebody else made.

use super::unit::refuse_name;
use super::unit_keys::section_of;
use model::{Host, Image, Observed, Rejection, Span};

const ROOT: &str = "/sys/fs/cgroup";

/// Slices and scopes that PID 1 has made before systemd-tmpfiles-setup.service can run: it runs in
/// the one itself, and the other is PID 1's own.
const THERE_AT_BOOT: [&str; 2] = ["system.slice", "init.scope"];

const SUFFIXES: [&str; 6] = [".service", ".socket", ".mount", ".swap", ".slice", ".scope"];

/// A cgroup by the name that a profile gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    /// A unit's.
    Unit(&'a str),
    /// At a path below the root of all.
    Path(&'a str),
}

impl<'a> Place<'a> {
    /// The place of a name that is known to be one.
    pub(crate) fn of(name: &'a str) -> Self {
        if name.starts_with('/') {
            Self::Path(name)
        } else {
            Self::Unit(name)
        }
    }

    /// Refuses a name that is none.
    pub(crate) fn parse(name: &'a str, span: &Span) -> Result<Self, Rejection> {
        let refuse = |message: String| Err(Rejection::new(span, message));
        if name == "/" || name == "-.slice" {
            return refuse(format!("`{name}` is the root cgroup, which has no limits"));
        }
        let place = Self::of(name);
        let Self::Path(path) = place else {
            refuse_name(name, span)?;
            let known = SUFFIXES.iter().any(|suffix| name.ends_with(suffix));
            return match known {
                true => Ok(place),
                false => refuse(format!(
                    "`{name}` is neither a unit with a cgroup nor a path"
                ))
                .map_err(|rejection| {
                    rejection
                        .help("write a unit such as `system.slice`, or a path such as `/docker`")
                }),
            };
        };
        let odd = |part: &str| part.is_empty() || part == "." || part == "..";
        if path.split('/').skip(1).any(odd) {
            return refuse(format!("`{path}` is not the plain path of a cgroup"));
        }
        let last = path.rsplit('/').next().unwrap_or_default();
        if SUFFIXES.iter().any(|suffix| last.ends_with(suffix)) {
            let rejection = Rejection::new(span, format!("{path} belongs to a unit of systemd"));
            return Err(rejection.help(format!("write `[cgroup {last}]`")));
        }
        Ok(place)
    }

    /// The unit, if it is one.
    pub(crate) fn unit(self) -> Option<&'a str> {
        match self {
            Self::Unit(unit) => Some(unit),
            Self::Path(_) => None,
        }
    }

    /// The section of the unit's files, or why nothing of systemd's keeps a property of it.
    pub(crate) fn section(self) -> Result<&'static str, String> {
        match self {
            Self::Unit(unit) => section_of(unit)
                .map(|(section, _)| section)
                .map_err(|_| format!("{unit} has no unit file")),
            Self::Path(path) => Err(format!("{path} is made by somebody else than systemd")),
        }
    }

    /// Its path where it is known before the host is asked and exists when systemd-tmpfiles runs at
    /// boot; else why it cannot be counted on.
    pub(crate) fn at_boot(self) -> Result<String, String> {
        match self {
            Self::Unit(unit) if THERE_AT_BOOT.contains(&unit) => Ok(format!("{ROOT}/{unit}")),
            Self::Unit(name) | Self::Path(name) => Err(format!(
                "{name} may not be there yet when systemd-tmpfiles runs at boot"
            )),
        }
    }

    /// Its directory on the running host.
    pub(crate) fn directory(self, host: &dyn Host) -> Result<String, Observed> {
        let group = match self {
            Self::Path(path) => path.to_owned(),
            Self::Unit(unit) => {
                let found = host.unit(unit);
                let found = found.map_err(|error| Observed::Unreadable(error.to_string()))?;
                if found.is_missing() {
                    let why = format!("{unit} is not installed");
                    return Err(Observed::NotApplicable(why));
                }
                let group = found.text("ControlGroup").unwrap_or_default();
                if group.is_empty() {
                    return Err(Observed::NotApplicable(format!("{unit} does not run")));
                }
                group.to_owned()
            }
        };
        let directory = format!("{ROOT}{group}");
        match host.image(&directory) {
            Ok(Image::Absent) => Err(Observed::NotApplicable(format!(
                "there is no cgroup {group}"
            ))),
            Ok(_) => Ok(directory),
            Err(error) => Err(Observed::Unreadable(error.to_string())),
        }
    }
}

/// Whether the host has the one tree of version 2. With both versions mounted (hybrid) the
/// controllers are version 1's.
pub(crate) fn is_unified(host: &dyn Host) -> Result<bool, String> {
    let image = |path: &str| host.image(path).map_err(|error| error.to_string());
    if image(&format!("{ROOT}/cgroup.controllers"))? != Image::Absent {
        return Ok(true);
    }
    match image(ROOT)? {
        Image::Absent => Err(format!("no cgroups are mounted at {ROOT}")),
        _ => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str) -> String {
        match Place::parse(name, &Span::new("p.ini", 1)) {
            Ok(place) => format!("{place:?}"),
            Err(rejection) => rejection.help.unwrap_or(rejection.message),
        }
    }

    #[test]
    fn a_unit_or_a_path() {
        assert_eq!(told("system.slice"), "Unit(\"system.slice\")");
        assert_eq!(told("/docker"), "Path(\"/docker\")");
        assert_eq!(
            told("/system.slice/docker.service"),
            "write `[cgroup docker.service]`"
        );
        for name in [
            "/",
            "-.slice",
            "/a/../b",
            "/a/",
            "//a",
            "docker",
            "x.timer",
            "a@.service",
        ] {
            assert!(
                Place::parse(name, &Span::new("p.ini", 1)).is_err(),
                "{name}"
            );
        }
    }
}

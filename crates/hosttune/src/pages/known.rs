//! Which names there are: of limits, and of settings that something is known of.

use super::elsewhere;
use super::limit::{key, kind};
use super::profiles;
use model::{Host, Key, nearest as nearest_of};
use settings::KINDS;
use std::collections::BTreeSet;

/// The setting of this name: whole (`sysctl:kernel.pid_max`) or without its kind.
pub(super) fn setting(id: &str, host: Option<&dyn Host>) -> Option<Key> {
    let all = settings_by_name();
    if all.contains(id) {
        return key(id);
    }
    if let Some((section, name)) = id.split_once(':') {
        let known = kind(section)?;
        // A named section holds its keys of any name: `unit:x.service/TasksMax`.
        let last = name.rsplit('/').next().unwrap_or(name);
        let of_any = known.named() && all.contains(&format!("{section}:{last}"));
        let of_host = section == "sysctl" && is_sysctl(name, host);
        return (of_any || of_host).then(|| Key::new(known.section(), name));
    }
    let whole = all
        .iter()
        .find(|whole| whole.split_once(':').is_some_and(|(_, name)| name == id));
    let of_host = || is_sysctl(id, host).then(|| Key::new("sysctl", id));
    whole.and_then(|whole| key(whole)).or_else(of_host)
}

/// Whether the running kernel has it.
fn is_sysctl(name: &str, host: Option<&dyn Host>) -> bool {
    host.is_some_and(|host| name.contains('.') && host.read(&path(name)).is_ok())
}

/// Where the running kernel has it; of `.` and `/`, the one that comes first parts (sysctl.d(5)).
pub(super) fn path(name: &str) -> String {
    let swap = |letter| match letter {
        '.' => '/',
        '/' => '.',
        letter => letter,
    };
    let dotted = name
        .find(['.', '/'])
        .is_some_and(|at| name[at..].starts_with('.'));
    match dotted {
        true => format!("/proc/sys/{}", name.chars().map(swap).collect::<String>()),
        false => format!("/proc/sys/{name}"),
    }
}

/// The name nearest to an unknown one.
pub(super) fn nearest(id: &str) -> Option<String> {
    let all = settings_by_name();
    let plain = all
        .iter()
        .filter_map(|whole| whole.split_once(':'))
        .map(|(_, name)| name);
    let limits = limits::all().map(|limit| limit.id);
    let candidates = limits.chain(plain).chain(all.iter().map(String::as_str));
    nearest_of(id, candidates).map(str::to_owned)
}

/// Every setting that something is known of, as `kind:name`; the keys of named sections without the name.
fn settings_by_name() -> BTreeSet<String> {
    let of_kinds = KINDS.iter().flat_map(|kind| {
        let keys = kind.page().keys.into_iter();
        keys.map(|key| format!("{}:{}", kind.section(), key.name))
    });
    let raised = limits::all()
        .flat_map(|limit| limit.raise)
        .map(|&key| key.to_owned());
    let shipped = profiles::all().into_iter().map(|(_, key, _)| key);
    let elsewhere = elsewhere::keys().map(str::to_owned);
    let all = of_kinds.chain(raised).chain(shipped).chain(elsewhere);
    all.filter(|whole| key(whole).is_some()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(id: &str) -> Option<String> {
        setting(id, None).map(|key| key.to_string())
    }

    #[test]
    fn a_setting_is_found_with_its_kind_and_without() {
        for (id, whole) in [
            (
                "sysctl:kernel.keys.root_maxkeys",
                "sysctl:kernel.keys.root_maxkeys",
            ),
            (
                "kernel.keys.root_maxkeys",
                "sysctl:kernel.keys.root_maxkeys",
            ),
            ("default-address-pools", "docker:default-address-pools"),
            ("unit:some.service/TasksMax", "unit:some.service/TasksMax"),
            ("live-restore", "docker:live-restore"),
        ] {
            assert_eq!(found(id).as_deref(), Some(whole), "{id}");
        }
        for id in [
            "sysctl:no.such.key",
            "nokind:x",
            "",
            ":",
            "unit:x/NoSuchKey",
        ] {
            assert_eq!(found(id), None, "{id}");
        }
    }
}

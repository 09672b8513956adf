//! Sysctls from inside a container: those it has of its own, and those whose limit shows by what it may do.

use super::container_look::look as seen;
use super::{Look, sysctl_name, sysctl_namespaces};
use model::{Inside, Observed, Probe, Setting, Value};

/// What a pipe holds unless its user's pipes have crossed the limit: 16 pages (pipe(7)).
pub(super) const WHOLE_PIPE: u64 = 65_536;

/// The files of `/proc/sys` that a container made for a look is asked for.
pub fn asked_of_container(settings: &[Setting]) -> Vec<String> {
    let own = |setting: &&Setting| {
        setting.key.kind == "sysctl" && sysctl_namespaces::of(&setting.key.name).is_some()
    };
    let path = |setting: &Setting| sysctl_name::path(&setting.key.name).ok();
    settings.iter().filter(own).filter_map(path).collect()
}

/// What a sysctl comes to in there.
pub(super) fn look(setting: &Setting, probe: &Probe) -> Option<Look> {
    match setting.key.name.as_str() {
        "fs.pipe-user-pages-soft" | "fs.pipe-user-pages-hard" => {
            Some(effect(probe, "a fresh pipe", pipe))
        }
        "fs.inotify.max_user_instances" | "user.max_inotify_instances" => {
            Some(effect(probe, "inotify", instances))
        }
        name => {
            let namespace = sysctl_namespaces::of(name)?;
            let path = sysctl_name::path(name).ok()?;
            let inside = probe.as_ref().ok()?;
            let value = match inside.sysctls.get(&path)? {
                Some(value) => value.split_whitespace().collect::<Vec<_>>().join(" "),
                None => "no such key".to_owned(),
            };
            let told = format!("{value}: {}", namespace.words());
            Some(seen(Observed::NotApplicable(told), &path))
        }
    }
}

/// What was tried, in words, and whether it went as it does below the limit.
fn effect(probe: &Probe, what: &str, tried: fn(&Inside) -> Option<(String, bool)>) -> Look {
    let inside = match probe {
        Ok(inside) => inside,
        Err(error) => return seen(Observed::Unreadable(error.to_string()), what),
    };
    let Some((told, fine)) = tried(inside) else {
        let why = "it could not be tried".to_owned();
        return seen(Observed::Unreadable(why), what);
    };
    let mut look = seen(Observed::Value(Value::words(&told)), what);
    look.proves = fine;
    look.fix = (!fine).then(|| {
        "raise it: the host is at this limit now; `hosttune preflight` says how far".to_owned()
    });
    look
}

fn pipe(inside: &Inside) -> Option<(String, bool)> {
    let bytes = inside.pipe_bytes?;
    Some((format!("{bytes} bytes"), bytes >= WHOLE_PIPE))
}

fn instances(inside: &Inside) -> Option<(String, bool)> {
    let seen = &inside.inotify;
    if seen.tried == 0 {
        return None;
    }
    let why = seen.refused.as_deref().map(|why| format!(", then: {why}"));
    let told = format!(
        "{} of {} more instances could be made{}",
        seen.done,
        seen.tried,
        why.unwrap_or_default()
    );
    Some((told, seen.done == seen.tried))
}

//! Kernel parameters: the running value in `/proc/sys` and the line in sysctl.d that keeps it.

use super::{
    Kind, KnownKey, Line, Live, Look, Looked, Page, container_sysctl, look_at, stored, sysctl_boot,
    sysctl_files, sysctl_keys, sysctl_name, sysctl_value, sysctl_watchers,
};
use crate::next_boot::NextBoot;
use crate::wish;
use model::{
    Action, Boot, Entry, Host, HostError, Image, Key, Layer, Observed, Probe, Rejection, Scope,
    Setting, Shape, nearest,
};

const FILE: &str = "/etc/sysctl.d/60-hosttune.conf";

/// The kind `sysctl`.
pub(crate) struct Sysctl;

impl Kind for Sysctl {
    fn section(&self) -> &'static str {
        "sysctl"
    }

    fn page(&self) -> Page {
        let known = sysctl_keys::ROWS.iter();
        Page {
            summary: "Kernel parameters. Any key of the running kernel can be named; these are known: a \
                      ceiling is one where more is better.",
            file: FILE,
            takes: "now and at each boot",
            example: "[sysctl]\nfs.inotify.max_user_instances = 8192\nvm.swappiness = exact 10",
            keys: known
                .map(|row| KnownKey::of(row.name, &row.shape))
                .collect(),
        }
    }

    fn parse(&self, entry: &Entry) -> Result<Setting, Rejection> {
        let (written, optional) = match entry.key.strip_prefix('-') {
            Some(rest) => (rest, true),
            None => (entry.key.as_str(), false),
        };
        let name = sysctl_name::canonical(written).map_err(|why| {
            Rejection::new(&entry.span, why)
                .help("write the key as sysctl.d(5) does, such as `net.core.somaxconn`")
        })?;
        if let Some(other) = sysctl_keys::coupled(&name) {
            let message = format!(
                "{name} changes {other} too when it is written, and writing it back would not undo that"
            );
            return Err(Rejection::new(&entry.span, message)
                .help("leave it out of the profile; hosttune sets only what it can undo exactly"));
        }
        let shape = sysctl_keys::row(&name).map_or(Shape::TEXT, |row| row.shape);
        let (desired, shape) = wish::parse(entry, shape)?;
        Ok(Setting {
            key: Key::new(self.section(), name),
            desired,
            shape,
            optional,
            reason: entry.reason.clone(),
            span: entry.span.clone(),
        })
    }

    fn observe(&self, host: &dyn Host, setting: &Setting) -> Vec<Look> {
        let mut looks = vec![look_stored(host, setting)];
        if host.scope() == Scope::Live {
            looks.push(look_running(host, setting));
        }
        if setting.optional && is_absent(&looks) {
            let why = "this kernel has no such key, and the profile allows that";
            for look in &mut looks {
                look.observed = Observed::NotApplicable(why.to_owned());
            }
        }
        looks
    }

    fn next_boot(&self, boot: &NextBoot<'_>, setting: &Setting, looks: &[Look]) -> Option<Look> {
        sysctl_boot::look(boot, setting, looks)
    }

    fn workloads(&self, at: &Looked<'_>) -> Vec<Look> {
        sysctl_watchers::look(at).into_iter().collect()
    }

    fn container(&self, at: &Looked<'_>, probe: &Probe) -> Option<Look> {
        container_sysctl::look(at.setting, probe)
    }

    fn refuse(&self, host: &dyn Host, setting: &Setting, looks: &[Look]) -> Option<Rejection> {
        let name = setting.key.name.as_str();
        // A key of a module is known only as long as the module is not there to be asked.
        let to_come = sysctl_keys::module_of(name).is_some_and(|module| {
            let loaded = host.image(&format!("/sys/module/{module}"));
            !matches!(loaded, Ok(Image::Directory))
        });
        let known = sysctl_keys::row(name).is_some() || to_come;
        if known || setting.optional {
            return None;
        }
        if host.scope() == Scope::Tree {
            return slip(setting);
        }
        if !is_absent(looks) {
            return None;
        }
        let message = format!("unknown sysctl `{name}`: the running kernel has no such key");
        let rejection = Rejection::new(&setting.span, message);
        let neighbours = neighbours(host, name);
        let known = sysctl_keys::ROWS.iter().map(|row| row.name);
        let candidates = neighbours.iter().map(String::as_str).chain(known);
        Some(match nearest(name, candidates) {
            Some(near) => rejection.help(format!("did you mean `{near}`?")),
            None => rejection.help(format!(
                "correct the name, or write `-{name}` if a kernel without it is fine"
            )),
        })
    }

    fn store(&self, setting: &Setting, looks: &[Look]) -> Option<Line> {
        let value = stored::target(setting, looks, FILE)?;
        let written = setting.shape.render(&value);
        let minus = if setting.optional { "-" } else { "" };
        Some(Line {
            path: FILE.to_owned(),
            section: None,
            text: format!("{minus}{} = {written}", setting.key.name),
            value: setting.shape.describe(&value),
            takes: "at each boot".to_owned(),
        })
    }

    fn make_live(&self, _host: &dyn Host, setting: &Setting, looks: &[Look]) -> Vec<Live> {
        let Some(look) = look_at(looks, Layer::Running) else {
            return Vec::new();
        };
        let seen = match &look.observed {
            Observed::Value(value) if setting.desired.met_by(value, &setting.shape) => {
                return Vec::new();
            }
            Observed::Value(value) => Some(value),
            // Without its module the key is not there yet; the module kind goes first.
            Observed::Absent if sysctl_keys::module_of(&setting.key.name).is_some() => None,
            _ => return Vec::new(),
        };
        let value = setting.desired.target(seen, &setting.shape);
        let Ok(path) = sysctl_name::path(&setting.key.name) else {
            return Vec::new();
        };
        vec![Live {
            layer: Layer::Running,
            value: setting.shape.describe(&value),
            action: Action::WriteKernel {
                path,
                value: setting.shape.render(&value),
            },
            note: None,
        }]
    }
}

/// Without a kernel to ask, a key is refused only if it is all but one that is known by name.
fn slip(setting: &Setting) -> Option<Rejection> {
    let name = setting.key.name.as_str();
    let near = nearest(name, sysctl_keys::ROWS.iter().map(|row| row.name))?;
    let help = format!("did you mean `{near}`? if not, write `-{name}`");
    Some(Rejection::new(&setting.span, format!("unknown sysctl `{name}`")).help(help))
}

fn look_stored(host: &dyn Host, setting: &Setting) -> Look {
    let mut reading = sysctl_files::reading(host, &setting.key.name, Boot::This);
    let mut refused = None;
    for said in &mut reading.said {
        let read = sysctl_value::as_the_kernel_reads(&setting.shape, &said.value);
        refused = read.as_ref().err().cloned();
        said.value = read.unwrap_or_else(|_| said.value.clone());
    }
    let mut look = stored::look(setting, reading, "sysctl.d", FILE);
    if let (Some(why), false) = (refused, look.is_unreadable()) {
        look.observed = Observed::Unreadable(why);
    }
    look
}

fn look_running(host: &dyn Host, setting: &Setting) -> Look {
    let path = match sysctl_name::path(&setting.key.name) {
        Ok(path) => path,
        Err(why) => return Look::new(Layer::Running, Observed::Unreadable(why), "/proc/sys"),
    };
    let observed = match host.read_text(&path) {
        Ok(text) => observe(&setting.shape, &text),
        Err(HostError::NotFound(_)) => Observed::Absent,
        Err(error) => Observed::Unreadable(error.to_string()),
    };
    let mut look = Look::new(Layer::Running, observed, path);
    if let (Observed::Absent, Some(module)) =
        (&look.observed, sysctl_keys::module_of(&setting.key.name))
    {
        look.note = Some(format!("the key appears when module {module} is loaded"));
    }
    look
}

fn observe(shape: &Shape, text: &str) -> Observed {
    match shape.observe(text.trim()) {
        Ok(value) => Observed::Value(value),
        Err(error) => Observed::Unreadable(format!("`{}`: {error}", text.trim())),
    }
}

fn is_absent(looks: &[Look]) -> bool {
    look_at(looks, Layer::Running).is_some_and(|look| look.observed == Observed::Absent)
}

/// The keys beside `name` on the running kernel, for did-you-mean.
fn neighbours(host: &dyn Host, name: &str) -> Vec<String> {
    let Ok(path) = sysctl_name::path(name) else {
        return Vec::new();
    };
    let Some((directory, _)) = path.rsplit_once('/') else {
        return Vec::new();
    };
    let Some((prefix, _)) = name.rsplit_once('.') else {
        return Vec::new();
    };
    let names = host.list(directory).unwrap_or_default();
    names
        .into_iter()
        .map(|last| format!("{prefix}.{}", last.replace('.', "/")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Span;
    use testkit::FakeHost;

    fn setting(key: &str, value: &str) -> Setting {
        Sysctl
            .parse(&Entry {
                kind: "sysctl".to_owned(),
                name: None,
                key: key.to_owned(),
                value: value.to_owned(),
                reason: None,
                span: Span::new("p.ini", 2),
            })
            .unwrap()
    }

    fn line(host: &FakeHost, setting: &Setting) -> String {
        let looks = Sysctl.observe(host, setting);
        Sysctl.store(setting, &looks).unwrap().text
    }

    #[test]
    fn a_bound_never_stores_less_than_the_host_has() {
        let wish = setting("fs.file-max", "2621440");
        let host = FakeHost::new().file("/proc/sys/fs/file-max", "9223372036854775807\n");
        assert_eq!(line(&host, &wish), "fs.file-max = 9223372036854775807");
        let host = FakeHost::new()
            .file("/proc/sys/fs/file-max", "1000\n")
            .file("/etc/sysctl.d/50-a.conf", "fs.file-max = 3000000\n");
        assert_eq!(line(&host, &wish), "fs.file-max = 3000000");
    }

    #[test]
    fn what_our_file_says_already_stays() {
        let wish = setting("fs.file-max", "100");
        let host = FakeHost::new()
            .file("/proc/sys/fs/file-max", "999\n")
            .file(FILE, "fs.file-max = 100\n");
        assert_eq!(line(&host, &wish), "fs.file-max = 100");
        let looks = Sysctl.observe(&host, &wish);
        assert!(Sysctl.make_live(&host, &wish, &looks).is_empty());
    }

    #[test]
    fn a_slip_is_answered_with_the_key_meant() {
        let host = FakeHost::new().file("/proc/sys/vm/laptop_mode", "0\n");
        let wish = setting("vm.laptop_mod", "1");
        let looks = Sysctl.observe(&host, &wish);
        let rejection = Sysctl.refuse(&host, &wish, &looks).unwrap();
        assert_eq!(rejection.help.unwrap(), "did you mean `vm.laptop_mode`?");
    }

    #[test]
    fn a_key_that_waits_for_its_module_is_written_after_it() {
        let host = FakeHost::new();
        let wish = setting("net.netfilter.nf_conntrack_max", "3145728");
        let looks = Sysctl.observe(&host, &wish);
        assert!(Sysctl.refuse(&host, &wish, &looks).is_none());
        assert_eq!(Sysctl.make_live(&host, &wish, &looks).len(), 1);
    }

    #[test]
    fn a_later_file_that_wins_is_named() {
        let host = FakeHost::new()
            .file(FILE, "vm.swappiness = 5\n")
            .file("/etc/sysctl.d/99-zz.conf", "\nvm.swappiness = 60\n");
        let looks = Sysctl.observe(&host, &setting("vm.swappiness", "5"));
        assert_eq!(looks[0].source, "/etc/sysctl.d/99-zz.conf:2");
        assert_eq!(
            looks[0].note.as_deref(),
            Some(
                "/etc/sysctl.d/99-zz.conf:2 is read later and overrides /etc/sysctl.d/60-hosttune.conf:1"
            )
        );
    }
}

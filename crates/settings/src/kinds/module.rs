//! Kernel modules: loaded now, and listed in modules-load.d so that they are there at each boot
//! before systemd-sysctl writes the keys that only they bring.

use super::lines::{numbered, strip};
use super::sysctl_files::not_read;
use super::{Kind, Line, Live, Look, Page, look_at};
use crate::next_boot::{Loads, NextBoot, built_in};
use model::{
    Action, Boot, ConfTree, Desired, Entry, Host, Key, Layer, Observed, Overruled, Rejection,
    Scope, Setting, Shape, Span, Value, conf_tree,
};

const FILE: &str = "/etc/modules-load.d/60-hosttune.conf";
const LOADED: &str = "loaded";

/// The kind `module`.
pub(crate) struct Module;

impl Kind for Module {
    fn section(&self) -> &'static str {
        "module"
    }

    fn page(&self) -> Page {
        Page {
            summary: "Kernel modules: loaded now, and listed so that they are there at each boot before \
                      systemd-sysctl writes the keys that only they bring.",
            file: FILE,
            takes: "now and at each boot; revert leaves a module loaded until the next boot",
            example: "[module]\nnf_conntrack = loaded",
            keys: Vec::new(),
        }
    }

    fn parse(&self, entry: &Entry) -> Result<Setting, Rejection> {
        let name = entry.key.replace('-', "_");
        if entry.key.starts_with('-') {
            return Err(
                Rejection::new(&entry.span, "a module cannot be optional").help("remove the `-`")
            );
        }
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            let message = format!("`{}` is no name of a kernel module", entry.key);
            return Err(Rejection::new(&entry.span, message)
                .help("write the name as lsmod shows it, such as `nf_conntrack`"));
        }
        if entry.value != LOADED {
            let message = format!(
                "{} can only be `{LOADED}`, not `{}`",
                entry.key, entry.value
            );
            return Err(Rejection::new(&entry.span, message)
                .help(format!("write `{} = {LOADED}`", entry.key)));
        }
        Ok(Setting {
            key: Key::new(self.section(), name),
            desired: Desired::Exact(Value::words(LOADED)),
            shape: Shape::TEXT,
            optional: false,
            reason: entry.reason.clone(),
            span: entry.span.clone(),
        })
    }

    fn observe(&self, host: &dyn Host, setting: &Setting) -> Vec<Look> {
        let mut looks = vec![look_stored(host, &setting.key.name)];
        if host.scope() == Scope::Live {
            looks.push(look_running(host, &setting.key.name));
        }
        looks
    }

    fn next_boot(&self, boot: &NextBoot<'_>, setting: &Setting, looks: &[Look]) -> Option<Look> {
        let stored = look_at(looks, Layer::Stored)?;
        let name = &setting.key.name;
        let (observed, source, note) = match boot.loads(name) {
            Loads::Early(place) => (loaded(), place, None),
            Loads::Unknown(why) => (Observed::Unreadable(why), "modules-load.d".to_owned(), None),
            Loads::No(why) => (Observed::Absent, stored.source.clone(), why),
            // The rule is about what follows the module, not about what loads it.
            Loads::ByUdev(_) => (Observed::Absent, stored.source.clone(), None),
        };
        let mut look = Look::new(Layer::NextBoot, observed, source);
        if let Some(why) = &note {
            look.fix = Some(format!(
                "take away what keeps {name} from being loaded: {why}"
            ));
        } else if stored.source.starts_with("/run/") && look.observed == Observed::Absent {
            look.note = Some(format!(
                "{} lies in /run, which is empty at each boot",
                stored.source
            ));
        }
        look.note = look.note.or(note);
        Some(look)
    }

    fn store(&self, setting: &Setting, _looks: &[Look]) -> Option<Line> {
        Some(Line {
            path: FILE.to_owned(),
            section: None,
            text: setting.key.name.clone(),
            value: LOADED.to_owned(),
            takes: "at each boot".to_owned(),
        })
    }

    fn make_live(&self, _host: &dyn Host, setting: &Setting, looks: &[Look]) -> Vec<Live> {
        match look_at(looks, Layer::Running) {
            Some(look) if look.observed == Observed::Absent => vec![Live {
                layer: Layer::Running,
                action: Action::LoadModule {
                    module: setting.key.name.clone(),
                },
                value: LOADED.to_owned(),
                note: Some("revert leaves it loaded until the next boot".to_owned()),
            }],
            _ => Vec::new(),
        }
    }
}

fn look_stored(host: &dyn Host, module: &str) -> Look {
    let tree = conf_tree(host, "modules-load.d", Boot::This);
    let (found, unreadable) = listed(&tree, module);
    let observed = match (&found, unreadable) {
        (Some(_), _) => loaded(),
        (None, Some(why)) => Observed::Unreadable(why),
        (None, None) => Observed::Absent,
    };
    let source = found.map_or("modules-load.d".to_owned(), |span| span.to_string());
    let mut look = Look::new(Layer::Stored, observed, source);
    for file in &tree.shadowed {
        let text = host.read_text(&file.path).unwrap_or_default();
        if let Some(number) = line_of(&text, module) {
            let source = format!("{}:{number}", file.path);
            let lost = Overruled::new(source, LOADED, not_read(file));
            look.overruled.push(lost);
        }
    }
    look
}

/// The first line that lists the module, and what could not be read.
fn listed(tree: &ConfTree, module: &str) -> (Option<Span>, Option<String>) {
    let mut unreadable = None;
    for file in &tree.files {
        match &file.content {
            Ok(text) => {
                if let Some(number) = line_of(text, module) {
                    return (Some(Span::new(file.path.as_str(), number)), None);
                }
            }
            Err(error) => unreadable = Some(error.to_string()),
        }
    }
    (None, unreadable)
}

fn line_of(text: &str, module: &str) -> Option<usize> {
    let mut lines = numbered(text);
    let found = lines.find(|(_, line)| strip(line).replace('-', "_") == module);
    found.map(|(number, _)| number)
}

/// A module that is built in shows in `/sys/module` only if it has parameters, so modules.builtin
/// of the running kernel is asked as well.
fn look_running(host: &dyn Host, module: &str) -> Look {
    let path = format!("/sys/module/{module}");
    match host.image(&path) {
        Ok(model::Image::Directory) => return Look::new(Layer::Running, loaded(), path),
        Err(error) if !error.is_not_found() => {
            let observed = Observed::Unreadable(error.to_string());
            return Look::new(Layer::Running, observed, path);
        }
        _ => {}
    }
    match built_in(host, module) {
        Some(list) => Look::new(Layer::Running, loaded(), list),
        None => Look::new(Layer::Running, Observed::Absent, path),
    }
}

fn loaded() -> Observed {
    Observed::Value(Value::words(LOADED))
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    fn entry(key: &str, value: &str) -> Entry {
        Entry {
            kind: "module".to_owned(),
            name: None,
            key: key.to_owned(),
            value: value.to_owned(),
            reason: None,
            span: Span::new("p.ini", 2),
        }
    }

    #[test]
    fn dashes_and_underscores_are_one_name() {
        let setting = Module.parse(&entry("nf-conntrack", "loaded")).unwrap();
        let host = FakeHost::new()
            .file("/usr/lib/modules-load.d/a.conf", "# x\nnf_conntrack\n")
            .directory("/sys/module/nf_conntrack");
        let looks = Module.observe(&host, &setting);
        assert_eq!(looks[0].source, "/usr/lib/modules-load.d/a.conf:2");
        assert!(Module.make_live(&host, &setting, &looks).is_empty());
    }

    #[test]
    fn built_in_counts_as_loaded() {
        let setting = Module.parse(&entry("unix", "loaded")).unwrap();
        let host = FakeHost::new()
            .file("/proc/sys/kernel/osrelease", "6.1\n")
            .file(
                "/lib/modules/6.1/modules.builtin",
                "kernel/net/unix/unix.ko\n",
            );
        let looks = Module.observe(&host, &setting);
        assert!(looks[1].observed.value().is_some());
    }

    #[test]
    fn only_loaded_can_be_wanted() {
        assert!(Module.parse(&entry("nf_conntrack", "1")).is_err());
        assert!(Module.parse(&entry("../x", "loaded")).is_err());
    }
}

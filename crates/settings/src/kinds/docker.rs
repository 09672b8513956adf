//! Docker's daemon.json: the operator's file with our keys merged into it, and what the daemon uses.

mod checks;
mod daemon;
mod document;
mod keys;
mod layout;
mod look;
mod merge;
mod operators;
mod scan;
mod value;

use super::{
    FileOfLines, Kind, KnownKey, Line, Live, Look, Looked, Page, container_look, look_at,
    running_containers,
};
use daemon::{CommandLine, UNIT};
use document::{Document, Fault};
use keys::{ROWS, Type};
use look::{Unread, document};
use model::{
    Action, Desired, Entry, Host, HostResult, Key, Layer, Observed, Probe, Rejection, Scope,
    Setting, Span, Value, nearest,
};

/// The kind `docker`.
pub(crate) struct Docker;

impl Kind for Docker {
    fn section(&self) -> &'static str {
        "docker"
    }

    fn page(&self) -> Page {
        Page {
            summary: "Keys of Docker's daemon.json, merged into what the operator has there.",
            file: "/etc/docker/daemon.json, or the file that dockerd's --config-file names",
            takes: "now for what a reload takes; everything else at the next start of docker.service",
            example: "[docker]\nlive-restore = true\nlog-opts.max-size = 10m\n\
                      default-address-pools = 172.20.0.0/16 size 20, 10.0.0.0/8 size 24",
            keys: ROWS.iter().map(known).collect(),
        }
    }

    fn parse(&self, entry: &Entry) -> Result<Setting, Rejection> {
        let row = keys::find(&entry.key).ok_or_else(|| unknown(entry))?;
        let (desired, shape) = value::parse(entry, row)?;
        Ok(Setting {
            key: Key::new(self.section(), entry.key.clone()),
            desired,
            shape,
            optional: false,
            reason: entry.reason.clone(),
            span: entry.span.clone(),
        })
    }

    fn unit<'a>(&self, _setting: &'a Setting) -> Option<&'a str> {
        Some(UNIT)
    }

    fn observe(&self, host: &dyn Host, setting: &Setting) -> Vec<Look> {
        let Some(row) = keys::find(&setting.key.name) else {
            return Vec::new();
        };
        let line = CommandLine::read(host);
        let path = line.config().to_owned();
        let mut stored = look::stored(host, setting, row, &path);
        if let Some(word) = line.sets(row) {
            stored.overruled = look::set_twice(setting, &stored, word, &line.place);
        }
        if host.scope() == Scope::Tree {
            return vec![stored];
        }
        let running = match host.unit(UNIT) {
            Err(error) => Look::new(
                Layer::Running,
                Observed::Unreadable(error.to_string()),
                UNIT,
            ),
            Ok(unit) if unit.is_missing() => {
                let why = Observed::NotApplicable(format!("{UNIT} is not installed"));
                let stored = Look::new(Layer::Stored, why.clone(), path);
                return vec![stored, Look::new(Layer::Running, why, "LoadState")];
            }
            Ok(_) => look::running(host, setting, row, &path, &stored),
        };
        vec![stored, running]
    }

    fn workloads(&self, at: &Looked<'_>) -> Vec<Look> {
        let row = container_look::ulimit(&at.setting.key.name);
        let look = row.map(|row| running_containers::look(at.host, at.setting, row));
        look.flatten().into_iter().collect()
    }

    fn container(&self, at: &Looked<'_>, probe: &Probe) -> Option<Look> {
        let row = container_look::ulimit(&at.setting.key.name)?;
        let mut look = container_look::limit(at, row, probe);
        if at.is_met(Layer::Stored) {
            look.pending = Some(daemon::restart(at.host));
        }
        Some(look)
    }

    fn refuse(&self, host: &dyn Host, setting: &Setting, looks: &[Look]) -> Option<Rejection> {
        let row = keys::find(&setting.key.name)?;
        let stored = look_at(looks, Layer::Stored)?;
        if matches!(stored.observed, Observed::NotApplicable(_)) {
            return None;
        }
        let line = CommandLine::read(host);
        match document(host, line.config()) {
            Err(Unread::Broken(fault)) => return Some(broken_file(line.config(), &fault)),
            Err(Unread::Closed(_)) => {}
            Ok(document) => {
                if let Some(twice) = set_twice(&document, &line) {
                    return Some(twice);
                }
            }
        }
        let name = &setting.key.name;
        let refuse = |message: String| Rejection::new(&setting.span, message);
        if let Some(word) = line.sets(row) {
            let message = format!(
                "{name} is set by `{word}` of {}, and dockerd does not start with both",
                line.place
            );
            let help = "remove the flag from the unit (`systemctl edit docker.service`), or the key \
                        from the profile";
            return Some(refuse(message).help(help));
        }
        if host.scope() == Scope::Tree {
            return None;
        }
        if let Some(release) = daemon::release(host).filter(|release| *release < row.since) {
            let message = format!(
                "{name} is a key since Docker {}; this is Docker {release}, which would not start \
                 with it",
                row.since
            );
            return Some(refuse(message));
        }
        let keeps = Desired::Exact(Value::words("true"));
        if row.name == "live-restore" && setting.desired == keeps {
            let state = daemon::swarm(host)?;
            let message = format!(
                "live-restore and Swarm exclude each other, and this node's Swarm is {state}: the \
                 next start of dockerd would fail"
            );
            return Some(refuse(message).help("leave the swarm, or remove the line"));
        }
        None
    }

    fn store(&self, setting: &Setting, looks: &[Look]) -> Option<Line> {
        let row = keys::find(&setting.key.name)?;
        let stored = look_at(looks, Layer::Stored)?;
        if matches!(stored.observed, Observed::NotApplicable(_)) {
            return None;
        }
        let value = setting
            .desired
            .target(stored.observed.value(), &setting.shape);
        let json = value::to_json(row, &setting.key.name, &value);
        Some(Line {
            path: file_of(&stored.source).to_owned(),
            section: None,
            text: merge::nest(&row.path(&setting.key.name), json).to_string(),
            value: setting.shape.describe(&value),
            takes: match row.reloads {
                true => "now, by a reload".to_owned(),
                false => format!("at the next start of {UNIT}"),
            },
        })
    }

    fn holds(&self, text: &str, line: &Line) -> bool {
        merge::holds(text, &line.text)
    }

    fn write(&self, file: &FileOfLines<'_>) -> HostResult<String> {
        merge::merged(file)
    }

    fn merges(&self) -> bool {
        true
    }

    fn validate(&self, _host: &dyn Host, path: &str, content: &str) -> Option<Action> {
        Some(Action::Validate {
            path: path.to_owned(),
            content: content.to_owned(),
        })
    }

    fn reread(&self, host: &dyn Host, path: &str) -> Option<Action> {
        let is_it = path == CommandLine::read(host).config();
        (is_it && daemon::active(host).ok()?.is_some()).then(reload)
    }

    fn make_live(&self, host: &dyn Host, setting: &Setting, looks: &[Look]) -> Vec<Live> {
        let row = keys::find(&setting.key.name).filter(|row| row.reloads);
        let running = look_at(looks, Layer::Running);
        let (Some(_), Some(running)) = (row, running) else {
            return Vec::new();
        };
        let open = match &running.observed {
            Observed::Value(value) => !setting.desired.met_by(value, &setting.shape),
            Observed::Absent => true,
            Observed::Unreadable(_) | Observed::NotApplicable(_) => false,
        };
        if !open || !matches!(daemon::active(host), Ok(Some(_))) {
            return Vec::new();
        }
        let target = setting.desired.target(None, &setting.shape);
        vec![Live {
            layer: Layer::Running,
            action: reload(),
            value: setting.shape.describe(&target),
            note: None,
        }]
    }
}

/// Where the file gives containers a limit of their own, so that they do not inherit containerd's.
pub(super) fn gives_ulimit(host: &dyn Host, limit: &str) -> Option<String> {
    let path = CommandLine::read(host).config().to_owned();
    let found = document(host, &path).ok()?;
    let found = found.get(&["default-ulimits", limit])?;
    Some(format!("{path}:{}", found.line))
}

fn known(row: &keys::Row) -> KnownKey {
    let words = |value: &str| KnownKey::words(row.name, value);
    let mut known = match row.takes {
        Type::Flag => words("`true` or `false`"),
        Type::Size | Type::Number(..) | Type::Ulimit => {
            KnownKey::of(row.name, &value::shape(row, row.name))
        }
        Type::Text(_) => words("a text"),
        Type::List(_) => words("words with commas between"),
        Type::Pools => words("NETWORK size LENGTH, with commas between"),
    };
    if row.reloads {
        known.value.push_str("; a reload takes it");
    }
    known
}

fn reload() -> Action {
    Action::ReloadUnit {
        unit: UNIT.to_owned(),
    }
}

fn unknown(entry: &Entry) -> Rejection {
    let key = entry.key.as_str();
    let refuse = |message: String| Rejection::new(&entry.span, message);
    if let Some(why) = keys::refused(key) {
        return refuse(format!("{key} {why}"));
    }
    let below = ROWS.iter().find(|row| {
        row.name
            .strip_prefix(key)
            .is_some_and(|rest| rest.starts_with(".*"))
    });
    if let Some(row) = below {
        let help = format!("write `{} = …`", row.name.replace('*', "NAME"));
        return refuse(format!("{key} holds keys of its own")).help(help);
    }
    let flag = ROWS.iter().find(|row| row.flag == key);
    let names = ROWS.iter().map(|row| row.name);
    let near = flag.map(|row| row.name).or_else(|| nearest(key, names));
    let rejection = refuse(format!("unknown key `{key}` of daemon.json"));
    match near {
        Some(near) => rejection.help(format!("did you mean `{near}`?")),
        None => rejection.help("[docker] takes the keys of daemon.json, as in dockerd(8)"),
    }
}

/// A key of the operator's that is also a flag: the running daemon started before the two met, and its
/// next start or reload fails (moby daemon/config, findConfigurationConflicts).
fn set_twice(document: &Document, line: &CommandLine) -> Option<Rejection> {
    let rows = ROWS.iter().filter(|row| !row.name.contains('*'));
    let mut twice = rows.filter_map(|row| {
        let found = document.get(&row.path(row.name))?;
        Some((row, found.line, line.sets(row)?))
    });
    let (row, at, word) = twice.next()?;
    let message = format!(
        "{} is set by `{word}` of {} too, and dockerd does not start with both",
        row.name, line.place
    );
    let help =
        "remove the key from the file, or the flag from the unit (`systemctl edit docker.service`)";
    Some(Rejection::new(&Span::new(line.config(), at), message).help(help))
}

/// A span has a line only; the column takes its place, and the line goes to the file's name.
fn broken_file(path: &str, fault: &Fault) -> Rejection {
    let span = Span::new(format!("{path}:{}", fault.line), fault.column);
    let message = format!("{}; dockerd would not start with it", fault.message);
    Rejection::new(&span, message).help("mend the file; nothing was changed")
}

/// The path in a look's source, which may have a line behind it.
fn file_of(source: &str) -> &str {
    match source.rsplit_once(':') {
        Some((path, line)) if line.bytes().all(|byte| byte.is_ascii_digit()) => path,
        _ => source,
    }
}

#[cfg(test)]
#[path = "docker/tests.rs"]
mod tests;

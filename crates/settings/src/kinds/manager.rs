//! systemd's own defaults for units: the drop-in of system.conf that keeps them, and what the
//! manager gives to units that start now.

use super::stored::Reading;
use super::unit_files::{read, settle, shadowed};
use super::unit_keys::{ROWS, Row, row, shown};
use super::{Kind, KnownKey, Line, Look, Looked, Page, container_look, stored};
use crate::next_boot::NextBoot;
use crate::wish;
use model::{
    Action, Boot, Entry, Host, HostError, Key, Layer, Observed, Overruled, Probe, Rejection, Scope,
    Setting, conf_tree, nearest,
};

const FILE: &str = "/etc/systemd/system.conf.d/60-hosttune.conf";
const SECTION: &str = "Manager";
const DEFAULT: &str = "Default";

/// Of these the first that is there is read, before every drop-in (systemd-system.conf(5)).
const MAIN: [&str; 4] = [
    "/etc/systemd/system.conf",
    "/run/systemd/system.conf",
    "/usr/local/lib/systemd/system.conf",
    "/usr/lib/systemd/system.conf",
];

/// The kind `manager`.
pub(crate) struct Manager;

impl Kind for Manager {
    fn section(&self) -> &'static str {
        "manager"
    }

    fn page(&self) -> Page {
        let keys = ROWS.iter();
        let known = |row: &Row| KnownKey::of(format!("{DEFAULT}{}", row.name), &row.shape);
        Page {
            summary: "The limits that systemd gives to units which name none of their own.",
            file: FILE,
            takes: "for units that start from then on; units that run keep what they started with",
            example: "[manager]\nDefaultTasksMax = infinity\nDefaultLimitNOFILE = 1024:1048576",
            keys: keys.map(known).collect(),
        }
    }

    fn parse(&self, entry: &Entry) -> Result<Setting, Rejection> {
        let known = entry.key.strip_prefix(DEFAULT).and_then(row);
        let Some(row) = known else {
            let message = format!("unknown key `{}` for systemd's manager", entry.key);
            let rejection = Rejection::new(&entry.span, message);
            let names: Vec<String> = ROWS
                .iter()
                .map(|r| format!("{DEFAULT}{}", r.name))
                .collect();
            return Err(
                match nearest(&entry.key, names.iter().map(String::as_str)) {
                    Some(near) => rejection.help(format!("did you mean `{near}`?")),
                    None => rejection.help(
                        "the manager takes DefaultTasksMax and the DefaultLimit… keys of \
                     systemd-system.conf(5)",
                    ),
                },
            );
        };
        let (desired, shape) = wish::parse(entry, row.shape)?;
        Ok(Setting {
            key: Key::new(self.section(), entry.key.as_str()),
            desired,
            shape,
            optional: false,
            reason: entry.reason.clone(),
            span: entry.span.clone(),
        })
    }

    fn observe(&self, host: &dyn Host, setting: &Setting) -> Vec<Look> {
        let of_files = look_stored(host, setting);
        if host.scope() == Scope::Tree {
            return vec![of_files];
        }
        let mut running = look_running(host, setting);
        let value = of_files.observed.value();
        if value.is_some_and(|value| setting.desired.met_by(value, &setting.shape)) {
            running.pending = Some("systemctl daemon-reload".to_owned());
        }
        vec![of_files, running]
    }

    fn next_boot(&self, boot: &NextBoot<'_>, setting: &Setting, looks: &[Look]) -> Option<Look> {
        let reading = reading(boot.host(), setting, Boot::Next);
        let last = reading.said.last().map(|last| last.value.clone());
        let default = "systemd's own default holds";
        let mut look = stored::next_boot(setting, reading, looks, FILE, default)?;
        if let Some(last) = last.filter(|last| last.ends_with('%')) {
            look.observed = Observed::Unreadable(share(&last));
        }
        Some(look)
    }

    fn container(&self, at: &Looked<'_>, probe: &Probe) -> Option<Look> {
        container_look::of_manager(at, probe)
    }

    fn store(&self, setting: &Setting, looks: &[Look]) -> Option<Line> {
        let value = stored::target(setting, looks, FILE)?;
        Some(Line {
            path: FILE.to_owned(),
            section: Some(SECTION),
            text: format!("{}={}", setting.key.name, setting.shape.render(&value)),
            value: setting.shape.describe(&value),
            takes: "for units that start from then on".to_owned(),
        })
    }

    fn reread(&self, _host: &dyn Host, path: &str) -> Option<Action> {
        path.starts_with("/etc/systemd/system.conf")
            .then_some(Action::Reload)
    }
}

fn look_stored(host: &dyn Host, setting: &Setting) -> Look {
    let reading = reading(host, setting, Boot::This);
    let last = reading.said.last().map(|last| last.value.clone());
    let mut look = stored::look(setting, reading, "system.conf", FILE);
    if let Some(last) = last.filter(|last| last.ends_with('%')) {
        look.observed = Observed::Unreadable(share(&last));
        look.fix.get_or_insert_with(|| "hosttune apply".to_owned());
    }
    look
}

/// Of the smallest of kernel.pid_max, kernel.threads-max and the root cgroup's pids.max
/// (systemd-system.conf(5)), each of which may be another at the next boot.
fn share(value: &str) -> String {
    format!("`{value}` is a share of what the host has when systemd reads it")
}

fn reading(host: &dyn Host, setting: &Setting, boot: Boot) -> Reading {
    let key = setting.key.name.as_str();
    let mut reading = Reading::default();
    let mains = MAIN.iter().filter(|path| boot.finds(path));
    let mut found = mains.filter_map(|path| match host.read_text(path) {
        Err(HostError::NotFound(_)) => None,
        content => Some(((*path).to_owned(), content)),
    });
    let main = found.next();
    for (path, content) in found {
        let mut beaten = Vec::new();
        read(
            &content.unwrap_or_default(),
            &path,
            SECTION,
            key,
            &mut beaten,
        );
        let by = main.as_ref().map_or("", |(by, _)| by.as_str());
        reading.lost.extend(beaten.into_iter().map(|one| {
            let rule = format!("{by} is there, and only one main file is read");
            Overruled::new(one.span.to_string(), one.value, rule)
        }));
    }
    let tree = conf_tree(host, "systemd/system.conf.d", boot);
    let drop_ins = tree.files.into_iter().map(|f| (f.path, f.content));
    for (path, content) in main.into_iter().chain(drop_ins) {
        match content {
            Ok(text) => {
                let before = reading.said.len();
                read(&text, &path, SECTION, key, &mut reading.said);
                if reading.said.len() > before {
                    reading.unreadable = None;
                }
            }
            Err(error) => reading.unreadable = Some(error.to_string()),
        }
    }
    for file in &tree.shadowed {
        reading.lost.extend(shadowed(host, file, SECTION, key));
    }
    settle(&mut reading, key, &setting.shape);
    reading
}

fn look_running(host: &dyn Host, setting: &Setting) -> Look {
    let key = setting.key.name.as_str();
    let observed = match host.manager() {
        Ok(manager) => match shown(&manager, key, setting.shape.form) {
            Some(value) => Observed::Value(value),
            None => Observed::Unreadable(format!("systemd shows no {key}")),
        },
        Err(error) => Observed::Unreadable(error.to_string()),
    };
    let mut look = Look::new(Layer::Running, observed, format!("{key} of systemd"));
    // Their properties show the new default at once; pids.max and /proc/PID/limits do not.
    look.note = Some("units that run keep the default they started with".to_owned());
    look
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Property, Span};
    use testkit::FakeHost;

    fn setting(key: &str, value: &str) -> Result<Setting, Rejection> {
        Manager.parse(&Entry {
            kind: "manager".to_owned(),
            name: None,
            key: key.to_owned(),
            value: value.to_owned(),
            reason: None,
            span: Span::new("p.ini", 2),
        })
    }

    fn host() -> FakeHost {
        FakeHost::new()
            .default_of_units("DefaultLimitNOFILE", Property::Number(524_288))
            .default_of_units("DefaultLimitNOFILESoft", Property::Number(1024))
            .default_of_units("DefaultTasksMax", Property::Number(38_000))
    }

    #[test]
    fn a_bound_for_both_limits_lowers_neither() {
        let wish = setting("DefaultLimitNOFILE", "65536").unwrap();
        let looks = Manager.observe(&host(), &wish);
        let line = Manager.store(&wish, &looks).unwrap();
        assert_eq!(line.text, "DefaultLimitNOFILE=65536:524288");
    }

    #[test]
    fn the_main_file_comes_before_every_drop_in() {
        let wish = setting("DefaultTasksMax", "exact 9").unwrap();
        let host = host()
            .file("/etc/systemd/system.conf", "[Manager]\nDefaultTasksMax=5\n")
            .file(
                "/usr/lib/systemd/system.conf",
                "[Manager]\nDefaultTasksMax=6\n",
            )
            .file(FILE, "[Manager]\nDefaultTasksMax=9\n");
        let looks = Manager.observe(&host, &wish);
        assert_eq!(looks[0].source, format!("{FILE}:2"));
        assert_eq!(looks[0].note, None);
        let host = host.file(
            "/usr/lib/systemd/system.conf.d/70-x.conf",
            "[Login]\nDefaultTasksMax=1\n[Manager]\nDefaultTasksMax=7\n",
        );
        let looks = Manager.observe(&host, &wish);
        assert_eq!(
            looks[0].note.as_deref(),
            Some(
                "/usr/lib/systemd/system.conf.d/70-x.conf:4 is read later and overrides \
                 /etc/systemd/system.conf.d/60-hosttune.conf:2"
            )
        );
        assert!(looks[0].warns && looks[0].fix.is_some());
    }

    #[test]
    fn a_share_of_the_host_is_no_number() {
        let wish = setting("DefaultTasksMax", "20000").unwrap();
        let host = host().file(
            "/etc/systemd/system.conf",
            "[Manager]\nDefaultTasksMax=15%\n",
        );
        let looks = Manager.observe(&host, &wish);
        assert!(matches!(looks[0].observed, Observed::Unreadable(_)));
        let line = Manager.store(&wish, &looks).unwrap();
        assert_eq!(line.text, "DefaultTasksMax=38000");
    }

    #[test]
    fn only_defaults_are_known() {
        let help = |key| setting(key, "5").unwrap_err().help.unwrap();
        assert_eq!(help("DefaultTaskMax"), "did you mean `DefaultTasksMax`?");
        assert!(setting("TasksMax", "5").is_err());
    }
}

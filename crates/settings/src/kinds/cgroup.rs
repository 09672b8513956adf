//! Limits of a cgroup: the kernel's file now, and whatever keeps it across a boot, or a sentence that
//! nothing does.

use super::cgroup_keys::{Keeper, PAGE, ROWS, Row, row};
use super::cgroup_place::{Place, is_unified};
use super::unit::{BY_DEFAULT, DROP_IN};
use super::unit_files::reading;
use super::{Kind, KnownKey, Line, Live, Look, Page, look_at, stored, tmpfiles};
use crate::next_boot::NextBoot;
use crate::wish;
use model::{
    Action, Boot, Desired, Entry, Host, HostError, Key, Layer, Observed, Rejection, Scope, Setting,
    Value, nearest,
};

/// The kind `cgroup`.
pub(crate) struct Cgroup;

impl Kind for Cgroup {
    fn section(&self) -> &'static str {
        "cgroup"
    }

    fn named(&self) -> bool {
        true
    }

    fn page(&self) -> Page {
        Page {
            summary: "Limits of a cgroup (version 2), named by its unit or, where systemd did not make \
                      it, by its path.",
            file: "pids.max and memory.* of a unit in /etc/systemd/system/NAME.d/60-hosttune.conf; \
                   cgroup.max.* of system.slice and init.scope in /etc/tmpfiles.d/60-hosttune.conf; \
                   all others cannot be kept across a boot",
            takes: "now, and where it is kept, at each start of the unit or at each boot",
            example: "[cgroup system.slice]\ncgroup.max.descendants = 20000\nmemory.low = 2G",
            keys: ROWS
                .iter()
                .map(|row| KnownKey::of(row.name, &row.shape))
                .collect(),
        }
    }

    fn parse(&self, entry: &Entry) -> Result<Setting, Rejection> {
        let name = entry.name.as_deref().unwrap_or_default();
        Place::parse(name, &entry.span)?;
        let Some(row) = row(&entry.key) else {
            let message = format!("unknown key `{}` for a cgroup", entry.key);
            let rejection = Rejection::new(&entry.span, message);
            return Err(match nearest(&entry.key, ROWS.iter().map(|row| row.name)) {
                Some(near) => rejection.help(format!("did you mean `{near}`?")),
                None => rejection.help("a cgroup takes cgroup.max.*, pids.max and memory.*"),
            });
        };
        let (desired, shape) = wish::parse(entry, row.shape)?;
        if row.is_memory() {
            refuse_part_of_a_page(&desired, entry)?;
        }
        Ok(Setting {
            key: Key::new(self.section(), format!("{name}/{}", row.name)),
            desired,
            shape,
            optional: false,
            reason: entry.reason.clone(),
            span: entry.span.clone(),
        })
    }

    fn unit<'a>(&self, setting: &'a Setting) -> Option<&'a str> {
        Place::of(names(setting).0).unit()
    }

    fn same_as(&self, setting: &Setting) -> Option<Key> {
        match names(setting) {
            (unit, "pids.max") => Some(Key::new("unit", format!("{unit}/TasksMax"))),
            _ => None,
        }
    }

    fn observe(&self, host: &dyn Host, setting: &Setting) -> Vec<Look> {
        let (name, key) = names(setting);
        let Some(row) = row(key) else {
            return Vec::new();
        };
        let place = Place::of(name);
        let of_files = || look_stored(host, setting, row, place);
        if host.scope() == Scope::Tree {
            return vec![of_files()];
        }
        let source = format!("{key} of {name}");
        let nowhere = |why| vec![Look::new(Layer::Running, why, source.clone())];
        match is_unified(host) {
            Ok(true) => {}
            Ok(false) => {
                let why = "this host has cgroup version 1, where this key does not exist";
                return nowhere(Observed::NotApplicable(why.to_owned()));
            }
            Err(why) => return nowhere(Observed::Unreadable(why)),
        }
        match place.directory(host) {
            Ok(directory) => {
                let of_files = of_files();
                let running = look_running(host, setting, &directory, &of_files);
                vec![of_files, running]
            }
            Err(why) if place.unit().is_some_and(|unit| runs_later(host, unit)) => {
                vec![of_files(), Look::new(Layer::Running, why, source)]
            }
            Err(why) => nowhere(why),
        }
    }

    fn next_boot(&self, boot: &NextBoot<'_>, setting: &Setting, looks: &[Look]) -> Option<Look> {
        let (name, key) = names(setting);
        let (row, place) = (row(key)?, Place::of(name));
        let ours = file(row, place).ok()?;
        let host = boot.host();
        match (row.keeper, place) {
            (Keeper::Property(property), Place::Unit(unit)) => {
                let section = place.section().ok()?;
                let shape = &setting.shape;
                let reading = reading(host, unit, section, property, shape, Boot::Next);
                stored::next_boot(setting, reading, looks, &ours, BY_DEFAULT)
            }
            _ => {
                let path = format!("{}/{}", place.at_boot().ok()?, row.name);
                let mut reading = tmpfiles::lines(host, &path, Boot::Next);
                // Of several lines the first counts.
                reading.said.truncate(1);
                let default = "the cgroup starts without a limit";
                stored::next_boot(setting, reading, looks, &ours, default)
            }
        }
    }

    fn store(&self, setting: &Setting, looks: &[Look]) -> Option<Line> {
        let (name, key) = names(setting);
        let (row, place) = (row(key)?, Place::of(name));
        let file = file(row, place).ok()?;
        let value = stored::target(setting, looks, &file)?;
        let text = row.kept_as(&value);
        let (section, text, takes) = match row.keeper {
            Keeper::Property(property) => (
                place.section().ok(),
                format!("{property}={text}"),
                format!("at each start of {name}"),
            ),
            Keeper::Tmpfiles => (
                None,
                tmpfiles::line(&format!("{}/{key}", place.at_boot().ok()?), &text),
                "at each boot".to_owned(),
            ),
        };
        Some(Line {
            path: file,
            section,
            text,
            value: setting.shape.describe(&value),
            takes,
        })
    }

    /// systemd's own files are written in place too: after the reload the unit's property is the same
    /// number (docs/design/0002).
    fn make_live(&self, _host: &dyn Host, setting: &Setting, looks: &[Look]) -> Vec<Live> {
        let Some(look) = look_at(looks, Layer::Running) else {
            return Vec::new();
        };
        let Observed::Value(seen) = &look.observed else {
            return Vec::new();
        };
        if setting.desired.met_by(seen, &setting.shape) {
            return Vec::new();
        }
        let value = setting.desired.target(Some(seen), &setting.shape);
        vec![Live {
            layer: Layer::Running,
            action: Action::WriteKernel {
                path: look.source.clone(),
                value: setting.shape.render(&value),
            },
            value: setting.shape.describe(&value),
            note: None,
        }]
    }
}

fn names(setting: &Setting) -> (&str, &str) {
    let name = &setting.key.name;
    name.rsplit_once('/').unwrap_or((name, ""))
}

fn refuse_part_of_a_page(desired: &Desired, entry: &Entry) -> Result<(), Rejection> {
    let numbers = match desired {
        Desired::AtLeast(numbers) | Desired::AtMost(numbers) => numbers.as_slice(),
        Desired::Exact(Value::Numbers(numbers)) => numbers.as_slice(),
        Desired::Exact(Value::Text(_)) => &[],
    };
    let mut bytes = numbers.iter().filter_map(|number| number.finite());
    match bytes.find(|bytes| bytes % PAGE != 0) {
        None => Ok(()),
        Some(bytes) => {
            let message = format!("{} counts whole pages of {PAGE} bytes", entry.key);
            let up = (bytes / PAGE + 1) * PAGE;
            Err(Rejection::new(&entry.span, message).help(format!("write {up}")))
        }
    }
}

/// The file of ours that keeps the key, or why none can.
fn file(row: &Row, place: Place<'_>) -> Result<String, String> {
    match row.keeper {
        Keeper::Property(_) => {
            place.section()?;
            let unit = place.unit().unwrap_or_default();
            Ok(format!("/etc/systemd/system/{unit}.d/{DROP_IN}"))
        }
        Keeper::Tmpfiles => place.at_boot().map(|_| tmpfiles::FILE.to_owned()),
    }
}

fn look_stored(host: &dyn Host, setting: &Setting, row: &Row, place: Place<'_>) -> Look {
    let ours = match file(row, place) {
        Ok(ours) => ours,
        Err(why) => {
            let why = format!("cannot be kept across a boot: {why}");
            let note = format!("{} {why}", setting.key);
            let observed = Observed::NotApplicable(why);
            return Look::new(Layer::Stored, observed, "nowhere").warn(note);
        }
    };
    match (row.keeper, place) {
        (Keeper::Property(property), Place::Unit(unit)) => {
            let section = place.section().unwrap_or("Service");
            let shape = &setting.shape;
            let reading = reading(host, unit, section, property, shape, Boot::This);
            let place = format!("unit files of {unit}");
            stored::look(setting, reading, &place, &ours)
        }
        _ => {
            let directory = place.at_boot().unwrap_or_default();
            tmpfiles::look(host, setting, &format!("{directory}/{}", row.name))
        }
    }
}

fn look_running(host: &dyn Host, setting: &Setting, directory: &str, of_files: &Look) -> Look {
    let (name, key) = names(setting);
    let path = format!("{directory}/{key}");
    let observed = match host.read_text(&path) {
        Ok(text) => match setting.shape.observe(text.trim()) {
            Ok(value) => Observed::Value(value),
            Err(error) => Observed::Unreadable(error.to_string()),
        },
        Err(HostError::NotFound(_)) => Observed::Absent,
        Err(error) => Observed::Unreadable(error.to_string()),
    };
    let absent = observed == Observed::Absent;
    let mut look = Look::new(Layer::Running, observed, path);
    if absent {
        let controller = key.split('.').next().unwrap_or(key);
        look.note = Some(format!("the {controller} controller does not reach {name}"));
        let kept = of_files.observed.value();
        if kept.is_some_and(|value| setting.desired.met_by(value, &setting.shape)) {
            look.pending = Some(format!("a restart of {name}"));
        } else {
            look.fix = Some(format!(
                "enable {controller} in cgroup.subtree_control of the cgroup above {name}"
            ));
        }
    }
    look
}

/// Whether a unit without a cgroup has one at its next start.
fn runs_later(host: &dyn Host, unit: &str) -> bool {
    host.unit(unit).is_ok_and(|found| !found.is_missing())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Property, Span};
    use testkit::FakeHost;

    fn parse(name: &str, key: &str, value: &str) -> Result<Setting, Rejection> {
        Cgroup.parse(&Entry {
            kind: "cgroup".to_owned(),
            name: Some(name.to_owned()),
            key: key.to_owned(),
            value: value.to_owned(),
            reason: None,
            span: Span::new("p.ini", 2),
        })
    }

    fn host() -> FakeHost {
        let group = |path: &str| Property::Text(path.to_owned());
        FakeHost::new()
            .file("/sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n")
            .file(
                "/sys/fs/cgroup/system.slice/cgroup.max.descendants",
                "max\n",
            )
            .file("/sys/fs/cgroup/system.slice/d.service/pids.max", "4000\n")
            .file("/sys/fs/cgroup/docker/pids.max", "500\n")
            .unit_with("system.slice", &[("ControlGroup", group("/system.slice"))])
            .unit_with(
                "d.service",
                &[("ControlGroup", group("/system.slice/d.service"))],
            )
    }

    #[test]
    fn what_systemd_knows_is_a_property_of_the_unit() {
        let wish = parse("d.service", "pids.max", "max").unwrap();
        let looks = Cgroup.observe(&host(), &wish);
        let line = Cgroup.store(&wish, &looks).unwrap();
        assert_eq!(
            line.path,
            "/etc/systemd/system/d.service.d/60-hosttune.conf"
        );
        assert_eq!(
            (line.section, line.text.as_str()),
            (Some("Service"), "TasksMax=infinity")
        );
        let live = Cgroup.make_live(&host(), &wish, &looks);
        assert_eq!(
            live[0].action.to_string(),
            "write max to /sys/fs/cgroup/system.slice/d.service/pids.max"
        );
    }

    #[test]
    fn what_it_does_not_know_is_written_at_each_boot_where_it_can_be() {
        let wish = parse("system.slice", "cgroup.max.descendants", "exact 20000").unwrap();
        let looks = Cgroup.observe(&host(), &wish);
        let line = Cgroup.store(&wish, &looks).unwrap();
        assert_eq!(
            line.text,
            "w /sys/fs/cgroup/system.slice/cgroup.max.descendants - - - - 20000"
        );
        let wish = parse("d.service", "cgroup.max.depth", "5").unwrap();
        let looks = Cgroup.observe(&host(), &wish);
        assert!(Cgroup.store(&wish, &looks).is_none());
        assert!(looks[0].warns);
        assert_eq!(
            looks[0].note.as_deref(),
            Some(
                "cgroup:d.service/cgroup.max.depth cannot be kept across a boot: d.service may not \
                 be there yet when systemd-tmpfiles runs at boot"
            )
        );
    }

    #[test]
    fn a_foreign_cgroup_is_set_now_and_not_kept() {
        let wish = parse("/docker", "pids.max", "9000").unwrap();
        let looks = Cgroup.observe(&host(), &wish);
        assert!(matches!(looks[0].observed, Observed::NotApplicable(_)));
        assert!(Cgroup.store(&wish, &looks).is_none());
        assert_eq!(Cgroup.make_live(&host(), &wish, &looks)[0].value, "9000");
        let wish = parse("/other", "pids.max", "9000").unwrap();
        let looks = Cgroup.observe(&host(), &wish);
        assert_eq!(looks.len(), 1);
        assert!(matches!(looks[0].observed, Observed::NotApplicable(_)));
    }

    #[test]
    fn version_1_has_no_such_keys() {
        let host = host();
        host.take("/sys/fs/cgroup/cgroup.controllers");
        let wish = parse("system.slice", "cgroup.max.descendants", "9000").unwrap();
        let looks = Cgroup.observe(&host, &wish);
        assert!(matches!(looks[0].observed, Observed::NotApplicable(_)));
        assert!(Cgroup.store(&wish, &looks).is_none());
    }

    #[test]
    fn the_first_of_two_lines_of_tmpfiles_wins() {
        let path = "/sys/fs/cgroup/system.slice/cgroup.max.descendants";
        let host = host().file("/etc/tmpfiles.d/50-x.conf", &tmpfiles::line(path, "9"));
        let wish = parse("system.slice", "cgroup.max.descendants", "100").unwrap();
        let looks = Cgroup.observe(&host, &wish);
        assert_eq!(looks[0].source, "/etc/tmpfiles.d/50-x.conf:1");
        assert!(looks[0].fix.is_some());
    }

    #[test]
    fn memory_comes_in_pages() {
        assert!(parse("system.slice", "memory.low", "2G").is_ok());
        let rejection = parse("system.slice", "memory.max", "1000000").unwrap_err();
        assert_eq!(rejection.help.unwrap(), "write 1003520");
        assert!(parse("system.slice", "memory.max", "50%").is_err());
        assert!(parse("system.slice", "pids.maximum", "5").is_err());
    }
}

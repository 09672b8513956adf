//! Limits of the system message bus: a file of our own that dbus-daemon includes, and what the other
//! files say. The daemon tells nobody what limits it has.

use super::dbus_files::{DIRECTORY, Fault, Found, Reading};
use super::dbus_limits::{ROWS, row};
use super::stored::{self, remove};
use super::{FileOfLines, Kind, KnownKey, Line, Look, Page};
use crate::wish;
use model::{
    Action, Entry, Host, HostResult, Image, Key, Layer, Observed, Overruled, Rejection, Scope,
    Setting, Value, nearest,
};

const FILE: &str = "/etc/dbus-1/system.d/60-hosttune.conf";
const UNIT: &str = "dbus.service";
const LOCAL: &str = "/etc/dbus-1/system-local.conf";

/// The kind `dbus`.
pub(crate) struct Dbus;

impl Kind for Dbus {
    fn section(&self) -> &'static str {
        "dbus"
    }

    fn page(&self) -> Page {
        Page {
            summary: "Limits of the system message bus (dbus-daemon). dbus-broker counts bytes, file \
                      descriptors, matches and objects for each user instead and has none of these.",
            file: FILE,
            takes: "now: the bus reads its configuration again",
            example: "[dbus]\nmax_connections_per_user = 4096\nmax_completed_connections = 8192",
            keys: ROWS
                .iter()
                .map(|row| KnownKey::of(row.name, &row.shape))
                .collect(),
        }
    }

    fn parse(&self, entry: &Entry) -> Result<Setting, Rejection> {
        let Some(row) = row(&entry.key) else {
            let message = format!("unknown limit `{}` of the message bus", entry.key);
            let rejection = Rejection::new(&entry.span, message);
            return Err(match nearest(&entry.key, ROWS.iter().map(|row| row.name)) {
                Some(near) => rejection.help(format!("did you mean `{near}`?")),
                None => rejection.help("the limits are those of dbus-daemon(1)"),
            });
        };
        let (desired, shape) = wish::parse(entry, row.shape)?;
        Ok(Setting {
            key: Key::new(self.section(), row.name),
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
        if let Some(why) = is_not_dbus_daemon(host) {
            return vec![Look::new(Layer::Stored, why, UNIT)];
        }
        let mut look = look(host, setting);
        let built_in = row(&setting.key.name).and_then(|row| row.built_in);
        look.floor = built_in.map(Value::number);
        vec![look]
    }

    fn store(&self, setting: &Setting, looks: &[Look]) -> Option<Line> {
        let value = stored::target(setting, looks, FILE)?;
        let (name, number) = (&setting.key.name, setting.shape.render(&value));
        Some(Line {
            path: FILE.to_owned(),
            section: None,
            text: format!("  <limit name=\"{name}\">{number}</limit>"),
            value: setting.shape.describe(&value),
            takes: "now, and at each start of the bus".to_owned(),
        })
    }

    fn write(&self, file: &FileOfLines<'_>) -> HostResult<String> {
        let mut text = String::from(
            "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\"\n \
             \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n",
        );
        for line in file.header() {
            text.push_str(&comment(&line));
        }
        text.push_str("<busconfig>\n");
        for (setting, line) in file.lines {
            if let Some(reason) = &setting.reason {
                text.push_str("  ");
                text.push_str(&comment(reason));
            }
            text.push_str(&line.text);
            text.push('\n');
        }
        text.push_str("</busconfig>\n");
        Ok(text)
    }

    fn reread(&self, _host: &dyn Host, path: &str) -> Option<Action> {
        path.starts_with("/etc/dbus-1/")
            .then_some(Action::ReloadBus)
    }
}

/// A comment of XML, in which two dashes would end it.
fn comment(text: &str) -> String {
    let mut safe = text.to_owned();
    while safe.contains("--") {
        safe = safe.replace("--", "- -");
    }
    format!("<!-- {safe} -->\n")
}

/// Why these limits mean nothing here, if it is not dbus-daemon that runs the bus.
fn is_not_dbus_daemon(host: &dyn Host) -> Option<Observed> {
    let broker = || {
        let why = "dbus-broker runs the bus: it has no such limits, but counts bytes, file \
                   descriptors, matches and objects for each user";
        Some(Observed::NotApplicable(why.to_owned()))
    };
    if host.scope() == Scope::Tree {
        let alias = host.image(&format!("/etc/systemd/system/{UNIT}"));
        return match alias {
            Ok(Image::Link { target }) if target.ends_with("dbus-broker.service") => broker(),
            _ => None,
        };
    }
    match host.unit(UNIT) {
        Ok(unit) if unit.is_missing() => {
            let why = format!("{UNIT} is not installed");
            Some(Observed::NotApplicable(why))
        }
        Ok(unit) => {
            let path = unit.text("FragmentPath").unwrap_or_default();
            path.ends_with("dbus-broker.service").then(broker).flatten()
        }
        Err(error) => Some(Observed::Unreadable(error.to_string())),
    }
}

fn look(host: &dyn Host, setting: &Setting) -> Look {
    let mut reading = Reading::of(host, &setting.key.name);
    let unreadable =
        |why: String| Look::new(Layer::Stored, Observed::Unreadable(why), "system.conf");
    let found = match reading.all() {
        Ok(found) => found,
        Err(Fault::Broken(why)) => {
            let mut look = unreadable(format!("{why}: the bus does not start with this"));
            look.fix = Some("mend that file".to_owned());
            return look;
        }
        Err(Fault::Missing(why) | Fault::Unreadable(why)) => return unreadable(why),
    };
    if let Some(why) = reading.unreadable {
        return unreadable(why);
    }
    let mut look = judge(setting, &found);
    if !look.warns {
        let skipped = reading.skipped.iter().find(|why| why.starts_with(FILE));
        look.note = Some(match skipped {
            Some(why) => format!("{why}, so the bus skips the file"),
            None => "the bus does not tell its limits: this is what it reads".to_owned(),
        });
    }
    look
}

/// Of all assignments the last counts. Within one directory dbus-daemon reads files in the order in
/// which the file system lists them, so there nobody can tell which is the last.
fn judge(setting: &Setting, found: &[Found]) -> Look {
    let met = |one: &Found| {
        let value = setting.shape.observe(&one.said.value);
        value.is_ok_and(|value| setting.desired.met_by(&value, &setting.shape))
    };
    let is_ours = |one: &Found| *one.said.span.file == *FILE;
    let Some(last) = found.last() else {
        return Look::new(Layer::Stored, Observed::Absent, "system.conf");
    };
    let beside = |one: &&Found| {
        one.directory.is_some()
            && one.directory == last.directory
            && one.said.span.file != last.said.span.file
            && one.said.value != last.said.value
    };
    if let Some(other) = found.iter().find(beside)
        && !(met(other) && met(last))
    {
        let (a, b) = (&other.said.span, &last.said.span);
        let why =
            format!("{a} and {b} both set it, and the bus reads a directory in no fixed order");
        let mut look = Look::new(Layer::Stored, Observed::Unreadable(why.clone()), DIRECTORY);
        let foreign = if is_ours(last) { a } else { b };
        look.fix = Some(remove(foreign));
        return look.warn(why);
    }
    let ours = found.iter().rev().find(|one| is_ours(one));
    let counts = match ours {
        Some(ours) if ours.directory == last.directory => ours,
        _ => last,
    };
    let observed = match setting.shape.observe(&counts.said.value) {
        Ok(value) => Observed::Value(value),
        Err(error) => Observed::Unreadable(error.to_string()),
    };
    let span = &counts.said.span;
    let mut look = Look::new(Layer::Stored, observed, span.to_string());
    let others = found.iter().filter(|one| one.said.span != *span);
    look.overruled = others
        .map(|one| {
            let rule = match one.directory == counts.directory && one.directory.is_some() {
                true => {
                    format!("in one directory with {span}, which the bus reads in no fixed order")
                }
                false => format!("read before {span}"),
            };
            Overruled::new(one.said.span.to_string(), one.said.value.as_str(), rule)
        })
        .collect();
    let later = ours.is_some() || *span.file == *LOCAL;
    let told = match counts {
        one if is_ours(one) => None,
        one if later && !(ours.is_none() && met(one)) => {
            Some(format!("{span} is read later and overrides {FILE}"))
        }
        one if one.directory.as_deref() == Some(DIRECTORY) && !met(one) => Some(format!(
            "{span} sets it too, and the bus reads a directory in no fixed order"
        )),
        _ => None,
    };
    match told {
        Some(told) => {
            look.fix = Some(remove(span));
            look.warn(told)
        }
        None => look,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Property, Span};
    use testkit::FakeHost;

    fn setting(key: &str, value: &str) -> Result<Setting, Rejection> {
        Dbus.parse(&Entry {
            kind: "dbus".to_owned(),
            name: None,
            key: key.to_owned(),
            value: value.to_owned(),
            reason: Some("a -- b --- c -".to_owned()),
            span: Span::new("p.ini", 2),
        })
    }

    fn host(fragment: &str) -> FakeHost {
        let path = Property::Text(format!("/usr/lib/systemd/system/{fragment}"));
        FakeHost::new().unit_with(UNIT, &[("FragmentPath", path)])
    }

    fn limit(number: u32) -> String {
        format!("<busconfig><limit name=\"max_connections_per_user\">{number}</limit></busconfig>")
    }

    #[test]
    fn what_is_written_is_xml_that_says_the_same() {
        let wish = setting("max_connections_per_user", "4096").unwrap();
        let looks = Dbus.observe(&host("dbus.service"), &wish);
        let line = Dbus.store(&wish, &looks).unwrap();
        let file = FileOfLines {
            path: FILE,
            base: &Image::Absent,
            profile: "a--b",
            lines: &[(wish.clone(), line.clone())],
        };
        let text = Dbus.write(&file).unwrap();
        assert!(Dbus.holds(&text, &line));
        let host = host("dbus.service").file(FILE, &text);
        let looks = Dbus.observe(&host, &wish);
        assert_eq!(looks[0].observed, Observed::Value(Value::number(4096)));
        assert!(!looks[0].warns);
    }

    #[test]
    fn a_bound_stores_no_less_than_is_built_in() {
        let wish = setting("max_connections_per_user", "100").unwrap();
        let looks = Dbus.observe(&host("dbus.service"), &wish);
        assert_eq!(Dbus.store(&wish, &looks).unwrap().value, "256");
    }

    #[test]
    fn the_operators_own_file_is_read_last() {
        let wish = setting("max_connections_per_user", "4096").unwrap();
        let host = host("dbus.service")
            .file(FILE, &limit(4096))
            .file(LOCAL, &limit(512));
        let looks = Dbus.observe(&host, &wish);
        assert_eq!(
            looks[0].note.as_deref(),
            Some(
                "/etc/dbus-1/system-local.conf:1 is read later and overrides \
                 /etc/dbus-1/system.d/60-hosttune.conf"
            )
        );
    }

    #[test]
    fn two_files_in_one_directory_have_no_order() {
        let wish = setting("max_connections_per_user", "4096").unwrap();
        let other = "/etc/dbus-1/system.d/10-x.conf";
        let host = host("dbus.service").file(other, &limit(512));
        assert!(Dbus.observe(&host, &wish)[0].warns);
        let host = host.file(FILE, &limit(4096));
        let looks = Dbus.observe(&host, &wish);
        assert!(matches!(looks[0].observed, Observed::Unreadable(_)));
        assert!(looks[0].fix.as_deref().unwrap().contains(other));
        let host = host.file(other, &limit(9999));
        assert!(Dbus.observe(&host, &wish)[0].observed.value().is_some());
    }

    #[test]
    fn dbus_broker_has_none_of_these() {
        let wish = setting("max_connections_per_user", "4096").unwrap();
        let looks = Dbus.observe(&host("dbus-broker.service"), &wish);
        assert!(matches!(looks[0].observed, Observed::NotApplicable(_)));
        assert!(Dbus.store(&wish, &looks).is_none());
    }

    #[test]
    fn what_the_bus_would_refuse_is_refused() {
        assert!(setting("max_connections_per_user", "2147483648").is_err());
        assert!(setting("max_message_size", "200M").is_err());
        let rejection = setting("max_connection_per_user", "5").unwrap_err();
        assert_eq!(
            rejection.help.unwrap(),
            "did you mean `max_connections_per_user`?"
        );
    }
}

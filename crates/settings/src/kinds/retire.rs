//! Foreign files that a profile takes the place of: apply moves them into the journal, revert puts
//! them back.

use super::{Kind, Live, Look, Page, look_at};
use model::{
    Action, Desired, Entry, Host, Image, Key, Layer, Observed, Rejection, Setting, Shape, Value,
};

const ABSENT: &str = "absent";
const PRESENT: &str = "present";

/// Where files of settings lie. Elsewhere a file is more than a setting, and hosttune has no business
/// to take it away.
const PLACES: [&str; 10] = [
    "/etc/sysctl.d/",
    "/etc/modules-load.d/",
    "/etc/modprobe.d/",
    "/etc/security/limits.d/",
    "/etc/systemd/system/",
    "/etc/systemd/system.conf.d/",
    "/etc/systemd/user.conf.d/",
    "/etc/tmpfiles.d/",
    "/etc/dbus-1/system.d/",
    "/etc/udev/rules.d/",
];

/// The kind `retire`.
pub(crate) struct Retire;

impl Kind for Retire {
    fn section(&self) -> &'static str {
        "retire"
    }

    fn page(&self) -> Page {
        Page {
            summary: "Foreign files that the profile takes the place of: apply moves them into the \
                      journal, revert puts them back.",
            file: "",
            takes: "now; whoever reads the file reads it again",
            example: "[retire]\n/etc/sysctl.d/99-container-network.conf = absent",
            keys: Vec::new(),
        }
    }

    fn parse(&self, entry: &Entry) -> Result<Setting, Rejection> {
        let refuse = |message: String| Rejection::new(&entry.span, message);
        let path = entry.key.as_str();
        if !PLACES.iter().any(|place| path.starts_with(place)) {
            let message = format!("{path} does not lie where settings are kept");
            return Err(refuse(message).help(format!("such places are {}", PLACES.join(", "))));
        }
        let odd = |part: &str| part.is_empty() || part == "." || part == "..";
        if path.split('/').skip(1).any(odd) {
            return Err(refuse(format!("{path} is not the plain path of a file")));
        }
        if is_ours(path) {
            let message = format!("{path} is written by hosttune itself");
            return Err(refuse(message).help("leave the keys out of the profile instead"));
        }
        if entry.value != ABSENT {
            let message = format!("{path} can only be `{ABSENT}`, not `{}`", entry.value);
            return Err(refuse(message).help(format!("write `{path} = {ABSENT}`")));
        }
        Ok(Setting {
            key: Key::new(self.section(), path),
            desired: Desired::Exact(Value::words(ABSENT)),
            shape: Shape::TEXT,
            optional: false,
            reason: entry.reason.clone(),
            span: entry.span.clone(),
        })
    }

    fn observe(&self, host: &dyn Host, setting: &Setting) -> Vec<Look> {
        let path = &setting.key.name;
        let observed = match host.image(path) {
            Ok(Image::Absent) => Observed::Value(Value::words(ABSENT)),
            Ok(Image::File { .. } | Image::Link { .. }) => Observed::Value(Value::words(PRESENT)),
            Ok(Image::Directory | Image::Other) => {
                Observed::Unreadable(format!("{path} is no regular file"))
            }
            Err(error) => Observed::Unreadable(error.to_string()),
        };
        vec![Look::new(Layer::Stored, observed, path)]
    }

    fn make_live(&self, _host: &dyn Host, setting: &Setting, looks: &[Look]) -> Vec<Live> {
        let there = Observed::Value(Value::words(PRESENT));
        if look_at(looks, Layer::Stored).is_none_or(|look| look.observed != there) {
            return Vec::new();
        }
        vec![Live {
            layer: Layer::Stored,
            action: Action::Replace {
                path: setting.key.name.clone(),
                image: Image::Absent,
            },
            value: ABSENT.to_owned(),
            note: Some("kept in the journal; revert puts it back".to_owned()),
        }]
    }
}

fn is_ours(path: &str) -> bool {
    path.ends_with("/60-hosttune.conf")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Span;
    use testkit::FakeHost;

    fn parse(key: &str, value: &str) -> Result<Setting, Rejection> {
        Retire.parse(&Entry {
            kind: "retire".to_owned(),
            name: None,
            key: key.to_owned(),
            value: value.to_owned(),
            reason: None,
            span: Span::new("p.ini", 2),
        })
    }

    #[test]
    fn only_files_of_settings_can_go() {
        assert!(parse("/etc/sysctl.d/99-x.conf", "absent").is_ok());
        for path in [
            "/etc/passwd",
            "/etc/sysctl.d/../passwd",
            "/etc/sysctl.d/",
            "/etc/sysctl.d/60-hosttune.conf",
            "sysctl.d/x",
        ] {
            assert!(parse(path, "absent").is_err(), "{path}");
        }
        assert!(parse("/etc/sysctl.d/99-x.conf", "present").is_err());
    }

    #[test]
    fn a_file_that_is_there_is_removed_and_one_that_is_not_is_met() {
        let setting = parse("/etc/sysctl.d/99-x.conf", "absent").unwrap();
        let empty = FakeHost::new();
        let looks = Retire.observe(&empty, &setting);
        assert!(Retire.make_live(&empty, &setting, &looks).is_empty());
        let host = empty.file("/etc/sysctl.d/99-x.conf", "vm.swappiness=5\n");
        let looks = Retire.observe(&host, &setting);
        assert_eq!(Retire.make_live(&host, &setting, &looks).len(), 1);
    }
}

//! The system bus's configuration as dbus-daemon reads it: which files, in which order, and what
//! they say about a limit.

use super::stored::Assignment;
use model::{Host, HostError, Span};
use roxmltree::{Document, Node, ParsingOptions};

/// The first that is there is where dbus-daemon begins; it includes the others.
const MAIN: [&str; 2] = ["/usr/share/dbus-1/system.conf", "/etc/dbus-1/system.conf"];
/// The directory of the operator's files.
pub(crate) const DIRECTORY: &str = "/etc/dbus-1/system.d";
/// What the main file includes where a distribution leaves it as it comes, in this order.
const USUAL: &str = "<busconfig><includedir>/usr/share/dbus-1/system.d</includedir>\
    <includedir>/etc/dbus-1/system.d</includedir>\
    <include ignore_missing=\"yes\">/etc/dbus-1/system-local.conf</include></busconfig>";

/// One `<limit>`, and the `<includedir>` that its file was found through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) said: Assignment,
    pub(crate) directory: Option<String>,
}

/// Why a file's limits do not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    Missing(String),
    Unreadable(String),
    /// dbus-daemon refuses it: `path:line` and why.
    Broken(String),
}

/// What the files say about one limit.
pub(crate) struct Reading<'a> {
    host: &'a dyn Host,
    limit: &'a str,
    within: Vec<String>,
    /// Files that are skipped because they are broken.
    pub(crate) skipped: Vec<String>,
    /// A file or directory of an `<includedir>` that could not be read.
    pub(crate) unreadable: Option<String>,
}

impl<'a> Reading<'a> {
    pub(crate) fn of(host: &'a dyn Host, limit: &'a str) -> Self {
        Self {
            host,
            limit,
            within: Vec::new(),
            skipped: Vec::new(),
            unreadable: None,
        }
    }

    /// Every assignment, in the order of reading: the last one counts.
    pub(crate) fn all(&mut self) -> Result<Vec<Found>, Fault> {
        for main in MAIN {
            match self.file(main) {
                Err(Fault::Missing(_)) => {}
                read => return read,
            }
        }
        self.document(USUAL, MAIN[0])
    }

    fn file(&mut self, path: &str) -> Result<Vec<Found>, Fault> {
        if self.within.iter().any(|outer| outer == path) {
            return Err(Fault::Broken(format!("{path} includes itself")));
        }
        let text = self.host.read_text(path).map_err(|error| match error {
            HostError::NotFound(_) => Fault::Missing(path.to_owned()),
            error => Fault::Unreadable(error.to_string()),
        })?;
        self.within.push(path.to_owned());
        let read = self.document(&text, path);
        self.within.pop();
        read
    }

    fn document(&mut self, text: &str, path: &str) -> Result<Vec<Found>, Fault> {
        let options = ParsingOptions {
            allow_dtd: true,
            ..ParsingOptions::default()
        };
        let document = Document::parse_with_options(text, options).map_err(|error| {
            let line = error.pos().row;
            Fault::Broken(format!("{path}:{line}: no well-formed XML"))
        })?;
        let root = document.root_element();
        if root.tag_name().name() != "busconfig" {
            return Err(Fault::Broken(format!("{path}: no configuration of a bus")));
        }
        let mut found = Vec::new();
        for node in root.children().filter(Node::is_element) {
            let line = document.text_pos_at(node.range().start).row as usize;
            let span = Span::new(path, line);
            let content = node.text().unwrap_or_default().trim();
            match node.tag_name().name() {
                "limit" => {
                    let value = integer(content)
                        .ok_or_else(|| Fault::Broken(format!("{span}: `{content}` is no limit")))?;
                    if node.attribute("name") == Some(self.limit) {
                        let (said, directory) = (Assignment::new(value.to_string(), span), None);
                        found.push(Found { said, directory });
                    }
                }
                "include" => found.extend(self.include(node, &absolute(content, path))?),
                "includedir" => found.extend(self.directory(&absolute(content, path))),
                _ => {}
            }
        }
        Ok(found)
    }

    /// A file named by `<include>` is a part of the one that names it: broken, it breaks that too.
    fn include(&mut self, node: Node<'_, '_>, path: &str) -> Result<Vec<Found>, Fault> {
        // What SELinux's policy brings holds contexts only.
        if node.attribute("if_selinux_enabled") == Some("yes") {
            return Ok(Vec::new());
        }
        match self.file(path) {
            Err(Fault::Missing(_)) if node.attribute("ignore_missing") == Some("yes") => {
                Ok(Vec::new())
            }
            Err(Fault::Missing(path)) => Err(Fault::Broken(format!("{path} is not there"))),
            read => read,
        }
    }

    /// A file in a directory is skipped if it is broken (bus/config-parser.c, `include_dir`).
    fn directory(&mut self, directory: &str) -> Vec<Found> {
        let names = match self.host.list(directory) {
            Ok(names) => names,
            Err(error) => {
                if !error.is_not_found() {
                    self.unreadable = Some(error.to_string());
                }
                return Vec::new();
            }
        };
        let mut found = Vec::new();
        for name in names.iter().filter(|name| name.ends_with(".conf")) {
            match self.file(&format!("{directory}/{name}")) {
                Ok(mut in_file) => {
                    for one in &mut in_file {
                        one.directory = Some(directory.to_owned());
                    }
                    found.append(&mut in_file);
                }
                Err(Fault::Missing(_)) => {}
                Err(Fault::Unreadable(why)) => self.unreadable = Some(why),
                Err(Fault::Broken(why)) => self.skipped.push(why),
            }
        }
        found
    }
}

/// Relative paths are seen from the folder of the file that names them.
fn absolute(path: &str, from: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    match path.starts_with('/') {
        true => path.to_owned(),
        false => format!("{folder}/{path}"),
    }
}

/// strtol(3) with base 0, as far as there are digits.
fn integer(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    let end = digits.find(|c: char| !c.is_digit(radix));
    let number = i64::from_str_radix(&digits[..end.unwrap_or(digits.len())], radix);
    number.ok().map(|number| sign * number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    const LIMIT: &str = "max_connections_per_user";

    fn limit(number: &str) -> String {
        format!("<busconfig>\n  <limit name=\"{LIMIT}\">{number}</limit>\n</busconfig>\n")
    }

    fn read(host: &FakeHost) -> (Result<Vec<String>, Fault>, Vec<String>) {
        let mut reading = Reading::of(host, LIMIT);
        let found = reading.all().map(|all| {
            all.iter()
                .map(|one| format!("{} {}", one.said.value, one.said.span))
                .collect()
        });
        (found, reading.skipped)
    }

    #[test]
    fn files_are_read_where_they_are_included() {
        let host = FakeHost::new()
            .file(
                "/usr/share/dbus-1/system.conf",
                "<!DOCTYPE busconfig PUBLIC \"x\"\n \"y\">\n<busconfig>\n<!-- <limit \
                 name=\"max_connections_per_user\">1</limit> -->\n<includedir>system.d</includedir>\n\
                 <limit name=\"max_connections_per_user\">512</limit>\n<include \
                 ignore_missing=\"yes\">/etc/dbus-1/system-local.conf</include>\n\
                 <include if_selinux_enabled=\"yes\">contexts/x</include>\n</busconfig>\n",
            )
            .file("/usr/share/dbus-1/system.d/a.conf", &limit("0x100"))
            .file("/usr/share/dbus-1/system.d/b.conf", "<busconfig><limit>")
            .file("/etc/dbus-1/system-local.conf", &limit(" 4096 "));
        let (found, skipped) = read(&host);
        assert_eq!(
            found.unwrap(),
            [
                "256 /usr/share/dbus-1/system.d/a.conf:2",
                "512 /usr/share/dbus-1/system.conf:6",
                "4096 /etc/dbus-1/system-local.conf:2",
            ]
        );
        assert_eq!(
            skipped,
            ["/usr/share/dbus-1/system.d/b.conf:1: no well-formed XML"]
        );
    }

    #[test]
    fn a_broken_part_of_the_main_file_breaks_it() {
        let host = FakeHost::new().file("/etc/dbus-1/system-local.conf", &limit("many"));
        assert_eq!(
            read(&host).0,
            Err(Fault::Broken(
                "/etc/dbus-1/system-local.conf:2: `many` is no limit".to_owned()
            ))
        );
    }

    #[test]
    fn a_circle_ends() {
        let text = "<busconfig><include>system.conf</include></busconfig>";
        let host = FakeHost::new().file("/usr/share/dbus-1/system.conf", text);
        assert!(matches!(read(&host).0, Err(Fault::Broken(_))));
    }
}

//! TuneD: the `[sysctl]` sections of its active profile, after which it applies sysctl.d again.

use super::{Effect, LateWriter, NextBoot, Write};
use crate::kinds::lines::{numbered, strip};
use model::{Host, files_in};

pub(super) const WRITER: LateWriter = LateWriter {
    name: "TuneD",
    says: "[sysctl] of the profiles in /etc/tuned/active_profile with their include= chain; then, unless \
           reapply_sysctl = 0, the files of /run/sysctl.d and /etc/sysctl.d by name and /etc/sysctl.conf \
           last, those below /usr not (tuned/plugins/plugin_sysctl.py, `_apply_system_sysctl`; \
           tuned/profiles/loader.py)",
    writes,
};

const MAIN: &str = "/etc/tuned/tuned-main.conf";
/// Where profiles lie from 2.23 on, and before that; strongest first (tuned/consts.py).
const NEW_PLACES: [&str; 2] = ["/etc/tuned/profiles", "/usr/lib/tuned/profiles"];
const OLD_PLACES: [&str; 2] = ["/etc/tuned", "/usr/lib/tuned"];
/// Keys that say how a section is applied, not what it sets (tuned.conf(5)).
const APART: [&str; 8] = [
    "type",
    "enabled",
    "devices",
    "replace",
    "drop",
    "uname_regex",
    "cpuinfo_regex",
    "priority",
];

fn writes(boot: &NextBoot<'_>, key: &str) -> Vec<Write> {
    let host = boot.host();
    if !boot.starts("tuned.service") {
        return Vec::new();
    }
    let active = host
        .read_text("/etc/tuned/active_profile")
        .unwrap_or_default();
    let mut profile = Profile {
        places: places(host),
        swaps: is_new(host),
        ..Profile::default()
    };
    for name in active.split_whitespace() {
        profile.load(host, name, 0);
    }
    let mut all = Vec::new();
    if let Some((effect, place)) = profile.said(key) {
        all.push(Write::new(WRITER.name, key, effect, place));
    }
    // Without a section of sysctls the plug-in has no instance, and nothing is applied again.
    if profile.has_section && reapplies(host) {
        all.extend(again(host, key));
    }
    all
}

/// What the chain of profiles comes to; a later one replaces an earlier, key by key.
#[derive(Default)]
struct Profile {
    said: Vec<(String, Effect, String)>,
    has_section: bool,
    files: Vec<String>,
    places: Vec<String>,
    swaps: bool,
}

impl Profile {
    fn load(&mut self, host: &dyn Host, name: &str, depth: usize) {
        let name = name.strip_prefix('-').unwrap_or(name);
        let paths = self
            .places
            .iter()
            .map(|place| format!("{place}/{name}/tuned.conf"));
        let found = paths
            .filter(|path| !self.files.contains(path))
            .find_map(|path| host.read_text(&path).ok().map(|text| (path, text)));
        let Some((path, text)) = found.filter(|_| depth < 16 && !name.contains('/')) else {
            return;
        };
        self.files.push(path.clone());
        let included = Sections::of(&text).filter(|(section, ..)| *section == "main");
        let included: Vec<&str> = included
            .filter(|(_, _, key, _)| *key == "include")
            .flat_map(|(_, _, _, value)| value.split([',', ';']))
            .collect();
        for name in included {
            self.load(host, strip(name), depth + 1);
        }
        self.merge(&text, &path);
    }

    fn merge(&mut self, text: &str, path: &str) {
        let all: Vec<_> = Sections::of(text).collect();
        let of = |section: &str, wanted: &str| {
            let found = all
                .iter()
                .find(|(s, _, key, _)| *s == section && *key == wanted);
            found.map(|(_, _, _, value)| *value)
        };
        let yes = |word: &str| matches!(word, "1" | "true" | "yes" | "on");
        for (section, number, key, value) in &all {
            let kind = of(section, "type").unwrap_or(section);
            if kind != "sysctl" {
                continue;
            }
            if *key == "replace" && yes(value) {
                self.said.clear();
            }
            if APART.contains(key) || of(section, "enabled").is_some_and(|word| !yes(word)) {
                continue;
            }
            self.has_section = true;
            let tested = of(section, "uname_regex").or(of(section, "cpuinfo_regex"));
            let worked_out = value.contains("${") || tested.is_some();
            let effect = match value.strip_prefix('>').or(value.strip_prefix('<')) {
                _ if worked_out => Effect::May,
                Some(rest) if value.starts_with('>') => Effect::Raise(strip(rest).to_owned()),
                Some(rest) => Effect::Lower(strip(rest).to_owned()),
                None => Effect::Set(value.trim_matches('"').to_owned()),
            };
            let key = spelled(key, self.swaps);
            self.said.retain(|(other, ..)| *other != key);
            self.said.push((key, effect, format!("{path}:{number}")));
        }
    }

    fn said(&self, key: &str) -> Option<(Effect, String)> {
        let found = self.said.iter().find(|(said, ..)| said == key);
        found.map(|(_, effect, place)| (effect.clone(), place.clone()))
    }
}

/// Section, line number, key and value of every line.
struct Sections;

impl Sections {
    fn of(text: &str) -> impl Iterator<Item = (&str, usize, &str, &str)> {
        let mut section = "";
        numbered(text).filter_map(move |(number, line)| {
            let line = strip(line.split(" #").next().unwrap_or_default());
            if let Some(name) = line
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
            {
                section = name;
                return None;
            }
            if line.starts_with(['#', ';']) {
                return None;
            }
            let (key, value) = line.split_once('=')?;
            Some((section, number, strip(key), strip(value)))
        })
    }
}

/// An option of its main file.
fn option(host: &dyn Host, name: &str) -> Option<String> {
    let text = host.read_text(MAIN).ok()?;
    let mut lines = text.lines().filter_map(|line| line.split_once('='));
    let last = lines.rfind(|(key, _)| key.trim() == name);
    last.map(|(_, value)| value.trim().to_owned())
}

/// The folders of profiles, strongest first; those named by an option are searched from the last.
fn places(host: &dyn Host) -> Vec<String> {
    if let Some(named) = option(host, "profile_dirs") {
        return named
            .split(',')
            .rev()
            .map(|one| strip(one).to_owned())
            .collect();
    }
    let places = match is_new(host) {
        true => NEW_PLACES,
        false => OLD_PLACES,
    };
    places.map(str::to_owned).to_vec()
}

/// Whether it is a release that has folders of its own for profiles.
fn is_new(host: &dyn Host) -> bool {
    host.list(NEW_PLACES[1]).is_ok()
}

/// The file below `/proc/sys` that it makes of a name: 2.20 knows the dot alone as a separator, 2.25
/// swaps dots and slashes whichever comes first, so that `vm/swappiness` is no file to it
/// (`_get_sysctl_path`, seen to do so in both).
fn spelled(name: &str, swaps: bool) -> String {
    let letter = |c: char| match c {
        '.' => '/',
        '/' if swaps => '.',
        other => other,
    };
    name.chars().map(letter).collect()
}

fn reapplies(host: &dyn Host) -> bool {
    let word = option(host, "reapply_sysctl");
    !word.is_some_and(|word| matches!(word.as_str(), "0" | "false" | "no" | "off"))
}

/// The files that it applies again: patterns and `-key` mean nothing to it.
fn again(host: &dyn Host, key: &str) -> Vec<Write> {
    let files = files_in(host, &["/etc/sysctl.d".to_owned()], ".conf").files;
    let last = host.read_text("/etc/sysctl.conf").unwrap_or_default();
    let texts = files
        .into_iter()
        .map(|file| (file.path, file.content.unwrap_or_default()));
    let (mut all, swaps) = (Vec::new(), is_new(host));
    for (path, text) in texts.chain([("/etc/sysctl.conf".to_owned(), last)]) {
        for (number, line) in numbered(&text) {
            let line = line.trim();
            let Some((name, value)) = line.split_once('=') else {
                continue;
            };
            if !line.starts_with(['#', ';']) && spelled(name.trim(), swaps) == key {
                let effect = Effect::Set(value.trim().to_owned());
                let place = format!("{path}:{number}");
                all.push(Write::new(WRITER.name, key, effect, place));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::tests::{starting, told};
    use super::*;
    use testkit::FakeHost;

    const KEY: &str = "vm/swappiness";

    fn host() -> FakeHost {
        starting("tuned.service")
            .file("/etc/tuned/active_profile", "virtual-guest\n")
            .file(
                "/usr/lib/tuned/virtual-guest/tuned.conf",
                "[main]\ninclude=throughput-performance\n[sysctl]\nvm.swappiness = 30\n",
            )
            .file(
                "/usr/lib/tuned/throughput-performance/tuned.conf",
                "[sysctl]\nvm.swappiness=10\nnet.core.somaxconn=>2048\nkernel.x=${y}\n",
            )
    }

    #[test]
    fn the_profile_that_includes_wins_over_the_included() {
        assert_eq!(
            told(&WRITER, &host(), KEY),
            ["Set(\"30\") /usr/lib/tuned/virtual-guest/tuned.conf:4"]
        );
        assert_eq!(
            told(&WRITER, &host(), "net/core/somaxconn"),
            ["Raise(\"2048\") /usr/lib/tuned/throughput-performance/tuned.conf:3"]
        );
        assert!(told(&WRITER, &host(), "kernel/x")[0].starts_with("May"));
    }

    #[test]
    fn newer_ones_look_into_other_folders_only() {
        let host = host().file(
            "/usr/lib/tuned/profiles/x/tuned.conf",
            "[sysctl]\nvm.swappiness=1\n",
        );
        assert_eq!(told(&WRITER, &host, KEY), [""; 0]);
        let host = host.file("/etc/tuned/active_profile", "x\n");
        assert_eq!(told(&WRITER, &host, KEY).len(), 1);
        let host = host.file(MAIN, "profile_dirs = /a,/b\n");
        let host = host.file("/b/x/tuned.conf", "[sysctl]\nvm.swappiness=2\n");
        assert_eq!(told(&WRITER, &host, KEY), ["Set(\"2\") /b/x/tuned.conf:2"]);
        // They do not know a name with slashes.
        let host = host.file("/etc/sysctl.d/9.conf", "vm/swappiness = 3\n");
        assert_eq!(told(&WRITER, &host, KEY).len(), 1);
    }

    #[test]
    fn what_stands_in_etc_is_applied_again_and_sysctl_conf_last() {
        let host = host()
            .file("/etc/sysctl.d/60-hosttune.conf", "vm.swappiness = 5\n")
            .file("/usr/lib/sysctl.d/99-x.conf", "vm.swappiness = 6\n");
        let last = |host: &FakeHost| told(&WRITER, host, KEY).pop().unwrap();
        assert_eq!(last(&host), "Set(\"5\") /etc/sysctl.d/60-hosttune.conf:1");
        let host = host.file("/etc/sysctl.conf", "vm/swappiness=7\n");
        assert_eq!(last(&host), "Set(\"7\") /etc/sysctl.conf:1");
        let host = host.file("/etc/tuned/tuned-main.conf", "reapply_sysctl = 0\n");
        assert!(last(&host).starts_with("Set(\"30\")"));
    }
}

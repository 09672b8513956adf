//! What a host must have and no apply can give it: checked, never set.

use super::require_facts::{Fact, fact};
use super::{Kind, KnownKey, Look, Page};
use crate::wish;
use model::{
    Desired, Entry, Form, Host, Key, Layer, Observed, Rejection, Scope, Setting, Shape, Value,
    nearest,
};

const U64: i128 = u64::MAX as i128;
const NAMES: [&str; 7] = [
    "cgroup",
    "kernel",
    "controllers",
    "cpus",
    "memory",
    "free-space",
    "free-inodes",
];

/// The kind `require`.
pub(crate) struct Require;

impl Kind for Require {
    fn section(&self) -> &'static str {
        "require"
    }

    fn page(&self) -> Page {
        let known = |name: &&str| match *name {
            "cgroup" => KnownKey::words(name, "v2 or v1; both mounted (hybrid) is v1"),
            "controllers" => KnownKey::words(name, "controllers of cgroup version 2 by name"),
            "free-space" | "free-inodes" => KnownKey::of(format!("{name}[/PATH]"), &shape(name)),
            _ => KnownKey::of(*name, &shape(name)),
        };
        Page {
            summary: "What the host must have and no apply gives it. Without a path, free space and \
                      inodes are those of Docker's data root; a file system that makes inodes as \
                      needed has enough. Sizes are in bytes, with K, M, G, T as powers of 1024.",
            file: "",
            takes: "never: it is checked only, and apply warns before it asks",
            example: "[require]\ncgroup = v2\nkernel = at least 5.11\ncontrollers = cpu memory pids\n\
                      cpus = at least 8\nmemory = at least 64G\nfree-space = at least 100G\n\
                      free-inodes/var/log = at least 100000",
            keys: NAMES.iter().map(known).collect(),
        }
    }

    fn parse(&self, entry: &Entry) -> Result<Setting, Rejection> {
        let refuse = |message: String| Rejection::new(&entry.span, message);
        let (name, path) = split(&entry.key);
        if !NAMES.contains(&name) {
            let rejection = refuse(format!("unknown requirement `{name}`"));
            return Err(match nearest(name, NAMES) {
                Some(near) => rejection.help(format!("did you mean `{near}`?")),
                None => rejection.help(format!("the requirements are {}", NAMES.join(", "))),
            });
        }
        if !path.is_empty() && !name.starts_with("free-") {
            return Err(refuse(format!(
                "{name} takes no path, but `{path}` follows"
            )));
        }
        let odd = |part: &str| part.is_empty() || part == "." || part == "..";
        if path.len() > 1 && path.split('/').skip(1).any(odd) {
            return Err(refuse(format!("`{path}` is not a plain path")));
        }
        if name == "cgroup" && !matches!(entry.value.as_str(), "v1" | "v2") {
            return Err(refuse(format!("cgroup cannot be `{}`", entry.value))
                .help("write `cgroup = v2` or `cgroup = v1`"));
        }
        let named = |c: char| c.is_ascii_lowercase() || c == '_' || c == ' ';
        if name == "controllers" && !entry.value.chars().all(named) {
            return Err(refuse(format!("`{}` names no controllers", entry.value))
                .help("write their names with blanks between, such as `cpu memory pids`"));
        }
        let (desired, shape) = wish::parse(entry, shape(name))?;
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
        let (name, path) = split(&setting.key.name);
        if host.scope() == Scope::Tree {
            let why = Observed::NotApplicable("a file tree has nothing that runs".to_owned());
            return vec![Look::new(Layer::Running, why, name)];
        }
        let Fact { found, source } = fact(host, name, path, &wanted(setting));
        let look = Look::new(Layer::Running, found, source);
        let met = look.observed.value();
        if met.is_some_and(|value| setting.desired.met_by(value, &setting.shape)) {
            return vec![look];
        }
        let (wish, found) = in_words(setting, &look.observed, name);
        let note = format!("{} is required to be {wish}, and is {found}", setting.key);
        let readable = !matches!(look.observed, Observed::Unreadable(_));
        let fix = readable.then(|| remedy(name, &wanted(setting)));
        vec![Look {
            fix,
            ..look.warn(note)
        }]
    }
}

/// `free-space/var/lib/docker` is a name and a path.
fn split(key: &str) -> (&str, &str) {
    key.find('/').map_or((key, ""), |at| key.split_at(at))
}

fn shape(name: &str) -> Shape {
    match name {
        "cgroup" | "controllers" => Shape::TEXT,
        "kernel" => Shape::ceiling(0, i128::MAX).form(Form::Version),
        "free-inodes" => Shape::ceiling(1, U64).unlimited(&["unlimited"]),
        _ => Shape::ceiling(1, U64),
    }
}

/// The words of a wish that is made of words.
fn wanted(setting: &Setting) -> String {
    match &setting.desired {
        Desired::Exact(Value::Text(words)) => words.clone(),
        _ => String::new(),
    }
}

/// The wish and what was found; bytes as sizes.
fn in_words(setting: &Setting, found: &Observed, name: &str) -> (String, String) {
    let bytes = |value: &Value| match value {
        Value::Numbers(numbers) if matches!(name, "memory" | "free-space") => {
            numbers.first().and_then(|number| number.finite())
        }
        _ => None,
    };
    let wish = match &setting.desired {
        Desired::AtLeast(numbers) => bytes(&Value::Numbers(numbers.clone())),
        _ => None,
    };
    match (wish, found.value().and_then(bytes)) {
        (Some(wish), Some(found)) => (format!("at least {}", size(wish)), size(found)),
        _ => (
            setting.desired.describe(&setting.shape),
            found.describe(&setting.shape),
        ),
    }
}

/// Gigabytes of 1024^3 with one place behind the point, cut off rather than rounded up.
fn size(bytes: i128) -> String {
    let tenths = bytes * 10 / (1 << 30);
    format!("{}.{}G", tenths / 10, tenths % 10)
}

fn remedy(name: &str, wanted: &str) -> String {
    match (name, wanted) {
        ("cgroup", "v2") => {
            "boot with systemd.unified_cgroup_hierarchy=1 on the kernel's command line"
        }
        ("cgroup", _) => {
            "boot with systemd.unified_cgroup_hierarchy=0 on the kernel's command line, where systemd \
             still has version 1"
        }
        ("kernel", _) => "boot another kernel",
        ("controllers", _) => {
            "boot without cgroup_disable= for them, and with cgroup version 2 alone"
        }
        ("free-space", _) => "make room on that file system, or use a larger one",
        ("free-inodes", _) => "remove files there, or make the file system with more inodes",
        _ => "use another host, or change the requirement",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;
    use model::{Finding, Space, Span, Verdict};
    use testkit::FakeHost;

    fn parse(key: &str, value: &str) -> Result<Setting, Rejection> {
        Require.parse(&Entry {
            kind: "require".to_owned(),
            name: None,
            key: key.to_owned(),
            value: value.to_owned(),
            reason: None,
            span: Span::new("p.ini", 2),
        })
    }

    fn host() -> FakeHost {
        let space = |bytes_free, inodes| Space {
            bytes: 1 << 40,
            bytes_free,
            inodes,
            inodes_free: 5,
        };
        FakeHost::new()
            .file(
                "/sys/fs/cgroup/cgroup.controllers",
                "cpuset cpu io memory pids\n",
            )
            .file("/proc/sys/kernel/osrelease", "6.1.0-38-amd64\n")
            .file(
                "/proc/meminfo",
                "MemTotal:       65000000 kB\nMemFree: 1 kB\n",
            )
            .file("/sys/devices/system/cpu/online", "0-5,8\n")
            .docker_answer("/info", "{\"DockerRootDir\": \"/data/docker\"}")
            .room("/data", space(200 << 30, 0))
            .room("/", space(1 << 30, 9))
    }

    fn finding(host: &FakeHost, key: &str, value: &str) -> Finding {
        check(host, &[parse(key, value).unwrap()]).remove(0)
    }

    #[test]
    fn what_is_there_is_met_and_what_is_not_says_what_to_do() {
        let host = host();
        for (key, value) in [
            ("cgroup", "v2"),
            ("kernel", "5.11"),
            ("kernel", "at most 6.1.5"),
            ("controllers", "pids cpu"),
            ("cpus", "7"),
            ("memory", "at least 60G"),
            ("free-space", "at least 100G"),
            ("free-inodes", "1000000"),
        ] {
            assert_eq!(
                finding(&host, key, value).verdict,
                Verdict::Met,
                "{key} {value}"
            );
        }
        for (key, value) in [
            ("cgroup", "v1"),
            ("kernel", "6.12"),
            ("controllers", "cpu hugetlb"),
            ("cpus", "8"),
            ("memory", "64G"),
            ("free-space/var/lib", "2G"),
            ("free-inodes/var/lib", "6"),
        ] {
            let finding = finding(&host, key, value);
            assert_eq!(finding.verdict, Verdict::Drifted, "{key} {value}");
            assert!(!finding.fix.unwrap().contains("hosttune apply"), "{key}");
        }
    }

    #[test]
    fn the_sentence_names_both() {
        let wish = parse("kernel", "6.12").unwrap();
        let looks = Require.observe(&host(), &wish);
        assert_eq!(
            looks[0].note.as_deref(),
            Some("require:kernel is required to be at least 6.12, and is 6.1")
        );
        assert!(looks[0].warns);
        let wish = parse("memory", "64G").unwrap();
        let looks = Require.observe(&host(), &wish);
        assert_eq!(
            looks[0].note.as_deref(),
            Some("require:memory is required to be at least 64.0G, and is 61.9G")
        );
    }

    #[test]
    fn both_versions_mounted_is_version_1() {
        let host = host().directory("/sys/fs/cgroup/unified");
        host.take("/sys/fs/cgroup/cgroup.controllers");
        assert_eq!(finding(&host, "cgroup", "v1").verdict, Verdict::Met);
        assert_eq!(finding(&host, "cgroup", "v2").verdict, Verdict::Drifted);
        assert_eq!(
            finding(&host, "controllers", "pids").verdict,
            Verdict::Drifted
        );
    }

    #[test]
    fn what_cannot_be_read_does_not_pass() {
        let host = host().denied("/proc/meminfo");
        assert_eq!(finding(&host, "memory", "1").verdict, Verdict::Unknown);
        let host = host.tree();
        assert_eq!(
            finding(&host, "memory", "1").verdict,
            Verdict::NotApplicable
        );
    }

    #[test]
    fn what_means_nothing_is_refused() {
        for (key, value) in [
            ("cgroup", "v3"),
            ("kernel", "new"),
            ("controllers", "cpu,memory"),
            ("cpus/x", "5"),
            ("free-space/../x", "5"),
            ("cpu", "5"),
            ("memory", "much"),
            ("memory", "0"),
        ] {
            assert!(parse(key, value).is_err(), "{key} = {value}");
        }
    }
}

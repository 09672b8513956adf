//! Which kernel modules are there before systemd-sysctl reads its files: built in, named on the
//! kernel's command line, listed in modules-load.d or in the initial RAM disk, or needed by one of
//! those; and what keeps a module from being loaded.

use super::NextBoot;
use crate::kinds::lines::{numbered, strip};
use model::{Boot, Host, Scope, conf_tree, files_in};

const SERVICE: &str = "systemd-modules-load.service";
const INITRAMFS: &str = "/etc/initramfs-tools/modules";

/// Whether a module is loaded early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Loads {
    /// Yes, and what says so.
    Early(String),
    /// No, and why, where something keeps it away.
    No(Option<String>),
    /// Something that could not be read might list it.
    Unknown(String),
    /// A rule of udev runs systemd-sysctl when the module comes.
    ByUdev(String),
}

pub(super) fn loads(boot: &NextBoot<'_>, module: &str) -> Loads {
    let host = boot.host();
    if let Some(place) = built_in(host, module) {
        return Loads::Early(place);
    }
    if let Some(why) = denied(boot, module) {
        return Loads::No(Some(why));
    }
    let listed = listed(boot);
    let found = listed.names.iter().find(|(name, _)| name == module);
    let found = found
        .cloned()
        .or_else(|| needed(host, &listed.names, module));
    match (found, boot.masked(SERVICE), listed.unreadable) {
        (Some((_, place)), None, _) => Loads::Early(place),
        (Some((_, place)), Some(mask), _) if !place.contains("cmdline") => {
            Loads::No(Some(format!("{SERVICE} is masked by {mask}")))
        }
        (Some((_, place)), Some(_), _) => Loads::Early(place),
        (None, _, Some(why)) => Loads::Unknown(why),
        (None, ..) => match rule_of_udev(host, module) {
            Some(place) => Loads::ByUdev(place),
            None => Loads::No(None),
        },
    }
}

#[derive(Default)]
struct Listed {
    /// Each module with the place that lists it.
    names: Vec<(String, String)>,
    unreadable: Option<String>,
}

fn listed(boot: &NextBoot<'_>) -> Listed {
    let mut listed = Listed::default();
    let words = boot.command_line().iter().filter_map(|word| {
        let (key, value) = word.split_once('=')?;
        let key = key.strip_prefix("rd.").unwrap_or(key).replace('-', "_");
        (key == "modules_load").then_some((word, value))
    });
    for (word, value) in words {
        let place = format!("`{word}` in /proc/cmdline");
        let names = value.split(',').map(|name| name.replace('-', "_"));
        listed.names.extend(names.map(|name| (name, place.clone())));
    }
    let tree = conf_tree(boot.host(), "modules-load.d", Boot::Next);
    let of_ram_disk = boot.host().read_text(INITRAMFS).unwrap_or_default();
    let mut add = |path: &str, text: &str| {
        for (number, line) in numbered(text) {
            let name = strip(line).split_whitespace().next().unwrap_or_default();
            if !name.is_empty() && !name.starts_with(['#', ';']) {
                let place = format!("{path}:{number}");
                listed.names.push((name.replace('-', "_"), place));
            }
        }
    };
    add(INITRAMFS, &of_ram_disk);
    for file in &tree.files {
        match &file.content {
            Ok(text) => add(&file.path, text),
            Err(error) => listed.unreadable = Some(error.to_string()),
        }
    }
    listed
}

fn release(host: &dyn Host) -> Option<String> {
    match host.scope() {
        Scope::Live => {
            let text = host.read_text("/proc/sys/kernel/osrelease").ok()?;
            Some(text.trim().to_owned())
        }
        // Of several kernels in a tree nobody knows which will run.
        Scope::Tree => match host.list("/lib/modules").ok()?.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        },
    }
}

/// The list of the kernel's built-in modules, if the module is in it.
pub(crate) fn built_in(host: &dyn Host, module: &str) -> Option<String> {
    let list = format!("/lib/modules/{}/modules.builtin", release(host)?);
    let text = host.read_text(&list).ok()?;
    text.lines()
        .any(|line| name_of(line) == module)
        .then_some(list)
}

/// `kernel/net/netfilter/nf_conntrack.ko.xz` is `nf_conntrack`.
fn name_of(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.split(".ko").next().unwrap_or(file);
    stem.replace('-', "_")
}

/// A listed module that needs this one and brings it along (modules.dep(5) has all of them, the
/// indirect ones included).
fn needed(host: &dyn Host, listed: &[(String, String)], module: &str) -> Option<(String, String)> {
    if listed.is_empty() {
        return None;
    }
    let path = format!("/lib/modules/{}/modules.dep", release(host)?);
    let text = host.read_text(&path).ok()?;
    let mut users = text.lines().filter_map(|line| {
        let (user, needs) = line.split_once(':')?;
        let found = needs.split_whitespace().any(|need| name_of(need) == module);
        found.then(|| name_of(user))
    });
    users.find_map(|user| listed.iter().find(|(name, _)| *name == user).cloned())
}

/// What keeps systemd-modules-load from loading it: it heeds deny lists, as udev does
/// (src/shared/module-util.c, `KMOD_PROBE_APPLY_BLACKLIST`).
fn denied(boot: &NextBoot<'_>, module: &str) -> Option<String> {
    for word in boot.command_line() {
        let names = word
            .strip_prefix("modprobe.blacklist=")
            .or_else(|| word.strip_prefix("module_blacklist="))
            .or_else(|| word.strip_prefix("rd.modprobe.blacklist="));
        let mut names = names.into_iter().flat_map(|names| names.split(','));
        if names.any(|name| name.replace('-', "_") == module) {
            return Some(format!("`{word}` in /proc/cmdline denies it"));
        }
    }
    let tree = conf_tree(boot.host(), "modprobe.d", Boot::Next);
    for file in &tree.files {
        let text = file.content.as_deref().unwrap_or_default();
        for (number, line) in numbered(text) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let same = |name: &str| name.replace('-', "_") == module;
            let place = format!("{}:{number}", file.path);
            match words.as_slice() {
                ["blacklist", name] if same(name) => return Some(format!("{place} denies it")),
                ["install", name, command, ..]
                    if same(name)
                        && (command.ends_with("/true") || command.ends_with("/false")) =>
                {
                    return Some(format!("{place} runs {command} in its place"));
                }
                _ => {}
            }
        }
    }
    None
}

/// A rule that has systemd-sysctl run when the module is added (sysctl.d(5), the example of
/// br_netfilter).
fn rule_of_udev(host: &dyn Host, module: &str) -> Option<String> {
    let places =
        ["/etc", "/usr/local/lib", "/usr/lib"].map(|place| format!("{place}/udev/rules.d"));
    let tree = files_in(host, &places, ".rules");
    for file in &tree.files {
        let text = file.content.as_deref().unwrap_or_default();
        let names = |line: &str| line.contains("sysctl") && line.contains(module);
        let mut lines = numbered(text);
        if let Some((number, _)) = lines.find(|(_, line)| !line.starts_with('#') && names(line)) {
            return Some(format!("{}:{number}", file.path));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    const LIST: &str = "/etc/modules-load.d/a.conf";

    fn of(host: &FakeHost) -> Loads {
        loads(&NextBoot::of(host), "nf_conntrack")
    }

    fn host() -> FakeHost {
        FakeHost::new().file("/proc/sys/kernel/osrelease", "6.1\n")
    }

    #[test]
    fn listed_means_early_unless_it_is_denied_or_nobody_reads_the_list() {
        let host = host().file(LIST, "# x\nnf-conntrack\n");
        assert_eq!(of(&host), Loads::Early(format!("{LIST}:2")));
        let host = host.file("/etc/modprobe.d/x.conf", "blacklist nf_conntrack\n");
        assert!(matches!(of(&host), Loads::No(Some(_))));
        host.take("/etc/modprobe.d/x.conf");
        let host = host.link(&format!("/etc/systemd/system/{SERVICE}"), "/dev/null");
        assert!(matches!(of(&host), Loads::No(Some(_))));
        let host = host.file("/proc/cmdline", "quiet modules_load=nf_conntrack,x\n");
        assert!(matches!(of(&host), Loads::Early(_)));
    }

    #[test]
    fn what_lies_in_run_is_gone_and_a_module_brings_what_it_needs() {
        let host = host().file("/run/modules-load.d/a.conf", "nf_conntrack\n");
        assert_eq!(of(&host), Loads::No(None));
        let host = host.file(LIST, "xt_conntrack\n").file(
            "/lib/modules/6.1/modules.dep",
            "kernel/a/xt_conntrack.ko.xz: kernel/b/nf_conntrack.ko.xz kernel/c/x.ko\n",
        );
        assert_eq!(of(&host), Loads::Early(format!("{LIST}:1")));
    }

    #[test]
    fn built_in_and_a_rule_of_udev() {
        let rule = "ACTION==\"add\", SUBSYSTEM==\"module\", KERNEL==\"nf_conntrack\", \
                    RUN+=\"/usr/lib/systemd/systemd-sysctl --prefix=/net/netfilter\"\n";
        let host = host().file("/etc/udev/rules.d/9.rules", rule);
        assert_eq!(
            of(&host),
            Loads::ByUdev("/etc/udev/rules.d/9.rules:1".to_owned())
        );
        let host = host.file(
            "/lib/modules/6.1/modules.builtin",
            "kernel/x/nf_conntrack.ko\n",
        );
        assert!(matches!(of(&host), Loads::Early(_)));
    }
}

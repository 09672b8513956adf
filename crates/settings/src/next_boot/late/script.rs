//! Lines of scripts that write sysctls: which keys they name. What they write is not worked out.

use super::{Effect, Write};
use crate::kinds::as_systemd;
use crate::kinds::lines::numbered;
use model::Host;

/// The directories of `/proc/sys`.
const ROOTS: [&str; 10] = [
    "abi", "debug", "dev", "fs", "kernel", "net", "sunrpc", "user", "vm", "crypto",
];

/// Writes of the lines of a file that `counts` takes.
pub(super) fn writes(
    host: &dyn Host,
    by: &'static str,
    path: &str,
    counts: impl Fn(&str) -> bool,
) -> Vec<Write> {
    let text = host.read_text(path).unwrap_or_default();
    let mut all = Vec::new();
    for (number, line) in numbered(&text) {
        let line = line.trim();
        if line.starts_with('#') || !counts(line) {
            continue;
        }
        for key in keys(host, line) {
            all.push(Write::new(
                by,
                &key,
                Effect::May,
                format!("{path}:{number}"),
            ));
        }
    }
    all
}

/// The keys that a line writes, as far as it names them: words below `/proc/sys`, words of `sysctl`,
/// and the keys of files that `sysctl -p` or `--system` would read.
fn keys(host: &dyn Host, line: &str) -> Vec<String> {
    let words: Vec<&str> = line
        .split(|c: char| c.is_whitespace() || ";|&()'\"<>`".contains(c))
        .filter(|word| !word.is_empty())
        .collect();
    let calls = words
        .iter()
        .any(|word| *word == "sysctl" || word.ends_with("/sysctl"));
    let mut keys = Vec::new();
    for word in &words {
        if let Some(key) = word.strip_prefix("/proc/sys/") {
            keys.push(key.to_owned());
        } else if calls {
            let key = as_systemd(word.split('=').next().unwrap_or(word));
            let root = key.split('/').next().unwrap_or_default();
            if key.contains('/') && ROOTS.contains(&root) {
                keys.push(key);
            }
        }
    }
    if calls {
        let reads = |word: &&&str| word.starts_with("-p") || word.starts_with("--load");
        let system = words.contains(&"--system");
        let named = words.iter().filter(|word| word.ends_with(".conf")).copied();
        let mut files: Vec<&str> = named.collect();
        if (words.iter().any(|word| reads(&word)) && files.is_empty()) || system {
            files.push("/etc/sysctl.conf");
        }
        for file in files {
            let text = host.read_text(file).unwrap_or_default();
            keys.extend(super::ufw::of_procps(&text).map(|(_, key, _)| key));
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    #[test]
    fn keys_that_a_line_names() {
        let host = FakeHost::new().file("/etc/sysctl.conf", "vm.max_map_count=1\n");
        let of = |line: &str| keys(&host, line);
        assert_eq!(
            of("sysctl -w net.core.somaxconn=1 vm/swappiness=2"),
            ["net/core/somaxconn", "vm/swappiness"]
        );
        assert_eq!(of("echo 1 >/proc/sys/vm/drop_caches"), ["vm/drop_caches"]);
        assert_eq!(of("/sbin/sysctl -p || true"), ["vm/max_map_count"]);
        assert_eq!(of("echo net.core.somaxconn is fine"), [""; 0]);
        assert_eq!(of("sysctl -q -p /etc/none.conf"), [""; 0]);
    }
}

//! ifupdown: commands in interfaces(5) and the scripts that it runs.

use super::{LateWriter, NextBoot, Write, script};
use model::Host;

pub(super) const WRITER: LateWriter = LateWriter {
    name: "ifupdown",
    says: "pre-up, up and post-up lines of /etc/network/interfaces and its directory, and scripts of \
           if-pre-up.d and if-up.d, that name the key; what they write is not worked out \
           (interfaces(5))",
    writes,
};

fn writes(boot: &NextBoot<'_>, key: &str) -> Vec<Write> {
    boot.named_by_scripts(key, WRITER.name)
}

pub(super) fn all(host: &dyn Host) -> Vec<Write> {
    let below = |directory: &str| {
        let names = host.list(directory).unwrap_or_default();
        let directory = directory.to_owned();
        names
            .into_iter()
            .map(move |name| format!("{directory}/{name}"))
    };
    let main = std::iter::once("/etc/network/interfaces".to_owned());
    let tables = main.chain(below("/etc/network/interfaces.d"));
    let ups = |line: &str| {
        let first = line.split_whitespace().next();
        matches!(first, Some("up" | "pre-up" | "post-up"))
    };
    let mut all: Vec<Write> = tables
        .flat_map(|path| script::writes(host, WRITER.name, &path, ups))
        .collect();
    for directory in ["/etc/network/if-pre-up.d", "/etc/network/if-up.d"] {
        let scripts = below(directory);
        all.extend(scripts.flat_map(|path| script::writes(host, WRITER.name, &path, |_| true)));
    }
    all
}

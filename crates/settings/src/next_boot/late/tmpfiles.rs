//! tmpfiles.d: `w` lines on files below `/proc/sys`.

use super::{Effect, LateWriter, NextBoot, Write};
use crate::kinds::glob::matches;
use crate::kinds::lines::numbered;
use model::{Boot, Host, Span, conf_tree};

pub(super) const WRITER: LateWriter = LateWriter {
    name: "systemd-tmpfiles",
    says: "`w` lines of tmpfiles.d below /proc/sys; systemd-tmpfiles-setup.service comes before \
           sysinit.target as systemd-sysctl.service does, and nothing orders the two \
           (tmpfiles.d(5); the units' After= and Before=)",
    writes,
};

fn writes(boot: &NextBoot<'_>, key: &str) -> Vec<Write> {
    let lines = boot.tmpfiles.get_or_init(|| lines(boot.host())).iter();
    let mut found = lines.filter(|(path, ..)| matches(path, key));
    // Of several lines for one path the first counts.
    let first = found.next().map(|(_, value, span)| {
        let effect = Effect::Beside(value.clone());
        Write::new(WRITER.name, key, effect, span.to_string())
    });
    first.into_iter().collect()
}

/// Path below `/proc/sys`, value and place of every such line.
fn lines(host: &dyn Host) -> Vec<(String, String, Span)> {
    let mut all = Vec::new();
    for file in conf_tree(host, "tmpfiles.d", Boot::Next).files {
        let text = file.content.unwrap_or_default();
        if !text.contains("/proc/sys/") {
            continue;
        }
        for (number, line) in numbered(&text) {
            let mut words = line.split_whitespace();
            let (Some(kind), Some(path)) = (words.next(), words.next()) else {
                continue;
            };
            let path = path.trim_matches(['"', '\'']);
            if let (true, Some(key)) = (kind.starts_with('w'), path.strip_prefix("/proc/sys/")) {
                let value = words.skip(4).collect::<Vec<_>>().join(" ");
                let span = Span::new(file.path.as_str(), number);
                all.push((key.to_owned(), value, span));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::tests::told;
    use super::*;
    use testkit::FakeHost;

    #[test]
    fn the_first_line_counts_and_run_is_empty() {
        let host = FakeHost::new()
            .file(
                "/etc/tmpfiles.d/b.conf",
                "w /proc/sys/vm/swappiness - - - - 7\n",
            )
            .file(
                "/etc/tmpfiles.d/a.conf",
                "w! /proc/sys/vm/swap* - - - - 8\n",
            )
            .file(
                "/run/tmpfiles.d/0.conf",
                "w /proc/sys/vm/swappiness - - - - 9\n",
            );
        assert_eq!(
            told(&WRITER, &host, "vm/swappiness"),
            ["Beside(\"8\") /etc/tmpfiles.d/a.conf:1"]
        );
    }
}

//! cron: lines with `@reboot`.

use super::{LateWriter, NextBoot, Write, script};
use model::Host;

pub(super) const WRITER: LateWriter = LateWriter {
    name: "cron",
    says: "lines with @reboot that name the key, in /etc/crontab, /etc/cron.d and the users' tables as \
           far as they can be read; what they write is not worked out (crontab(5))",
    writes,
};

const TABLE: &str = "/etc/crontab";
const DIRECTORIES: [&str; 2] = ["/etc/cron.d", "/var/spool/cron/crontabs"];

fn writes(boot: &NextBoot<'_>, key: &str) -> Vec<Write> {
    boot.named_by_scripts(key, WRITER.name)
}

pub(super) fn all(host: &dyn Host) -> Vec<Write> {
    let of_directories = DIRECTORIES.iter().flat_map(|directory| {
        let names = host.list(directory).unwrap_or_default();
        names
            .into_iter()
            .map(move |name| format!("{directory}/{name}"))
    });
    let paths = std::iter::once(TABLE.to_owned()).chain(of_directories);
    let at_boot = |line: &str| line.starts_with("@reboot");
    paths
        .flat_map(|path| script::writes(host, WRITER.name, &path, at_boot))
        .collect()
}

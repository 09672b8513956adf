//! `/etc/rc.local`, where it may be run.

use super::{LateWriter, NextBoot, Write, script};
use model::{Host, Image};

pub(super) const WRITER: LateWriter = LateWriter {
    name: "rc.local",
    says: "lines of /etc/rc.local that name the key, if the file is executable; what they write is not \
           worked out (systemd-rc-local-generator(8))",
    writes,
};

const PATH: &str = "/etc/rc.local";

fn writes(boot: &NextBoot<'_>, key: &str) -> Vec<Write> {
    boot.named_by_scripts(key, WRITER.name)
}

pub(super) fn all(host: &dyn Host) -> Vec<Write> {
    match host.image(PATH) {
        Ok(Image::File { mode, .. }) if mode & 0o111 == 0 => Vec::new(),
        Ok(Image::Absent) | Err(_) => Vec::new(),
        Ok(_) => script::writes(host, WRITER.name, PATH, |_| true),
    }
}

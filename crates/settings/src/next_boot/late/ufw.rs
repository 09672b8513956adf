//! ufw: its own sysctl file, read by `sysctl -p` after the rules.

use super::{Effect, LateWriter, NextBoot, Write};
use crate::kinds::as_systemd;
use crate::kinds::glob::matches;
use crate::kinds::lines::{numbered, strip};
use model::Host;

pub(super) const WRITER: LateWriter = LateWriter {
    name: "ufw",
    says: "the file that IPT_SYSCTL= in /etc/default/ufw names, where ENABLED=yes in /etc/ufw/ufw.conf; \
           it says itself that it overrides sysctl.d (/lib/ufw/ufw-init-functions, `ufw_start`)",
    writes,
};

fn writes(boot: &NextBoot<'_>, key: &str) -> Vec<Write> {
    let host = boot.host();
    let enabled = variable(host, "/etc/ufw/ufw.conf", "ENABLED");
    if !enabled.is_some_and(|word| word.eq_ignore_ascii_case("yes")) || !boot.starts("ufw.service")
    {
        return Vec::new();
    }
    let Some(path) =
        variable(host, "/etc/default/ufw", "IPT_SYSCTL").filter(|path| !path.is_empty())
    else {
        return Vec::new();
    };
    let text = host.read_text(&path).unwrap_or_default();
    of_procps(&text)
        .filter(|(_, written, _)| matches(written, key))
        .map(|(number, _, value)| {
            let effect = Effect::Set(value.to_owned());
            Write::new(WRITER.name, key, effect, format!("{path}:{number}"))
        })
        .collect()
}

/// The last value of a variable in a file of a shell.
fn variable(host: &dyn Host, path: &str, name: &str) -> Option<String> {
    let text = host.read_text(path).ok()?;
    let mut values = text.lines().filter_map(|line| {
        let (key, value) = line.trim().split_once('=')?;
        (key == name).then(|| value.trim_matches(['"', '\'']).to_owned())
    });
    values.next_back()
}

/// Line, key and value of every assignment, as procps reads them (sysctl.conf(5)).
pub(super) fn of_procps(text: &str) -> impl Iterator<Item = (usize, String, &str)> {
    numbered(text).filter_map(|(number, line)| {
        let line = strip(line);
        if line.starts_with(['#', ';']) {
            return None;
        }
        let (key, value) = line.split_once('=')?;
        let key = strip(key.strip_prefix('-').unwrap_or(key));
        Some((number, as_systemd(key), strip(value)))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{starting, told};
    use super::*;

    #[test]
    fn only_where_it_is_enabled() {
        let host = starting("ufw.service")
            .file("/etc/default/ufw", "IPT_SYSCTL=/etc/ufw/sysctl.conf\n")
            .file(
                "/etc/ufw/sysctl.conf",
                "#net/ipv4/tcp_fin_timeout=1\nnet/ipv4/tcp_fin_timeout=30\n",
            )
            .file("/etc/ufw/ufw.conf", "ENABLED=no\n");
        let key = "net/ipv4/tcp_fin_timeout";
        assert_eq!(told(&WRITER, &host, key), [""; 0]);
        let host = host.file("/etc/ufw/ufw.conf", "ENABLED=yes\n");
        assert_eq!(
            told(&WRITER, &host, key),
            ["Set(\"30\") /etc/ufw/sysctl.conf:2"]
        );
    }
}

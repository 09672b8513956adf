//! Who writes sysctls after systemd-sysctl has: one file and one row each, in the order of a
//! boot; those that wait for an interface come last.

mod cron;
mod dockerd;
mod interfaces;
mod kubelet;
mod network_manager;
mod networkd;
mod rc_local;
mod saptune;
mod script;
mod tmpfiles;
mod tuned;
mod ufw;

use super::NextBoot;
use model::Host;

/// Somebody who writes sysctls late.
pub struct LateWriter {
    /// Its name.
    pub name: &'static str,
    /// When and what it writes, with the source of that.
    pub says: &'static str,
    /// What it writes into one key.
    pub(crate) writes: fn(&NextBoot<'_>, &str) -> Vec<Write>,
}

/// Every late writer.
pub const LATE_WRITERS: &[LateWriter] = &[
    tmpfiles::WRITER,
    ufw::WRITER,
    interfaces::WRITER,
    tuned::WRITER,
    saptune::WRITER,
    dockerd::WRITER,
    kubelet::WRITER,
    rc_local::WRITER,
    cron::WRITER,
    networkd::WRITER,
    network_manager::WRITER,
];

/// One write into a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Write {
    /// Who.
    pub(crate) by: &'static str,
    /// The key below `/proc/sys`.
    pub(crate) key: String,
    /// What.
    pub(crate) effect: Effect,
    /// Where that is written.
    pub(crate) place: String,
}

/// What a write does to the value that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Replaces it.
    Set(String),
    /// Replaces it, or is replaced by systemd-sysctl: nothing orders the two.
    Beside(String),
    /// Replaces what sysctl.d said; nothing orders it with other late writers.
    Whenever(String),
    /// Replaces a smaller one.
    Raise(String),
    /// Replaces a larger one.
    Lower(String),
    /// Perhaps, and nobody knows with what.
    May,
}

impl Write {
    fn new(by: &'static str, key: &str, effect: Effect, place: impl Into<String>) -> Self {
        let (key, place) = (key.to_owned(), place.into());
        Self {
            by,
            key,
            effect,
            place,
        }
    }
}

/// What scripts name, whoever runs them.
pub(super) fn of_scripts(host: &dyn Host) -> Vec<Write> {
    let mut all = interfaces::all(host);
    all.extend(rc_local::all(host));
    all.extend(cron::all(host));
    all
}

/// The interface of a key below `net/ipv4/conf` or `net/ipv6/conf`, its family and its last part.
fn of_interface(key: &str) -> Option<(&str, &str, &str)> {
    let rest = key.strip_prefix("net/")?;
    let (family, rest) = rest.split_once("/conf/")?;
    let (interface, name) = rest.split_once('/')?;
    let one = !matches!(interface, "all" | "default" | "lo");
    (one && matches!(family, "ipv4" | "ipv6")).then_some((family, interface, name))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use model::Image;
    use testkit::FakeHost;

    /// What a writer does to a key, in words.
    pub(crate) fn told(writer: &LateWriter, host: &FakeHost, key: &str) -> Vec<String> {
        let writes = (writer.writes)(&NextBoot::of(host), key).into_iter();
        writes
            .map(|write| {
                assert_eq!((write.by, write.key.as_str()), (writer.name, key));
                format!("{:?} {}", write.effect, write.place)
            })
            .collect()
    }

    /// A host whose boot starts a unit.
    pub(crate) fn starting(unit: &str) -> FakeHost {
        let link = format!("/etc/systemd/system/multi-user.target.wants/{unit}");
        FakeHost::new().link(&link, &format!("/usr/lib/systemd/system/{unit}"))
    }

    #[test]
    fn scripts_are_named_where_they_name_the_key() {
        let mut script = Image::text("#!/bin/sh\nsysctl -w vm.swappiness=1\n");
        if let Image::File { mode, .. } = &mut script {
            *mode = 0o755;
        }
        let host = FakeHost::new()
            .file(
                "/etc/cron.d/x",
                "0 * * * * root sysctl vm.swappiness=2\n@reboot root sysctl vm.swappiness=2\n",
            )
            .file(
                "/etc/network/interfaces",
                "iface eth0\n  post-up sysctl -w vm/swappiness=3\n",
            );
        host.put("/etc/rc.local", script);
        let of = |writer| told(writer, &host, "vm/swappiness");
        assert_eq!(of(&interfaces::WRITER), ["May /etc/network/interfaces:2"]);
        assert_eq!(of(&rc_local::WRITER), ["May /etc/rc.local:2"]);
        assert_eq!(of(&cron::WRITER), ["May /etc/cron.d/x:2"]);
        assert_eq!(told(&rc_local::WRITER, &host, "vm/max_map_count"), [""; 0]);
    }

    #[test]
    fn an_empty_host_has_none_of_them() {
        let host = FakeHost::new();
        for writer in LATE_WRITERS {
            for key in ["vm/swappiness", "net/ipv4/conf/eth0/rp_filter"] {
                assert_eq!(told(writer, &host, key), [""; 0], "{}", writer.name);
            }
            assert!(
                writer.says.len() > 40 && writer.says.contains('('),
                "{}",
                writer.name
            );
        }
    }
}

//! The mounts of services: a sandboxed one has a mount namespace of its own, into which what is mounted
//! on the host comes too, and which can be full before the host's is.

use crate::Scene;
use crate::limits::MOUNTS;
use crate::mount_table::{BELOW_ALL, MountTable, Origin};
use crate::processes::pids;
use model::{Charge, Host, HostResult, Unread, Whom};
use std::collections::BTreeSet;

/// Services are processes that PID 1 has started (CONFIG_PROC_CHILDREN).
const STARTED: &str = "/proc/1/task/1/children";
/// A ceiling that is so many times as high as what the host will have is not reached by a namespace
/// that has all of the host's mounts two or three times and some of its own.
const FAR: u64 = 8;
/// Older ones move the root of a service over the host's, whose mounts stay below, out of sight and
/// counted; from this one on the old root is let go (src/shared/mount-util.c mount_switch_root).
const LETS_GO: u64 = 253;

/// A namespace of a service.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ServiceMounts {
    /// What runs in it.
    pub(crate) process: String,
    /// Mounts that the kernel counts there.
    pub(crate) mounts: u64,
    /// How many of them one more mount of the host's becomes.
    pub(crate) copies: u64,
    /// Where that was read.
    pub(crate) source: String,
}

/// The namespace that has room for the fewest more; none where the ceiling `max` is far from the `lines` of
/// the host's table, or where none gets what Docker mounts. `running` is what containers take of the host's.
pub(crate) fn fullest(
    scene: &Scene<'_>,
    max: u64,
    lines: u64,
    running: &Charge,
) -> Result<Option<ServiceMounts>, Unread> {
    let host = scene.host;
    let need = running.of(&scene.workload.load(scene.workload.nodes, &Whom::All));
    let wanted = lines.saturating_add(need.ceil());
    if max >= wanted.saturating_mul(FAR) {
        return Ok(None);
    }
    let table = MountTable::read(host, MOUNTS)?;
    let root = scene.engine().map(|engine| engine.data_root().to_owned());
    let root = root.unwrap_or_else(|_| "/var/lib/docker".to_owned());
    let Some(origin) = table.origin(&root) else {
        return Ok(None);
    };
    let mut all = Vec::new();
    for pid in of_services(host)? {
        match one(host, &pid, &table, &origin) {
            Ok(found) => all.extend(found),
            Err(why) => match namespace(host, &pid) {
                Err(error) if error.is_not_found() => {} // It has ended since.
                _ => return Err(why),
            },
        }
    }
    Ok(all
        .into_iter()
        .min_by_key(|found| max.saturating_sub(found.mounts) / found.copies))
}

fn namespace(host: &dyn Host, pid: &str) -> HostResult<String> {
    host.read_link(&format!("/proc/{pid}/ns/mnt"))
}

/// A process of each namespace other than the host's.
fn of_services(host: &dyn Host) -> Result<Vec<String>, Unread> {
    let mut known = BTreeSet::from([namespace(host, "1")?]);
    let started = match host.read_text(STARTED) {
        Ok(text) => text.split_whitespace().map(str::to_owned).collect(),
        Err(_) => pids(host)?,
    };
    let mut found = Vec::new();
    for pid in started {
        match namespace(host, &pid) {
            Ok(link) => found.extend(known.insert(link).then_some(pid)),
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found)
}

/// The namespace that a process is in; none where nothing of the host's comes into it.
fn one(
    host: &dyn Host,
    pid: &str,
    of_host: &MountTable,
    origin: &Origin,
) -> Result<Option<ServiceMounts>, Unread> {
    let file = format!("/proc/{pid}/mountinfo");
    let table = MountTable::read(host, &file)?;
    let in_sight = table.receives(origin);
    if in_sight == 0 {
        return Ok(None);
    }
    let process = host.read_text(&format!("/proc/{pid}/comm"))?;
    let mut found = ServiceMounts {
        process: process.trim().to_owned(),
        mounts: table.len() + BELOW_ALL,
        copies: in_sight,
        source: file,
    };
    if table.stands_on_another() && version(host)? < LETS_GO {
        found.mounts += of_host.len();
        found.copies += of_host.receives(origin);
        found.source += ", and the host's mounts below its root, out of sight";
    }
    Ok(Some(found))
}

/// Which systemd it is.
fn version(host: &dyn Host) -> Result<u64, Unread> {
    let manager = host.manager()?;
    let text = manager.text("Version").unwrap_or_default();
    let digits = text.trim_start_matches('v');
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    let number = digits[..end].parse();
    number.map_err(|_| Unread::because("systemd shows no Version"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::LIMITS;
    use crate::stock::{ask, nodes, stock, whole};
    use model::{Fate, LimitAnswer, Property};
    use testkit::FakeHost;

    const MAX: &str = "/proc/sys/fs/mount-max";
    const SHARED: &str = "\
        27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n\
        26 27 0:23 / /run rw shared:5 - tmpfs tmpfs rw\n";
    const LOGIND: &str = "\
        121 92 254:0 / / ro shared:49 master:1 - ext4 /dev/vda rw\n\
        127 121 0:23 / /run rw shared:56 master:5 - tmpfs tmpfs rw\n\
        146 121 254:0 /etc /etc rw shared:75 master:1 - ext4 /dev/vda rw\n";
    /// A container takes nothing of what is mounted outside of it.
    const CONTAINER: &str = "500 400 0:50 / / rw - overlay overlay rw\n";

    fn host(version: &str, max: u64) -> FakeHost {
        let mut host = stock()
            .file(MOUNTS, SHARED)
            .file(MAX, &format!("{max}\n"))
            .file(STARTED, "70 71 72\n")
            .default_of_units("Version", Property::Text(version.to_owned()));
        for (pid, link, table) in [
            ("1", "mnt:[1]", SHARED),
            ("70", "mnt:[1]", SHARED),
            ("71", "mnt:[2]", LOGIND),
            ("72", "mnt:[3]", CONTAINER),
        ] {
            host = host
                .link(&format!("/proc/{pid}/ns/mnt"), link)
                .file(&format!("/proc/{pid}/mountinfo"), table)
                .file(&format!("/proc/{pid}/comm"), "systemd-logind\n");
        }
        host
    }

    fn rows(host: &FakeHost, count: u64) -> Vec<LimitAnswer> {
        let row = LIMITS.iter().find(|row| row.limit.id == "fs.mount-max");
        ask(row.unwrap(), host, &nodes(count))
    }

    #[test]
    fn a_service_has_the_mounts_in_sight_and_what_is_mounted_on_the_host() {
        let rows = rows(&host("257.8-1~deb13u2", 44), 600);
        let service = &rows[1];
        assert_eq!(service.place, "namespace of systemd-logind");
        assert_eq!(
            (whole(service.used), service.nodes_fit),
            (Some(4), Some(20))
        );
        assert_eq!(service.verdict, Fate::Stops);
    }

    #[test]
    fn under_an_old_systemd_it_has_those_out_of_sight_too_and_gets_each_twice() {
        let rows = rows(&host("252.39-1~deb12u1", 44), 600);
        assert_eq!((whole(rows[1].used), rows[1].nodes_fit), (Some(6), Some(9)));
        let unnamed = host("", 44);
        let row = &self::rows(&unnamed, 9)[1];
        assert_eq!((row.used, row.verdict), (None, Fate::Unknown));
    }

    #[test]
    fn far_from_the_ceiling_nobody_is_looked_at() {
        let far = host("257", 100_000).denied("/proc/71/ns/mnt");
        assert_eq!(rows(&far, 600).len(), 1);
        let near = host("257", 44).denied("/proc/71/ns/mnt");
        assert_eq!(rows(&near, 9)[1].verdict, Fate::Unknown);
    }

    #[test]
    fn a_service_that_ends_meanwhile_is_none() {
        let host = host("257", 44).file(STARTED, "70 71 72 99\n");
        assert_eq!(rows(&host, 600).len(), 2);
    }
}

//! The system bus: connections of one user, against those of the runc processes in flight.

use crate::Scene;
use model::{Amount, Bound, Ceiling, Charge, Cost, Effect, Host, Key, Unread, Used};
use procfs::FromBufRead;
use procfs::net::{UnixNetEntries, UnixState};
use std::path::Path;

/// The unit that runs the bus; an alias where another implementation does.
pub(crate) const UNIT: &str = "dbus.service";
const PLACE: &str = "system bus";
const SOCKET: &str = "/run/dbus/system_bus_socket";
const SOCKETS: &str = "/proc/net/unix";
/// In the order in which dbus-daemon reads them; the last one that names a limit wins.
const BEFORE: &[&str] = &["/usr/share/dbus-1/system.conf", "/etc/dbus-1/system.conf"];
const DIRECTORIES: &[&str] = &["/usr/share/dbus-1/system.d", "/etc/dbus-1/system.d"];
const LAST: &str = "/etc/dbus-1/system-local.conf";
/// Where no file says otherwise (bus/config-parser.c).
const DEFAULT: u64 = 256;
/// runc opens one connection for calls and one for signals, for as long as it runs.
const CONNECTIONS: u64 = 2;

/// Full, the bus turns the next connection of root away. runc itself then falls back to systemd's
/// private socket, so nothing is refused, but systemctl, logind and all the rest of root's are.
pub(super) fn ceiling(scene: &Scene<'_>) -> Ceiling {
    let unit = scene.host.unit(UNIT).ok();
    let fragment = unit.as_ref().and_then(|unit| unit.text("FragmentPath"));
    if fragment.is_some_and(|path| path.ends_with("/dbus-broker.service")) {
        let why = "dbus-broker counts bytes and messages of a user, not connections";
        return Ceiling::not_applicable(PLACE, why);
    }
    let (max, source) = match max(scene.host) {
        Ok((max, source)) => (Bound::Finite(Amount::whole(max)), source),
        Err(why) => (Bound::Unread(why), String::new()),
    };
    let used = used(scene.host);
    let ceiling = Ceiling::new(PLACE, cost())
        .effect(Effect::Degrades)
        .lever(Key::new("dbus", "max_connections_per_user"), Amount::ZERO)
        .note("counted are the connections of all users, while the bound is that of root's");
    let ceiling = match (&max, &used) {
        (Bound::Finite(max), Used::Known(used)) => {
            let starts = max.minus(*used).as_thousandths() / 1000 / u128::from(CONNECTIONS);
            ceiling.reshape(format!("start in batches of at most {starts} containers"))
        }
        _ => ceiling,
    };
    ceiling.max(max, source).used(used, SOCKETS)
}

fn cost() -> Cost {
    let charge = Charge {
        in_flight: Amount::whole(CONNECTIONS),
        ..Charge::NOTHING
    };
    Cost::peaking(charge, "two connections a runc, for as long as it runs")
}

/// The bound, and the file that sets it.
fn max(host: &dyn Host) -> Result<(u64, String), Unread> {
    let mut files: Vec<String> = BEFORE.iter().map(ToString::to_string).collect();
    for directory in DIRECTORIES {
        let names = host.list(directory).unwrap_or_default();
        let configured = names.iter().filter(|name| name.ends_with(".conf"));
        files.extend(configured.map(|name| format!("{directory}/{name}")));
    }
    files.push(LAST.to_owned());
    let mut found = (DEFAULT, "default of dbus-daemon".to_owned());
    for file in files {
        match host.read_text(&file) {
            Ok(text) => {
                if let Some(max) = last_limit(&text) {
                    found = (max, file);
                }
            }
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found)
}

/// The last `<limit name="max_connections_per_user">` outside comments.
fn last_limit(text: &str) -> Option<u64> {
    let mut visible = String::new();
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("<!--") {
        visible.push_str(before);
        rest = comment.split_once("-->").map_or("", |(_, after)| after);
    }
    visible.push_str(rest);
    let limits = visible.split("<limit").skip(1).filter_map(|element| {
        let (attributes, content) = element.split_once('>')?;
        let (_, value) = attributes.split_once("name")?;
        let name = value.trim_start().strip_prefix('=')?.trim();
        let ours = name.trim_matches(['"', '\'']) == "max_connections_per_user";
        ours.then(|| content.split('<').next()?.trim().parse().ok())?
    });
    limits.last()
}

/// Accepted sockets carry the path of the one that listens.
fn used(host: &dyn Host) -> Used {
    let bytes = match host.read(SOCKETS) {
        Ok(bytes) => bytes,
        Err(error) => return Used::Unknown(error.into()),
    };
    match UnixNetEntries::from_buf_read(bytes.as_slice()) {
        Ok(entries) => {
            let ours = entries.0.iter().filter(|entry| {
                entry.state == UnixState::CONNECTED
                    && entry.path.as_deref() == Some(Path::new(SOCKET))
            });
            Used::Known(Amount::whole(ours.count() as u64))
        }
        Err(error) => Used::Unknown(Unread::because(format!("{SOCKETS}: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    #[test]
    fn the_last_file_that_names_the_limit_wins_and_comments_do_not_count() {
        let limit = |number: u64| {
            format!("<busconfig><limit name=\"max_connections_per_user\">{number}</limit>")
        };
        let host = FakeHost::new();
        assert_eq!(max(&host).unwrap().0, DEFAULT);
        let host = host.file(BEFORE[0], &format!("<!-- {} -->", limit(7)));
        assert_eq!(max(&host).unwrap().0, DEFAULT);
        let host = host
            .file("/etc/dbus-1/system.d/60-x.conf", &limit(4096))
            .file("/etc/dbus-1/system.d/70-x.conf.bak", &limit(1));
        assert_eq!(
            max(&host).unwrap(),
            (4096, "/etc/dbus-1/system.d/60-x.conf".to_owned())
        );
        let host = host.file(
            LAST,
            "<limit name = 'max_connections_per_user'> 20 </limit>",
        );
        assert_eq!(max(&host).unwrap().0, 20);
    }

    #[test]
    fn connected_sockets_of_the_bus_are_counted() {
        let sockets = format!(
            "Num       RefCount Protocol Flags    Type St Inode Path\n\
             0000000000000000: 00000002 00000000 00010000 0001 01 11 {SOCKET}\n\
             0000000000000000: 00000003 00000000 00000000 0001 03 12 {SOCKET}\n\
             0000000000000000: 00000003 00000000 00000000 0001 03 13\n"
        );
        let host = FakeHost::new().file(SOCKETS, &sockets);
        assert_eq!(used(&host), Used::Known(Amount::whole(1)));
    }
}

//! `dbus.max_connections_per_user`: connections of one user to the message bus.

use crate::engine::Driver;
use crate::reading::used;
use crate::sockets::SOCKETS;
use crate::{Row, Scene};
use model::{
    Amount, Bound, Ceiling, Charge, Cost, Effect, Errno, Host, Key, Limit, Operation, RUN_OUT,
    Sign, Unread, Used,
};

/// The unit that runs the bus; an alias where another implementation does.
pub(crate) const UNIT: &str = "dbus.service";
pub(super) const PLACE: &str = "system bus";
const SOCKET: &str = "/run/dbus/system_bus_socket";
/// In the order in which dbus-daemon reads them; the last one that names a limit wins.
const BEFORE: &[&str] = &["/usr/share/dbus-1/system.conf", "/etc/dbus-1/system.conf"];
const DIRECTORIES: &[&str] = &["/usr/share/dbus-1/system.d", "/etc/dbus-1/system.d"];
const LAST: &str = "/etc/dbus-1/system-local.conf";
const NAME: &str = "max_connections_per_user";
/// Where no file says otherwise (bus/config-parser.c).
const DEFAULT: u64 = 256;
/// runc opens one connection for calls and one for signals, for as long as it runs.
const CONNECTIONS: u64 = 2;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "dbus.max_connections_per_user",
        bounds: "connections of root to the message bus",
        defaults: &[
            "256, root included (dbus bus/config-parser.c); Debian's /usr/share/dbus-1/system.conf says \
             nothing else",
            "dbus-broker (Fedora, RHEL 9, Arch) counts bytes, descriptors and matches of each user instead",
        ],
        effect: Effect::Degrades,
        why: "with the systemd driver each runc holds two for as long as it runs; turned away, it \
              falls back to systemd's private socket, but systemctl, logind and all the rest of \
              root's have none",
        raise: &["dbus:max_connections_per_user"],
        source: "dbus bus/connection.c bus_connections_check_limits; go-systemd dbus.NewWithContext",
        signs: &[
            Sign::decides("the bus says it").says(&[
                "active connections for uid",
                "max_connections_per_user",
                "exceeded its * quota on uid",
                "exceeded its 'bytes' quota",
                "exceeded its 'fds' quota",
                "exceeded its 'matches' quota",
            ]),
            Sign::suggests("the bus takes no more connections")
                .says(&["maximum number of active connections"]),
            Sign::suggests(
                "a client of the bus gets ENOBUFS where it takes no more connections \
of its user",
            )
            .errno(&[Errno::NoBuffers])
            .during(&[Operation::Bus]),
            Sign::allows("the bus refused for one of its limits")
                .says(&["limitsexceeded", "limits_exceeded"]),
            Sign::suggests("the words say that connections to the message bus run out")
                .says(&[
                    "dbus connection",
                    "d-bus connection",
                    "bus connections",
                    "connections to dbus",
                    "dbus-daemon",
                ])
                .never(&["pending replies", "timed out"])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let ceiling = on_the_bus(scene, NAME, DEFAULT)
        .note("counted are the connections of all users, while the bound is that of root's");
    vec![ceiling]
}

/// One of the bus's bounds on connections, which are those that runc makes while it runs.
pub(super) fn on_the_bus(scene: &Scene<'_>, name: &str, default: u64) -> Ceiling {
    if let Some(why) = without(scene) {
        return why.effect(Effect::Degrades);
    }
    let (max, source) = match max(scene.host, name, default) {
        Ok((max, source)) => (Bound::Finite(Amount::whole(max)), source),
        Err(why) => (Bound::Unread(why), String::new()),
    };
    let taken = used(scene.sockets().map(|sockets| sockets.to(SOCKET)));
    let ceiling = Ceiling::new(PLACE, cost()).effect(Effect::Degrades);
    let ceiling = match (&max, &taken) {
        (Bound::Finite(max), Used::Known(taken)) => {
            let starts = max.minus(*taken).as_thousandths() / 1000 / u128::from(CONNECTIONS);
            ceiling.reshape(format!("start in batches of at most {starts} containers"))
        }
        _ => ceiling,
    };
    ceiling
        .max(max, source)
        .used(taken, SOCKETS)
        .lever(Key::new("dbus", name), Amount::ZERO)
}

/// Why a start does not come to this bus at all, or why that cannot be told.
fn without(scene: &Scene<'_>) -> Option<Ceiling> {
    let why = match scene.driver() {
        Err(why) => return Some(Ceiling::unread(PLACE, cost(), why)),
        Ok(Driver::Cgroupfs) => "with the cgroupfs driver a start asks neither PID 1 nor the bus",
        Ok(Driver::Systemd) if !scene.has_systemd() => "systemd does not run here",
        Ok(Driver::Systemd) if is_broker(scene.host) => {
            "dbus-broker counts bytes and messages of a user, not connections"
        }
        Ok(Driver::Systemd) => return None,
    };
    Some(Ceiling::not_applicable(PLACE, why))
}

fn is_broker(host: &dyn Host) -> bool {
    let unit = host.unit(UNIT).ok();
    let fragment = unit.as_ref().and_then(|unit| unit.text("FragmentPath"));
    fragment.is_some_and(|path| path.ends_with("/dbus-broker.service"))
}

pub(super) fn cost() -> Cost {
    let charge = Charge {
        in_flight: Amount::whole(CONNECTIONS),
        ..Charge::default()
    };
    Cost::peaking(charge, "two connections a runc, for as long as it runs")
}

/// The bound of that name, and the file that sets it.
fn max(host: &dyn Host, name: &str, default: u64) -> Result<(u64, String), Unread> {
    let mut files: Vec<String> = BEFORE.iter().map(ToString::to_string).collect();
    for directory in DIRECTORIES {
        let names = host.list(directory).unwrap_or_default();
        let configured = names.iter().filter(|name| name.ends_with(".conf"));
        files.extend(configured.map(|name| format!("{directory}/{name}")));
    }
    files.push(LAST.to_owned());
    let mut found = (default, "default of dbus-daemon".to_owned());
    for file in files {
        match host.read_text(&file) {
            Ok(text) => {
                if let Some(max) = last_limit(&text, name) {
                    found = (max, file);
                }
            }
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found)
}

/// The last `<limit>` of that name outside comments.
fn last_limit(text: &str, wanted: &str) -> Option<u64> {
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
        let ours = name.trim_matches(['"', '\'']) == wanted;
        ours.then(|| content.split('<').next()?.trim().parse().ok())?
    });
    limits.last()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::stock;
    use model::{Fate, Workload};
    use testkit::FakeHost;

    #[test]
    fn the_last_file_that_names_the_limit_wins_and_comments_do_not_count() {
        let limit = |number: u64| {
            format!("<busconfig><limit name=\"max_connections_per_user\">{number}</limit>")
        };
        let host = FakeHost::new();
        assert_eq!(max(&host, NAME, DEFAULT).unwrap().0, DEFAULT);
        let host = host.file(BEFORE[0], &format!("<!-- {} -->", limit(7)));
        assert_eq!(max(&host, NAME, DEFAULT).unwrap().0, DEFAULT);
        let host = host
            .file("/etc/dbus-1/system.d/60-x.conf", &limit(4096))
            .file("/etc/dbus-1/system.d/70-x.conf.bak", &limit(1));
        assert_eq!(
            max(&host, NAME, DEFAULT).unwrap(),
            (4096, "/etc/dbus-1/system.d/60-x.conf".to_owned())
        );
        let host = host.file(
            LAST,
            "<limit name = 'max_connections_per_user'> 20 </limit>",
        );
        assert_eq!(max(&host, NAME, DEFAULT).unwrap().0, 20);
    }

    fn ask(host: &FakeHost, starts_at_once: Option<u64>) -> model::LimitAnswer {
        let workload = Workload {
            nodes: 600,
            starts_at_once,
            ..Workload::default()
        };
        crate::stock::ask(&ROW, host, &workload).remove(0)
    }

    #[test]
    fn batches_help_and_so_does_a_raise() {
        let bus = ask(&stock(), None);
        assert_eq!((bus.place.as_str(), bus.verdict), (PLACE, Fate::Degrades));
        assert_eq!((bus.degrades_at, bus.stops_at), (Some(65), None));
        assert!(bus.reshape.unwrap().contains("at most 128 containers"));
        assert_eq!(
            bus.raise[0].setting.to_string(),
            "dbus:max_connections_per_user"
        );
        assert_eq!(ask(&stock(), Some(128)).verdict, Fate::Fits);
    }

    #[test]
    fn another_bus_counts_otherwise_and_cgroupfs_asks_none() {
        let path = "/usr/lib/systemd/system/dbus-broker.service".to_owned();
        let fragment = [("FragmentPath", model::Property::Text(path))];
        let broker = stock().unit_with(UNIT, &fragment);
        assert_eq!(ask(&broker, None).verdict, Fate::NotApplicable);
        let config = r#"{"exec-opts": ["native.cgroupdriver=cgroupfs"]}"#;
        let cgroupfs = stock().file("/etc/docker/daemon.json", config);
        assert_eq!(ask(&cgroupfs, None).verdict, Fate::NotApplicable);
        assert_eq!(ask(&FakeHost::new(), None).verdict, Fate::Unknown);
    }
}

//! `dbus.max_completed_connections`: connections of all users to the message bus.

use super::dbus_connections::on_the_bus;
use crate::{Row, Scene};
use model::{Ceiling, Effect, Limit, Sign};

const NAME: &str = "max_completed_connections";
/// Where no file says otherwise (bus/config-parser.c).
const DEFAULT: u64 = 2048;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "dbus.max_completed_connections",
        bounds: "connections of all users to the message bus",
        defaults: &["2,048 (dbus bus/config-parser.c, system bus)"],
        effect: Effect::Degrades,
        why: "with the systemd driver each runc holds two for as long as it runs",
        raise: &["dbus:max_completed_connections"],
        source: "dbus bus/connection.c bus_connections_check_limits",
        signs: &[
            Sign::allows("the bus takes no more connections")
                .says(&["maximum number of active connections"])
                .never(&["for uid"]),
            Sign::decides("the words name it").says(&["max_completed_connections"]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    vec![on_the_bus(scene, NAME, DEFAULT)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, ask_one, stock};
    use model::{Fate, Workload};

    #[test]
    fn a_thousand_starts_at_once_fill_it() {
        assert_eq!(ask_one(&ROW, &stock(), 600).verdict, Fate::Fits);
        let all = Workload {
            nodes: 600,
            ..Workload::default()
        };
        let row = ask(&ROW, &stock(), &all).remove(0);
        assert_eq!((row.degrades_at, row.verdict), (Some(513), Fate::Degrades));
        let raised = stock().file(
            "/etc/dbus-1/system.d/60-x.conf",
            "<busconfig><limit name=\"max_completed_connections\">9000</limit></busconfig>",
        );
        assert_eq!(ask(&ROW, &raised, &all)[0].verdict, Fate::Fits);
    }
}

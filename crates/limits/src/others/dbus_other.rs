//! `dbus.other`: other limits of the message bus.

use model::{Effect, Limit};

pub(super) const LIMIT: Limit = Limit {
    id: "dbus.other",
    bounds: "other limits of the message bus",
    defaults: &[],
    effect: Effect::Stops,
    why: "each start with systemd's cgroup driver calls systemd over the bus",
    raise: &[],
    source: "dbus bus/config-parser.c, bus/connection.c; dbus-broker src/util/user.c",
    signs: &[],
};

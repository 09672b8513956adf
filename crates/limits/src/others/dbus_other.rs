//! `dbus.other`: other limits of the message bus.

use model::{Effect, Limit, Operation, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "dbus.other",
    bounds: "other limits of the message bus",
    defaults: &[],
    effect: Effect::Stops,
    why: "each start with systemd's cgroup driver calls systemd over the bus",
    raise: &[],
    source: "dbus bus/config-parser.c, bus/connection.c; dbus-broker src/util/user.c",
    signs: &[
        Sign::decides("the bus says it").says(&[
            "pending replies per connection",
            "max_replies_per_connection",
            "max_match_rules",
            "add more match rules",
            "own more services",
            "own more names",
            "max_names_per_connection",
            "max_pending_service_starts",
            "max_incomplete_connections",
            "pending activations",
            "activations*limit",
            "resources to receive a reply",
            "maximum number of activations",
        ]),
        Sign::allows("the bus takes no more connections")
            .says(&["maximum number of active connections"])
            .never(&["for uid"]),
        Sign::suggests("whom the bus was to ask left it")
            .says(&["recipient disconnected from message bus"]),
        Sign::allows("the bus could not reach systemd")
            .says(&["failed to activate service"])
            .and(&["timed out"]),
        Sign::allows("the bus refused for one of its limits")
            .during(&[Operation::Bus])
            .says(&[
                "limitsexceeded",
                "limits_exceeded",
                "was disconnected due to",
                "reached maximum",
            ]),
    ],
};

//! `dbus.other`: replies, match rules and names of one connection to the message bus.

use model::{Effect, Limit, Operation, RUN_OUT, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "dbus.other",
    bounds: "replies, match rules and names of one connection to the message bus",
    defaults: &[
        "512 match rules, 128 replies waited for and 512 names a connection, 64 connections that are not \
         logged in yet (dbus bus/config-parser.c)",
        "25 s for a service to appear on the bus, 30 s to log in (the same)",
        "dbus-broker: 512 MiB, 4,096 descriptors and 16,384 match rules a user, of which each peer gets a \
         share (dbus-broker src/launch)",
    ],
    effect: Effect::Stops,
    why: "each start with systemd's cgroup driver calls systemd over the bus and waits for a signal; \
          clients that watch every unit hold a rule for each",
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
        Sign::suggests("whom the bus was to ask left it").says(&[
            "recipient disconnected from message bus",
            "dbus: connection closed",
        ]),
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
        Sign::suggests("the words say that the bus's other bounds run out")
            .says(&["match rules", "pending replies", "dbus messages"])
            .never(&[])
            .and(RUN_OUT),
    ],
};

//! The limits of dbus-daemon(1): what it takes for each, and what is built in where no file sets it.

use model::Shape;

const INT: i128 = i32::MAX as i128;
const LONG: i128 = i64::MAX as i128;
/// DBUS_MAXIMUM_MESSAGE_LENGTH: the protocol allows no longer message.
const MESSAGE: i128 = 128 << 20;

/// One limit.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// What is built in; none where that is no limit at all.
    pub(crate) built_in: Option<i128>,
}

const fn ceiling(name: &'static str, max: i128, built_in: i128) -> Row {
    Row {
        name,
        shape: Shape::ceiling(1, max),
        built_in: Some(built_in),
    }
}

/// The rows, in the order of dbus-daemon(1). Built-in values are those of bus/config-parser.c; of
/// versions that differ (auth_timeout: 5000 or 30000), the larger.
pub(crate) const ROWS: &[Row] = &[
    ceiling("max_incoming_bytes", LONG, 127 << 20),
    ceiling("max_incoming_unix_fds", INT, 64),
    ceiling("max_outgoing_bytes", LONG, 127 << 20),
    ceiling("max_outgoing_unix_fds", INT, 64),
    ceiling("max_message_size", MESSAGE, 32 << 20),
    ceiling("max_message_unix_fds", INT, 16),
    ceiling("service_start_timeout", INT, 25_000),
    ceiling("auth_timeout", INT, 30_000),
    ceiling("pending_fd_timeout", INT, 150_000),
    ceiling("max_completed_connections", INT, 2048),
    ceiling("max_incomplete_connections", INT, 64),
    ceiling("max_connections_per_user", INT, 256),
    ceiling("max_pending_service_starts", INT, 512),
    ceiling("max_names_per_connection", INT, 512),
    ceiling("max_match_rules_per_connection", INT, 512),
    ceiling("max_replies_per_connection", INT, 128),
    // A reply is waited for without end unless a file says otherwise, so any number is less.
    Row {
        name: "reply_timeout",
        shape: Shape::number(1, INT),
        built_in: None,
    },
];

/// The row of a limit.
pub(crate) fn row(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}

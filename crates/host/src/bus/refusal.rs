//! Errors of the bus in our words: denied, missing, silent, not there.

use crate::fault::{failed, unavailable, words};
use model::HostError;
use std::io::ErrorKind;
use std::time::Duration;
use zbus::{Error, fdo};

/// What is being connected to, in messages.
pub(super) const BUS: &str = "the system bus";

/// Why a call about `what` was not answered as asked.
pub(super) fn refused(what: &str, patience: Duration, error: Error) -> HostError {
    let error = match error {
        Error::FDO(error) => *error,
        Error::InputOutput(error) if error.kind() == ErrorKind::TimedOut => {
            return timed_out(what, patience);
        }
        Error::InputOutput(error) => return unavailable(what, words(&error)),
        Error::MethodError(name, text, _) => return said(what, &name, text),
        error => return failed(what, error.to_string()),
    };
    match error {
        fdo::Error::AccessDenied(_)
        | fdo::Error::AuthFailed(_)
        | fdo::Error::InteractiveAuthorizationRequired(_) => HostError::Denied {
            what: what.to_owned(),
            needs: "root".to_owned(),
        },
        fdo::Error::UnknownObject(_) => HostError::NotFound(what.to_owned()),
        fdo::Error::ServiceUnknown(_) | fdo::Error::NameHasNoOwner(_) => {
            unavailable(what, "systemd is not on the bus")
        }
        fdo::Error::NoReply(_) | fdo::Error::Timeout(_) | fdo::Error::TimedOut(_) => {
            timed_out(what, patience)
        }
        error => failed(what, error.to_string()),
    }
}

/// An error by a name of systemd's own.
fn said(what: &str, name: &str, text: Option<String>) -> HostError {
    match name {
        "org.freedesktop.systemd1.NoSuchUnit" => HostError::NotFound(what.to_owned()),
        // Where systemd is installed but does not run, the bus tries to start it and fails.
        _ if name.contains("DBus.Error.Spawn.") => unavailable(what, "systemd does not run"),
        _ => failed(what, text.unwrap_or_else(|| name.to_owned())),
    }
}

/// Why there is no connection.
pub(super) fn not_connected(error: &Error) -> HostError {
    match error {
        Error::Connection(error, address) => match error.kind() {
            ErrorKind::PermissionDenied => HostError::Denied {
                what: BUS.to_owned(),
                needs: "root".to_owned(),
            },
            _ => unavailable(BUS, format!("{}: {address}", words(error))),
        },
        error => unavailable(BUS, error.to_string()),
    }
}

/// No answer about `what` within `limit`.
pub(super) fn timed_out(what: &str, limit: Duration) -> HostError {
    HostError::TimedOut {
        what: what.to_owned(),
        seconds: limit.as_secs(),
    }
}

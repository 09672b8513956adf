//! A deadline around work that offers none itself.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// The result of `work`, or nothing once `limit` has passed. The work then goes on in its own
/// thread and is forgotten: connect(2) on a full backlog cannot be interrupted from outside.
pub(crate) fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    thread::Builder::new()
        .spawn(move || {
            // Nobody listens any more when the deadline has passed.
            let _ = sender.send(work());
        })
        .ok()?;
    receiver.recv_timeout(limit).ok()
}
